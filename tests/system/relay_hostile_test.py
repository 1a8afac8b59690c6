"""Upstreams that do not read, answer early, or write what they must not; and what a client sees of it."""
import json
import select
import socket
import threading
import time
from typing import NamedTuple

from harness import settings
from harness.raw_upstream import RawUpstream, drain, fill, reset
from harness.scene import SceneTest
from harness.upstream import chunk
from harness.waiting import eventually
from harness.wire import Answer, Ended, Wire, request_bytes

ANSWER = (b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n'
          b'Connection: close\r\n\r\n{}')
MEGABYTES = 60_000_000  # more than the kernel keeps on the way


class RawSceneTest(SceneTest):
    """Tests whose upstream is in their own hands, byte by byte."""

    @classmethod
    def make_upstream(cls):
        return RawUpstream()

    def head(self, user, *fields):
        return request_bytes('POST', '/api/ai/echo', [user.bearer, ('Content-Type', 'application/json'), *fields])

    def flow_lines(self, scene, about):
        """The access lines of flows that say `about`, once there is one."""
        def found():
            return [line for line in scene.server.log_lines()
                    if '/api/ai/' in json.dumps(line) and about in json.dumps(line)]
        return eventually(found)

    def ask_again(self, user):
        """The status of one more request of that user, which the upstream answers if it gets there."""
        with user.ask() as wire:
            upstream = user.scene.upstream
            ready, _, _ = select.select([upstream, wire.socket], [], [], settings.limit(10))
            if upstream in ready:
                taken = upstream.take()
                taken.head()
                taken.send(ANSWER)
            return wire.answer().status

    def assert_stream_is_counted_off(self, user):
        self.assertEqual(eventually(lambda: self.ask_again(user), lambda status: status == 200), 200)


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
        for leave in (Wire.close, reset):
            with self.subTest(how=leave.__name__):
                scene = self.in_other_scene(upstream=RawUpstream(), **self.variables)
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


class Row(NamedTuple):
    """What an upstream writes, and what its client may see of it: a status and a body, the reason of a 502, or
    'cut', a reset in the middle of an answer. The second part is written when the client has the head."""

    name: str
    parts: tuple
    sees: object
    end: str = 'stays'
    is_kept: bool = False


def lines(*fields, first='HTTP/1.1 200 OK'):
    return '\r\n'.join([first, 'Content-Type: application/json', *fields, '', '']).encode()


def head_of(size):
    """A head of that many bytes, of an answer that says {}."""
    empty = lines('Content-Length: 2', 'X-A: ')
    return empty.replace(b'X-A: ', b'X-A: ' + b'a' * (size - len(empty)))


LENGTH, CHUNKED = lines('Content-Length: 2'), lines('Transfer-Encoding: chunked')
FORGED = lines('Content-Length: 8') + b'"forged"'
INVALID, UNREACHABLE, CUT = 'UPSTREAM_INVALID', 'UPSTREAM_UNREACHABLE', 'cut'
GOOD = (200, b'{}')
EXTENDED = b'1;a=' + b'b' * 200 + b'\r\nx\r\n'

ROWS = [
    Row('a plain answer', (LENGTH + b'{}',), GOOD, is_kept=True),
    Row('the same length twice', (lines('Content-Length: 2', 'Content-Length: 2') + b'{}',), INVALID),
    Row('two lengths', (lines('Content-Length: 2', 'Content-Length: 8') + b'{}',), INVALID),
    Row('a list of lengths', (lines('Content-Length: 2, 2') + b'{}',), INVALID),
    Row('HTTP/1.0 with a length', (lines('Content-Length: 2', first='HTTP/1.0 200 OK') + b'{}',), GOOD),
    Row('HTTP/1.0 that asks to be kept', (lines('Content-Length: 2', 'Connection: keep-alive',
                                                first='HTTP/1.0 200 OK') + b'{}',), GOOD),
    Row('HTTP/1.0 until its end', (lines(first='HTTP/1.0 200 OK') + b'{}',), GOOD, 'closes'),
    Row('HTTP/1.0 in chunks', (lines('Transfer-Encoding: chunked', first='HTTP/1.0 200 OK') +
                               b'2\r\n{}\r\n0\r\n\r\n',), INVALID),
    Row('until its end', (lines() + b'{}',), GOOD, 'closes'),
    Row('until a reset', (lines(), b'{'), CUT, 'resets'),
    Row('some interim answers', (b'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n' * 3 + LENGTH + b'{}',), GOOD,
        is_kept=True),
    Row('interim answers without an end', (b'HTTP/1.1 102 Processing\r\n\r\n' * 1000,), INVALID),
    Row('an interim answer with content', (b'HTTP/1.1 100 Continue\r\nContent-Length: 2\r\n\r\n{}' + LENGTH,),
        INVALID),
    Row('a switch of protocols', (b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n',), INVALID),
    Row('204 with a body', (lines('Content-Length: 8', first='HTTP/1.1 204 No Content') + b'"forged"',), (204, b'')),
    Row('204 in chunks', (lines('Transfer-Encoding: chunked', first='HTTP/1.1 204 No Content') +
                          b'2\r\n{}\r\n0\r\n\r\n',), (204, b'')),
    Row('304 with a body', (lines('Content-Length: 8', first='HTTP/1.1 304 Not Modified') + b'"forged"',), (304, b'')),
    Row('the largest head', (head_of(32768) + b'{}',), GOOD, is_kept=True),
    Row('a head a byte larger', (head_of(32769) + b'{}',), INVALID),
    Row('many chunk extensions', (CHUNKED + EXTENDED * 500 + b'0\r\n\r\n',), (200, b'x' * 500), is_kept=True),
    Row('a large chunk extension', (CHUNKED, b'1;a=' + b'b' * 300 + b'\r\nx\r\n0\r\n\r\n'), CUT),
    Row('a large chunk extension at once', (CHUNKED + b'1;a=' + b'b' * 300 + b'\r\nx\r\n0\r\n\r\n',), INVALID),
    Row('a chunk of 2^64 bytes', (CHUNKED, b'10000000000000000\r\n{}'), CUT),
    Row('a chunk of 2^64 bytes at once', (CHUNKED + b'10000000000000000\r\n{}',), INVALID),
    Row('a chunk of 2^64 - 1 bytes', (CHUNKED, b'ffffffffffffffff\r\n{}'), CUT, 'closes'),
    Row('a second answer', (LENGTH + b'{}' + FORGED,), GOOD),
    Row('a second answer later', (LENGTH + b'{}', FORGED), GOOD),
    Row('a line end later', (LENGTH + b'{}', b'\r\n'), GOOD),
    *(Row(f'{how} after {count} bytes of the head', (LENGTH[:count],), UNREACHABLE, how)
      for how in ('closes', 'resets') for count in (0, 10, len(LENGTH) - 1)),
    *(Row(f'{how} after {body!r}', (LENGTH, body), CUT, how) for how in ('closes', 'resets') for body in (b'', b'{')),
    *(Row(f'{how} after {body!r}', (CHUNKED, body), CUT, how) for how in ('closes', 'resets')
      for body in (b'2', b'2\r\n{', b'2\r\n{}', b'2\r\n{}\r\n', b'2\r\n{}\r\n0\r\n')),
]


class HostileUpstream(RawSceneTest):
    def test_a_client_sees_what_it_may_of_each(self):
        for row in ROWS:
            with self.subTest(row=row.name):
                self.judge(row)

    def judge(self, row):
        user = self.user().with_key()
        with user.ask() as wire:
            upstream = self.upstream.take()
            upstream.exactly(int(upstream.head().get('Content-Length')))
            head = self.play(row, upstream, wire)
            if row.sees == CUT:
                self.assert_cut(wire)
            elif isinstance(row.sees, str):
                self.assert_refused(wire.answer(), 502, row.sees)
            else:
                head = head or wire.head()  # an interim one would be wrong
                answer = Answer(head, wire.body(head))
                self.assertEqual((answer.status, answer.body), row.sees)
        if row.end == 'stays':
            self.assertEqual(upstream.is_ended(0.3 if row.is_kept else 5), not row.is_kept)
        upstream.close()
        self.assertEqual(self.ask_again(user), 200)

    @staticmethod
    def play(row, upstream, wire):
        """The client's head, if it had to be waited for."""
        head = None
        try:
            upstream.send(row.parts[0])
            if len(row.parts) > 1:
                head = wire.head()
                upstream.send(row.parts[1])
        except ConnectionError:
            pass  # it had enough
        if row.end == 'closes':
            upstream.close()
        elif row.end == 'resets':
            reset(upstream)
        return head

    def assert_cut(self, wire):
        with self.assertRaises(Ended) as ended:
            while True:
                wire.more()
        self.assertEqual(ended.exception.how, 'reset')

    def test_neither_trailers_nor_chunk_extensions_reach_the_client(self):
        with self.user().with_key().ask() as wire:
            upstream = self.upstream.take()
            upstream.head()
            upstream.send(CHUNKED + b'2;evil=1\r\n{}\r\n0;evil=2\r\nx-byot-credential: evil\r\nevil: 3\r\n\r\n')
            wire.head()
            self.assertEqual(wire.until(b'\r\n0\r\n\r\n'), b'2\r\n{}\r\n0\r\n\r\n')
            self.assertEqual(wire.held, b'')
