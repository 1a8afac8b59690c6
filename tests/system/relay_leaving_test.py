"""A client that goes away closes the upstream's connection, whatever the upstream is doing. The time it took
is printed, not judged: bench measures it."""
import socket
import struct
import time

from harness.scene import SceneTest
from harness.waiting import eventually


class ClientLeaves(SceneTest):
    def leave(self, wire, how='FIN'):
        if how == 'RST':
            wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        moment = time.monotonic()
        wire.close()
        return moment

    def assert_seen(self, exchange, moment, what):
        ended = exchange.wait_until_left()
        self.assertIsNotNone(ended, 'the upstream was not told')
        print(f'        client close to upstream close, {what}: {(ended - moment) * 1000:.2f} ms')

    def test_while_the_upstream_has_not_answered(self):
        for how in ('FIN', 'RST'):
            wire = self.user().with_key().ask()
            exchange = self.upstream.take()
            self.assert_seen(exchange, self.leave(wire, how), f'unary, silent, {how}')

    def test_before_the_first_byte_of_a_stream(self):
        wire = self.user().with_key().stream()
        exchange = self.upstream.take()
        self.assert_seen(exchange, self.leave(wire), 'stream, before the first byte')

    def test_while_a_stream_is_silent(self):
        for how in ('FIN', 'RST'):
            wire = self.user().with_key().stream()
            exchange = self.upstream.take()
            exchange.begin_stream()
            exchange.event(1)
            wire.head()
            wire.chunk()
            self.assert_seen(exchange, self.leave(wire, how), f'stream, silent, {how}')

    def test_while_a_stream_is_sending(self):
        wire = self.user().with_key().stream()
        exchange = self.upstream.take()
        exchange.begin_stream()
        wire.head()
        moment = self.leave(wire)
        try:
            while not exchange.connection.ended.is_set():
                exchange.event('{"message":"more and more"}')
        except OSError:
            pass
        self.assert_seen(exchange, moment, 'stream, sending')

    def test_while_a_large_answer_waits_for_a_client_that_does_not_read(self):
        wire = self.user().with_key().ask()
        exchange = self.upstream.take()
        exchange.send(b'HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 100000000\r\n\r\n')
        exchange.connection.wire.socket.settimeout(0.5)
        try:
            while True:
                exchange.connection.wire.socket.send(b'x' * 65536)
        except (TimeoutError, BlockingIOError):
            pass  # every buffer on the way is full
        self.assert_seen(exchange, self.leave(wire), 'unary, buffers full')

    def test_requests_of_others_are_not_touched(self):
        user = self.user().with_key()
        staying = user.stream()
        self.addCleanup(staying.close)
        kept = self.upstream.take()
        leaving = user.stream()
        left = self.upstream.take()
        kept.begin_stream()
        self.leave(leaving)
        self.assertIsNotNone(left.wait_until_left())
        kept.event('{"result":1}')
        kept.end_stream()
        staying.head()
        self.assertEqual(staying.chunk(), b'data: {"result":1}\n\n')
        self.assertEqual(staying.chunk(), b'')

    def test_the_log_tells_that_the_client_left(self):
        user = self.user().with_key()
        wire = user.stream()
        exchange = self.upstream.take()
        self.leave(wire)
        exchange.wait_until_left()
        self.assertIn('client_gone', eventually(self.server.log, lambda text: 'client_gone' in text))
