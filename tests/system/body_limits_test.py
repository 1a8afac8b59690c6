"""Bodies at their limit and over it, with and without a length, with and without leave to send them."""
from harness.greedy import MANY_BYTES, GreedyScene, send_as_long_as_taken
from harness.upstream import chunk, echo
from harness.wire import Answer, request_bytes

JSON = ('Content-Type', 'application/json')


class Bodies(GreedyScene):
    variables = {'BYOT_MAX_KEY_BODY': '8k', 'BYOT_MAX_AI_BODY': '64k', 'BYOT_STREAMS_PER_USER': '100'}
    handler = staticmethod(echo)
    LIMITS = {'/api/key': 8 * 1024, '/api/ai/echo': 64 * 1024}

    def ways(self):
        for target, limit in self.LIMITS.items():
            for is_chunked in (False, True):
                for expects in (False, True):
                    yield target, limit, is_chunked, expects

    def begin(self, user, target, size, is_chunked, expects):
        """The head is sent; what was answered to an expectation, and the body in its framing."""
        framing = ('Transfer-Encoding', 'chunked') if is_chunked else ('Content-Length', size)
        fields = [user.bearer, JSON, framing] + [('Expect', '100-continue')] * expects
        wire = self.wire()
        wire.send(request_bytes('POST', target, fields))
        body = b'{"apiKey":"' + b'k' * (size - 13) + b'"}'
        return wire, chunk(body) + b'0\r\n\r\n' if is_chunked else body

    def test_a_body_at_the_limit_is_read(self):
        user = self.user().with_key()
        for target, limit, is_chunked, expects in self.ways():
            with self.subTest(target=target, is_chunked=is_chunked, expects=expects):
                wire, body = self.begin(user, target, limit, is_chunked, expects)
                if expects:
                    self.assertEqual(wire.head().first_line, 'HTTP/1.1 100 Continue')
                wire.send(body)
                answer = wire.answer()
                self.assertEqual(answer.status, 400 if target == '/api/key' else 200)  # no key is so long
                self.assertNotEqual(answer.field('Connection'), 'close')

    def test_a_body_over_the_limit_is_413_and_one_whose_length_is_told_is_not_asked_for(self):
        user = self.user().with_key()
        for target, limit, is_chunked, expects in self.ways():
            with self.subTest(target=target, is_chunked=is_chunked, expects=expects):
                wire, body = self.begin(user, target, limit + 1, is_chunked, expects)
                if is_chunked and expects:  # nobody knows how long it will be
                    self.assertEqual(wire.head().first_line, 'HTTP/1.1 100 Continue')
                if is_chunked or not expects:
                    wire.send(body)
                first = wire.head()
                self.assert_refused(Answer(first, wire.body(first)), 413, 'BODY_TOO_LARGE')
                self.assertEqual(first.get('Connection'), 'close')
                self.assertTrue(wire.is_ended())

    def test_a_body_far_over_the_limit_is_not_read_to_its_end(self):
        user = self.user().with_key()
        for target in self.LIMITS:
            for is_chunked in (False, True):
                with self.subTest(target=target, is_chunked=is_chunked):
                    wire, _ = self.begin(user, target, MANY_BYTES, is_chunked, False)
                    piece = b'x' * 65536
                    sent = send_as_long_as_taken(wire, b'', chunk(piece) if is_chunked else piece)
                    print(f'        {sent} bytes were sent to {target}')
                    self.assertLess(sent, MANY_BYTES // 8)
