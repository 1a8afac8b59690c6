"""A key that is removed or replaced while a request waits that is to be sent with it: for a connection, for this
service's own token. Once that is answered, nothing sends the old key."""
import datetime
import json

from harness.closed_door import ClosedDoor
from harness.google import Google
from harness.scene import Scene, SceneTest
from harness.waiting import eventually
from harness.wire import request_bytes

OLD, NEW = 'sk-old-0123456789abcdef', 'sk-new-0123456789abcdef'
AUDIENCE = 'https://flows-1.a.run.app'


def in_a_moment():
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)).isoformat()


def tell_key(exchange):
    """A flow whose result is the key it was given."""
    exchange.answer(json.dumps({'result': exchange.head.get('x-byot-api-key')}).encode())


class Waiting(SceneTest):
    """A scene a test; what happens to the keys of requests that wait in it."""

    @classmethod
    def setUpClass(cls):
        pass

    def setUp(self):
        pass

    def begin(self, upstream=None, **variables):
        self.scene = Scene(tell_key, upstream, BYOT_CONNECT_TIMEOUT='20s', **variables)
        self.addCleanup(self.scene.close)
        self.server, self.upstream = self.scene.server, self.scene.upstream

    def ask(self, count=1):
        """So many users' requests, and that each has looked for its key."""
        users = [self.user().with_key(OLD) for _ in range(count)]
        wires = [user.ask(wait=30) for user in users]
        for user, wire in zip(users, wires):
            self.addCleanup(wire.close)
            self.assertTrue(eventually(lambda: user.keys()[0].get('lastUsedAt')))
        return users, wires

    def remove(self, user):
        self.assertEqual(user.request('DELETE', '/api/key').json(), {'removed': True})

    def assert_told_key(self, wire, key):
        answer = wire.answer()
        self.assertEqual((answer.status, answer.json()), (200, {'result': key}), answer)

    def watch_what_becomes_of_keys(self, go_on):
        """Four kinds of users at once; `go_on` ends what they wait for."""
        (removing, replacing, restoring, keeping), wires = self.ask(4)
        self.remove(removing)
        self.assertEqual(replacing.save(NEW).status, 200)
        self.remove(restoring)
        self.assertEqual(restoring.save(NEW).status, 200)
        go_on()
        self.assert_refused(wires[0].answer(), 400, 'KEY_REQUIRED')
        self.assert_told_key(wires[1], NEW)
        self.assert_told_key(wires[2], NEW)
        self.assert_told_key(wires[3], OLD)
        self.assertEqual(self.upstream.seen_bytes().count(OLD.encode()), 1)


class WhileConnecting(Waiting):
    def test_no_key_is_sent_that_is_not_its_users_any_more(self):
        for reactors in ('1', '2'):
            for ttl in ('30s', '0s'):
                with self.subTest(reactors=reactors, ttl=ttl):
                    self.begin(ClosedDoor(tell_key), BYOT_REACTORS=reactors, BYOT_KEY_CACHE_TTL=ttl)
                    self.watch_what_becomes_of_keys(self.upstream.open)

    def test_a_user_without_a_key_is_told_so_and_nothing_is_connected_to(self):
        self.begin(ClosedDoor(tell_key))
        with self.user().ask() as wire:
            self.assert_refused(wire.answer(), 400, 'KEY_REQUIRED')
        self.assertEqual(self.upstream.waiting(), 0)

    def test_a_key_that_expires_meanwhile_is_not_sent(self):
        self.begin(ClosedDoor(tell_key))
        (user,), (wire,) = self.ask()
        self.assertTrue(eventually(lambda: self.upstream.waiting() > 0))
        with_expiry = user.save(OLD, expiresAt=in_a_moment())
        self.assertEqual(with_expiry.status, 200)
        self.assertEqual(eventually(lambda: user.keys()[0]['state'], lambda now: now == 'expired'), 'expired')
        self.upstream.open()
        self.assert_refused(wire.answer(), 400, 'KEY_EXPIRED')
        self.assertEqual(self.upstream.seen_bytes(), b'')

    def test_a_key_that_is_to_be_tried_is_not_sent_to_its_provider_either(self):
        door = ClosedDoor()
        self.begin(BYOT_KEY_CHECK='on', BYOT_PROVIDERS='openai', BYOT_PROVIDER_URL_OPENAI=door.address)
        self.addCleanup(door.close)
        user = self.user().with_key(OLD)  # which waits for the provider, in vain
        with self.scene.server.wire(30) as wire:
            wire.send(self.check_of(user))
            self.assertTrue(eventually(lambda: door.waiting() > 0))
            self.remove(user)
            door.open()
            self.assert_refused(wire.answer(), 400, 'KEY_REQUIRED')
        self.assertNotIn(OLD.encode(), door.seen_bytes())

    @staticmethod
    def check_of(user):
        return request_bytes('POST', '/api/key/check', [user.bearer], b'')


class WhileIdentifying(Waiting):
    def test_no_key_is_sent_that_is_not_its_users_any_more(self):
        for reactors in ('1', '2'):
            with self.subTest(reactors=reactors):
                google = Google()
                self.addCleanup(google.close)
                google.may_answer.clear()
                self.begin(GCE_METADATA_HOST=google.host, BYOT_GENKIT_AUDIENCE=AUDIENCE, BYOT_REACTORS=reactors)
                self.addCleanup(google.may_answer.set)
                self.watch_what_becomes_of_keys(google.may_answer.set)

    def test_a_user_without_a_key_is_told_so_at_once(self):
        google = Google()
        self.addCleanup(google.close)
        google.may_answer.clear()
        self.begin(GCE_METADATA_HOST=google.host, BYOT_GENKIT_AUDIENCE=AUDIENCE)
        self.addCleanup(google.may_answer.set)
        with self.user().ask() as wire:
            self.assert_refused(wire.answer(), 400, 'KEY_REQUIRED')
