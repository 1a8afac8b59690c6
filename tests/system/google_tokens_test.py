"""This service's own Google tokens: an identity token for the upstream, cached, refreshed, kept secret."""
import json
import pathlib
import shutil
import tempfile
import time

from harness.certificates import RsaKey
from harness.google import Google, decoded
from harness.scene import Scene, SceneTest
from harness.server import run_byot
from harness.toolkit import Toolkit
from harness.traces import find
from harness.upstream import echo
from harness.waiting import eventually

AUDIENCE = 'https://flows-1.a.run.app/base?x=1&y'
FIELD = 'X-Serverless-Authorization'
SHORT_LIFE = 30  # seconds: refreshed after 6 to 10, handed out for 20


class WithGoogle(SceneTest):
    """A scene a test, each with a Google of its own."""

    @classmethod
    def setUpClass(cls):
        pass

    def setUp(self):
        self.google = None

    def begin(self, life=3600, answers=True, **variables):
        self.google = Google(life)
        self.addCleanup(self.google.close)
        if not answers:
            self.google.may_answer.clear()
        self.begin_with({'GCE_METADATA_HOST': self.google.host, 'BYOT_GENKIT_AUDIENCE': AUDIENCE, **variables})
        self.addCleanup(self.google.may_answer.set)  # before the server is stopped, which would give up on it

    def begin_with(self, variables):
        self.scene = Scene(handler=echo, BYOT_STREAMS_PER_USER='100', **variables)
        self.addCleanup(self.scene.close)
        self.someone = self.scene.user().with_key()

    def ask(self, fields=()):
        with self.someone.ask(fields=fields, wait=20) as wire:
            return wire.answer()

    def sent_tokens(self):
        """What went upstream, in the order of the requests."""
        with self.scene.upstream.lock:
            seen = list(self.scene.upstream.seen)
        for exchange in seen:
            self.assertEqual(len(exchange.head.all(FIELD)), 1)
        return [exchange.head.all(FIELD)[0].removeprefix('Bearer ') for exchange in seen]

    def ask_at_once(self, count):
        """Many requests that are all on their way before an answer is let through."""
        wires = [self.someone.ask(wait=20) for _ in range(count)]
        for wire in wires:
            self.addCleanup(wire.close)
        return wires


class AccessTokens(WithGoogle):
    """As whom this service asks Google's APIs; Identity Toolkit is the one that can be served here."""

    def begin_with_toolkit(self, is_down=False, **variables):
        self.toolkit = Toolkit()
        self.addCleanup(self.toolkit.close)
        self.google = Google()
        self.google.is_down = is_down
        self.addCleanup(self.google.close)
        self.scene = Scene(BYOT_IDENTITY_URL=f'http://{self.toolkit.host}/identitytoolkit.googleapis.com',
                           GCE_METADATA_HOST=self.google.host, BYOT_REVOCATION_CHECK='on', **variables)
        self.addCleanup(self.scene.close)
        self.someone = self.scene.user()

    def test_the_question_about_a_session_carries_this_services_access_token(self):
        self.begin_with_toolkit()
        for _ in range(3):
            self.assertEqual(self.someone.save().status, 200)
        asked = [exchange.head.all('Authorization') for exchange in self.toolkit.seen]
        self.assertEqual(asked, [[f'Bearer {self.google.tokens[0]}']] * 3)
        self.assertEqual(self.google.fetches, [''])
        self.assertIsNone(find(self.google.tokens[0], self.scene.server.log().encode()))

    def test_role_keys_asks_for_no_identity_token(self):
        self.begin_with_toolkit(BYOT_ROLE='keys', BYOT_GENKIT_AUDIENCE=AUDIENCE)
        self.assertEqual(self.someone.save().status, 200)
        self.assertEqual(set(self.google.fetches), {''})  # the access token to ask for revocation with

    def test_without_a_token_it_is_a_fault_of_ours(self):
        self.begin_with_toolkit(is_down=True)
        answer = self.someone.save()
        self.assert_refused(answer, 503, 'IDENTITY_UNAVAILABLE')
        self.assertTrue(answer.field('Retry-After'))
        self.assertEqual(self.toolkit.seen, [])
        self.google.is_down = False
        saved = eventually(self.someone.save, lambda answer: answer.status == 200, within=10)
        self.assertEqual(saved.status, 200, saved)

    def test_a_rewrap_needs_no_token_for_a_file(self):
        self.begin_with_toolkit()
        ended = run_byot('rewrap', variables=self.scene.variables, wait=40)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual([audience for audience in self.google.fetches if audience], [])

    def test_a_rewrap_in_firestore_needs_credentials_that_can_be_read(self):
        self.begin_with_toolkit()
        ended = run_byot('rewrap', variables={**self.scene.variables, 'BYOT_STORE': 'firestore:demo-nowhere',
                                              'GOOGLE_APPLICATION_CREDENTIALS': '/nowhere/account.json'}, wait=20)
        self.assertEqual(ended.returncode, 78, ended.stdout)
        self.assertIn('GOOGLE_APPLICATION_CREDENTIALS', ended.stderr)


class FromTheMetadataServer(WithGoogle):
    def test_the_identity_token_goes_upstream_beside_the_users_own(self):
        self.begin()
        self.assertEqual(self.ask().status, 200)
        exchange, = self.scene.upstream.seen
        self.assertEqual(exchange.head.all(FIELD), [f'Bearer {self.google.tokens[0]}'])
        self.assertEqual(exchange.head.all('Authorization'), [self.someone.bearer[1]])
        self.assertEqual(self.google.fetches, [AUDIENCE])

    def test_a_clients_own_field_of_that_name_is_not_the_one(self):
        self.begin()
        self.ask([(FIELD, 'Bearer forged')])
        self.assertEqual(self.sent_tokens(), self.google.tokens)

    def test_one_token_serves_many_requests(self):
        self.begin()
        for _ in range(20):
            self.ask()
        self.assertEqual(set(self.sent_tokens()), {self.google.tokens[0]})
        self.assertEqual(len(self.google.fetches), 1)

    def test_starting_does_not_wait_and_many_requests_wait_for_one_fetch(self):
        self.begin(answers=False)  # it listens although nothing was answered
        wires = self.ask_at_once(40)
        eventually(lambda: self.google.fetches)
        self.google.may_answer.set()
        self.assertEqual({wire.answer().status for wire in wires}, {200})
        self.assertEqual(self.google.fetches, [AUDIENCE])
        self.assertEqual(set(self.sent_tokens()), {self.google.tokens[0]})

    def test_a_refresh_is_made_once_ahead_of_the_expiry_while_the_old_token_is_served(self):
        self.begin(life=SHORT_LIFE)
        self.ask()
        self.google.may_answer.clear()
        eventually(lambda: len(self.google.fetches) > 1, within=24)
        wires = self.ask_at_once(20)
        self.assertEqual({wire.answer().status for wire in wires}, {200})  # nobody waits for the refresh
        self.google.may_answer.set()
        eventually(lambda: len(self.google.tokens) > 1)
        second = eventually(lambda: (self.ask(), self.sent_tokens()[-1])[1], lambda t: t == self.google.tokens[1])
        self.assertEqual(second, self.google.tokens[1])
        self.assertEqual(set(self.sent_tokens()), set(self.google.tokens[:2]))
        self.assertEqual(len(self.google.fetches), 2)

    def test_a_token_that_has_not_expired_is_served_while_the_metadata_server_is_down(self):
        self.begin(life=SHORT_LIFE)
        self.ask()
        self.google.is_down = True
        eventually(lambda: len(self.google.fetches) > 2, within=24)  # a refresh failed, and one after its pause
        self.assertEqual(self.ask().status, 200)
        self.assertEqual(self.sent_tokens(), [self.google.tokens[0]] * 2)
        told = [line for line in self.scene.server.log_lines() if line['message'] == 'no Google token']
        self.assertTrue(told)
        self.assertEqual(told[0]['wanted'], 'identity token')

    def test_without_a_token_the_answer_is_upstream_unreachable_until_there_is_one(self):
        self.begin(answers=False)
        self.google.is_down = True
        self.google.may_answer.set()
        error = self.assert_refused(self.ask(), 502, 'UPSTREAM_UNREACHABLE')
        self.assertIn('identify itself', error['message'])
        self.assertEqual(self.scene.upstream.seen, [])
        self.google.is_down = False
        self.assertEqual(eventually(lambda: self.ask().status, lambda status: status == 200, within=30), 200)

    def test_a_user_without_a_key_is_told_so_first(self):
        self.begin(answers=False)
        with self.scene.user().ask() as wire:
            self.assert_refused(wire.answer(), 400, 'KEY_REQUIRED')

    def test_all_who_ask_once_the_token_ended_wait_for_one_fetch(self):
        self.begin(life=13)  # handed out for three seconds
        self.ask()
        self.google.may_answer.clear()
        self.google.life = 3600
        eventually(lambda: len(self.google.fetches) > 1)
        ends = json.loads(decoded(self.google.tokens[0].split('.')[1]))['exp'] - 10
        eventually(time.time, lambda now: now > ends)
        wires = self.ask_at_once(20)
        self.google.may_answer.set()
        self.assertEqual({wire.answer().status for wire in wires}, {200})
        self.assertEqual(self.google.fetches, [AUDIENCE] * 2)
        self.assertEqual(set(self.sent_tokens()[1:]), {self.google.tokens[1]})

    def test_what_does_not_say_that_it_is_googles_is_not_believed(self):
        self.begin(answers=False)
        self.google.flavor = 'Other'
        self.google.may_answer.set()
        self.assert_refused(self.ask(), 502, 'UPSTREAM_UNREACHABLE')

    def test_without_an_audience_nothing_is_asked_and_nothing_sent(self):
        self.begin(BYOT_GENKIT_AUDIENCE=None)
        self.ask()
        exchange, = self.scene.upstream.seen
        self.assertEqual(exchange.head.all(FIELD), [])
        self.assertEqual(self.google.fetches, [])

    def test_the_token_is_in_no_log_and_in_no_answer(self):
        self.begin(BYOT_LOG_LEVEL='debug')
        said = self.ask()
        self.scene.server.request('GET', '/health/ready')
        token, = self.google.tokens
        signature = token.rpartition('.')[2]
        self.assertIsNone(find(signature, self.scene.server.log().encode()))
        self.assertIsNone(find(signature, said.head.raw + said.body))


class FromAFile(WithGoogle):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        self.addCleanup(shutil.rmtree, self.folder)

    def service_account(self, **members):
        file = self.folder / 'account.json'
        file.write_text(json.dumps({
            'type': 'service_account', 'private_key_id': '0123abcd',
            'private_key': (self.folder / 'account.key').read_text(),
            'client_email': 'relay@trainer-1.iam.gserviceaccount.com',
            'token_uri': f'http://{self.google.host}/token', **members}))
        return str(file)

    def test_a_service_account_signs_for_its_identity_token(self):
        self.google = Google(account_key=RsaKey(self.folder, 'account'))
        self.addCleanup(self.google.close)
        self.begin_with({'BYOT_GENKIT_AUDIENCE': AUDIENCE,
                         'GOOGLE_APPLICATION_CREDENTIALS': self.service_account()})
        self.assertEqual(self.ask().status, 200)
        self.assertEqual(self.sent_tokens(), self.google.tokens)
        claims, = self.google.assertions
        self.assertEqual(claims['target_audience'], AUDIENCE)
        self.assertEqual(claims['iss'], 'relay@trainer-1.iam.gserviceaccount.com')
        self.assertEqual(claims['aud'], f'http://{self.google.host}/token')
        self.assertLess(abs(claims['iat'] - time.time()), 60)

    def refusal(self, file, **variables):
        ended = run_byot('serve', variables={
            'PORT': '0', 'BYOT_STORE': f'sqlite:{self.folder}/keys.db', 'BYOT_KEYRING': self.keyring(),
            'BYOT_FIREBASE_PROJECT': 'p', 'BYOT_GENKIT_URL': 'http://127.0.0.1:9', 'BYOT_KEY_CHECK': 'off',
            'BYOT_GENKIT_AUDIENCE': AUDIENCE, 'BYOT_REVOCATION_CHECK': 'off',
            'GOOGLE_APPLICATION_CREDENTIALS': str(file), **variables})
        self.assertEqual(ended.returncode, 78, ended.stderr)
        return ended.stderr

    def keyring(self):
        ring = self.folder / 'keyring.json'
        if not ring.exists():
            run_byot('keyring', 'new', '--out', ring)
        return str(ring)

    def test_a_bad_credentials_file_is_told_at_the_start_and_never_quoted(self):
        marked = 'MARKED-private-key-0123456789'
        bad = self.folder / 'bad.json'
        bad.write_text(json.dumps({'type': 'service_account', 'client_email': 'a@b', 'private_key': marked}))
        said = self.refusal(bad)
        self.assertIn(f'GOOGLE_APPLICATION_CREDENTIALS: {bad}: private_key', said)
        self.assertIsNone(find(marked, said.encode()))
        self.assertIn('cannot be opened', self.refusal(self.folder / 'missing.json'))

    def test_a_users_file_is_refused_where_an_identity_token_is_wanted(self):
        file = self.folder / 'user.json'
        file.write_text(json.dumps({'type': 'authorized_user', 'client_id': 'a', 'client_secret': 'b',
                                    'refresh_token': 'c'}))
        self.assertIn('BYOT_GENKIT_AUDIENCE: ', self.refusal(file))

    def test_gclouds_own_file_is_found_by_its_folder(self):
        (self.folder / 'application_default_credentials.json').write_text('{"type":"external_account"}')
        self.assertIn('external_account', self.refusal('', CLOUDSDK_CONFIG=str(self.folder)))
        home = self.folder / 'home'
        (home / '.config').mkdir(parents=True)
        (home / '.config/gcloud').symlink_to(self.folder)
        self.assertIn('external_account', self.refusal('', HOME=str(home)))
