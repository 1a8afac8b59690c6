"""Behind a real HAProxy behind a real HAProxy, both with `option forwardfor`."""
import socket

from harness.haproxy import HaproxyBehindHaproxy
from harness.scene import SceneTest
from harness.upstream import echo
from harness.waiting import eventually
from harness.wire import Wire, request_bytes

STATUS = '/api/key/status'
PAGE = 'https://app.example'


class BehindHaproxy(SceneTest):
    variables = {'BYOT_TRUSTED_HOPS': '2', 'BYOT_RATE_PER_IP': '3/h', 'BYOT_ALLOWED_ORIGINS': PAGE}
    handler = staticmethod(echo)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proxies = HaproxyBehindHaproxy(cls.server.port)
        cls.addClassCleanup(cls.proxies.close)

    def ask(self, client, method='GET', target=STATUS, fields=(), body=None):
        """From that address of this machine."""
        peer = socket.create_connection(('127.0.0.1', self.proxies.port), source_address=(client, 0))
        with Wire(None, sock=peer) as wire:
            wire.send(request_bytes(method, target, fields, body))
            return wire.answer()

    def test_each_client_has_its_own_bucket_whatever_it_writes_itself(self):
        def forged(n):
            return [('X-Forwarded-For', f'10.0.0.{n}'), ('X-Forwarded-For', f'unknown, 10.1.0.{n}:80')]
        statuses = [self.ask('127.0.0.7', fields=forged(n)).status for n in range(5)]
        self.assertEqual(statuses, [401] * 3 + [429] * 2)
        self.assertEqual(self.ask('127.0.0.8').status, 401)

        def addresses():
            return {line['httpRequest']['remoteIp'] for line in self.server.log_lines() if 'httpRequest' in line}
        self.assertTrue(eventually(lambda: {'127.0.0.7', '127.0.0.8'} <= addresses()), addresses())
        self.assertNotIn('BYOT_TRUSTED_HOPS', self.server.log())

    def test_lines_of_accept_and_of_trace_state_reach_the_flow(self):
        user = self.user().with_key()
        fields = [user.bearer, ('Content-Type', 'application/json'), ('Accept', 'application/json'),
                  ('Accept', 'text/plain'), ('tracestate', 'a=1'), ('tracestate', 'b=2')]
        self.assertEqual(self.ask('127.0.0.9', 'POST', '/api/ai/echo', fields, b'{"data":1}').status, 200)
        head = self.upstream.seen[-1].head
        self.assertEqual(head.all('Accept'), ['application/json, text/plain'])
        self.assertEqual(head.all('tracestate'), ['a=1, b=2'])

    def test_a_preflight_and_a_refusal_are_shown_to_the_page(self):
        asked = [('Origin', PAGE), ('Access-Control-Request-Method', 'POST'),
                 ('Access-Control-Request-Headers', 'baggage, sentry-trace')]
        answer = self.ask('127.0.0.10', 'OPTIONS', '/api/key', asked)
        self.assertEqual(answer.status, 204)
        self.assertIn('sentry-trace', answer.field('Access-Control-Allow-Headers'))
        answer = self.ask('127.0.0.10', 'GET', '/a/%2e%2e/b', [('Origin', PAGE)])
        self.assertEqual((answer.status, answer.field('Access-Control-Allow-Origin')), (400, PAGE))
