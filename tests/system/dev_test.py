"""byot dev: what somebody meets who tries it out."""
import pathlib
import shutil
import tempfile
import unittest

from harness.dev import start_dev
from harness.upstream import Upstream
from harness.wire import request_bytes

KEY = 'sk-tried-out-0123456789-wxYZ'


class Dev(unittest.TestCase):
    def setUp(self):
        self.data = pathlib.Path(tempfile.mkdtemp(prefix='byot-dev-'))
        self.addCleanup(shutil.rmtree, self.data)

    def start(self, *words):
        server = start_dev(*words, data=self.data)
        self.addCleanup(server.discard)
        return server

    def sign_in(self, server, uid='me'):
        answer = server.request('POST', '/dev/token', json_body={'uid': uid})
        self.assertEqual(answer.status, 200, answer)
        self.assertGreater(answer.json()['expiresIn'], 0)
        return ('Authorization', f"Bearer {answer.json()['idToken']}")

    def with_key(self, server):
        bearer = self.sign_in(server)
        self.assertEqual(server.request('POST', '/api/key', [bearer], json_body={'apiKey': KEY}).status, 200)
        return bearer

    def test_the_whole_way_from_sign_in_to_a_streamed_answer(self):
        server = self.start()
        bearer = self.with_key(server)
        echoed = server.request('POST', '/api/ai/echo', [bearer], json_body={'data': {'a': [1, 'ä']}})
        self.assertEqual(echoed.json(), {'result': {'a': [1, 'ä']}})
        answer = server.request('POST', '/api/ai/interview', [bearer, ('Accept', 'text/event-stream')],
                                json_body={'data': 'hello'}, wait=30)
        self.assertEqual(answer.field('Content-Type'), 'text/event-stream')
        events = answer.body.decode().split('\n\n')
        self.assertGreater(len(events), 10)
        self.assertTrue(events[-2].startswith('data: {"result":'))
        self.assertIn('wxYZ', answer.body.decode())
        self.assertNotIn(KEY, answer.body.decode())
        server.stop()

    def test_keys_are_still_there_after_a_restart(self):
        server = self.start()
        self.with_key(server)
        server.stop()
        again = self.start()
        status = again.request('GET', '/api/key/status', [self.sign_in(again)])
        self.assertTrue(status.json()['hasKey'])
        answer = again.request('POST', '/api/ai/echo', [self.sign_in(again)], json_body={'data': 1})
        self.assertEqual(answer.json(), {'result': 1})
        again.stop()

    def test_the_data_is_its_owners_alone(self):
        server = self.start()
        self.with_key(server)
        for file in self.data.iterdir():
            self.assertEqual(file.stat().st_mode & 0o077, 0, file)
        server.stop()

    def test_a_token_of_nobody_is_refused(self):
        server = self.start()
        for uid in ('', 'x' * 129, 'a\nb', 7, None):
            answer = server.request('POST', '/dev/token', json_body={'uid': uid})
            self.assertEqual((answer.status, answer.reason), (400, 'FIELD_INVALID'), uid)
        server.stop()

    def test_it_signs_in_the_same_uid_in_several_tenants(self):
        server = self.start()
        bearers = []
        for body in ({'uid': 'me'}, {'uid': 'me', 'tenant': 'acme-x1y2z'}, {'uid': 'me', 'tenant': None}):
            answer = server.request('POST', '/dev/token', json_body=body)
            self.assertEqual(answer.status, 200, answer)
            bearers.append(('Authorization', f"Bearer {answer.json()['idToken']}"))
        plain, acme, again = bearers
        self.assertEqual(server.request('POST', '/api/key', [acme], json_body={'apiKey': KEY}).status, 200)
        for bearer, has_key in ((plain, False), (acme, True), (again, False)):
            self.assertEqual(server.request('GET', '/api/key/status', [bearer]).json()['hasKey'], has_key)
        for tenant in ('', 'a/b', 'a b', 'x' * 65, 'x' * 300, 7, [], {}, False):
            answer = server.request('POST', '/dev/token', json_body={'uid': 'me', 'tenant': tenant})
            self.assertEqual((answer.status, answer.reason), (400, 'FIELD_INVALID'), tenant)
        server.stop()

    def test_a_page_of_another_name_cannot_reach_it(self):
        server = self.start()
        for host in ('evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '192.168.0.7'):
            with self.subTest(host=host), server.wire() as wire:
                wire.send(request_bytes('GET', '/health/live', host=f'{host}:{server.port}'))
                self.assertIn(wire.answer().status, (400, 403, 404, 421))
        for host in ('localhost', '127.0.0.1', '[::1]'):
            with self.subTest(host=host), server.wire() as wire:
                wire.send(request_bytes('GET', '/health/live', host=f'{host}:{server.port}'))
                self.assertEqual(wire.answer().status, 200)
        server.stop()

    def test_it_listens_on_loopback_only(self):
        server = self.start()
        self.assertEqual(server.host, '127.0.0.1')
        listening = pathlib.Path('/proc/net/tcp').read_text()
        self.assertIn(f'0100007F:{server.port:04X}', listening)
        self.assertNotIn(f'00000000:{server.port:04X}', listening)
        server.stop()

    def test_ones_own_genkit_stands_in_for_the_demo(self):
        upstream = Upstream()
        self.addCleanup(upstream.close)
        server = self.start('--genkit', upstream.address)
        bearer = self.with_key(server)
        with server.wire() as wire:
            wire.send(request_bytes('POST', '/api/ai/mine', [bearer, ('Content-Type', 'application/json')], b'{}'))
            exchange = upstream.take()
            self.assertEqual(exchange.head.get('x-byot-api-key'), KEY)
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)
        server.stop()

    def test_what_it_logs_is_for_people(self):
        server = self.start()
        server.request('GET', '/health/live')
        server.stop()
        self.assertIn('GET /health/live 200', server.log())
        self.assertFalse(server.log().startswith('{'))
