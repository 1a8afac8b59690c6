"""byot between a real Genkit server and Genkit's own client."""
import json
import subprocess
import threading
import unittest
import urllib.request

from harness.flows import SYSTEM, FlowServer, javascript
from harness.scene import Scene, needs_signed_tokens
from harness.settings import limit
from harness.tenants import TenantUser

KEY = 'sk-for-genkit-0123456789-wxYZ'


def place():
    return javascript(SYSTEM / 'genkit')


class GenkitServer(FlowServer):
    def __init__(self):
        super().__init__('genkit', ['node', 'server.cjs'], place())

    def release(self, count):
        """Lets `gated` take so many steps; how many calls of it wait."""
        request = urllib.request.Request(f'{self.address}/control', json.dumps({'release': count}).encode(),
                                         {'Content-Type': 'application/json'})
        return json.load(urllib.request.urlopen(request, timeout=10))['waiting']


class Client:
    """Genkit's client in a process of its own; what it says comes line by line."""

    def __init__(self, **asked):
        self.process = subprocess.Popen(['node', 'client.mjs', json.dumps(asked)], cwd=place(), text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def next(self):
        timer = threading.Timer(limit(30), self.process.kill)
        timer.start()
        try:
            return json.loads(self.process.stdout.readline() or '{"error": "the client ended"}')
        finally:
            timer.cancel()

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Genkit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.genkit = GenkitServer()
        cls.addClassCleanup(cls.genkit.stop)
        cls.scene = Scene(BYOT_GENKIT_URL=cls.genkit.address)
        cls.addClassCleanup(cls.scene.close)

    def client(self, flow, mode, data, user=None):
        self.user = user or self.scene.user().with_key(KEY)
        client = Client(mode=mode, url=f'http://127.0.0.1:{self.scene.server.port}/api/ai/{flow}',
                        token=self.user.token, input=data)
        self.addCleanup(client.close)
        return client

    def test_a_flow_is_run_with_the_users_key(self):
        answer = self.client('echo', 'run', {'a': 'ä€😀'}).next()
        self.assertEqual(answer, {'result': {'input': {'a': 'ä€😀'}, 'uid': self.user.uid, 'keyEndsIn': 'wxYZ'}})

    def test_a_flow_reads_the_users_id_exactly(self):
        for uid in ('ann ', ' ann', 'Zoë', 'a b', '100%', 'a+b', 'a%41', '\u00a0', '用户😀', '{"a"}'):
            with self.subTest(uid=uid):
                user = self.scene.user(uid).with_key(KEY)
                self.assertEqual(self.client('echo', 'run', 1, user).next()['result']['uid'], uid)

    @needs_signed_tokens
    def test_a_flow_reads_the_tenant_too(self):
        user = TenantUser(self.scene, 'Zoë', 'acme-x1y2z').with_key(KEY)
        self.assertEqual(self.client('echo', 'run', 1, user).next()['result'],
                         {'input': 1, 'uid': 'Zoë', 'tenant': 'acme-x1y2z', 'keyEndsIn': 'wxYZ'})

    def test_each_chunk_arrives_before_the_next_is_sent(self):
        client = self.client('gated', 'stream', 4)
        for number in range(4):
            self.genkit.release(1)
            self.assertEqual(client.next(), {'chunk': f'chunk {number} ä€😀'})
        self.genkit.release(1)
        self.assertEqual(client.next(), {'result': '4 chunks with wxYZ'})

    def test_a_flows_own_error_reaches_the_client(self):
        error = self.client('refusing', 'run', {}).next()['error']
        self.assertIn('400', error)
        self.assertIn('this flow wants something else', error)

    def test_an_error_in_the_middle_of_a_stream_reaches_the_client(self):
        client = self.client('failing', 'stream', {})
        self.assertEqual(client.next(), {'chunk': 'first'})
        self.assertIn('INTERNAL', client.next()['error'])

    def test_a_user_without_a_key_is_told_so_by_the_client(self):
        for mode in ('run', 'stream'):
            error = self.client('echo', mode, {}, user=self.scene.user()).next()['error']
            self.assertIn('KEY_REQUIRED', error)

    def test_an_unknown_flow_is_404(self):
        self.assertIn('404', self.client('nothing', 'run', {}).next()['error'])

    def test_a_server_that_dies_in_the_middle_ends_the_clients_stream_with_an_error(self):
        dying = GenkitServer()
        self.addCleanup(dying.stop)
        scene = Scene(BYOT_GENKIT_URL=dying.address)
        self.addCleanup(scene.close)
        client = Client(mode='stream', url=f'http://127.0.0.1:{scene.server.port}/api/ai/gated', input=3,
                        token=scene.user('somebody').with_key(KEY).token)
        self.addCleanup(client.close)
        dying.release(1)
        self.assertEqual(client.next(), {'chunk': 'chunk 0 ä€😀'})
        dying.stop()
        self.assertIn('UNAVAILABLE', client.next()['error'])
        self.assertEqual(client.process.wait(limit(10)), 0, 'the client must come to its end')
