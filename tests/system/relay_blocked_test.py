"""Uploads and answers that are stuck, and answers that come before their request is through: nothing hangs, nothing
is left behind, and what a client sees is never less than it seems."""
import socket
import threading
import time

from harness import settings
from harness.raw_scene import ANSWER, RawSceneTest
from harness.raw_upstream import RawUpstream, drain, fill, reset
from harness.upstream import chunk
from harness.wire import Wire, request_bytes

MEGABYTES = 60_000_000  # more than the kernel keeps on the way


class DeafUpstream(RawSceneTest):
    """The upload is blocked: its connection takes no more bytes."""

    variables = {'BYOT_FIRST_BYTE_TIMEOUT': '600ms', 'BYOT_STREAMS_PER_USER': '1', 'BYOT_MAX_AI_BODY': '100m'}

    def block(self, scene, user):
        """A request whose upload is stuck, and the upstream's connection."""
        wire = scene.server.wire()
        self.addCleanup(wire.close)
        wire.send(self.head(user, ('Content-Length', MEGABYTES)))
        self.assertLess(fill(wire, most=MEGABYTES), MEGABYTES, 'the upload was not blocked')
        return wire, scene.upstream.take()

    def test_an_upload_that_the_upstream_does_not_read_is_504_within_the_deadline(self):
        user = self.user().with_key()
        wire, _ = self.block(self.scene, user)
        begun = time.monotonic()
        self.assert_refused(wire.answer(), 504, 'UPSTREAM_TIMEOUT')
        self.assertLess(time.monotonic() - begun, settings.limit(3))
        self.assertTrue(self.flow_lines(self.scene, '504'))
        self.assert_stream_is_counted_off(user)

    def test_a_client_that_leaves_a_blocked_upload_leaves_nothing_behind(self):
        # A FIN waits in the client's kernel behind the bytes that find no room: what ends that is a deadline.
        for leave, deadline in ((Wire.close, '600ms'), (reset, '60s')):
            with self.subTest(how=leave.__name__):
                scene = self.in_other_scene(upstream=RawUpstream(),
                                            **{**self.variables, 'BYOT_FIRST_BYTE_TIMEOUT': deadline})
                user = scene.user().with_key()
                wire, upstream = self.block(scene, user)
                leave(wire)
                self.assertTrue(self.flow_lines(scene, 'POST'))
                self.assert_stream_is_counted_off(user)
                upstream.rest()  # ends

    def test_a_blocked_upload_is_refused_when_the_drain_is_over(self):
        scene = self.in_other_scene(upstream=RawUpstream(), BYOT_MAX_AI_BODY='100m', BYOT_DRAIN_TIMEOUT='300ms')
        wire, _ = self.block(scene, scene.user().with_key())
        begun = time.monotonic()
        scene.server.terminate()
        self.assert_refused(wire.answer(), 503, 'SHUTTING_DOWN')
        wire.close()
        self.assertEqual(scene.server.wait(), 0)
        self.assertLess(time.monotonic() - begun, settings.limit(3))
        self.assertTrue(self.flow_lines(scene, 'SHUTTING_DOWN'))

    def test_an_early_answer_ends_a_blocked_upload(self):
        scene = self.in_other_scene(upstream=RawUpstream(), BYOT_STREAMS_PER_USER='1', BYOT_MAX_AI_BODY='100m')
        user = scene.user().with_key()
        wire, upstream = self.block(scene, user)
        upstream.send(ANSWER)
        answer = wire.answer()
        self.assertEqual((answer.status, answer.field('Connection')), (200, 'close'))
        self.assertTrue(self.flow_lines(scene, 'complete'))
        self.assert_stream_is_counted_off(user)


class SlowReaders(RawSceneTest):
    """A client that does not read what it asked for is cut off by a reset: an end in order would tell it that it
    has the whole of an answer without a length."""

    variables = {'BYOT_STREAM_IDLE_TIMEOUT': '500ms', 'BYOT_BODY_TIMEOUT': '500ms'}

    def ask(self, user, version):
        wire = self.server.wire()
        self.addCleanup(wire.close)
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        text = self.head(user, ('Accept', 'text/event-stream'), ('Content-Length', 2)) + b'{}'
        wire.send(text.replace(b'HTTP/1.1', version, 1))
        upstream = self.upstream.take()
        upstream.head()
        return wire, upstream

    def test_a_stream_that_is_not_read_ends_with_a_reset(self):
        event = chunk(b'data: {"message":"' + b'x' * 60_000 + b'"}\n\n')
        bodies = {'chunked': (b'Transfer-Encoding: chunked\r\n\r\n', event),
                  'until the end': (b'\r\n', b'x' * 60_000)}
        for version in (b'HTTP/1.0', b'HTTP/1.1'):
            for kind in ('text/event-stream', 'application/json'):
                for framing, (fields, piece) in bodies.items():
                    with self.subTest(version=version, kind=kind, framing=framing):
                        wire, upstream = self.ask(self.user().with_key(), version)
                        upstream.send(f'HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n'.encode() + fields)
                        fill(upstream, piece)
                        self.assertTrue(wire.is_reset())

    def test_an_answer_of_our_own_that_is_not_read_ends_with_a_reset(self):
        with self.server.wire() as wire:
            wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            wire.send(request_bytes('GET', '/openapi.json') * 300)
            self.assertTrue(wire.is_reset())


SMUGGLED = b'GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
NEXT = request_bytes('OPTIONS', '/health/live')  # 204, which nothing else is answered with
REFUSAL = b'HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'


class EarlyAnswers(RawSceneTest):
    """The upstream answers before it was sent the whole body. Whatever it does then, what is left of the body is
    never taken for a request of its own."""

    variables = {'BYOT_MAX_AI_BODY': '100m', 'BYOT_STREAMS_PER_USER': '1'}
    FRAMINGS = {'length': ('Content-Length', MEGABYTES), 'chunked': ('Transfer-Encoding', 'chunked'),
                'expected': ('Content-Length', MEGABYTES)}

    def begin(self, user, framing):
        """A request whose body is full of requests, as much of it sent as there is room for."""
        wire = user.scene.server.wire()
        self.addCleanup(wire.close)
        fields = [self.FRAMINGS[framing]] + [('Expect', '100-continue')] * (framing == 'expected')
        wire.send(self.head(user, *fields))
        if framing == 'expected':
            self.assertEqual(wire.head().first_line.split(' ')[1], '100')
        content = SMUGGLED * 1000
        piece = f'{len(content):x}\r\n'.encode() + content + b'\r\n' if framing == 'chunked' else content
        fill(wire, piece, most=MEGABYTES // 2)
        return wire

    @staticmethod
    def answer_and(upstream, what):
        upstream.send(REFUSAL)
        if what == 'closes':
            upstream.socket.shutdown(socket.SHUT_WR)
        elif what == 'resets':
            reset(upstream)

    def read_all(self):
        """Takes the next connection and reads all that comes, beside the test."""
        threading.Thread(target=lambda: drain(self.upstream.take()), daemon=True).start()

    def judge(self, framing, what):
        user = self.user().with_key()
        if what == 'reads':
            self.read_all()
        wire = self.begin(user, framing)
        upstream = self.upstream.wires[-1] if what == 'reads' else self.upstream.take()
        self.answer_and(upstream, what)
        answer = wire.answer()
        self.assertEqual(answer.status, 401)
        self.assertNotIn('www-authenticate', answer.head.names(), 'it is the upstream that refused')
        try:
            wire.send(NEXT)
        except ConnectionError:
            pass
        rest, is_ended = wire.drain_until_end()
        self.assertTrue(is_ended, 'a connection in the middle of a body is not kept')
        self.assertNotIn(b'HTTP/1.1', rest)
        self.assert_stream_is_counted_off(user)

    def test_the_rest_of_a_body_that_was_answered_early_is_no_request(self):
        for framing in self.FRAMINGS:
            for what in ('reads', 'does not read', 'closes', 'resets'):
                with self.subTest(framing=framing, upstream=what):
                    self.judge(framing, what)

    def test_an_answer_that_waited_for_the_whole_body_keeps_the_connection(self):
        user = self.user().with_key()
        with user.ask(body=b'{"data":1}') as wire:
            upstream = self.upstream.take()
            upstream.head()
            upstream.exactly(10)
            upstream.send(REFUSAL)
            self.assertEqual(wire.answer().status, 401)
            wire.send(NEXT)
            self.assertEqual(wire.answer().status, 204)
        upstream.close()
