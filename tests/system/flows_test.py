"""Genkit's servers in JavaScript, Python and Go, asked through byot and straight: what a client sees is the same."""
import json
import subprocess
import unittest
from urllib.parse import quote

from harness.flows import FLOWS, javascript, serve_go, serve_javascript, serve_python
from harness.scene import Scene
from harness.settings import limit
from harness.waiting import eventually
from harness.wire import Wire, request_bytes

KEY = 'sk-for-genkit-0123456789-wxYZ'
UID = 'Zoë 100%'
STREAM = 'text/event-stream'
READERS = ('eventsource-parser', 'fetch-event-source')
FORTY = b'{"data": 3                             }'


def result_of(until):
    return f'{until} chunks for {UID} with wxYZ'


def chunked(*pieces):
    return b''.join(f'{len(piece):x}\r\n'.encode() + piece + b'\r\n' for piece in pieces) + b'0\r\n\r\n'


class Way:
    """To the flows under `path` of a server, with the fields that it needs."""

    def __init__(self, port, path, *fields):
        self.port, self.path, self.fields = port, path, fields

    def ask(self, flow, until, accept, body=None, *fields):
        """The answer to `until`, or to a body with its framing fields."""
        asked = [*self.fields, ('Accept', accept), ('Content-Type', 'application/json'), *fields]
        content = None if body else json.dumps({'data': until}).encode()
        with Wire(('127.0.0.1', self.port)) as wire:
            wire.send(request_bytes('POST', self.path + flow, asked, content))
            for piece in body or ():
                wire.send(piece)
            return wire.answer()

    def question(self, reader, flow, until):
        """For read.mjs."""
        return {'reader': reader, 'url': f'http://127.0.0.1:{self.port}{self.path}{flow}', 'input': until,
                'fields': dict(self.fields)}


def read(questions):
    """What the readers saw, in the order of the questions."""
    ended = subprocess.run(['node', 'read.mjs', json.dumps(questions)], cwd=javascript(FLOWS / 'javascript'),
                           stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit(60))
    assert ended.returncode == 0, ended.stderr[-3000:]
    return json.loads(ended.stdout)


class Flows:
    serve = None  # a staticmethod

    @classmethod
    def setUpClass(cls):
        cls.flows = cls.serve()
        cls.addClassCleanup(cls.flows.stop)
        cls.scene = Scene(BYOT_GENKIT_URL=cls.flows.address)
        cls.addClassCleanup(cls.scene.close)
        user = cls.scene.user(UID).with_key(KEY)
        cls.through = Way(cls.scene.server.port, '/api/ai/', user.bearer)
        cls.straight = Way(cls.flows.port, '/', ('x-byot-uid', quote(UID)), ('x-byot-api-key', KEY))

    def assert_same(self, flow, until, accept):
        """The answer through byot, whose status and content are those without it."""
        through, straight = (way.ask(flow, until, accept) for way in (self.through, self.straight))
        self.assertEqual((through.status, through.body), (straight.status, straight.body))
        return through

    def test_a_stream_is_the_same_byte_for_byte(self):
        for until in (0, 1, 3, 2000):
            with self.subTest(until=until):
                answer = self.assert_same('count', until, STREAM)
                self.assertEqual((answer.status, answer.field('Content-Type').split(';')[0]), (200, STREAM))
                events = [json.loads(event.removeprefix('data: ')) for event in answer.body.decode().split('\n\n')[:-1]]
                self.assertEqual(events, [*({'message': f'chunk {number} ä€😀'} for number in range(until)),
                                          {'result': result_of(until)}])

    def test_readers_that_pages_use_see_the_same_events(self):
        counted = [f'chunk {number} ä€😀' for number in range(3)]
        for flow, until, messages in (('count', 3, counted), ('failing', 0, ['first'])):
            seen = read([way.question(reader, flow, until) for way in (self.through, self.straight)
                         for reader in READERS])
            for reader, through, straight in zip(READERS, seen, seen[len(READERS):]):
                with self.subTest(flow, reader=reader):
                    self.assertEqual(through, straight)
                    told = [json.loads(data) for _, data, _ in through if data]
                    self.assertEqual([event['message'] for event in told if 'message' in event], messages)

    def test_a_flow_that_fails_in_its_stream_sends_the_same_error_and_is_logged_as_failed(self):
        answer = self.assert_same('failing', 0, STREAM)
        self.assertIn(b'error', answer.body)
        self.assertIn(b'"first"', answer.body)
        identifier = answer.field('x-request-id')
        line, = eventually(lambda: [line for line in self.scene.server.log_lines()
                                    if line.get('requestId') == identifier and 'httpRequest' in line])
        self.assertEqual((line['httpRequest']['status'], line['severity'], line['outcome']),
                         (500, 'ERROR', 'flow_failed'))

    def test_an_answer_in_one_piece_is_the_same(self):
        for flow, status in (('count', 200), ('failing', 500)):
            with self.subTest(flow):
                answer = self.assert_same(flow, 3, '*/*')
                self.assertEqual(answer.status, status)

    def test_a_flow_reads_the_users_id_exactly(self):
        self.assertEqual(self.through.ask('count', 3, '*/*').json(), {'result': result_of(3)})

    def test_a_flow_reads_a_chunked_request(self):
        self.assertEqual(len(FORTY), 40)
        for pieces in ([chunked(FORTY)], [chunked(FORTY[:7], FORTY[7:])], [b'28\r\n', FORTY, b'\r\n0\r\n\r\n']):
            with self.subTest(pieces):
                answer = self.through.ask('count', None, '*/*', pieces, ('Transfer-Encoding', 'chunked'))
                self.assertEqual((answer.status, answer.json()), (200, {'result': result_of(3)}))


class OfJavascript(Flows, unittest.TestCase):
    serve = staticmethod(serve_javascript)


class OfPython(Flows, unittest.TestCase):
    serve = staticmethod(serve_python)


class OfGo(Flows, unittest.TestCase):
    serve = staticmethod(serve_go)
