"""Saving and removing a key ask Firebase whether the session was ended; nothing else does."""
import time

from harness.scene import PROJECT, SceneTest, User
from harness.toolkit import PATH, Toolkit
from harness.waiting import eventually

REVOKED = {'a session from before': {'validSince': str(int(time.time()) + 3600)},
           'an account that is disabled': {'disabled': True}, 'an account that is gone': None}


class Revocation(SceneTest):
    variables = {'BYOT_REVOCATION_CHECK': 'on', 'BYOT_FIREBASE_KEYS_URL': None}

    @classmethod
    def setUpClass(cls):
        cls.toolkit = Toolkit()
        cls.addClassCleanup(cls.toolkit.close)
        cls.variables = {**cls.variables, 'FIREBASE_AUTH_EMULATOR_HOST': cls.toolkit.host}
        super().setUpClass()

    def user(self):
        user = super().user()
        user.token = self.scene.identity.unsigned_token(user.uid)
        user.bearer = ('Authorization', f'Bearer {user.token}')
        return user

    def assert_ended(self, answer):
        self.assert_refused(answer, 401, 'TOKEN_REVOKED')
        self.assertTrue(answer.field('WWW-Authenticate'))

    def test_a_good_session_saves_and_removes(self):
        user = self.user()
        self.toolkit.accounts[user.uid] = {'validSince': str(int(time.time()) - 3600), 'disabled': False}
        self.assertEqual(user.save().status, 200)
        self.assertEqual(user.request('DELETE', '/api/key').json(), {'removed': True})

    def test_an_ended_session_saves_nothing(self):
        for name, account in REVOKED.items():
            with self.subTest(name):
                user = self.user()
                self.toolkit.accounts[user.uid] = account
                self.assert_ended(user.save())
                self.assertEqual(user.keys(), [])

    def test_an_ended_session_removes_nothing(self):
        for name, account in REVOKED.items():
            with self.subTest(name):
                user = self.user().with_key()
                self.toolkit.accounts[user.uid] = account
                self.assert_ended(user.request('DELETE', '/api/key'))
                self.assertEqual(len(user.keys()), 1)

    def test_an_outage_is_a_fault_of_ours_and_no_401(self):
        for status in ('500 Oops', '503 Service Unavailable', '403 Forbidden', '401 Unauthorized', '400 Bad Request'):
            with self.subTest(status):
                user = self.user().with_key()
                self.toolkit.accounts[user.uid] = status
                for answer in (user.save(), user.request('DELETE', '/api/key')):
                    self.assert_refused(answer, 503, 'IDENTITY_UNAVAILABLE')
                    self.assertTrue(answer.field('Retry-After'))
                    self.assertIsNone(answer.field('WWW-Authenticate'))
                self.assertEqual(len(user.keys()), 1)

    def test_nothing_else_asks(self):
        user = self.user().with_key()
        self.toolkit.accounts[user.uid] = None
        self.toolkit.seen.clear()
        self.assertEqual(user.request('GET', '/api/key/status').status, 200)
        self.assertEqual(user.request('GET', '/api/key/public-key').status, 200)
        with user.ask() as wire:
            self.upstream.take().answer()
            self.assertEqual(wire.answer().status, 200)
        self.assertEqual(self.toolkit.seen, [])

    def test_the_question_is_about_the_caller_and_asked_by_the_emulators_owner(self):
        self.toolkit.seen.clear()
        user = self.user().with_key()
        question, = self.toolkit.seen
        self.assertEqual(question.head.first_line, f'POST {PATH.format(PROJECT)} HTTP/1.1')
        self.assertEqual(question.head.get('authorization'), 'Bearer owner')
        self.assertEqual(question.body, b'{"localId":["%s"]}' % user.uid.encode())
        self.assertNotIn(user.token.encode(), question.raw)

    def test_what_is_wrong_with_the_request_is_said_without_asking(self):
        self.toolkit.seen.clear()
        user = self.user()
        self.assertEqual(user.request('POST', '/api/key', json_body={'apiKey': ''}).status, 400)
        self.assertEqual(user.request('DELETE', '/api/key?provider=nobody').status, 400)
        self.assertEqual(self.toolkit.seen, [])


class WithoutCredentials(SceneTest):
    variables = {'BYOT_REVOCATION_CHECK': 'on', 'GCE_METADATA_HOST': '127.0.0.1:9'}

    def warnings(self):
        return [line['wanted'] for line in self.server.log_lines() if line['severity'] == 'WARNING' and 'wanted' in line]

    def test_what_cannot_be_asked_is_said_at_the_start_and_fails_closed(self):
        told = eventually(self.warnings, lambda told: 'access token' in told)  # lines are written in batches
        self.assertIn('access token', told)
        user = User(self.scene, 'somebody')
        self.assert_refused(user.save(), 503, 'IDENTITY_UNAVAILABLE')
        self.assert_refused(user.request('DELETE', '/api/key'), 503, 'IDENTITY_UNAVAILABLE')
        self.assertEqual(user.request('GET', '/api/key/status').status, 200)
