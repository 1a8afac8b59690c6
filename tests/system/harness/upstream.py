"""An upstream that does what a test says, byte for byte, and records what it was sent.

A thread for each connection reads requests; each becomes an Exchange, which the test takes and answers. What
the connection's thread reads next is the next request or the end, so a test can wait for the relay to leave."""
import queue
import socket
import ssl
import struct
import threading
import time

from .settings import limit
from .wire import Ended, Wire


class Exchange:
    def __init__(self, connection, head, body):
        self.connection, self.head, self.body = connection, head, body
        self.number_on_connection = connection.requests

    @property
    def raw(self):
        """The request's head, as it came."""
        return self.head.raw

    def send(self, data):
        self.connection.wire.send(data)

    def answer(self, body=b'{"result":"good"}', status='200 OK', fields=(('Content-Type', 'application/json'),)):
        """A whole answer with a length; the connection stays."""
        lines = [f'HTTP/1.1 {status}', *(f'{name}: {value}' for name, value in fields),
                 f'Content-Length: {len(body)}']
        self.send(('\r\n'.join(lines) + '\r\n\r\n').encode('latin-1') + body)

    def begin_stream(self, fields=(('Content-Type', 'text/plain'), ('x-genkit-trace-id', 'trace-1'))):
        lines = ['HTTP/1.1 200 OK', *(f'{name}: {value}' for name, value in fields),
                 'Transfer-Encoding: chunked']
        self.send('\r\n'.join(lines) + '\r\n\r\n')

    def event(self, text):
        """One chunk that holds one event of Genkit's."""
        self.send(chunk(f'data: {text}\n\n'.encode()))

    def end_stream(self):
        self.send(b'0\r\n\r\n')

    def close(self):
        self.connection.shut()

    def reset(self):
        self.connection.reset()

    def wait_until_left(self, within=10):
        """When the relay ended the connection (time.monotonic), or nothing if it has not."""
        return self.connection.ended_at if self.connection.ended.wait(limit(within)) else None


class Connection:
    def __init__(self, upstream, wire):
        self.upstream, self.wire = upstream, wire
        self.requests = 0
        self.ended, self.ended_at = threading.Event(), None

    def start(self):
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        try:
            self.wire.socket.settimeout(None)
            if isinstance(self.wire.socket, ssl.SSLSocket):
                self.wire.socket.do_handshake()
            while True:
                self._take_request()
        except (Ended, OSError, ValueError):
            pass
        self.ended_at = time.monotonic()
        self.ended.set()

    def _take_request(self):
        head = self.wire.head()
        if self.upstream.answers_expectations and head.get('Expect'):
            self.wire.send(b'HTTP/1.1 100 Continue\r\n\r\n')
        body = self.wire.body(head)
        self.requests += 1
        exchange = Exchange(self, head, body)
        with self.upstream.lock:
            self.upstream.seen.append(exchange)
        if self.upstream.handler:
            self.upstream.handler(exchange)
        else:
            self.upstream.waiting.put(exchange)

    def shut(self):
        """FIN in both directions, so that the thread's read ends too."""
        try:
            self.wire.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.wire.close()

    def reset(self):
        """RST. The reading thread must let go of the socket first, or closing it sends nothing."""
        self.wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.wire.socket.shutdown(socket.SHUT_RD)
        self.ended.wait(5)
        self.wire.close()


class Upstream:
    """`handler`, when given, answers each exchange on its connection's thread; else the test takes them."""

    def __init__(self, handler=None, tls=None, listener=None):
        self.handler = handler
        self.answers_expectations = True
        self.seen, self.connections = [], []
        self.waiting = queue.Queue()
        self.lock = threading.Lock()
        self._tls = tls
        self._listener = listener or socket.create_server(('127.0.0.1', 0), backlog=512)
        address, self.port = self._listener.getsockname()
        scheme, host = ('https', 'localhost') if tls else ('http', address)
        self.address = f'{scheme}://{host}:{self.port}'
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
            connection = Connection(self, Wire(None, sock=sock))
            self.connections.append(connection)  # before it can answer: a test that has the answer finds it
            connection.start()

    def take(self, within=10):
        """The next request that came whole."""
        return self.waiting.get(timeout=limit(within))

    def seen_bytes(self):
        with self.lock:
            return b''.join(exchange.raw + exchange.body for exchange in self.seen)

    def close(self):
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()
        for connection in self.connections:
            connection.shut()


def chunk(data):
    return f'{len(data):x}\r\n'.encode() + data + b'\r\n'


def echo(exchange):
    """Answers as a Genkit flow that returns its input would."""
    exchange.answer(b'{"result":' + (exchange.body or b'null') + b'}',
                    fields=(('Content-Type', 'application/json'), ('x-genkit-trace-id', 'trace-1'),
                            ('x-genkit-span-id', 'span-1')))
