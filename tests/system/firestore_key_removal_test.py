"""A key that is removed or replaced while the store is read for a request."""
import json

from harness.firestore_front import Delays, FirestoreFront
from harness.scene import SceneTest

OLD, NEW = 'sk-old-0123456789abcdef', 'sk-new-0123456789abcdef'


class DelaysAnswer(Delays):
    """Firestore answers at once; its answers are kept until `release`."""

    def play(self, front, exchange):
        status, body = front.ask(exchange)
        self._may_go.wait(20)
        exchange.answer(body, f'{status} Said')


def tell_key(exchange):
    """A flow whose result is the key it was given."""
    exchange.answer(json.dumps({'result': exchange.head.get('x-byot-api-key')}).encode())


class WhileReading(SceneTest):
    handler = staticmethod(tell_key)

    @classmethod
    def setUpClass(cls):
        cls.front = FirestoreFront()
        cls.addClassCleanup(cls.front.close)
        cls.variables = {'FIRESTORE_EMULATOR_HOST': cls.front.host, 'BYOT_KEY_CACHE_TTL': cls.ttl}
        super().setUpClass()

    ttl = '30s'

    def ask_while(self, change):
        """The answer to a request whose read of the store has answered, but not yet here, when `change` is made."""
        user = self.user().with_key(OLD)
        slow = self.front.fault(DelaysAnswer(kind='batchGet'))
        with user.ask(wait=30) as wire:
            self.assertTrue(slow.met.wait(10))
            change(user)
            slow.release()
            return wire.answer()

    def test_a_removed_key_is_not_sent(self):
        answer = self.ask_while(lambda user: self.assertEqual(
            user.request('DELETE', '/api/key').json(), {'removed': True}))
        self.assert_refused(answer, 400, 'KEY_REQUIRED')

    def test_in_place_of_a_replaced_key_the_new_one_is_sent(self):
        answer = self.ask_while(lambda user: self.assertEqual(user.save(NEW).status, 200))
        self.assertEqual(answer.json(), {'result': NEW})

    def tearDown(self):
        self.assertNotIn(OLD.encode(), self.upstream.seen_bytes())


class WhileReadingWithoutCache(WhileReading):
    ttl = '0s'
