"""A user's keys: saved, shown without being shown, removed."""
import datetime
import re
import time

from harness.scene import SceneTest
from harness.waiting import eventually

KEY = 'sk-test-0123456789-wxYZ'


class SavedKeys(SceneTest):
    def test_a_saved_key_is_answered_as_a_key_object(self):
        answer = self.user().save(KEY)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.field('Content-Type'), 'application/json; charset=utf-8')
        key = answer.json()
        self.assertEqual((key['provider'], key['state'], key['hint']), ('googleai', 'unverified', 'wxYZ'))
        self.assertRegex(key['credentialId'], r'^cred_[A-Za-z0-9]{16}$')
        self.assertRegex(key['keyId'], r'^key_[A-Za-z0-9]{12}$')
        self.assertLessEqual(set(key), {'provider', 'credentialId', 'state', 'hint', 'keyId', 'createdAt',
                                        'updatedAt', 'lastUsedAt', 'lastCheckedAt', 'expiresAt'})
        for when in ('createdAt', 'updatedAt'):
            self.assertLess(abs(age(key[when])), 60)

    def test_status_lists_what_was_saved(self):
        user = self.user()
        self.assertEqual(user.request('GET', '/api/key/status').json(), {'hasKey': False, 'keys': []})
        saved = user.save(KEY).json()
        status = user.request('GET', '/api/key/status')
        self.assertEqual(status.json(), {'hasKey': True, 'keys': [saved]})

    def test_each_provider_has_a_key_of_its_own(self):
        user = self.user()
        for provider in ('openai', 'anthropic', 'googleai'):
            self.assertEqual(user.save(KEY, provider=provider).json()['provider'], provider)
        self.assertEqual({key['provider'] for key in user.keys()}, {'googleai', 'openai', 'anthropic'})

    def test_saving_again_replaces_the_key_under_a_new_credential(self):
        user = self.user()
        first, second = user.save(KEY).json(), user.save('sk-another-0123456789-ABCD').json()
        self.assertNotEqual(first['credentialId'], second['credentialId'])
        self.assertEqual(user.keys(), [second])

    def test_removing_is_idempotent(self):
        user = self.user().with_key()
        self.assertEqual(user.request('DELETE', '/api/key').json(), {'removed': True})
        self.assertEqual(user.keys(), [])
        again = user.request('DELETE', '/api/key')
        self.assertEqual((again.status, again.json()), (200, {'removed': False}))

    def test_removing_takes_only_the_provider_named(self):
        user = self.user().with_key().with_key(provider='openai')
        answer = user.request('DELETE', '/api/key?provider=openai')
        self.assertEqual(answer.json(), {'removed': True})
        self.assertEqual([key['provider'] for key in user.keys()], ['googleai'])

    def test_two_users_never_see_each_others_keys(self):
        one, other = self.user().with_key(), self.user()
        self.assertEqual(other.keys(), [])
        self.assertEqual(other.request('DELETE', '/api/key').json(), {'removed': False})
        self.assertEqual(len(one.keys()), 1)

    def test_a_removed_key_is_not_used_any_more_on_any_reactor(self):
        user = self.user().with_key()
        for _ in range(8):  # enough connections to reach both reactors
            with user.ask() as wire:
                self.upstream.take().answer()
                self.assertEqual(wire.answer().status, 200)
        user.request('DELETE', '/api/key')
        for _ in range(8):
            with user.ask() as wire:
                self.assert_refused(wire.answer(), 400, 'KEY_REQUIRED')

    def test_a_key_in_use_is_shown_with_the_time_of_it(self):
        user = self.user().with_key()
        with user.ask() as wire:
            self.upstream.take().answer()
            wire.answer()
        key = eventually(lambda: user.keys()[0], lambda key: 'lastUsedAt' in key)  # written behind the answer
        self.assertLess(abs(age(key['lastUsedAt'])), 60)


class Hints(SceneTest):
    def test_a_key_of_twelve_characters_has_a_hint(self):
        self.assertEqual(self.user().save('abcdefghIJKL').json()['hint'], 'IJKL')

    def test_a_key_of_eleven_characters_has_none(self):
        self.assertNotIn('hint', self.user().save('abcdefghIJK').json())

    def test_the_key_is_in_no_answer(self):
        user = self.user()
        answers = [user.save(KEY), user.request('GET', '/api/key/status'),
                   user.request('GET', '/api/key/public-key'), user.request('DELETE', '/api/key')]
        for answer in answers:
            self.assertNotIn(KEY.encode(), answer.head.raw + answer.body)


class Expiry(SceneTest):
    def test_an_expiry_date_is_kept_in_utc(self):
        key = self.user().save(KEY, expiresAt='2099-01-02T03:04:05+01:00').json()
        self.assertEqual(key['expiresAt'], '2099-01-02T02:04:05.000Z')

    def test_an_expiry_date_in_the_past_is_refused(self):
        answer = self.user().save(KEY, expiresAt='2001-01-02T03:04:05Z')
        self.assert_refused(answer, 400, 'FIELD_INVALID')

    def test_no_date_and_no_time_are_refused(self):
        for value in ('tomorrow', '2099-13-01T00:00:00Z', '2099-01-01', '', 4102444800, {}):
            with self.subTest(value=value):
                self.assert_refused(self.user().save(KEY, expiresAt=value), 400, 'FIELD_INVALID')

    def test_an_expired_key_is_shown_as_expired_and_not_used(self):
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1.2)
        user = self.user().with_key(KEY, expiresAt=soon.isoformat(timespec='milliseconds'))
        wait_until(soon)
        self.assertEqual(user.keys()[0]['state'], 'expired')
        with user.ask() as wire:
            self.assert_refused(wire.answer(), 400, 'KEY_EXPIRED')


def wait_until(moment):
    """Time itself is what is waited for here."""
    time.sleep(max(0, (moment - datetime.datetime.now(datetime.timezone.utc)).total_seconds()) + 0.05)


def age(text):
    assert re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z', text), text
    when = datetime.datetime.fromisoformat(text)
    return (datetime.datetime.now(datetime.timezone.utc) - when).total_seconds()
