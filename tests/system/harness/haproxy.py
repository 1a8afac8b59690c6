"""Debian's HAProxy, twice, in front of a server: each adds its own line of X-Forwarded-For."""
import pathlib
import shutil
import tempfile

from .programs import Program, free_port


class HaproxyBehindHaproxy:
    def __init__(self, port):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-haproxy-'))
        self.port, inner = free_port(), free_port()
        config = self.folder / 'haproxy.cfg'
        config.write_text(f'''
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
    option forwardfor
listen outer
    bind 127.0.0.1:{self.port}
    server inner 127.0.0.1:{inner}
listen inner
    bind 127.0.0.1:{inner}
    server byot 127.0.0.1:{port}
''')
        binary = shutil.which('haproxy', path='/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin')
        assert binary, 'haproxy is not installed (app/install test)'
        self.program = Program(f'haproxy-{self.port}', [binary, '-db', '-f', config],
                               f'http://127.0.0.1:{self.port}/health/live')

    def close(self):
        self.program.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
