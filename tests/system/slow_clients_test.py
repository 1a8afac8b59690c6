"""Clients who are slow on purpose: each is ended by its deadline, and holds a bounded part of what others need."""
import re
import socket
from concurrent.futures import ThreadPoolExecutor

from harness.prober import Prober
from harness.raw_scene import RawSceneTest
from harness.raw_upstream import fill
from harness.settings import limit
from harness.upstream import chunk
from harness.wire import Ended, Wire, request_bytes

JSON = ('Content-Type', 'application/json')
TAKEN_AT_MOST = 1536 * 1024  # of a stuck stream, with what the test's own small buffers hold
REQUESTS = 50_000  # of 46 bytes: together more than TAKEN_AT_MOST


def keep_little_to_send(sock):
    """So that what was sent is what the server took."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)


class SlowScene(RawSceneTest):
    def setUp(self):
        super().setUp()
        self.prober = self.enterContext(Prober(self.scene))

    def wire(self):
        wire = self.server.wire()
        self.addCleanup(wire.close)
        keep_little_to_send(wire.socket)
        return wire

    def deaf_wire(self):
        """One with little room for what it does not read, from the start: a window must not shrink."""
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(self.server.address)
        wire = Wire(None, sock=sock)
        self.addCleanup(wire.close)
        keep_little_to_send(sock)
        return wire


class SlowSenders(SlowScene):
    variables = {'BYOT_HEADER_TIMEOUT': '400ms', 'BYOT_BODY_TIMEOUT': '400ms', 'BYOT_STREAMS_PER_USER': '100'}

    def dribble(self, wires, drop):
        """A byte now and then on each, until all were ended; what each was told."""
        answers = {}
        for _ in range(200):
            for wire in set(wires) - set(answers):
                wire.socket.settimeout(0.001)
                try:
                    wire.send(drop)
                    wire.more()
                except TimeoutError:
                    continue
                except (Ended, ConnectionError):
                    pass
                wire.socket.settimeout(limit(10))
                answers[wire] = wire.answer()
            if len(answers) == len(wires):
                return list(answers.values())
        self.fail(f'only {len(answers)} of {len(wires)} were ended')

    def assert_ended_by_deadline(self, begun, drop):
        wires = [self.wire() for _ in range(20)]
        for wire in wires:
            wire.send(begun)
        for answer in self.dribble(wires, drop):
            self.assert_refused(answer, 408, 'REQUEST_TIMEOUT')
            self.assertEqual(answer.field('Connection'), 'close')

    def test_heads_that_come_byte_by_byte_are_408(self):
        self.assert_ended_by_deadline(b'GET /health/live HTTP/1.1\r\nHost: a\r\nX: ', b'x')

    def test_key_bodies_that_come_byte_by_byte_are_408(self):
        user = self.user()
        self.assert_ended_by_deadline(request_bytes('POST', '/api/key', [
            user.bearer, JSON, ('Content-Length', '9000')]), b'{')

    def test_uploads_that_come_byte_by_byte_are_408(self):
        self.assert_ended_by_deadline(self.head(self.user().with_key(), ('Content-Length', '900000')), b'{')

    def test_a_connection_that_says_nothing_is_closed_without_a_word(self):
        for wire in [self.wire() for _ in range(20)]:
            self.assertEqual(wire.drain_until_end(), (b'', True))


class SlowReaders(SlowScene):
    variables = {'BYOT_STREAM_IDLE_TIMEOUT': '1500ms', 'BYOT_BODY_TIMEOUT': '1500ms', 'BYOT_MAX_AI_BODY': '100m'}

    def test_a_stream_that_is_not_read_takes_little_of_the_upstream_and_ends_with_a_reset(self):
        wire = self.deaf_wire()
        wire.send(self.head(self.user().with_key(), ('Accept', 'text/event-stream'), ('Content-Length', 2)) + b'{}')
        upstream = self.upstream.take()
        keep_little_to_send(upstream.socket)
        upstream.head()
        upstream.send(b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n')
        taken = fill(upstream, chunk(b'data: {"message":"' + b'x' * 60_000 + b'"}\n\n'))
        print(f'        {taken} bytes were taken of a stream that is not read')
        self.assertLess(taken, TAKEN_AT_MOST)
        self.assertTrue(wire.is_reset())
        self.assertEqual(upstream.drain_until_end()[1], True)

    def test_an_upload_that_the_upstream_does_not_read_takes_little_of_the_client(self):
        wire = self.deaf_wire()
        wire.send(self.head(self.user().with_key(), ('Content-Length', 90_000_000)))
        self.upstream.take()
        taken = fill(wire)
        print(f'        {taken} bytes were taken of an upload that is not read')
        self.assertLess(taken, TAKEN_AT_MOST)

    def test_pipelined_requests_whose_answers_are_not_read_end_with_a_reset(self):
        wire = self.deaf_wire()
        taken = fill(wire, request_bytes('GET', '/health/live') * 1000)
        self.assertLess(taken, TAKEN_AT_MOST)
        self.assertTrue(wire.is_reset())


class LateReaders(SlowScene):
    def test_pipelined_requests_are_all_answered_in_order_when_they_are_read_late(self):
        wire = self.wire()
        last = request_bytes('GET', '/health/live', [('Connection', 'close')])
        everything = memoryview(request_bytes('GET', '/health/live') * (REQUESTS - 1) + last)
        taken = fill(wire, everything, most=len(everything))
        self.assertLess(taken, TAKEN_AT_MOST)
        with ThreadPoolExecutor(1) as sender:
            rest = sender.submit(wire.socket.sendall, everything[taken:])
            answers = b''.join(iter(lambda: wire.socket.recv(1 << 20), b''))
            rest.result()
        # An answer's x-request-id ends with how many came before it on its connection.
        numbers = [int(number, 16) for number in re.findall(rb'(?i)\r\nx-request-id: \w+-([0-9a-f]+)\r\n', answers)]
        self.assertEqual(len(re.findall(rb'HTTP/1.1 200 OK\r\n', answers)), REQUESTS)
        self.assertTrue(numbers == list(range(REQUESTS)), 'an answer is missing, or out of its turn')
