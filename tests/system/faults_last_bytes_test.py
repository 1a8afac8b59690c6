"""Kernels on which an end that comes with the last bytes raises no event of its own and is counted nowhere."""
import socket

from harness.fault_scene import FaultSceneTest
from harness.settings import limit
from harness.wire import request_bytes

HEAD = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
BRIEF = 5  # seconds; an end that is missed is seen after BYOT_STREAM_IDLE_TIMEOUT of two minutes


def answer_and_close(exchange):
    """Head, body and FIN leave together, as far as a test can see to it."""
    path = exchange.raw.split(b' ')[1]
    sock = exchange.connection.wire.socket
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
    if path == b'/until-close':
        sock.sendall(HEAD + b'Connection: close\r\n\r\n{"result":1}')
    elif path == b'/length':
        sock.sendall(HEAD + b'Content-Length: 12\r\n\r\n{"result":1}')
    elif path == b'/cut':
        sock.sendall(HEAD.replace(b'application/json', b'text/plain') +
                     b'Transfer-Encoding: chunked\r\n\r\n15\r\ndata: {"message":1}\n\n\r\n')
    exchange.close()  # which uncorks


class LikeGvisor(FaultSceneTest):
    handler = staticmethod(answer_and_close)
    fault = 'hides_ends'

    @classmethod
    def setUpClass(cls):
        cls.prepare = staticmethod(lambda faults: setattr(faults, cls.fault, 1))
        super().setUpClass()

    def setUp(self):
        super().setUp()
        self.visitor = self.user().with_key()

    def test_a_body_that_ends_with_the_connection_ends_at_once(self):
        for _ in range(20):
            with self.visitor.ask('/api/ai/until-close', wait=BRIEF) as wire:
                answer = wire.answer()
                self.assertEqual((answer.status, answer.body), (200, b'{"result":1}'))

    def test_a_stream_that_is_cut_with_its_last_bytes_is_ended_at_once(self):
        for _ in range(20):
            with self.visitor.stream('/api/ai/cut', wait=BRIEF) as wire:
                self.assertIn(b'"status":"UNAVAILABLE"', wire.answer().body)

    def test_a_connection_that_ended_with_its_answer_is_not_used_again(self):
        for _ in range(20):
            with self.visitor.ask('/api/ai/length', wait=BRIEF) as wire:
                self.assertEqual(wire.answer().status, 200)

    def test_a_client_that_ends_behind_its_request_is_let_go(self):
        for _ in range(20):
            with self.server.wire(BRIEF) as wire:
                wire.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
                wire.send(request_bytes('GET', '/health/live'))
                wire.socket.shutdown(socket.SHUT_WR)
                wire.socket.settimeout(limit(BRIEF))
                self.assertEqual(wire.socket.recv(65536), b'')  # for such a client has gone


class WithoutTheCount(LikeGvisor):
    fault = 'no_inq'
