"""One user's walk with a marked key and a marked token through every path that a request can take: success, each
refusal, each way an answer can end, and every wrong place that a confused client may put a secret in."""
from .scene import User, as_json
from .sealing import sealed_body
from .wire import Ended

KEY = 'sk-MARKED/Kq7+vX2w9RzP4tLm8NcB6yHd3=zQ'
JSON = ('Content-Type', 'application/json')


class MarkedWalk:
    """`responses` is all that was said back. The scene's upstream must be the scripted one, and its first byte be
    waited for no longer than a test can wait."""

    def __init__(self, scene):
        self.scene = scene
        self.user = scene.user('marked-user')
        self.token = self.user.token
        self.responses = []

    def walk(self):
        self.walk_keys()
        self.walk_relay()
        self.walk_wrong_places()

    def keep(self, answer):
        self.responses.append(answer.head.raw + answer.body)
        return answer

    def walk_keys(self):
        user = self.user

        def post(body):
            self.keep(user.request('POST', '/api/key', [JSON], body=body))

        post(as_json({'apiKey': KEY}))
        published = self.keep(user.request('GET', '/api/key/public-key')).json()
        self.keep(user.request('POST', '/api/key', json_body=sealed_body(published, user.uid, KEY)))
        for provider in ('openai', 'anthropic'):
            post(as_json({'apiKey': KEY, 'provider': provider, 'expiresAt': '2099-01-01T00:00:00Z'}))
        for body in (KEY.encode(), as_json(KEY), as_json([KEY]), as_json({KEY: KEY}), as_json({'apikey': KEY}),
                     as_json({'apiKey': KEY + ' '}), as_json({'apiKey': {'apiKey': KEY}}),
                     as_json({'apiKey': KEY, 'provider': KEY}), as_json({'apiKey': KEY, 'expiresAt': KEY}),
                     as_json({'apiKey': KEY, 'sealedKey': KEY}), as_json({'sealedKey': KEY, 'keyId': KEY}),
                     as_json({'sealedKey': 'AAAA', 'keyId': 'x', 'hint': KEY}), as_json({'apiKey': KEY})[:-1],
                     b'{"apiKey":"' + KEY.encode() + b'","apiKey":"x"}', as_json({'apiKey': KEY * 500})):
            post(body)
        self.keep(user.request('POST', '/api/key', [('Content-Type', KEY)], body=as_json({'apiKey': KEY})))
        for method, target in (('GET', '/api/key/status'), ('DELETE', '/api/key?provider=anthropic')):
            self.keep(user.request(method, target))

    def walk_relay(self):
        upstream = self.scene.upstream
        with self.user.ask() as wire:  # success
            upstream.take().answer(fields=[JSON, ('x-genkit-trace-id', 't'), ('x-byot-key-state', 'exhausted')])
            self.keep(wire.answer())
        for ending in ('result', 'death', 'garbage'):
            with self.user.stream() as wire:
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
                self.responses.append(head.raw + wire.body(head))
        for answer in (b'', b'HTTP/1.1 BAD\r\n\r\n', b'HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\n\r\n'):
            with self.user.ask() as wire:
                exchange = upstream.take()
                exchange.send(answer)
                exchange.close()
                self.keep(wire.answer())
        with self.user.ask() as wire:  # 504
            upstream.take()
            self.keep(wire.answer())
        with self.user.ask():  # a client that leaves
            exchange = upstream.take()
        exchange.wait_until_left()
        with self.user.ask() as wire:  # a body cut short
            exchange = upstream.take()
            exchange.send(b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{')
            exchange.close()
            try:
                wire.answer()
            except Ended as end:
                self.responses.append(end.rest)

    def walk_wrong_places(self):
        """Where a confused client may put a key or a token: nothing of it may be kept or said back."""
        server, user = self.scene.server, self.user
        with user.ask(f'/api/ai/flow?key={KEY}&token={self.token}') as wire:
            self.scene.upstream.take().answer()
            self.keep(wire.answer())
        fields = [('x-byot-provider', KEY), ('x-genkit-stream-id', KEY), ('Authorization', f'Bearer {KEY}'),
                  ('Authorization', KEY), ('Origin', f'https://{KEY}'), ('x-request-id', KEY),
                  ('traceparent', KEY), ('Accept', KEY), ('X-Forwarded-For', KEY), ('Cookie', f'key={KEY}'),
                  ('User-Agent', KEY), ('Expect', KEY), (KEY.replace('/', '').replace('=', ''), 'x')]
        for field in fields:
            mine = [] if field[0] == 'Authorization' else [user.bearer]
            self.keep(server.request('GET', '/api/key/status', [*mine, field]))
            if field[0] in ('x-byot-provider', 'x-genkit-stream-id'):
                self.keep(server.request('POST', '/api/ai/echo', [*mine, field], json_body={}))
        for secret in (KEY, self.token):
            for target in (f'/api/key/status?apiKey={secret}', f'/{secret}', f'/api/key?provider={secret}',
                           f'/api/key?{secret}', f'/api/{secret}/key'):
                for method in ('GET', 'DELETE'):
                    self.keep(user.request(method, target))
            self.raw(f'GET /{secret} HTTP/1.1\r\n\r\n')
            self.raw(f'{secret} / HTTP/1.1\r\nHost: x\r\n\r\n')
            self.raw(f'GET / HTTP/1.1\r\nHost: {secret}\r\nX Y: z\r\n\r\n')
        header, claims, signature = self.token.split('.')
        for token in (f'{header}.{claims}.{signature[::-1]}', f'{header}.{claims}', f'{claims}.{header}.{signature}'):
            self.keep(server.request('GET', '/api/key/status', [('Authorization', f'Bearer {token}')]))
        User(self.scene, 'another').request('GET', '/api/key/status')

    def raw(self, text):
        with self.scene.server.wire() as wire:
            wire.send(text)
            self.responses.append(wire.drain_until_end()[0])
