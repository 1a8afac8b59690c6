"""Revoked sessions, by Firebase's own Auth emulator: saving and removing keys ask it, nothing else does."""
import time

from harness.scene import SceneTest, User
from harness.upstream import echo
from harness.waiting import eventually

KEY = 'sk-of-a-session-0123456789-wxYZ'


class Sessions(SceneTest):
    handler = staticmethod(echo)

    def ended_by(self, end):
        """A user with a key, whose session was then ended."""
        user = self.user().with_key(KEY)
        end(user.uid)
        return user

    def assert_ended(self, user):
        credential = user.keys()[0]['credentialId']
        self.assert_refused(user.save('sk-another-0123456789'), 401, 'TOKEN_REVOKED')
        self.assert_refused(user.request('DELETE', '/api/key'), 401, 'TOKEN_REVOKED')
        self.assertEqual(user.keys()[0]['credentialId'], credential)  # a token lives on for what only reads
        with user.ask() as wire:
            self.assertEqual(wire.answer().status, 200)

    def test_a_revoked_session_changes_no_key_and_a_new_one_does(self):
        user = self.ended_by(self.scene.identity.revoke)
        self.assert_ended(user)
        # Revoking is told in whole seconds: a session of the next one is a new one.
        time.sleep(1.1)
        again = eventually(lambda: User(self.scene, user.uid).save(KEY), lambda answer: answer.status == 200)
        self.assertEqual(again.status, 200, again)

    def test_the_session_of_a_disabled_account_changes_no_key(self):
        self.assert_ended(self.ended_by(self.scene.identity.disable))

    def test_the_session_of_a_deleted_account_changes_no_key(self):
        self.assert_ended(self.ended_by(self.scene.identity.delete))

    def test_a_session_that_goes_on_saves_and_removes(self):
        user = self.user().with_key(KEY)
        self.assertEqual(user.request('DELETE', '/api/key').json(), {'removed': True})

    def test_an_emulator_that_is_gone_is_no_fault_of_the_users(self):
        scene = self.in_other_scene(FIREBASE_AUTH_EMULATOR_HOST='127.0.0.1:9')
        self.assert_refused(scene.user().save(KEY), 503, 'IDENTITY_UNAVAILABLE')
