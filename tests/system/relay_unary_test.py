"""One question, one answer through the relay, against an upstream that says exactly what a test wants."""
from harness.scene import SceneTest
from harness.upstream import Upstream
from harness.waiting import eventually
from harness.wire import request_bytes

KEY = 'sk-relayed-0123456789-wxYZ'
JSON = ('Content-Type', 'application/json')
KEEPS = ('accept', 'content-type', 'content-length', 'authorization', 'x-genkit-stream-id',
         'x-firebase-appcheck', 'traceparent', 'tracestate', 'baggage', 'accept-language')
ADDS = ('x-byot-api-key', 'x-byot-provider', 'x-byot-uid', 'x-request-id')


class Forwarded(SceneTest):
    def exchange(self, fields=(), target='/api/ai/echo', body=b'{"data":1}', accept='*/*', user=None):
        user = user or self.user().with_key(KEY)
        with user.ask(target, body, accept, fields) as wire:
            exchange = self.upstream.take()
            exchange.answer()
            exchange.client_answer = wire.answer()
        exchange.user = user
        return exchange

    def test_the_fields_of_the_list_arrive_byte_for_byte(self):
        accept = 'text/html;q=0.1 ,  application/json; charset="a,b",*/*;q=0'
        given = [('X-Firebase-AppCheck', 'app-check-token'), ('Accept-Language', 'de-CH,  en;q=0.5'),
                 ('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')]
        head = self.exchange(given, accept=accept).head
        for name, value in [('Accept', accept), JSON, ('Content-Length', '10'), *given]:
            self.assertEqual(head.all(name), [value])

    def test_lines_of_a_list_arrive_as_one(self):
        given = [('ACCEPT', 'text/event-stream; q=0.5 '), ('Accept-Language', 'de'), ('tracestate', 'a=1,b=2'),
                 ('Baggage', 'k=v;p'), ('Accept-Language', 'en;q=0.5'), ('accept', 'a/b'), ('TraceState', 'c=3'),
                 ('baggage', 'sentry-environment=production'), ('sentry-trace', '1')]
        head = self.exchange(given, accept='application/json').head
        for name, value in (('Accept', 'application/json, text/event-stream; q=0.5, a/b'),
                            ('Accept-Language', 'de, en;q=0.5'), ('tracestate', 'a=1,b=2, c=3'),
                            ('baggage', 'k=v;p, sentry-environment=production'), ('sentry-trace', None)):
            self.assertEqual(head.all(name), [value] if value else [])

    def test_a_field_of_one_value_that_comes_twice_is_refused(self):
        for name in ('Content-Type', 'Authorization', 'x-byot-provider', 'X-Genkit-Stream-Id', 'Origin',
                     'x-firebase-appcheck', 'Host'):
            with self.subTest(name), self.user().ask(fields=[(name, 'openai'), (name, 'openai')]) as wire:
                self.assertEqual(wire.answer().reason, 'REQUEST_MALFORMED')

    def test_what_clients_leave_raw_in_a_path_arrives_percent_encoded(self):
        for sent, wanted in (('flow^x', 'flow%5Ex'), ('a|b', 'a%7Cb'), ('[a]', '%5Ba%5D'), ('{id}`', '%7Bid%7D%60'),
                             ('"<a>"', '%22%3Ca%3E%22'), ("it's", "it's"), ('a%5e%7C', 'a%5e%7C'), ('a^b/c^?q=^', 'a%5Eb/c%5E?q=^')):
            with self.subTest(sent=sent):
                self.assertEqual(self.exchange(target=f'/api/ai/{sent}').head.first_line, f'POST /{wanted} HTTP/1.1')

    def test_what_could_be_another_path_is_refused_beside_them_too(self):
        for sent in ('a^\\b', '^/../b', '|/%2e%2e/b', '[a%2fb]', 'a%5cb', '^%00', '^%', 'caf\xe9', 'caf\xc3\xa9'):
            with self.subTest(sent=sent), self.user().with_key(KEY).ask(f'/api/ai/{sent}') as wire:
                self.assertEqual(wire.answer().reason, 'REQUEST_MALFORMED')

    def test_the_key_the_user_the_provider_and_the_request_are_added(self):
        exchange = self.exchange()
        self.assertEqual(exchange.head.all('x-byot-api-key'), [KEY])
        self.assertEqual(exchange.head.all('x-byot-provider'), ['googleai'])
        self.assertEqual(exchange.head.all('x-byot-uid'), [exchange.user.uid])
        self.assertEqual(exchange.head.all('x-request-id'), [exchange.client_answer.field('x-request-id')])
        self.assertEqual(exchange.head.all('Authorization'), [exchange.user.bearer[1]])

    def test_nothing_else_of_the_client_arrives(self):
        extra = [('X-Custom', '1'), ('Cookie', 'a=b'), ('Origin', 'https://a.example'), ('User-Agent', 'test'),
                 ('Referer', 'https://a.example/'), ('X-Forwarded-For', '9.9.9.9'), ('Forwarded', 'for=9.9.9.9'),
                 ('Accept-Encoding', 'gzip'), ('TE', 'trailers'), ('Connection', 'keep-alive, X-Custom'),
                 ('Keep-Alive', 'timeout=5'), ('Upgrade', 'h2c'), ('Proxy-Authorization', 'Basic eDp5'),
                 ('X-Serverless-Authorization', 'Bearer x'), ('X-Request-Id', 'mine'), ('Range', 'bytes=0-1')]
        head = self.exchange(extra).head
        self.assertEqual(set(head.names()) - set(KEEPS) - set(ADDS) - {'connection'}, {'host', 'accept-encoding'})
        self.assertEqual(head.all('Accept-Encoding'), ['identity'])
        self.assertNotIn('mine', head.all('x-request-id'))
        self.assertEqual(len(head.names()), len(set(head.names())), 'no field may come twice')

    def test_a_clients_own_x_byot_fields_are_dropped(self):
        forged = [('x-byot-uid', 'somebody-else'), ('X-BYOT-API-KEY', 'forged'), ('x-byot-admin', '1'),
                  ('x-byot_uid', 'somebody-else')]
        exchange = self.exchange(forged)
        self.assertEqual(exchange.head.all('x-byot-uid'), [exchange.user.uid])
        self.assertEqual(exchange.head.all('x-byot-api-key'), [KEY])
        self.assertNotIn(b'somebody-else', exchange.raw)
        self.assertNotIn(b'forged', exchange.raw)

    def test_connection_cannot_be_used_to_drop_a_field_of_ours(self):
        exchange = self.exchange([('Connection', 'x-byot-uid, x-byot-api-key, authorization')])
        self.assertEqual(exchange.head.all('x-byot-uid'), [exchange.user.uid])
        self.assertEqual(exchange.head.all('x-byot-api-key'), [KEY])

    def test_the_upstreams_authority_is_its_host(self):
        self.assertEqual(self.exchange().head.all('Host'), [f'127.0.0.1:{self.upstream.port}'])

    def test_path_and_query_arrive_as_they_were(self):
        for sent, wanted in (('/api/ai/a', '/a'), ('/api/ai/a/b/c', '/a/b/c'),
                             ('/api/ai/echo?stream=true&x=%20%2F&y', '/echo?stream=true&x=%20%2F&y'),
                             ('/api/ai/echo?', '/echo?'), ('/api/ai/with%20space', '/with%20space'),
                             ('/api/ai/a-b_c.d~e', '/a-b_c.d~e')):
            with self.subTest(sent=sent):
                method, target, version = self.exchange(target=sent).head.first_line.split(' ')
                self.assertEqual((method, version), ('POST', 'HTTP/1.1'))
                self.assertIn(target, (wanted, wanted.rstrip('?')))

    def test_a_configured_path_stands_before_the_flows(self):
        scene = self.in_other_scene(upstream=(upstream := Upstream()),
                                    BYOT_GENKIT_URL=f'{upstream.address}/base/flows')
        user = scene.user().with_key()
        with user.ask('/api/ai/echo?x=1') as wire:
            exchange = upstream.take()
            exchange.answer()
            wire.answer()
        self.assertEqual(exchange.head.first_line, 'POST /base/flows/echo?x=1 HTTP/1.1')

    def test_x_byot_provider_says_which_key_is_used(self):
        user = self.user().with_key(KEY).with_key('sk-openai-0123456789', provider='openai')
        head = self.exchange([('x-byot-provider', 'openai')], user=user).head
        self.assertEqual((head.all('x-byot-provider'), head.all('x-byot-api-key')),
                         (['openai'], ['sk-openai-0123456789']))

    def test_a_users_key_never_goes_out_for_another_user(self):
        users = [self.user().with_key(f'sk-of-user-{n}-0123456789') for n in range(6)]
        for _ in range(3):
            for number, user in enumerate(users):
                head = self.exchange(user=user).head
                self.assertEqual((head.get('x-byot-uid'), head.get('x-byot-api-key')),
                                 (user.uid, f'sk-of-user-{number}-0123456789'))


class Answered(SceneTest):
    def answer(self, status, fields=(JSON,), body=b'{}'):
        with self.user().with_key(KEY).ask() as wire:
            self.upstream.take().answer(body, status, fields)
            return wire.answer()

    def test_an_answer_comes_back_verbatim(self):
        body = bytes(range(256)) * 8
        fields = [('Content-Type', 'application/x-odd;  v=1'), ('x-genkit-trace-id', 'abc'),
                  ('X-Genkit-Span-Id', 'def'), ('x-genkit-new', 'later')]
        answer = self.answer('201 Made', fields, body)
        self.assertEqual((answer.status, answer.body), (201, body))
        for name, value in fields:
            self.assertEqual(answer.head.all(name), [value])

    def test_the_upstreams_errors_come_back_verbatim(self):
        for status in ('400 Bad Request', '401 Unauthorized', '403 Forbidden', '404 Not Found', '413 Too Large',
                       '429 Too Many', '499 Gone', '500 Internal', '502 Bad', '503 Unavailable', '504 Slow'):
            body = b'{"status":"SOMETHING","message":"of the flow"}'
            with self.subTest(status=status):
                answer = self.answer(status, body=body)
                self.assertEqual((f'{answer.status}', answer.body), (status[:3], body))

    def test_the_receipt_names_the_credential_that_paid(self):
        user = self.user().with_key(KEY, provider='anthropic')
        with user.ask(fields=[('x-byot-provider', 'anthropic')]) as wire:
            self.upstream.take().answer(fields=[JSON, ('x-byot-credential', 'forged')])
            answer = wire.answer()
        self.assertEqual(answer.head.all('x-byot-credential'),
                         [f"user/anthropic/{user.keys()[0]['credentialId']}"])

    def test_fields_of_the_upstream_that_are_not_genkits_stay_behind(self):
        answer = self.answer('200 OK', [JSON, ('Set-Cookie', 'a=b'), ('X-Powered-By', 'Express'),
                                        ('Server', 'upstream'), ('Keep-Alive', 'timeout=5'),
                                        ('x-byot-api-key', KEY), ('x-byot-uid', 'u')])
        self.assertEqual([name for name in answer.head.names() if name in (
            'set-cookie', 'x-powered-by', 'server', 'keep-alive', 'x-byot-api-key', 'x-byot-uid')], [])

    def test_an_answer_without_a_body_ends_at_its_head(self):
        with self.user().with_key(KEY).ask() as wire:
            self.upstream.take().send('HTTP/1.1 204 No Content\r\nx-genkit-trace-id: t\r\n\r\n')
            answer = wire.answer()
            self.assertEqual((answer.status, answer.body), (204, b''))
            wire.send(request_bytes('GET', '/health/live'))
            self.assertEqual(wire.answer().status, 200)

    def test_an_answer_that_ends_with_its_connection_arrives_whole(self):
        with self.user().with_key(KEY).ask() as wire:
            exchange = self.upstream.take()
            exchange.send('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"a":')
            exchange.send('1}')
            exchange.close()
            self.assertEqual(wire.answer().body, b'{"a":1}')

    def test_an_interim_answer_is_passed_over(self):
        with self.user().with_key(KEY).ask() as wire:
            exchange = self.upstream.take()
            exchange.send('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n')
            exchange.answer()
            answer = wire.answer()
            self.assertEqual((answer.status, answer.body), (200, b'{"result":"good"}'))

    def test_a_large_answer_arrives_whole(self):
        body = bytes(index % 251 for index in range(3_000_000))
        self.assertEqual(self.answer('200 OK', body=body).body, body)

    def test_connections_to_the_upstream_are_used_again(self):
        scene = self.in_other_scene(BYOT_REACTORS='1')
        user = scene.user().with_key(KEY)
        for _ in range(20):
            with user.ask() as wire:
                scene.upstream.take().answer()
                self.assertEqual(wire.answer().status, 200)
        self.assertEqual(len(scene.upstream.connections), 1)

    def test_a_connection_the_upstream_closed_is_not_used_again(self):
        scene = self.in_other_scene(BYOT_REACTORS='1')
        user = scene.user().with_key(KEY)
        for _ in range(10):
            with user.ask() as wire:
                exchange = scene.upstream.take()
                exchange.answer()
                self.assertEqual(wire.answer().status, 200)
            exchange.close()
            exchange.wait_until_left()


class KeyNeeded(SceneTest):
    def test_without_a_key_nothing_is_asked(self):
        with self.user().ask() as wire:
            self.assert_refused(wire.answer(), 400, 'KEY_REQUIRED')
        self.assertEqual(self.upstream.seen, [])

    def test_a_key_of_another_provider_does_not_stand_in(self):
        with self.user().with_key(provider='openai').ask() as wire:
            self.assert_refused(wire.answer(), 400, 'KEY_REQUIRED')
        self.assertEqual(self.upstream.seen, [])

    def test_an_unknown_provider_is_refused(self):
        for provider in ('nobody', 'googleai, openai', ''):
            with self.user().with_key().ask(fields=[('x-byot-provider', provider)]) as wire:
                self.assert_refused(wire.answer(), 400, 'PROVIDER_UNKNOWN')


class KeyState(SceneTest):
    def report(self, state):
        user = self.user().with_key(KEY)
        with user.ask() as wire:
            self.upstream.take().answer(b'{}', '403 Forbidden', [JSON, ('x-byot-key-state', state)])
            answer = wire.answer()
        self.assertNotIn('x-byot-key-state', answer.head.names())
        return user

    def state_becomes(self, user, state):
        """The change is written behind the answer, so it is waited for."""
        return eventually(lambda: user.keys()[0]['state'], lambda now: now == state)

    def test_a_flow_can_say_that_the_provider_rejected_the_key(self):
        self.assertEqual(self.state_becomes(self.report('rejected'), 'rejected'), 'rejected')

    def test_a_flow_can_say_that_the_key_is_exhausted(self):
        self.assertEqual(self.state_becomes(self.report('exhausted'), 'exhausted'), 'exhausted')

    def test_any_other_word_changes_nothing(self):
        user = self.report('verified')
        with user.ask() as wire:
            self.upstream.take().answer()
            wire.answer()
        self.assertEqual(user.keys()[0]['state'], 'unverified')
