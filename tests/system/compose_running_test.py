"""What container/compose.yaml starts, started by hand: each service's own command and variables, byot in its image's files,
the emulators and Genkit as this machine has them. There is no Docker here to do it."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from harness import settings
from harness.auth_emulator import VERSION, EmulatedIdentity, auth_emulator, install
from harness.cloud_run import Container
from harness.compose import command_of, project
from harness.firestore import Emulator
from harness.flows import javascript
from harness.image import image
from harness.own_network import OwnNetwork
from harness.programs import Program, installed
from harness.scene import User
from harness.server import Server
from harness.settings import ROOT, limit
from harness.waiting import eventually

SERVICES = ('genkit', 'firestore', 'auth')


def setUpModule():
    image()  # what is installed or built needs the machine's network
    prepared = javascript(ROOT / 'container/genkit'), installed(f'firebase-tools-{VERSION}', install)
    network = OwnNetwork()
    unittest.addModuleCleanup(network.leave)
    globals()['GENKIT'], globals()['FIREBASE'] = prepared


class Machine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix='byot-test-')
        cls.addClassCleanup(folder.cleanup)
        cls.services = project()['services']
        cls.folder = pathlib.Path(folder.name)
        cls.started = {name: getattr(cls, f'start_{name}')() for name in SERVICES}
        cls.container = Container(image(), cls.folder, '127.0.0.1', dict.fromkeys(('localhost', *SERVICES), '127.0.0.1'))
        os.environ['FIREBASE_AUTH_EMULATOR_HOST'] = '127.0.0.1:9099'
        auth_emulator.cache_clear()
        cls.addClassCleanup(auth_emulator.cache_clear)
        cls.addClassCleanup(os.environ.pop, 'FIREBASE_AUTH_EMULATOR_HOST')
        cls.identity = EmulatedIdentity('demo-byot')

    @classmethod
    def start(cls, name, command, port, **options):
        program = Program(f'compose-{name}', command, f'http://127.0.0.1:{port}', 120, **options)
        cls.addClassCleanup(program.stop)
        return program

    @classmethod
    def start_genkit(cls):
        return cls.start('genkit', ['node', 'server.cjs'], '3400/health', cwd=GENKIT,
                         env={**os.environ, **cls.services['genkit']['environment'], 'GENKIT_ENV': 'prod'})

    @classmethod
    def start_firestore(cls):
        return cls.start('firestore', command_of(cls.services['firestore']), 8200,
                         env={**os.environ, 'CLOUDSDK_CONFIG': str(cls.folder / 'gcloud')})

    @classmethod
    def start_auth(cls):
        """As container/auth/Dockerfile's CMD has it."""
        last = (ROOT / 'container/auth/Dockerfile').read_text().splitlines()[-1].removeprefix('CMD ')
        program, *words = json.loads(last.replace('/auth/firebase.json', str(ROOT / 'container/auth/firebase.json')))
        return cls.start('auth', [FIREBASE / 'node_modules/.bin' / program, *words], 9099, cwd=cls.folder)

    def byot(self, *words):
        return subprocess.run([str(word) for word in (*self.container.under, settings.byot, *words)], capture_output=True,
                              text=True, timeout=limit(30), env={'PATH': os.environ['PATH'], **self.services['byot']['environment']})

    def user(self, uid):
        return User(self, uid)

    @property
    def scene(self):
        return self

    def test_it_serves_a_page_from_nothing_and_again(self):
        make_keyring = self.services['keyring']['command']
        for outcome in ('made', 'kept'):
            made = self.byot(*make_keyring)
            self.assertEqual(made.returncode, 0, made.stderr)
            self.assertIn(outcome, made.stdout)

        self.server = Server('serve', variables=self.services['byot']['environment'], under=self.container.under)
        self.addCleanup(self.server.discard)
        user = self.user('ann')
        # Firestore's emulator loads itself for seconds at its first calls, which are answered 503 meanwhile.
        saved = eventually(lambda: user.save('AIza-example-0123456789wxyz'), lambda answer: answer.status != 503, 60)
        self.assertEqual(saved.status, 200, saved)
        with user.stream('/api/ai/interview', body=b'{"data":"C++"}') as wire:
            told = wire.answer()
        self.assertEqual(told.status, 200)
        self.assertGreater(told.body.count(b'data: {"message":'), 5)
        self.assertIn(b'wxyz', told.body)
        self.assertIn('ann', self.stored())
        self.assertTrue(user.request('DELETE', '/api/key').json()['removed'])

        for name in ('byot', *SERVICES):
            with self.subTest(f'the probe of {name}'):
                probe = self.services[name]['healthcheck']['test'][1:]
                ended = self.byot(*probe[1:]) if name == 'byot' else subprocess.run(probe, capture_output=True, text=True, timeout=limit(20))
                self.assertEqual(ended.returncode, 0, ended.stderr)
        self.server.stop()

    def stored(self):
        os.environ['FIRESTORE_EMULATOR_HOST'] = '127.0.0.1:8200'
        try:
            return Emulator().documents('demo-byot')
        finally:
            del os.environ['FIRESTORE_EMULATOR_HOST']
