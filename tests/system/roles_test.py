"""Two processes on one store: one that cannot open keys, one that cannot write them."""
import pathlib
import shutil
import tempfile
import unittest

from harness.provider import Provider, provider_variables
from harness.scene import Scene, User
from harness.sealing import sealed_body
from harness.server import Server, run_byot
from harness.waiting import eventually

KEY = 'sk-of-two-roles-0123456789-wxYZ'


class Roles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        cls.addClassCleanup(shutil.rmtree, folder)
        ring = folder / 'split.json'
        made = run_byot('keyring', 'new', '--out', ring, '--split')
        assert made.returncode == 0, made.stderr
        cls.files = {role: pathlib.Path(f'{ring}.{role}') for role in ('keys', 'ai')}
        cls.provider = Provider()
        cls.addClassCleanup(cls.provider.close)
        cls.ai = Scene(BYOT_ROLE='ai', BYOT_KEYRING=str(cls.files['ai']), BYOT_KEY_CHECK='on',
                       **provider_variables(cls.provider))
        cls.addClassCleanup(cls.ai.close)
        cls.keys_server = Server('serve', variables={
            **cls.ai.variables, 'BYOT_ROLE': 'keys', 'BYOT_KEYRING': str(cls.files['keys'])})
        cls.addClassCleanup(cls.keys_server.discard)
        cls.addClassCleanup(cls.keys_server.stop)

    def users(self):
        """The same user, before either process."""
        at_ai = self.ai.user()
        at_keys = User(_At(self.keys_server, self.ai.identity), at_ai.uid)
        return at_keys, at_ai

    def key_used(self, user):
        with user.ask() as wire:
            exchange = self.ai.upstream.take()
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)
        return exchange.head.get('x-byot-api-key')

    def test_a_key_saved_by_one_is_used_by_the_other(self):
        at_keys, at_ai = self.users()
        at_keys.with_key(KEY)
        self.assertEqual(self.key_used(at_ai), KEY)

    def test_a_sealed_key_passes_through_the_one_that_cannot_open_it(self):
        at_keys, at_ai = self.users()
        published = at_keys.request('GET', '/api/key/public-key').json()
        saved = at_keys.request('POST', '/api/key', json_body=sealed_body(published, at_keys.uid, KEY))
        self.assertEqual(saved.status, 200, saved)
        self.assertEqual(self.key_used(at_ai), KEY)

    def test_a_box_for_another_user_is_refused_when_it_is_used(self):
        at_keys, at_ai = self.users()
        published = at_keys.request('GET', '/api/key/public-key').json()
        at_keys.request('POST', '/api/key', json_body=sealed_body(published, 'somebody-else', KEY))
        with at_ai.ask() as wire:
            self.assertEqual(wire.answer().reason, 'KEY_UNDECRYPTABLE')

    def sealed_with(self, text):
        at_keys, at_ai = self.users()
        published = at_keys.request('GET', '/api/key/public-key').json()
        saved = at_keys.request('POST', '/api/key', json_body=sealed_body(published, at_keys.uid, text))
        self.assertEqual(saved.status, 200, saved)
        return at_keys, at_ai

    def test_blanks_that_were_pasted_and_sealed_with_a_key_do_not_harm_it(self):
        for text in (f'{KEY}\n', f'\r\n {KEY}\t', f'\ufeff{KEY}\u00a0'):
            with self.subTest(text=text):
                _, at_ai = self.sealed_with(text)
                self.assertEqual(self.key_used(at_ai), KEY)
                self.assertEqual(at_ai.request('POST', '/api/key/check').json()['state'], 'verified')

    def test_a_sealed_text_that_is_no_key_is_named_as_such(self):
        for text, words in ((f'Bearer {KEY}', 'the word Bearer'), (f'{KEY}\n{KEY}', 'more than one line'),
                            ('\n', 'empty'), ('a b', 'a space'), (f'{KEY}…', 'visible ASCII')):
            with self.subTest(text=text):
                at_keys, at_ai = self.sealed_with(text)
                with at_ai.ask() as wire:
                    answer = wire.answer()
                for refused in (answer, at_ai.request('POST', '/api/key/check')):
                    self.assertEqual((refused.status, refused.reason), (400, 'KEY_REQUIRED'), refused)
                    self.assertIn('no possible key', refused.json()['error']['message'])
                    self.assertIn(words, refused.json()['error']['message'])
                eventually(lambda: at_keys.keys()[0]['state'], lambda state: state == 'rejected')

    def test_a_key_is_tried_by_whoever_can_read_it(self):
        at_keys, at_ai = self.users()
        self.assertEqual(at_keys.save(KEY).field('x-byot-key-check'), 'accepted')
        published = at_keys.request('GET', '/api/key/public-key').json()
        self.provider.seen.clear()
        sealed = at_keys.request('POST', '/api/key', json_body=sealed_body(published, at_keys.uid, KEY))
        self.assertEqual((sealed.json()['state'], sealed.field('x-byot-key-check')), ('unverified', None))
        self.assertEqual(self.provider.seen, [])
        checked = at_ai.request('POST', '/api/key/check')
        self.assertEqual((checked.json()['state'], checked.field('x-byot-key-check')), ('verified', 'accepted'))
        self.assertEqual(at_keys.request('POST', '/api/key/check').status, 404)

    def test_each_role_serves_only_its_own_addresses(self):
        at_keys, at_ai = self.users()
        self.assertEqual(at_keys.request('POST', '/api/ai/echo', json_body={}).status, 404)
        self.assertEqual(at_ai.request('GET', '/api/key/status').status, 404)
        self.assertEqual(at_ai.save(KEY).status, 404)

    def test_the_role_files_lack_what_the_role_must_not_have(self):
        self.assertNotIn('boxSecret', self.files['keys'].read_text())
        self.assertNotIn('signSecret', self.files['ai'].read_text())
        for file in self.files.values():
            self.assertEqual(file.stat().st_mode & 0o777, 0o600)


class _At:
    """As much of a scene as a user needs."""

    def __init__(self, server, identity):
        self.server, self.identity = server, identity
