"""A marked key and a marked token through every path, then a search wherever they could have been left."""
import base64
import socket
import unittest
import urllib.parse
import urllib.request

from harness.scene import Scene, User, as_json, needs_sqlite
from harness.sealing import sealed_body
from harness.traces import find
from harness.wire import Ended

KEY = 'sk-MARKED/Kq7+vX2w9RzP4tLm8NcB6yHd3=zQ'
JSON = ('Content-Type', 'application/json')


class Finder(unittest.TestCase):
    """The search itself: it must find what it looks for."""

    def test_it_finds_a_piece_in_every_coat(self):
        inner = KEY[5:25]
        for hidden in (inner.encode(), inner.encode().hex().encode(), urllib.parse.quote(inner, safe='').encode(),
                       *(base64.b64encode(b'x' * n + KEY.encode()) for n in range(3)),
                       *(base64.urlsafe_b64encode(b'x' * n + KEY.encode()) for n in range(3))):
            self.assertIsNotNone(find(KEY, b'before ' + hidden + b' after'), hidden)
        self.assertIsNone(find(KEY, b'nothing here but the hint =zQ' * 100))


class Leaks(unittest.TestCase):
    """One long walk, then a test for each place."""

    @classmethod
    def setUpClass(cls):
        with socket.create_server(('127.0.0.1', 0)) as free:
            cls.admin_port = free.getsockname()[1]
        cls.scene = Scene(BYOT_LOG_LEVEL='debug', BYOT_KEY_CACHE_TTL='0s', BYOT_FIRST_BYTE_TIMEOUT='400ms',
                          BYOT_ALLOWED_ORIGINS='https://app.example', BYOT_ADMIN_PORT=str(cls.admin_port))
        cls.addClassCleanup(cls.scene.close)
        cls.user = cls.scene.user('marked-user')
        cls.token = cls.user.token
        cls.responses = []
        cls.walk()

    @classmethod
    def walk(cls):
        cls.walk_keys()
        cls.walk_relay()
        cls.walk_wrong_places()

    @classmethod
    def keep(cls, answer):
        cls.responses.append(answer.head.raw + answer.body)
        return answer

    @classmethod
    def walk_keys(cls):
        user = cls.user

        def post(body):
            cls.keep(user.request('POST', '/api/key', [JSON], body=body))

        post(as_json({'apiKey': KEY}))
        published = cls.keep(user.request('GET', '/api/key/public-key')).json()
        cls.keep(user.request('POST', '/api/key', json_body=sealed_body(published, user.uid, KEY)))
        for provider in ('openai', 'anthropic'):
            post(as_json({'apiKey': KEY, 'provider': provider, 'expiresAt': '2099-01-01T00:00:00Z'}))
        for body in (KEY.encode(), as_json(KEY), as_json([KEY]), as_json({KEY: KEY}), as_json({'apikey': KEY}),
                     as_json({'apiKey': KEY + ' '}), as_json({'apiKey': {'apiKey': KEY}}),
                     as_json({'apiKey': KEY, 'provider': KEY}), as_json({'apiKey': KEY, 'expiresAt': KEY}),
                     as_json({'apiKey': KEY, 'sealedKey': KEY}), as_json({'sealedKey': KEY, 'keyId': KEY}),
                     as_json({'sealedKey': 'AAAA', 'keyId': 'x', 'hint': KEY}), as_json({'apiKey': KEY})[:-1],
                     b'{"apiKey":"' + KEY.encode() + b'","apiKey":"x"}', as_json({'apiKey': KEY * 500})):
            post(body)
        cls.keep(user.request('POST', '/api/key', [('Content-Type', KEY)], body=as_json({'apiKey': KEY})))
        for method, target in (('GET', '/api/key/status'), ('DELETE', '/api/key?provider=anthropic')):
            cls.keep(user.request(method, target))

    @classmethod
    def walk_relay(cls):
        upstream = cls.scene.upstream
        with cls.user.ask() as wire:  # success
            upstream.take().answer(fields=[JSON, ('x-genkit-trace-id', 't'), ('x-byot-key-state', 'exhausted')])
            cls.keep(wire.answer())
        for ending in ('result', 'death', 'garbage'):
            with cls.user.stream() as wire:
                exchange = upstream.take()
                exchange.begin_stream()
                exchange.event('{"message":1}')
                if ending == 'result':
                    exchange.event('{"result":1}')
                    exchange.end_stream()
                else:
                    exchange.send(b'zz\r\n' if ending == 'garbage' else b'')
                    exchange.close()
                head = wire.head()
                cls.responses.append(head.raw + wire.body(head))
        for answer in (b'', b'HTTP/1.1 BAD\r\n\r\n', b'HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\n\r\n'):
            with cls.user.ask() as wire:
                exchange = upstream.take()
                exchange.send(answer)
                exchange.close()
                cls.keep(wire.answer())
        with cls.user.ask() as wire:  # 504
            upstream.take()
            cls.keep(wire.answer())
        with cls.user.ask():  # a client that leaves
            exchange = upstream.take()
        exchange.wait_until_left()
        with cls.user.ask() as wire:  # a body cut short
            exchange = upstream.take()
            exchange.send(b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{')
            exchange.close()
            try:
                wire.answer()
            except Ended as end:
                cls.responses.append(end.rest)

    @classmethod
    def walk_wrong_places(cls):
        """Where a confused client may put a key or a token: nothing of it may be kept or said back."""
        server, user = cls.scene.server, cls.user
        with user.ask(f'/api/ai/flow?key={KEY}&token={cls.token}') as wire:
            cls.scene.upstream.take().answer()
            cls.keep(wire.answer())
        fields = [('x-byot-provider', KEY), ('x-genkit-stream-id', KEY), ('Authorization', f'Bearer {KEY}'),
                  ('Authorization', KEY), ('Origin', f'https://{KEY}'), ('x-request-id', KEY),
                  ('traceparent', KEY), ('Accept', KEY), ('X-Forwarded-For', KEY), ('Cookie', f'key={KEY}'),
                  ('User-Agent', KEY), ('Expect', KEY), (KEY.replace('/', '').replace('=', ''), 'x')]
        for field in fields:
            mine = [] if field[0] == 'Authorization' else [user.bearer]
            cls.keep(server.request('GET', '/api/key/status', [*mine, field]))
            if field[0] in ('x-byot-provider', 'x-genkit-stream-id'):
                cls.keep(server.request('POST', '/api/ai/echo', [*mine, field], json_body={}))
        for secret in (KEY, cls.token):
            for target in (f'/api/key/status?apiKey={secret}', f'/{secret}', f'/api/key?provider={secret}',
                           f'/api/key?{secret}', f'/api/{secret}/key'):
                for method in ('GET', 'DELETE'):
                    cls.keep(user.request(method, target))
            cls.raw(f'GET /{secret} HTTP/1.1\r\n\r\n')
            cls.raw(f'{secret} / HTTP/1.1\r\nHost: x\r\n\r\n')
            cls.raw(f'GET / HTTP/1.1\r\nHost: {secret}\r\nX Y: z\r\n\r\n')
        header, claims, signature = cls.token.split('.')
        for token in (f'{header}.{claims}.{signature[::-1]}', f'{header}.{claims}', f'{claims}.{header}.{signature}'):
            cls.keep(server.request('GET', '/api/key/status', [('Authorization', f'Bearer {token}')]))
        User(cls.scene, 'another').request('GET', '/api/key/status')

    @classmethod
    def raw(cls, text):
        with cls.scene.server.wire() as wire:
            wire.send(text)
            cls.responses.append(wire.drain_until_end()[0])

    def assert_clean(self, data, where):
        self.assertTrue(data, f'{where}: there is nothing to search')
        _, claims, signature = self.token.split('.')
        for name, secret in (('key', KEY), ('token', signature or claims)):  # Firebase's emulator signs nothing
            self.assertIsNone(find(secret, data), f'the {name} is in {where}')

    def test_the_key_did_go_the_way_it_should(self):
        seen = [exchange.head.get('x-byot-api-key') for exchange in self.scene.upstream.seen]
        self.assertGreater(len(seen), 8)
        self.assertEqual(set(seen), {KEY})

    @needs_sqlite  # firestore_documents_test looks into documents
    def test_the_database_is_clean(self):
        files = sorted(self.scene.folder.glob('keys.db*'))
        self.assertGreaterEqual(len(files), 2)  # the write-ahead log too
        for file in files:
            if file.stat().st_size:
                self.assert_clean(file.read_bytes(), file.name)

    def test_the_log_is_clean(self):
        self.assert_clean(self.scene.server.log().encode(), 'the log')

    def test_no_answer_says_it_back(self):
        self.assertGreater(len(self.responses), 70)
        for response in self.responses:
            self.assert_clean(response, f'an answer: {response[:300]!r}')

    def test_the_metrics_are_clean(self):
        text = urllib.request.urlopen(f'http://127.0.0.1:{self.admin_port}/metrics', timeout=5).read()
        self.assert_clean(text, 'the metrics')

    def test_the_command_line_and_the_environment_are_clean(self):
        for name in ('cmdline', 'environ'):
            with open(f'/proc/{self.scene.server.process.pid}/{name}', 'rb') as file:
                self.assert_clean(file.read(), name)
