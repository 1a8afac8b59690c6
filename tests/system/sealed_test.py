"""Keys that the browser seals, so that their plaintext never leaves it."""
import base64

from harness.scene import SceneTest
from harness.sealing import OVERHEAD, seal, sealed_body

KEY = 'sk-sealed-0123456789-wxYZ'


class SealedKeys(SceneTest):
    def published(self, user):
        answer = user.request('GET', '/api/key/public-key')
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def save(self, user, body):
        return user.request('POST', '/api/key', json_body=body)

    def key_seen_upstream(self, user):
        with user.ask() as wire:
            exchange = self.upstream.take()
            exchange.answer()
            wire.answer()
        return exchange.head.get('x-byot-api-key')

    def assert_never_used(self, user, saved):
        """Refused when it is saved, or, by an instance that cannot open keys, when it is first used."""
        if saved.status == 400:
            self.assertIn(saved.reason, ('FIELD_INVALID', 'KEY_UNDECRYPTABLE', 'BODY_INVALID'))
            self.assertEqual(user.keys(), [])
            return
        self.assertEqual(saved.status, 200, saved)
        with user.ask() as wire:
            self.assert_refused(wire.answer(), 400, 'KEY_UNDECRYPTABLE')
        self.assertEqual(user.keys()[0]['state'], 'undecryptable')

    def test_the_public_key_is_of_the_form_a_browser_takes(self):
        published = self.published(self.user())
        self.assertEqual(published['algorithm'], 'libsodium-sealed-box')
        self.assertEqual(len(base64.b64decode(published['publicKey'], validate=True)), 32)
        self.assertRegex(published['keyId'], r'^key_[A-Za-z0-9]{12}$')

    def test_a_sealed_key_reaches_the_flow_as_it_was(self):
        user = self.user()
        saved = self.save(user, sealed_body(self.published(user), user.uid, KEY))
        self.assertEqual(saved.status, 200, saved)
        self.assertEqual(self.key_seen_upstream(user), KEY)

    def test_a_sealed_key_has_the_hint_the_browser_gave(self):
        user = self.user()
        body = sealed_body(self.published(user), user.uid, KEY)
        self.assertNotIn('hint', self.save(user, body).json())
        self.assertEqual(self.save(user, {**body, 'hint': 'wxYZ'}).json()['hint'], 'wxYZ')

    def test_a_hint_longer_than_four_characters_is_refused(self):
        user = self.user()
        body = sealed_body(self.published(user), user.uid, KEY)
        for hint in ('vwxYZ', KEY, 4, 'a\nb'):
            with self.subTest(hint=hint):
                self.assert_refused(self.save(user, {**body, 'hint': hint}), 400, 'FIELD_INVALID')

    def test_a_box_for_another_user_is_never_used(self):
        user, other = self.user(), self.user()
        self.assert_never_used(user, self.save(user, sealed_body(self.published(user), other.uid, KEY)))

    def test_a_box_for_another_provider_is_never_used(self):
        user = self.user()
        body = {**sealed_body(self.published(user), user.uid, KEY, provider='openai'), 'provider': 'googleai'}
        self.assert_never_used(user, self.save(user, body))

    def test_a_box_of_another_version_is_never_used(self):
        user = self.user()
        self.assert_never_used(user, self.save(user, sealed_body(self.published(user), user.uid, KEY, v=2)))

    def test_a_box_that_names_another_keyring_entry_inside_is_never_used(self):
        user = self.user()
        body = sealed_body(self.published(user), user.uid, KEY)
        inside = sealed_body({**self.published(user), 'keyId': 'key_AAAAAAAAAAAA'}, user.uid, KEY)
        self.assert_never_used(user, self.save(user, {**body, 'sealedKey': inside['sealedKey']}))

    def test_a_box_under_another_public_key_is_never_used(self):
        user = self.user()
        foreign = {**self.published(user), 'publicKey': base64.b64encode(bytes([9] + [0] * 31)).decode()}
        self.assert_never_used(user, self.save(user, sealed_body(foreign, user.uid, KEY)))

    def test_a_box_with_a_key_that_no_field_can_carry_is_never_used(self):
        for key in ('two\r\nx-byot-uid: other', '', 'ümlaut'):
            with self.subTest(key=key):
                user = self.user()
                self.assert_never_used(user, self.save(user, sealed_body(self.published(user), user.uid, key)))

    def test_an_unknown_keyring_entry_is_refused(self):
        user = self.user()
        body = {**sealed_body(self.published(user), user.uid, KEY), 'keyId': 'key_AAAAAAAAAAAA'}
        self.assert_refused(self.save(user, body), 400, 'FIELD_INVALID')

    def test_what_is_no_box_is_refused(self):
        user = self.user()
        good = sealed_body(self.published(user), user.uid, KEY)
        short = base64.b64encode(b'x' * (OVERHEAD - 1)).decode()
        for box in ('', 'not base64!', short, good['sealedKey'] + '=', 7):
            with self.subTest(box=box):
                self.assert_refused(self.save(user, {**good, 'sealedKey': box}), 400, 'FIELD_INVALID')

    def test_a_key_in_both_forms_is_refused(self):
        user = self.user()
        body = {**sealed_body(self.published(user), user.uid, KEY), 'apiKey': KEY}
        self.assertEqual(self.save(user, body).status, 400)

    def test_a_box_around_no_json_is_never_used(self):
        user = self.user()
        published = self.published(user)
        box = seal(base64.b64decode(published['publicKey']), KEY.encode())
        body = {'sealedKey': base64.b64encode(box).decode(), 'keyId': published['keyId']}
        self.assert_never_used(user, self.save(user, body))
