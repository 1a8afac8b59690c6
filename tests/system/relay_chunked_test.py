"""A chunked request goes on with a length when all of it is at hand in a moment, since some servers read nothing
else (Genkit's in Go), and as it came when it is long or slow."""
from harness.raw_upstream import RawUpstream
from harness.scene import SceneTest
from harness.waiting import eventually
from harness.wire import request_bytes

JSON = ('Content-Type', 'application/json')
CHUNKED = ('Transfer-Encoding', 'chunked')
ROOM = 16 * 1024  # behind the head


def chunked(*pieces):
    return b''.join(f'{len(piece):x}\r\n'.encode() + piece + b'\r\n' for piece in pieces) + b'0\r\n\r\n'


def in_bytes(data):
    return [bytes([byte]) for byte in data]


def of_framed_size(size):
    """A body of one chunk whose bytes on the wire are so many, and its content."""
    content = b'x' * (size - len(chunked(b'x' * 0x1000)) + 0x1000)
    framed = chunked(content)
    assert len(framed) == size, len(framed)
    return framed, content


FORTY = b'{"data":"forty bytes of a flow\'s input"}'
FULL, IN_FULL = of_framed_size(ROOM)
OVER, IN_OVER = of_framed_size(ROOM + 1)

# What comes, in the writes of its client; the content.
WHOLE = {
    'one chunk': ([chunked(FORTY)], FORTY),
    'several chunks': ([chunked(FORTY[:1], FORTY[1:20], FORTY[20:])], FORTY),
    'the last chunk on its own': ([chunked(FORTY)[:-5], b'0\r\n\r\n'], FORTY),
    'the last line on its own': ([chunked(FORTY)[:-2], b'\r\n'], FORTY),
    'a write for each part': ([b'28\r\n', FORTY, b'\r\n', b'0\r\n', b'\r\n'], FORTY),
    'a write for each byte': (in_bytes(chunked(FORTY)), FORTY),
    'behind the head': ([b'', chunked(FORTY)], FORTY),
    'no content': ([b'0\r\n\r\n'], b''),
    'no content, later': ([b'', b'0\r\n', b'\r\n'], b''),
    'leading zeros': ([b'0028\r\n' + FORTY + b'\r\n000\r\n\r\n'], FORTY),
    'capital digits': ([b'2A\r\n' + b'y' * 42 + b'\r\n0\r\n\r\n'], b'y' * 42),
    'extensions and trailers': ([b'28;a=b;c="d\\""\r\n' + FORTY + b'\r\n0;e\r\nx-byot-uid: evil\r\nz:\r\n\r\n'], FORTY),
    'all the room': ([FULL], IN_FULL),
    'all the room, in two': ([FULL[:5000], FULL[5000:]], IN_FULL),
    'many chunks': ([chunked(*[b'z'] * 2000)], b'z' * 2000),
}
LONG = {
    'a byte more than the room': ([OVER], IN_OVER),
    'a large chunk': ([chunked(b'x' * 50_000)], b'x' * 50_000),
    'more than a write': ([chunked(b'x' * 300_000, b'y' * 10)], b'x' * 300_000 + b'y' * 10),
}


class Chunked(SceneTest):
    def head(self, user, *fields):
        return request_bytes('POST', '/api/ai/echo', [user.bearer, JSON, CHUNKED, *fields])

    def ask(self, wire, user, writes):
        wire.send(self.head(user) + writes[0])
        for data in writes[1:]:
            wire.send(data)
        return self.upstream.take(20)

    def test_a_body_that_is_at_hand_goes_on_with_its_length(self):
        user = self.user().with_key()
        for name, (writes, content) in WHOLE.items():
            with self.subTest(name), self.server.wire() as wire:
                exchange = self.ask(wire, user, writes)
                self.assertEqual(exchange.body, content)
                self.assertEqual(exchange.head.all('Content-Length'), [str(len(content))])
                self.assertEqual(exchange.head.all('Transfer-Encoding'), [])
                self.assertNotIn(b'evil', exchange.raw)
                exchange.answer()
                self.assertEqual(wire.answer().status, 200)
                wire.send(request_bytes('GET', '/health/live'))  # where the body ended is not forgotten
                self.assertEqual(wire.answer().status, 200)

    def test_a_longer_one_goes_on_as_it_came(self):
        user = self.user().with_key()
        for name, (writes, content) in LONG.items():
            with self.subTest(name), self.server.wire() as wire:
                exchange = self.ask(wire, user, writes)
                self.assertEqual(exchange.body, content)
                self.assertEqual(exchange.head.all('Content-Length'), [])
                self.assertEqual(exchange.head.all('Transfer-Encoding'), ['chunked'])
                exchange.answer()
                self.assertEqual(wire.answer().status, 200)

    def test_a_large_head_leaves_room_for_a_body(self):
        user = self.user().with_key()
        with self.server.wire() as wire:
            wire.send(self.head(user, ('x-large', 'x' * 20_000)) + FULL)
            exchange = self.upstream.take()
            self.assertEqual((exchange.body, exchange.head.all('Content-Length')), (IN_FULL, [str(len(IN_FULL))]))
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)

    def test_what_follows_the_body_is_the_next_request(self):
        user = self.user().with_key()
        with self.server.wire() as wire:
            wire.send((self.head(user) + chunked(FORTY)) * 2 + request_bytes('GET', '/health/live'))
            for _ in range(2):
                exchange = self.upstream.take()
                self.assertEqual(exchange.body, FORTY)
                exchange.answer()
                self.assertEqual(wire.answer().status, 200)
            self.assertEqual(wire.answer().status, 200)

    def test_a_client_that_waits_for_leave_gets_it(self):
        user = self.user().with_key()
        with self.server.wire() as wire:
            wire.send(self.head(user, ('Expect', '100-continue')))
            self.assertEqual(wire.head().first_line.split(' ')[1], '100')
            wire.send(chunked(FORTY))
            exchange = self.upstream.take()
            self.assertEqual(exchange.body, FORTY)
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)  # and no second leave before it

    def test_leave_is_not_given_to_a_user_without_a_key(self):
        with self.server.wire() as wire:
            wire.send(self.head(self.user(), ('Expect', '100-continue')))
            self.assert_refused(wire.answer(), 400, 'KEY_REQUIRED')

    def test_a_fault_in_the_chunks_is_still_told(self):
        user = self.user().with_key()
        for writes in ([b'g\r\n'], [b'2\r\n{}x\r\n'], [b'2\r\n{}', b'\n0\r\n\r\n'], [b'-1\r\n']):
            with self.subTest(writes=writes), self.server.wire() as wire:
                wire.send(self.head(user) + writes[0])
                for data in writes[1:]:
                    wire.send(data)
                self.assert_refused(wire.answer(), 400, 'REQUEST_MALFORMED')
        self.assertTrue(self.upstream.waiting.empty())

    def test_a_client_that_leaves_in_the_middle_asks_nothing(self):
        user = self.user().with_key()
        before = len(self.upstream.connections)
        with self.server.wire() as wire:
            wire.send(self.head(user) + b'28\r\n' + FORTY[:10])
        with user.ask() as other:
            self.upstream.take().answer()
            self.assertEqual(other.answer().status, 200)
        self.assertLessEqual(len(self.upstream.connections) - before, 2)
        self.assertTrue(self.upstream.waiting.empty())


class SmallLimit(SceneTest):
    variables = {'BYOT_MAX_AI_BODY': '4k'}

    def test_a_chunked_body_over_a_small_limit_is_refused(self):
        user = self.user().with_key()
        for size, is_taken in ((4096, True), (4097, False), (9000, False)):
            with self.subTest(size=size), self.server.wire() as wire:
                wire.send(request_bytes('POST', '/api/ai/echo', [user.bearer, JSON, CHUNKED])
                          + chunked(b'x' * size))
                if is_taken:
                    self.upstream.take().answer()
                    self.assertEqual(wire.answer().status, 200)
                else:
                    self.assert_refused(wire.answer(), 413, 'BODY_TOO_LARGE')


class Slow(SceneTest):
    @classmethod
    def make_upstream(cls):
        return RawUpstream()

    def test_a_flow_may_answer_before_the_body_has_ended(self):
        with self.server.wire() as wire:
            user = self.user().with_key()
            wire.send(request_bytes('POST', '/api/ai/echo', [user.bearer, JSON, CHUNKED,
                                                             ('Accept', 'text/event-stream')]))
            wire.send(b'5\r\nfirst\r\n')
            taken = self.upstream.take()  # although the rest waits for the answer
            self.assertEqual(taken.head().all('Transfer-Encoding'), ['chunked'])
            self.assertEqual(taken.until(b'first\r\n'), b'5\r\nfirst\r\n')
            taken.send(b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n')
            self.assertEqual(wire.head().get('Content-Type'), 'text/event-stream')
            for number in range(3):
                wire.send(b'2\r\nup\r\n')
                self.assertEqual(taken.chunk(), b'up')
                taken.send(b'10\r\ndata: {"m": 1}\n\n\r\n')
                self.assertEqual(wire.chunk(), b'data: {"m": 1}\n\n')
            wire.send(b'0\r\n\r\n')
            self.assertEqual(taken.chunk(), b'')

    def test_a_body_that_stops_goes_on_so_far(self):
        user = self.user().with_key()
        for begun, seen in ((b'', b''), (b'28\r\n', b''), (b'28\r\n{"d', b'3\r\n{"d\r\n')):
            with self.subTest(begun=begun), self.server.wire() as wire:
                wire.send(request_bytes('POST', '/api/ai/echo', [user.bearer, JSON, CHUNKED]) + begun)
                taken = self.upstream.take()
                self.assertEqual(taken.head().all('Transfer-Encoding'), ['chunked'])
                self.assertEqual(taken.exactly(len(seen)), seen)
                wire.close()
                self.assertTrue(eventually(lambda: taken.is_ended()))
