"""Firestore slow, cut, silent, refusing or gone: what the service answers meanwhile, and that no write is lost,
made twice or made late."""
import concurrent.futures
import time

from harness.firestore import emulator
from harness.firestore_front import Answers, Delays, FirestoreFront, LosesAnswer, LosesRequest
from harness.scene import SceneTest
from harness.toxiproxy import Proxy
from harness.upstream import echo
from harness.waiting import eventually

KEY = 'sk-through-an-outage-0123456789-wxYZ'
DEADLINE = 6.5  # a store operation's 5 s, and what a busy machine adds


def request_of(user, what):
    """One of the ways to the store; the answer and how long it took."""
    begun = time.monotonic()
    if what == 'ask':
        with user.ask(wait=30) as wire:
            answer = wire.answer()
    elif what == 'save':
        answer = user.request('POST', '/api/key', json_body={'apiKey': KEY}, wait=30)
    elif what == 'remove':
        answer = user.request('DELETE', '/api/key', wait=30)
    else:
        answer = user.request('GET', '/api/key/status', wait=30)
    return answer, time.monotonic() - begun


class Outage(SceneTest):
    """A TCP proxy before the emulator that can be slow, silent, cut or gone."""

    handler = staticmethod(echo)
    variables = {'BYOT_KEY_CACHE_TTL': '2s'}

    @classmethod
    def setUpClass(cls):
        cls.proxy = Proxy(emulator().host)
        cls.addClassCleanup(cls.proxy.close)
        cls.variables = {**Outage.variables, 'FIRESTORE_EMULATOR_HOST': cls.proxy.host}
        super().setUpClass()

    def tearDown(self):
        self.proxy.heal()

    def assert_unavailable_and_then_well(self):
        users = {what: self.scene.user() for what in ('save', 'status')}
        users.update({what: self.known_user() for what in ('remove', 'ask')})
        self.break_store()
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda what: request_of(users[what], what), users))
        for answer, seconds in answers:
            self.assert_refused(answer, 503, 'STORE_UNAVAILABLE')
            self.assertTrue(answer.field('Retry-After'))
            self.assertLess(seconds, DEADLINE)
        self.assertEqual(self.server.request('GET', '/health/live').status, 200)
        self.proxy.heal()
        for what, user in users.items():
            answer = eventually(lambda: request_of(user, what)[0], lambda answer: answer.status == 200)
            self.assertEqual(answer.status, 200, answer)
        self.assertEqual(users['remove'].keys(), [])

    def known_user(self):
        """With a key that no reactor has in its cache."""
        return self.user().with_key(KEY)

    def break_store(self):
        self.breaking()

    def broken_by(self, breaking):
        self.breaking = breaking
        self.assert_unavailable_and_then_well()

    def test_when_it_is_slow(self):
        self.broken_by(lambda: self.proxy.toxic('latency', latency=8000))

    def test_when_it_is_silent(self):
        self.broken_by(lambda: self.proxy.toxic('timeout', timeout=0))

    def test_when_it_resets_connections(self):
        self.broken_by(lambda: self.proxy.toxic('reset_peer', timeout=0))

    def test_when_it_cuts_answers_short(self):
        self.broken_by(lambda: self.proxy.toxic('limit_data', bytes=60))

    def test_when_it_is_gone(self):
        self.broken_by(self.proxy.down)

    def test_a_little_slowness_is_only_slow(self):
        self.proxy.toxic('latency', latency=300)
        answer, seconds = request_of(self.user(), 'save')
        self.assertEqual(answer.status, 200, answer)
        self.assertGreater(seconds, 0.3)

    def test_cached_keys_are_served_until_their_bound_and_not_beyond(self):
        user = self.known_user()
        request_of(user, 'status')
        for _ in range(8):  # so that every reactor has it
            self.assertEqual(request_of(user, 'ask')[0].status, 200)
        read_at = time.monotonic()
        self.proxy.down()
        answer, seconds = request_of(user, 'ask')
        self.assertEqual(answer.status, 200, answer)
        self.assertLess(seconds, 1)
        answer = eventually(lambda: request_of(user, 'ask')[0], lambda answer: answer.status != 200, within=20)
        self.assertEqual(answer.reason, 'STORE_UNAVAILABLE')
        self.assertGreater(time.monotonic() - read_at, 1.5)
        self.proxy.heal()
        self.assertEqual(eventually(lambda: request_of(user, 'ask')[0].status, lambda status: status == 200), 200)

    def test_readiness_tells_of_it_and_of_its_end(self):
        self.proxy.down()
        answer = self.server.request('GET', '/health/ready', wait=30)
        self.assertEqual((answer.status, answer.json()['checks']['store']), (503, 'unavailable'))
        self.proxy.heal()
        status = eventually(lambda: self.server.request('GET', '/health/ready', wait=30).status,
                            lambda status: status == 200)
        self.assertEqual(status, 200)


class Faults(SceneTest):
    """Single requests failed, by a door that knows what they are."""

    handler = staticmethod(echo)

    @classmethod
    def setUpClass(cls):
        cls.front = FirestoreFront()
        cls.addClassCleanup(cls.front.close)
        cls.variables = {'FIRESTORE_EMULATOR_HOST': cls.front.host, 'BYOT_KEY_CACHE_TTL': '0s'}
        super().setUpClass()

    def tearDown(self):
        self.front.heal()

    def credential(self, user):
        record = emulator().record(self.scene.project, user.uid)
        return record and record['credentialId']['stringValue']

    def test_an_error_that_passes_is_not_seen(self):
        for status in (429, 500, 503):
            for kind in ('batchGet', 'commit'):
                with self.subTest(status=status, kind=kind):
                    user = self.user()
                    self.front.fault(Answers(status, kind=kind, times=2))
                    saved = user.save(KEY)
                    self.assertEqual(saved.status, 200, saved)
                    self.assertEqual(self.credential(user), saved.json()['credentialId'])

    def test_an_error_that_stays_is_unavailable_within_the_deadline(self):
        for status in (429, 500, 503, 403):
            with self.subTest(status=status):
                self.front.fault(Answers(status, times=1000))
                answer, seconds = request_of(self.user(), 'save')
                self.assert_refused(answer, 503, 'STORE_UNAVAILABLE')
                self.assertLess(seconds, DEADLINE)
                self.front.heal()

    def test_a_lost_request_is_sent_again(self):
        user = self.user()
        self.front.fault(LosesRequest(kind='commit'))
        saved = user.save(KEY)
        self.assertEqual(saved.status, 200, saved)
        self.assertEqual(self.credential(user), saved.json()['credentialId'])

    def test_a_save_whose_answer_was_lost_is_there_once(self):
        user = self.user()
        self.front.fault(LosesAnswer(kind='commit'))
        counts, saved = self.front.counted(lambda: user.save(KEY))
        self.assertEqual(saved.status, 200, saved)
        self.assertEqual(self.credential(user), saved.json()['credentialId'])
        self.assertEqual(dict(counts), {'batchGet': 2, 'commit': 2})  # made, refused, looked up

    def test_a_removal_whose_answer_was_lost_is_made(self):
        user = self.user().with_key(KEY)
        self.front.fault(LosesAnswer(kind='commit'))
        self.assertEqual(user.request('DELETE', '/api/key').json(), {'removed': True})
        self.assertIsNone(self.credential(user))

    def test_a_save_that_arrives_late_overwrites_no_newer_one(self):
        user = self.user().with_key(KEY)
        late = self.front.fault(Delays(kind='commit', times=100))
        self.assert_refused(request_of(user, 'save')[0], 503, 'STORE_UNAVAILABLE')
        self.front.heal()
        newer = user.save('sk-the-newer-one-0123456789')
        self.assertEqual(newer.status, 200, newer)
        self.assertTrue(late.release())
        self.assertEqual(self.credential(user), newer.json()['credentialId'])

    def test_a_first_save_that_arrives_late_overwrites_no_newer_one(self):
        user = self.user()
        late = self.front.fault(Delays(kind='commit', times=100))
        self.assert_refused(request_of(user, 'save')[0], 503, 'STORE_UNAVAILABLE')
        self.front.heal()
        newer = user.save('sk-the-newer-one-0123456789')
        self.assertTrue(late.release())
        self.assertEqual(self.credential(user), newer.json()['credentialId'])

    def test_a_save_that_arrives_late_brings_no_removed_key_back(self):
        user = self.user().with_key(KEY)
        late = self.front.fault(Delays(kind='commit', times=100))
        self.assert_refused(request_of(user, 'save')[0], 503, 'STORE_UNAVAILABLE')
        self.front.heal()
        self.assertEqual(user.request('DELETE', '/api/key').json(), {'removed': True})
        self.assertTrue(late.release())
        self.assertIsNone(self.credential(user))

    def test_a_removal_that_arrives_late_removes_no_newer_key(self):
        user = self.user().with_key(KEY)
        late = self.front.fault(Delays(kind='commit', times=100))
        self.assert_refused(request_of(user, 'remove')[0], 503, 'STORE_UNAVAILABLE')
        self.front.heal()
        newer = user.save('sk-the-newer-one-0123456789')
        self.assertEqual(newer.status, 200, newer)
        self.assertTrue(late.release())
        self.assertEqual(self.credential(user), newer.json()['credentialId'])

    def meanwhile(self, user, work):
        """A save that is made but whose answer is lost; `work()` is done before the save is tried again. Its
        answer."""
        self.front.fault(LosesAnswer(kind='commit'))
        again = self.front.fault(Delays(kind='commit'))
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            saved = pool.submit(request_of, user, 'save')
            self.assertTrue(again.met.wait(10))
            work()
            self.assertTrue(again.release())
            return saved.result()[0]

    def test_a_save_whose_answer_was_lost_brings_no_key_back_that_was_removed_meanwhile(self):
        for user in (self.user(), self.user().with_key(KEY)):
            saved = self.meanwhile(user, lambda user=user: self.assertEqual(
                user.request('DELETE', '/api/key').json(), {'removed': True}))
            self.assert_refused(saved, 503, 'STORE_UNAVAILABLE')  # it cannot know, and does not guess
            self.assertIsNone(self.credential(user))

    def test_a_save_whose_answer_was_lost_overwrites_no_key_that_was_saved_meanwhile(self):
        for user in (self.user(), self.user().with_key(KEY)):
            newer = []
            saved = self.meanwhile(user, lambda user=user, newer=newer: newer.append(
                user.save('sk-the-newer-one-0123456789').json()['credentialId']))
            self.assert_refused(saved, 503, 'STORE_UNAVAILABLE')
            self.assertEqual(self.credential(user), newer[0])

    def test_a_change_of_state_that_arrives_late_brings_no_removed_key_back(self):
        user = self.user().with_key(KEY)
        late = self.front.fault(Delays(kind='commit', times=100))
        self.assertEqual(request_of(user, 'ask')[0].status, 200)  # its first use is noted behind the answer
        self.assertTrue(late.met.wait(10))
        self.front.heal()
        self.assertEqual(user.request('DELETE', '/api/key').json(), {'removed': True})
        self.assertTrue(late.release())
        self.assertIsNone(self.credential(user))
