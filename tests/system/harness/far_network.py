"""A network of its own behind one link, which can be cut so that packets vanish and nobody is told. Needs the right
to make network namespaces (root)."""
import ctypes
import os
import socket
import subprocess
import threading

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


def ip(*words):
    subprocess.run(['ip', *words], check=True)


class FarNetwork:
    """`listen` gives a listening socket there; `address` is where it is reached from here."""

    def __init__(self):
        number = os.getpid() % 65536
        self.name, self.link = f'byot-{number}', f'byot{number}'
        # Of 198.18.0.0/15, which is for tests of networks (RFC 2544); a /30 for each process.
        first = 0xC6120000 | number * 4 & 0x1FFFC
        here, self.address = (socket.inet_ntoa((first + last).to_bytes(4, 'big')) for last in (1, 2))
        ip('netns', 'add', self.name)
        try:
            ip('link', 'add', self.link, 'type', 'veth', 'peer', 'name', 'far', 'netns', self.name)
            ip('addr', 'add', f'{here}/30', 'dev', self.link)
            ip('-n', self.name, 'addr', 'add', f'{self.address}/30', 'dev', 'far')
            ip('link', 'set', self.link, 'up')
            self.mend()
        except BaseException:
            self.close()
            raise

    def cut(self):
        ip('-n', self.name, 'link', 'set', 'far', 'down')

    def mend(self):
        ip('-n', self.name, 'link', 'set', 'far', 'up')

    def listen(self, port=0):
        made = []
        entering = threading.Thread(target=self._listen_there, args=(port, made))
        entering.start()
        entering.join()
        return made[0]

    def _listen_there(self, port, made):
        """On a thread of its own, which is there from now on; the socket stays there wherever it is used."""
        with open(f'/run/netns/{self.name}') as there:
            if LIBC.setns(there.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), 'setns')
        made.append(socket.create_server((self.address, port), backlog=64))

    def close(self):
        ip('netns', 'del', self.name)
