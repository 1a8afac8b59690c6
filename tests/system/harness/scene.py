"""byot serve with everything around it: identity, upstream, keyring, store; the base class of most tests.

With `settings.on_google` (run.py --on-google) a scene's store is Firestore and its identities are Firebase's, both
from their real emulators, in place of SQLite and the harness's own issuer."""
import json
import pathlib
import shutil
import tempfile
import unittest
import uuid

from . import settings
from .identity import PROJECT, Identity
from .server import Server, run_byot
from .upstream import Upstream
from .wire import request_bytes


def needs_sqlite(test):
    """A test, or a class of them, that looks into the SQLite file or holds it."""
    test.is_embedded_only = True
    return test


def needs_signed_tokens(test):
    """A test, or a class of them, about signatures, or with claims that Firebase's emulator signs nobody in with."""
    test.is_embedded_only = True
    return test


class Scene:
    """One server and its surroundings. `variables` are added to, or with None taken from, a good set."""

    def __init__(self, handler=None, upstream=None, identity=None, **variables):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        self.upstream = upstream or Upstream(handler)
        self.is_on_google = settings.on_google and identity is None
        self.project = f'demo-{uuid.uuid4().hex[:12]}' if self.is_on_google else PROJECT
        self.identity = identity or self._make_identity()
        self.database = self.folder / 'keys.db'
        self.keyring = self.folder / 'keyring.json'
        try:
            made = run_byot('keyring', 'new', '--out', self.keyring)
            assert made.returncode == 0, f'no keyring (exit {made.returncode}): {made.stderr}'
            self.variables = {name: value for name, value in {**self._good(), **variables}.items()
                              if value is not None}
            self.server = Server('serve', variables=self.variables)
        except BaseException:
            self._close_surroundings()
            raise

    def _make_identity(self):
        if not self.is_on_google:
            return Identity()
        from .auth_emulator import EmulatedIdentity  # which installs firebase-tools where it is missing
        return EmulatedIdentity(self.project)

    def _good(self):
        return {**self._common(), **(self._google() if self.is_on_google else self._embedded())}

    def _embedded(self):
        return {'BYOT_STORE': f'sqlite:{self.database}', 'BYOT_FIREBASE_PROJECT': self.identity.project,
                'BYOT_FIREBASE_KEYS_URL': self.identity.address, 'BYOT_REVOCATION_CHECK': 'off'}

    def _google(self):
        from .firestore import emulator
        return {'BYOT_STORE': f'firestore:{self.project}', 'FIRESTORE_EMULATOR_HOST': emulator().host,
                'BYOT_FIREBASE_PROJECT': self.project, 'FIREBASE_AUTH_EMULATOR_HOST': self.identity.host}

    def _common(self):
        return {'PORT': '0', 'BYOT_BIND': '127.0.0.1', 'BYOT_ADMIN_PORT': '0', 'BYOT_REACTORS': '2',
                'BYOT_KEYRING': str(self.keyring), 'BYOT_GENKIT_URL': self.upstream.address,
                'BYOT_KEY_CHECK': 'off', 'BYOT_RATE_PER_USER': 'off', 'BYOT_RATE_PER_IP': 'off',
                'BYOT_LOG_LEVEL': 'debug'}

    def close(self):
        try:
            self.server.stop()
        finally:
            self._close_surroundings()
            self.server.discard()

    def _close_surroundings(self):
        self.upstream.close()
        self.identity.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def user(self, uid=None):
        return User(self, uid or f'user-{uuid.uuid4().hex[:12]}')


class User:
    """Somebody with a good token."""

    def __init__(self, scene, uid):
        self.scene, self.uid = scene, uid
        self.token = scene.identity.token(uid)
        self.bearer = ('Authorization', f'Bearer {self.token}')

    def request(self, method, target, fields=(), **more):
        return self.scene.server.request(method, target, [self.bearer, *fields], **more)

    def save(self, api_key='sk-test-0123456789abcd', **more):
        return self.request('POST', '/api/key', json_body={'apiKey': api_key, **more})

    def keys(self):
        return self.request('GET', '/api/key/status').json()['keys']

    def with_key(self, api_key='sk-test-0123456789abcd', **more):
        answer = self.save(api_key, **more)
        assert answer.status == 200, answer
        return self

    def ask(self, target='/api/ai/echo', body=b'{"data":"hello"}', accept='*/*', fields=(), wait=10,
            version='HTTP/1.1'):
        """Sends an AI request and leaves its connection open for the test to read."""
        wire = self.scene.server.wire(wait)
        text = request_bytes('POST', target, [self.bearer, ('Accept', accept),
                                              ('Content-Type', 'application/json'), *fields], body)
        wire.send(text.replace(b'HTTP/1.1', version.encode(), 1))
        return wire

    def stream(self, target='/api/ai/story', **more):
        return self.ask(target, accept='text/event-stream', **more)


class SceneTest(unittest.TestCase):
    """A test class whose tests share one scene, each with users of its own. `variables` and `handler` are
    the scene's."""

    variables = {}
    handler = None  # a staticmethod

    @classmethod
    def setUpClass(cls):
        cls.scene = Scene(cls.handler, cls.make_upstream(), cls.make_identity(), **cls.variables)
        cls.addClassCleanup(cls.scene.close)
        cls.server, cls.upstream = cls.scene.server, cls.scene.upstream

    def setUp(self):
        """A server that fell in the test before fails that test and the class, but not the tests after it."""
        self.server.revive()

    @classmethod
    def make_upstream(cls):
        """An upstream of the class's own, if it needs another than the scripted one."""

    @classmethod
    def make_identity(cls):
        """The same for identity."""

    def user(self):
        return self.scene.user()

    def in_other_scene(self, **more):
        scene = Scene(**more)
        self.addCleanup(scene.close)
        return scene

    def assert_refused(self, answer, status, reason):
        """The error object of the contract, whole."""
        self.assertEqual((answer.status, answer.reason), (status, reason), answer)
        error = answer.json()['error']
        self.assertEqual(set(answer.json()), {'error'})
        self.assertEqual(set(error), {'code', 'status', 'message', 'details', 'requestId'})
        self.assertEqual(error['code'], status)
        self.assertEqual(error['requestId'], answer.field('x-request-id'))
        detail, = error['details']
        self.assertEqual(detail['@type'], 'type.googleapis.com/google.rpc.ErrorInfo')
        self.assertEqual(detail['domain'], 'byot')
        self.assertIsInstance(detail['metadata'], dict)
        self.assertTrue(error['message'])
        return error


def as_json(value):
    return json.dumps(value).encode()
