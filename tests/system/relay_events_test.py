"""Event streams of every spelling and protocol through the relay: what has ended is left as it is, what was cut is told."""
import gzip
import json
import unittest
import zlib

from harness import metrics
from harness.scene import Scene, SceneTest
from harness.upstream import chunk
from harness.waiting import eventually
from harness.wire import Ended

ERROR = b'data: {"error":{"status":"UNAVAILABLE"'
MESSAGE = b'data: {"message":1}\n\n'

ENDED = {
    'CRLF': b'data: {"result":2}\r\n\r\n',
    'CR': b'data: {"result":2}\r\r',
    'mixed line ends': b'data: {"message":1}\r\n\ndata: {"result":2}\n\r\n',
    'a byte order mark': b'\xef\xbb\xbfdata: {"result":2}\n\n',
    'a comment in the event': b': ping\ndata: {"result":2}\n\n',
    'comments between': b': ping\n\ndata: {"message":1}\n\n:\n\ndata: {"result":2}\n\n: bye\n\n',
    'several data lines': b'data: {\ndata:   "result": 2\ndata: }\n\n',
    'no space': b'data:{"result":2}\n\n',
    'fields around': b'event: end\nid: 7\ndata: {"result":2}\nretry: 9\n\n',
    'an escaped name': b'data: {"\\u0072esult":2}\n\n',
    'white space': b'data: \t{ "result" : 2 }  \n\n',
    'a large result': b'data: {"result":"' + b'x' * 300_000 + b'"}\n\n',
    'a deep result': b'data: {"result":' + b'[' * 5000 + b']' * 5000 + b'}\n\n',
    'more behind it': b'data: {"result":2}\n\nEND',
    'an error of Express': b'data: {"message":1}\n\nerror: {"error":{"status":"INTERNAL","message":"m"}}\n\n',
    'an error of Next': b'error: {"status":"INTERNAL","message":"m"}\n\nEND',
    'an error with CRLF': b'data: {"error":{"status":"INTERNAL","message":"m"}}\r\n\r\n',
}

OTHERS = {
    'OpenAI': b'data: {"choices":[{"delta":{"content":"a"}}]}\n\ndata: [DONE]\n\n',
    'the AI SDK': b'data: {"type":"text-delta","delta":"a"}\n\ndata: {"type":"finish"}\n\ndata: [DONE]\n\n',
    'Anthropic': b'event: message_start\ndata: {"type":"message_start","message":{}}\n\n'
                 b'event: message_stop\ndata: {"type":"message_stop"}\n\n',
    'plain text events': b'data: hello\n\ndata: world\n\n',
    'JSON-RPC': b'event: message\ndata: {"jsonrpc":"2.0","method":"progress"}\n\n',
    'no event at all': b'hello',
    'a list': b'data: ["result"]\n\n',
    'a nested result': b'data: {"a":{"result":2}}\n\n',
    'MCP that begins with an id': b'id: 1\ndata: \n\nid: 2\nevent: message\ndata: {"jsonrpc":"2.0","result":{}}\n\n',
    "one that Genkit's messages precede": MESSAGE + b'data: {"type":"finish"}\n\n',
    "OpenAI's end behind Genkit's messages": MESSAGE + b'data: {"Result":2}\n\ndata: [DONE]\n\n',
}

STREAM = (('Content-Type', 'text/event-stream'),)


class Streams(SceneTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.somebody = cls.scene.user().with_key()

    def ask(self, accept='text/event-stream', **more):
        wire = self.somebody.ask(accept=accept, **more)
        self.addCleanup(wire.close)
        return wire, self.upstream.take()

    def passed_on(self, content, end, fields=STREAM, step=None, **more):
        """What the client gets of a stream that the upstream ends so: its bytes, and whether they are whole."""
        wire, exchange = self.ask(**more)
        exchange.begin_stream(fields)
        step = step or len(content) or 1
        for at in range(0, len(content), step):
            exchange.send(chunk(content[at:at + step]))
        end(exchange)
        return wire.head(), *read_to_end(wire)

    def in_order(self, content, **more):
        return self.passed_on(content, lambda exchange: exchange.end_stream(), **more)

    def cut(self, content, **more):
        return self.passed_on(content, lambda exchange: exchange.close(), **more)


def read_to_end(wire):
    pieces = []
    try:
        while piece := wire.chunk():
            pieces.append(piece)
    except Ended:
        return b''.join(pieces), False
    return b''.join(pieces), True


class Endings(Streams):
    def test_a_stream_that_has_ended_is_left_as_it_is(self):
        for name, content in ENDED.items():
            for step in (None, 1 if len(content) < 200 else 4097):
                with self.subTest(name, step=step):
                    self.assertEqual(self.in_order(content, step=step)[1:], (content, True))

    def test_and_so_it_is_when_only_its_framing_is_cut(self):
        for name, content in ENDED.items():
            with self.subTest(name):
                self.assertEqual(self.cut(MESSAGE + content.removeprefix(b'\xef\xbb\xbf'))[1:],
                                 (MESSAGE + content.removeprefix(b'\xef\xbb\xbf'), True))

    def test_in_every_framing(self):
        for name, content in {**ENDED, **OTHERS}.items():
            for version in ('HTTP/1.0', 'HTTP/1.1'):
                with self.subTest(name, version=version):
                    wire, exchange = self.ask(version=version)
                    exchange.answer(content, fields=STREAM)
                    self.assertEqual(wire.body(wire.head()), content)
                    wire, exchange = self.ask(version=version)
                    exchange.send(b'HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n' + content)
                    exchange.close()
                    self.assertEqual(wire.body(wire.head()), content)

    def test_a_stream_of_another_protocol_is_never_added_to(self):
        for name, content in OTHERS.items():
            for step in (None, 1):
                with self.subTest(name, step=step):
                    self.assertEqual(self.in_order(content, step=step)[1:], (content, True))

    def test_and_is_reset_when_it_is_cut(self):
        for name, content in OTHERS.items():
            with self.subTest(name):
                head, got, is_whole = self.cut(content)
                self.assertFalse(is_whole, got)
                self.assertTrue(content.startswith(got), got)

    def test_a_stream_of_genkits_that_is_cut_is_ended_by_one_error(self):
        for content in (b'', b': ping\n\n', b'data', b'data: {"mess', MESSAGE, MESSAGE + b'data: {"result":2}',
                        MESSAGE + b'data: {"result":2}\r', MESSAGE.replace(b'\n', b'\r\n') + b'data: {"m',
                        MESSAGE.replace(b'\n', b'\r') + b'data: {"message":"\xc3', b'\xef\xbb', b'\xef\xbb\xbf',
                        MESSAGE + b'data: {\r\ndata: "message"', b'data: {"message":{"result":1}}\n\n',
                        b'retry: 1000\n\n', b'retry: 1000\n\n' + MESSAGE, b'id: 1\n' + MESSAGE, b'id: 1\ndata: {"mess',
                        b'event: message\n' + MESSAGE, MESSAGE + b'data: {"Result":2}\n\n',
                        MESSAGE + b'data: {"nested":{"result":2}}\n\n', MESSAGE + b'data: {"result":2\n\n'):
            for end in (self.cut, self.in_order):
                with self.subTest(content, end=end.__name__):
                    head, got, is_whole = end(content)
                    self.assertTrue(is_whole)
                    self.assertTrue(got.startswith(content), got)
                    self.assertEqual(got.count(b'"error"'), 1, got)
                    event = events_of(got)[-1]
                    self.assertEqual(json.loads(event)['error']['status'], 'UNAVAILABLE', got)
                    self.assertEqual(events_of(content), events_of(got)[:len(events_of(content))])

    def test_an_error_of_the_flow_that_lacks_its_empty_line_gets_it_and_no_other(self):
        frame = b'error: {"error":{"status":"INTERNAL","message":"m"}}'
        for content in (MESSAGE + frame, frame + b'\n', frame + b'\r'):
            for end in (self.cut, self.in_order):
                with self.subTest(content, end=end.__name__):
                    head, got, is_whole = end(content)
                    self.assertTrue(is_whole)
                    self.assertEqual(got.rstrip(b'\n'), content.rstrip(b'\n'))
                    self.assertTrue(got.endswith(b'\n\n'), got)

    def test_a_stream_in_a_coding_is_never_added_to(self):
        packed = gzip.compress(MESSAGE)
        for codings in (['gzip'], ['x-gzip'], ['br'], ['deflate'], ['zstd'], ['GZIP'], ['identity, gzip'],
                        ['identity', 'gzip'], ['gzip', 'identity']):
            fields = [*STREAM, *(('Content-Encoding', coding) for coding in codings)]
            with self.subTest(codings):
                head, got, is_whole = self.in_order(packed, fields=fields)
                self.assertEqual((got, is_whole), (packed, True))
                self.assertEqual(head.all('Content-Encoding'), codings)
                self.assertEqual(head.get('X-Accel-Buffering'), 'no')
                head, got, is_whole = self.cut(packed[:9], fields=fields)
                self.assertFalse(is_whole)
                self.assertTrue(packed.startswith(got))
        self.assertEqual(zlib.decompress(self.in_order(packed, fields=fields)[1], 31), MESSAGE)

    def test_identity_is_no_coding(self):
        for coding in ('identity', 'Identity', ''):
            head, got, is_whole = self.cut(MESSAGE, fields=[*STREAM, ('Content-Encoding', coding)])
            self.assertTrue(is_whole)
            self.assertEqual(got.count(ERROR), 1, got)

    def test_the_flow_is_asked_for_no_coding(self):
        for given in ((), [('Accept-Encoding', 'gzip, br')], [('Accept-Encoding', 'gzip;q=1, identity;q=0')]):
            wire, exchange = self.ask(fields=given)
            self.assertEqual(exchange.head.all('Accept-Encoding'), ['identity'])
            exchange.answer()
            wire.answer()


def events_of(content):
    """The data of each event, by the standard's own words: decoded, lines split, fields read."""
    text = content.decode('utf-8', 'replace').removeprefix('\ufeff')
    events, data = [], []
    for line in text.replace('\r\n', '\n').replace('\r', '\n').split('\n')[:-1]:
        if not line and data:
            events.append('\n'.join(data))
        if not line:
            data = []
        name, _, value = line.partition(':')
        if name == 'data':
            data.append(value.removeprefix(' '))
    return events


class Labels(Streams):
    def test_text_is_a_stream_only_when_one_was_asked_for_and_it_begins_like_one(self):
        plain, html, words = 'text/plain', 'text/html; charset=utf-8', b'hello'
        result = b'data: {"result":2}\n\n'
        for accept, query, kind, content, is_stream in (
                ('text/event-stream', '', plain, result, True),
                ('*/*', '?stream=true', plain, result, True),
                ('application/json, Text/Event-Stream;q=0.5', '', plain, result, True),
                ('*/*', '?a=1&str%65am=true', plain, result, True),
                ('text/event-stream', '', html, result, True),
                ('*/*', '?upstream=true', plain, result, False),
                ('*/*', '?stream=truer', plain, result, False),
                ('*/*', '?x=stream=true', plain, result, False),
                ('text/event-stream;q=0', '', plain, result, False),
                ('text/event-streams', '', plain, result, False),
                ('a/b;c="text/event-stream"', '', plain, result, False),
                ('*/*', '', plain, result, False),
                ('text/event-stream', '', plain, words, False),
                ('*/*', '?stream=true', plain, words, False),
                ('*/*', '?upstream=true', plain, words, False),
                ('text/event-stream', '', plain, b': text', False),
                ('text/event-stream', '', plain, b': text\nand more', False),
                ('text/event-stream', '', plain, b': ping\n\n' + result, True),
                ('text/event-stream', '', html, b'<html>', False),
                ('text/event-stream', '', 'application/json', b'{"result":2}', False)):
            with self.subTest(accept=accept, query=query, kind=kind, content=content):
                wire, exchange = self.ask(accept, target='/api/ai/echo' + query)
                exchange.send(f'HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n'.encode()
                              + chunk(content) + b'0\r\n\r\n')
                answer = wire.answer()
                self.assertEqual(answer.body, content)
                self.assertEqual(answer.field('Content-Type'), 'text/event-stream' if is_stream else kind)
                self.assertEqual(answer.field('X-Accel-Buffering'), 'no' if is_stream else None)
                self.assertEqual(answer.field('Cache-Control'),
                                 'no-store, no-transform' if is_stream else 'no-store')

    def test_one_of_several_accept_lines_asks_for_a_stream(self):
        wire, exchange = self.ask('application/json', fields=[('Accept', 'text/event-stream')])
        exchange.begin_stream([('Content-Type', 'text/plain')])
        exchange.event('{"result":2}')
        exchange.end_stream()
        self.assertEqual(wire.answer().field('Content-Type'), 'text/event-stream')

    def test_a_text_with_a_length_is_known_by_its_content_even_when_that_comes_later(self):
        for content, kind in ((b'hello', 'text/plain'), (b'data: {"result":2}\n\n', 'text/event-stream')):
            wire, exchange = self.ask()
            exchange.send(f'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(content)}\r\n\r\n')
            exchange.send(content)
            answer = wire.answer()
            self.assertEqual((answer.field('Content-Type'), answer.body), (kind, content))

    def test_a_text_that_begins_with_a_comment_is_known_by_what_follows(self):
        for pieces, kind in ((b': te', b'xt'), 'text/plain'), ((b': a\n', b'b'), 'text/plain'), \
                ((b': a\n', b'data: {"result":2}\n\n'), 'text/event-stream'):
            wire, exchange = self.ask()
            # The first piece with the head: one that comes alone is not waited behind.
            exchange.send(b'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n' + chunk(pieces[0]))
            exchange.send(chunk(pieces[1]))
            exchange.end_stream()
            self.assertEqual(wire.head().get('Content-Type'), kind, pieces)
            self.assertEqual(read_to_end(wire), (b''.join(pieces), True))

    def test_a_comment_and_its_empty_line_are_a_streams_and_pass_at_once(self):
        wire, exchange = self.ask()
        exchange.send(b'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n' + chunk(b': ping\n\n'))
        self.assertEqual(wire.head().get('Content-Type'), 'text/event-stream')
        self.assertEqual(wire.chunk(), b': ping\n\n')

    def test_a_text_is_not_added_to_when_its_label_was_taken_for_a_streams(self):
        wire, exchange = self.ask()
        exchange.begin_stream([('Content-Type', 'text/plain')])
        wire.head()  # sent before there was any content to judge it by
        exchange.send(chunk(b'hello'))
        exchange.end_stream()
        self.assertEqual(read_to_end(wire), (b'hello', True))


class Fields(Streams):
    def test_what_the_status_needs_passes_and_the_rest_does_not(self):
        passing = [('Retry-After', '30'), ('Content-Language', 'de'), ('Content-Disposition', 'attachment; filename="a"'),
                   ('ETag', '"1"'), ('Last-Modified', 'Thu, 01 Jan 1970 00:00:00 GMT'), ('Link', '<a>; rel="b"'),
                   ('Link', '<c>'), ('Sunset', 'Thu, 01 Jan 1970 00:00:00 GMT')]
        dropped = [('WWW-Authenticate', 'Basic'), ('Set-Cookie', 'a=b'), ('Server', 'x'), ('Via', '1.1 x'),
                   ('Location', '/x'), ('Clear-Site-Data', '"*"'), ('Alt-Svc', 'h3=":1"'), ('Refresh', '0'),
                   ('Connection', 'X-Genkit-Hop'), ('X-Genkit-Hop', '1'), ('Strict-Transport-Security', 'max-age=1'),
                   ('Access-Control-Allow-Origin', '*'), ('x-byot-key-state', 'verified')]
        for status in ('429 Too Many Requests', '503 Service Unavailable', '200 OK'):
            wire, exchange = self.ask('*/*')
            exchange.answer(b'{}', status, [('Content-Type', 'application/json'), *passing, *dropped])
            head = wire.answer().head
            for name, _ in passing:
                self.assertEqual(head.all(name), [value for key, value in passing if key == name], status)
            for name, value in dropped:
                self.assertNotIn(value, head.all(name), f'{name} with {status}')

    def test_an_address_goes_as_it_came_where_the_status_is_about_one(self):
        for status, location in (('201 Created', '/jobs/7'), ('302 Found', 'https://a.example/x?y#z'),
                                 ('303 See Other', 'relative'), ('308 Permanent Redirect', '//b.example')):
            wire, exchange = self.ask('*/*')
            exchange.answer(b'', status, [('Location', location)])
            answer = wire.answer()
            self.assertEqual(answer.field('Location'), location)
            self.assertEqual(str(answer.status), status[:3])


class Outcomes(unittest.TestCase):
    """What a failed flow is in the log, in the counts and for its key."""

    @classmethod
    def setUpClass(cls):
        cls.variables = metrics.admin()
        cls.scene = Scene(**cls.variables)
        cls.addClassCleanup(cls.scene.close)

    def fail_with(self, content, end='end_stream', user=None):
        """The access line of a stream that was so."""
        user = user or self.scene.user().with_key()
        with user.stream() as wire:
            exchange = self.scene.upstream.take()
            exchange.begin_stream(STREAM)
            head = wire.head()
            exchange.send(chunk(content))
            getattr(exchange, end)()
            self.body = read_to_end(wire)[0]
        self.assertNotIn('x-byot-key-state', head.names())
        identifier = head.get('x-request-id')
        lines = eventually(lambda: [line for line in self.scene.server.log_lines()
                                    if line.get('requestId') == identifier and 'httpRequest' in line])
        self.assertEqual(len(lines), 1)
        return lines[0]

    def test_the_status_of_an_error_is_the_requests(self):
        for status, code, severity in (
                ('INVALID_ARGUMENT', 400, 'INFO'), ('UNAUTHENTICATED', 401, 'INFO'), ('PERMISSION_DENIED', 403, 'INFO'),
                ('NOT_FOUND', 404, 'INFO'), ('ALREADY_EXISTS', 409, 'INFO'), ('RESOURCE_EXHAUSTED', 429, 'WARNING'),
                ('CANCELLED', 499, 'WARNING'), ('INTERNAL', 500, 'ERROR'), ('UNIMPLEMENTED', 501, 'ERROR'),
                ('UNAVAILABLE', 503, 'ERROR'), ('DEADLINE_EXCEEDED', 504, 'ERROR'), ('NONSENSE', 500, 'ERROR')):
            for frame in ('data: {"error":%s}\n\n', 'error: {"error":%s}\n\n', 'error: %s\n\nEND', 'error: {"error":%s}'):
                with self.subTest(status, frame=frame):
                    error = json.dumps({'status': status, 'message': 'm'})
                    line = self.fail_with(MESSAGE + (frame % error).encode())
                    self.assertEqual((line['httpRequest']['status'], line['severity']), (code, severity))
                    self.assertEqual(line['outcome'], 'flow_failed')
                    self.assertIn(str(code), line['message'])

    def test_and_it_is_counted_so(self):
        self.fail_with(b'data: {"error":{"status":"ABORTED"}}\n\n')
        self.assertRegex(metrics.read(self.variables),
                         r'(?m)^http_server_request_duration_seconds_count{http_route="/api/ai/{path}",'
                         r'http_request_method="POST",http_response_status_code="409"} [1-9]')

    def test_what_this_service_put_in_is_a_failure_too(self):
        for content, end, status, outcome in ((MESSAGE, 'close', 503, 'upstream_gone'),
                                              (MESSAGE, 'end_stream', 503, 'ended_without_result'),
                                              (b'data: [DONE]\n\n', 'close', 502, 'upstream_gone')):
            with self.subTest(content, end=end):
                line = self.fail_with(content, end)
                self.assertEqual((line['httpRequest']['status'], line['severity'], line['outcome']),
                                 (status, 'ERROR', outcome))

    def test_a_result_and_another_protocols_end_are_successes(self):
        for content in (MESSAGE + b'data: {"result":{"error":{"status":"INTERNAL"}}}\n\n', b'data: [DONE]\n\n',
                        b'data: {"type":"error","error":{"status":"INTERNAL"}}\n\n'):
            line = self.fail_with(content)
            self.assertEqual((line['httpRequest']['status'], line['severity'], line['outcome']),
                             (200, 'INFO', 'complete'), content)

    def test_an_error_in_a_stream_tells_the_keys_state_and_stays_as_it_is(self):
        for details, state in (({'x-byot-key-state': 'rejected'}, 'rejected'),
                               ({'x-byot-key-state': 'exhausted', 'a': [1]}, 'exhausted'),
                               ([{'a': 1}, {'x-byot-key-state': 'rejected'}], 'rejected'),
                               ({'x-byot-key-state': 'verified'}, 'unverified'),
                               ({'a': {'x-byot-key-state': 'rejected'}}, 'unverified'),
                               ('x-byot-key-state: rejected', 'unverified')):
            with self.subTest(details):
                user = self.scene.user().with_key()
                error = json.dumps({'error': {'status': 'UNAUTHENTICATED', 'message': 'm', 'details': details}})
                self.fail_with(MESSAGE + f'error: {error}\n\n'.encode(), user=user)
                self.assertEqual(self.body, MESSAGE + f'error: {error}\n\n'.encode())
                self.assertEqual(eventually(lambda: user.keys()[0]['state'], lambda now: now == state), state)
