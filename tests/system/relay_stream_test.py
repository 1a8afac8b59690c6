"""Streams through the relay: forwarded as they come, and ended so that Genkit's clients understand the end."""
import json

from harness.scene import SceneTest
from harness.upstream import chunk
from harness.wire import Ended, request_bytes

ERROR = b'data: {"error":'


def read_to_end(wire):
    """The content that is left, and whether it ended as its framing says."""
    pieces = []
    try:
        while piece := wire.chunk():
            pieces.append(piece)
    except Ended:
        return b''.join(pieces) + wire.held, False
    return b''.join(pieces), True


class Forwarding(SceneTest):
    def open(self, user=None, **more):
        user = user or self.user().with_key()
        wire = user.stream(**more)
        self.addCleanup(wire.close)
        return wire, self.upstream.take()

    def test_each_write_arrives_before_the_next_is_made(self):
        wire, exchange = self.open()
        exchange.begin_stream()
        for number in range(20):
            event = f'data: {{"message":{number}}}\n\n'.encode()
            exchange.send(chunk(event))
            if number == 0:
                self.assertEqual(wire.head().first_line, 'HTTP/1.1 200 OK')
            self.assertEqual(wire.chunk(), event)
        exchange.event('{"result":20}')
        exchange.end_stream()
        self.assertEqual(read_to_end(wire), (b'data: {"result":20}\n\n', True))

    def test_the_head_arrives_before_the_first_event(self):
        wire, exchange = self.open()
        exchange.begin_stream()
        self.assertEqual(wire.head().get('x-genkit-trace-id'), 'trace-1')
        exchange.event('{"result":1}')
        exchange.end_stream()
        self.assertEqual(read_to_end(wire)[0], b'data: {"result":1}\n\n')

    def test_a_plain_text_stream_is_labelled_as_what_it_is(self):
        for kind in ('text/plain', 'text/plain; charset=utf-8', 'text/event-stream'):
            wire, exchange = self.open()
            exchange.begin_stream([('Content-Type', kind)])
            exchange.event('{"result":1}')
            exchange.end_stream()
            head = wire.head()
            self.assertEqual(len(head.all('Content-Type')), 1)
            self.assertTrue(head.get('Content-Type').startswith('text/event-stream'), head.raw)
            self.assertEqual(head.get('X-Content-Type-Options'), 'nosniff')

    def test_plain_text_that_is_no_stream_keeps_its_label(self):
        with self.user().with_key().ask() as wire:
            self.upstream.take().answer(b'words', fields=[('Content-Type', 'text/plain')])
            self.assertEqual(wire.answer().field('Content-Type'), 'text/plain')

    def test_bytes_are_not_altered_and_nothing_is_put_between(self):
        sent = b': ping\n\ndata: {"message":"\xc3\xa4\xf0\x9f\x98\x80"}\n\ndata:     {"message": 1}\n\n' * 50
        wire, exchange = self.open()
        exchange.begin_stream()
        for start in range(0, len(sent), 7):
            exchange.send(chunk(sent[start:start + 7]))
        exchange.send(chunk(b'data: {"result":null}\n\n'))
        exchange.end_stream()
        wire.head()
        self.assertEqual(read_to_end(wire), (sent + b'data: {"result":null}\n\n', True))

    def test_half_a_chunk_is_forwarded_without_waiting_for_the_rest(self):
        wire, exchange = self.open()
        exchange.begin_stream()
        wire.head()
        exchange.send(b'20\r\ndata: {"mess')
        got = b''
        while b'data: {"mess' not in got:
            got += wire.chunk()
        exchange.send(b'age":"1"}         \n\n\r\n')
        exchange.event('{"result":1}')
        exchange.end_stream()
        rest, is_whole = read_to_end(wire)
        self.assertEqual((got + rest, is_whole),
                         (b'data: {"message":"1"}         \n\ndata: {"result":1}\n\n', True))

    def test_a_large_event_arrives_whole(self):
        event = b'data: {"message":"' + b'x' * 1_000_000 + b'"}\n\n'
        wire, exchange = self.open()
        exchange.begin_stream()
        exchange.send(chunk(event))
        exchange.event('{"result":1}')
        exchange.end_stream()
        wire.head()
        self.assertEqual(read_to_end(wire), (event + b'data: {"result":1}\n\n', True))

    def test_a_connection_serves_again_after_a_stream(self):
        wire, exchange = self.open()
        exchange.begin_stream()
        exchange.event('{"result":1}')
        exchange.end_stream()
        wire.head()
        read_to_end(wire)
        wire.send(request_bytes('GET', '/health/live'))
        self.assertEqual(wire.answer().status, 200)

    def test_a_flows_refusal_of_a_stream_comes_back_as_it_is(self):
        wire, exchange = self.open()
        exchange.answer(b'{"status":"UNAUTHENTICATED","message":"no"}', '401 Unauthorized')
        answer = wire.answer()
        self.assertEqual((answer.status, answer.field('Content-Type')), (401, 'application/json'))
        self.assertEqual(answer.body, b'{"status":"UNAUTHENTICATED","message":"no"}')


class Endings(SceneTest):
    """What the client sees of an upstream that dies in the middle of a stream."""

    def dies_after(self, sent, by):
        wire = self.user().with_key().stream()
        self.addCleanup(wire.close)
        exchange = self.upstream.take()
        exchange.begin_stream()
        exchange.send(chunk(b'data: {"message":1}\n\n'))
        wire.head()
        self.assertEqual(wire.chunk(), b'data: {"message":1}\n\n')
        exchange.send(sent)
        getattr(exchange, by)()
        return read_to_end(wire)

    def assert_ends_with_one_error(self, sent, passed_on):
        for by in ('close', 'reset'):
            with self.subTest(by=by):
                body, is_whole = self.dies_after(sent, by)
                self.assertTrue(is_whole, body)
                self.assertEqual(body.count(b'"error"'), 1, body)
                self.assertTrue(body.endswith(b'\n\n'))
                before, last = body[:body.index(ERROR)], body[body.index(ERROR):-2]
                self.assertTrue(before == b'' or before.endswith(b'\n\n'), body)
                if by == 'close':  # a reset may overtake what was sent before it
                    self.assertEqual(before.rstrip(b'\n'), passed_on.rstrip(b'\n'))
                error = json.loads(last.removeprefix(b'data: '))['error']
                self.assertEqual(set(error), {'status', 'message'})
                self.assertEqual(error['status'], 'UNAVAILABLE')
                self.assertTrue(error['message'])

    def test_between_two_chunks(self):
        self.assert_ends_with_one_error(b'', b'')

    def test_between_two_chunks_after_more_events(self):
        events = b'data: {"message":2}\n\ndata: {"message":3}\n\n'
        self.assert_ends_with_one_error(chunk(events), events)

    def test_inside_a_chunk(self):
        self.assert_ends_with_one_error(b'40\r\ndata: {"messa', b'data: {"messa')

    def test_inside_a_size_line(self):
        self.assert_ends_with_one_error(b'4', b'')

    def test_inside_an_event_at_a_chunks_end(self):
        self.assert_ends_with_one_error(chunk(b'data: {"mess'), b'data: {"mess')

    def test_between_the_two_line_ends_of_an_event(self):
        self.assert_ends_with_one_error(chunk(b'data: {"message":2}\n'), b'data: {"message":2}\n')

    def test_in_a_framing_that_cannot_be_read_any_more(self):
        self.assert_ends_with_one_error(b'zz\r\ngarbage', b'')

    def test_after_the_result_nothing_is_added(self):
        for by in ('close', 'reset'):
            body, is_whole = self.dies_after(chunk(b'data: {"result":1}\n\n'), by)
            self.assertNotIn(b'"error"', body)
            if by == 'close':
                self.assertEqual((body, is_whole), (b'data: {"result":1}\n\n', True))

    def test_after_the_flows_own_error_nothing_is_added(self):
        for frame in (b'error: {"error":{"status":"INTERNAL","message":"m"}}\n\n',
                      b'data: {"error":{"status":"INTERNAL","message":"m"}}\n\n',
                      b'error: {"status":"INTERNAL","message":"m"}\n\n'):
            with self.subTest(frame=frame):
                self.assertEqual(self.dies_after(chunk(frame), 'close'), (frame, True))

    def test_the_word_result_inside_a_message_is_no_result(self):
        self.assert_ends_with_one_error(chunk(b'data: {"message":{"result":1}}\n\n'),
                                        b'data: {"message":{"result":1}}\n\n')

    def test_a_clean_end_without_a_result_is_passed_on_as_an_error(self):
        body, is_whole = self.dies_after(b'0\r\n\r\n', 'close')
        self.assertTrue(is_whole)
        self.assertIn(ERROR, body)

    def test_a_stream_that_ends_with_its_connection_and_without_a_result(self):
        wire = self.user().with_key().stream()
        self.addCleanup(wire.close)
        exchange = self.upstream.take()
        exchange.send('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {"message":1}\n\n')
        exchange.close()
        body = wire.body(wire.head())
        self.assertEqual(body.count(b'"error"'), 1, body)
        self.assertTrue(body.startswith(b'data: {"message":1}\n\n' + ERROR), body)

    def with_a_length(self, sent, length=None, version='HTTP/1.1'):
        """The client's head and body of a stream that the upstream gave a length."""
        wire = self.user().with_key().stream(version=version)
        self.addCleanup(wire.close)
        exchange = self.upstream.take()
        exchange.send(f'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n'
                      f'Content-Length: {length or len(sent)}\r\n\r\n'.encode() + sent)
        if length:
            exchange.close()
        head = wire.head()
        self.assertEqual(head.all('Content-Length'), [])
        return head, wire.body(head)

    def test_a_stream_with_a_length_ends_like_any_other(self):
        message, result = b'data: {"message":1}\n\n', b'data: {"result":1}\n\n'
        for version in ('HTTP/1.0', 'HTTP/1.1'):
            for sent, length in ((message, None), (message, 100), (b'', None), (message[:9], 100)):
                with self.subTest(version=version, sent=sent, length=length):
                    _, body = self.with_a_length(sent, length, version)
                    self.assertTrue(body.startswith(sent), body)
                    self.assertEqual(body.count(ERROR), 1, body)
                    self.assertTrue(body.endswith(b'}}\n\n'), body)
            head, body = self.with_a_length(message + result, version=version)
            self.assertEqual(body, message + result)
            self.assertEqual(head.all('Transfer-Encoding'), ['chunked'] if version == 'HTTP/1.1' else [])

    def test_a_short_answer_with_a_length_is_never_ended_cleanly(self):
        for accept in ('*/*', 'text/event-stream'):
            wire = self.user().with_key().ask(accept=accept)
            self.addCleanup(wire.close)
            exchange = self.upstream.take()
            exchange.send('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"a":')
            exchange.close()
            with self.assertRaises(Ended):
                wire.answer()

    def test_a_short_chunked_answer_is_never_ended_cleanly(self):
        wire = self.user().with_key().ask()
        self.addCleanup(wire.close)
        exchange = self.upstream.take()
        exchange.begin_stream([('Content-Type', 'application/json')])
        exchange.send(chunk(b'{"a":'))
        exchange.close()
        with self.assertRaises(Ended):
            wire.answer()
