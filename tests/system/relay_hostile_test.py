"""Upstreams that write what they must not, and what a client may see of it."""
from typing import NamedTuple

from harness.raw_scene import RawSceneTest
from harness.raw_upstream import reset
from harness.wire import Answer, Ended


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
