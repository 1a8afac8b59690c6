"""What each request costs in Firestore, counted on the wire. README states these figures."""
import time
import unittest

from harness.firestore import emulator
from harness.firestore_front import FirestoreFront
from harness.scene import Scene
from harness.upstream import echo
from harness.waiting import eventually

KEY = 'sk-counted-0123456789-wxYZ'


class Cost(unittest.TestCase):
    def scene(self, **variables):
        self.front = FirestoreFront()
        self.addCleanup(self.front.close)
        scene = Scene(echo, FIRESTORE_EMULATOR_HOST=self.front.host, **variables)
        self.addCleanup(scene.close)
        return scene

    def assert_costs(self, what, work, reads, writes):
        counts, given = self.front.counted(work)
        print(f"        {what}: {counts['batchGet']} read, {counts['commit']} write", flush=True)
        self.assertEqual(dict(counts), {kind: number for kind, number in (('batchGet', reads), ('commit', writes))
                                        if number}, what)
        return given

    def ask(self, user):
        with user.ask() as wire:
            self.assertEqual(wire.answer().status, 200)

    def test_an_ai_request_costs_nothing_while_its_key_is_cached(self):
        user = self.scene(BYOT_KEY_CACHE_TTL='1h', BYOT_REACTORS='1').user()  # each reactor has its own cache
        self.assert_costs('a save', lambda: user.with_key(KEY), 1, 1)
        self.assert_costs('the first use of a key, which is noted', lambda: (
            self.ask(user), eventually(lambda: self.front.counts['commit'], lambda made: made == 2)), 1, 1)
        self.assert_costs('a hundred AI requests with a cached key', lambda: [
            self.ask(user) for _ in range(100)], 0, 0)

    def test_an_ai_request_with_a_key_that_is_not_cached_costs_one_read(self):
        scene = self.scene(BYOT_KEY_CACHE_TTL='0s')
        user = scene.user().with_key(KEY)
        self.ask(user)  # its first use is noted behind the answer: what is read before that notes it again
        self.assertIn('lastUsedAt', eventually(lambda: emulator().record(scene.project, user.uid),
                                               lambda record: 'lastUsedAt' in record))
        for _ in range(5):
            self.assert_costs('an AI request with a cold key', lambda: self.ask(user), 1, 0)

    def test_readiness_is_looked_at_once_a_second_however_often_it_is_asked(self):
        scene = self.scene(BYOT_REACTORS='1')
        begun = time.monotonic()
        counts, answers = self.front.counted(lambda: [
            scene.server.request('GET', '/health/ready').status for _ in range(100)])
        print(f"        a hundred questions for readiness: {counts['batchGet']} read, 0 write", flush=True)
        self.assertEqual(set(answers), {200})
        self.assertEqual(counts['commit'], 0)
        self.assertLessEqual(counts['batchGet'], 2 + int(time.monotonic() - begun))

    def test_what_the_key_endpoints_cost(self):
        user = self.scene().user().with_key(KEY)
        self.assert_costs('a status', user.keys, 1, 0)
        self.assert_costs('a save in place of a key', lambda: user.with_key(KEY), 1, 1)
        self.assert_costs('a removal', lambda: user.request('DELETE', '/api/key'), 1, 1)
        self.assert_costs('a removal of nothing', lambda: user.request('DELETE', '/api/key'), 1, 0)
