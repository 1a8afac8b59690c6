"""A wall clock that jumps. What is a moment of the calendar (a token's expiry) is judged by the new time; what is a span
(a deadline, a rate, the age of a cache) goes on by the steady clock."""
import sqlite3
import time

from harness.fault_scene import FaultSceneTest
from harness.faults import SECOND
from harness.upstream import echo
from harness.waiting import eventually

HOUR, DAY = 3600, 24 * 3600


class Wall(FaultSceneTest):
    handler = staticmethod(echo)
    variables = {'BYOT_RATE_PER_USER': '40/h', 'BYOT_REACTORS': '1'}

    def shift(self, seconds):
        self.faults.wall_shift = seconds * SECOND

    def user_of(self, seconds):
        """Somebody who signed in when the clock was shifted so."""
        now = int(time.time()) + seconds
        user = self.user()
        user.token = self.scene.identity.token(user.uid, iat=now - 10, exp=now + HOUR, auth_time=now - 10)
        user.bearer = ('Authorization', f'Bearer {user.token}')
        return user

    def status(self, user):
        return user.request('GET', '/api/key/status')

    def test_a_token_is_judged_by_the_new_time_remembered_or_not(self):
        known, new = self.user(), self.user()
        self.assertEqual(self.status(known).status, 200)
        for shift in (HOUR + 60, DAY):
            self.shift(shift)
            self.assert_refused(self.status(known), 401, 'TOKEN_EXPIRED')
            self.assert_refused(self.status(new), 401, 'TOKEN_EXPIRED')
            self.assertEqual(self.status(self.user_of(shift)).status, 200)
        self.shift(-HOUR)
        self.assertEqual(self.status(self.user_of(-HOUR)).status, 200)
        self.assert_refused(self.status(self.user_of(HOUR)), 401, 'TOKEN_INVALID')
        self.shift(0)
        self.assertEqual(self.status(known).status, 200)

    def test_certificates_from_before_a_set_back_are_fetched_anew(self):
        for back in (-HOUR, -DAY):
            self.shift(0)
            self.assertEqual(self.status(self.user_of(0)).status, 200)
            before = self.scene.identity.fetches
            self.shift(back)
            self.assertEqual(self.status(self.user_of(back)).status, 200)
            self.assertGreater(self.scene.identity.fetches, before, back)

    def test_those_that_cannot_be_fetched_after_it_are_503_and_never_401(self):
        self.scene.identity.is_down = True
        self.addCleanup(setattr, self.scene.identity, 'is_down', False)
        self.shift(-2 * DAY)
        self.assert_refused(self.status(self.user_of(-2 * DAY)), 503, 'IDENTITY_UNAVAILABLE')
        self.scene.identity.is_down = False
        user = self.user_of(-2 * DAY)
        self.assertEqual(eventually(lambda: self.status(user), lambda answer: answer.status == 200).status, 200)

    def test_a_rate_is_counted_by_the_steady_clock(self):
        user = self.user_of(0)
        answers = [self.status(user).status for _ in range(41)]
        self.assertEqual(answers, [200] * 40 + [429])
        user.token = self.scene.identity.token(user.uid, exp=int(time.time()) + 2 * DAY)
        for shift in (-600, 600, HOUR - 60):
            self.shift(shift)
            self.assertEqual(self.status(user).status, 429, shift)
        self.faults.steady_shift += HOUR // 40 * SECOND
        self.assertEqual(self.status(user).status, 200)

    def test_a_cached_key_ages_by_the_steady_clock(self):
        user = self.user_of(0).with_key()
        self.assertEqual(self.ask(user).status, 200)
        with sqlite3.connect(self.scene.database) as database:
            database.execute('DELETE FROM keys')
        for shift in (-600, HOUR - 60):
            self.shift(shift)
            self.assertEqual(self.ask(user).status, 200, shift)
        self.faults.steady_shift += 31 * SECOND
        self.assert_refused(self.ask(user), 400, 'KEY_REQUIRED')

    def ask(self, user):
        with user.ask() as wire:
            return wire.answer()
