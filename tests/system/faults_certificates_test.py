"""The issuer changes what it signs with, under load and while its certificates cannot be had."""
import itertools
import json
import pathlib
import tempfile
import threading
import time

from harness.certificates import RsaKey
from harness.fault_scene import FaultSceneTest
from harness.faults import SECOND, Faults
from harness.identity import Identity
from harness.waiting import eventually

HOUR = 3600


class Rotation(FaultSceneTest):
    """Each with a server of its own: what it remembers of certificates is what is tested."""

    numbers = itertools.count()

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory(prefix='byot-test-') as folder:
            cls.next_key = RsaKey(pathlib.Path(folder), 'next')

    def setUp(self):
        self.begin()

    def begin(self):
        self.faults, self.identity = Faults(), Identity()
        self.addCleanup(self.faults.close)
        scene = self.in_other_scene(identity=self.identity, BYOT_REACTORS='2', **self.faults.variables)
        self.server = scene.server
        self.assertEqual(self.ask().status, 200)

    def restore(self):
        self.identity.is_down, self.identity.garbage = False, None

    def rotate(self):
        """From now on tokens are signed with a new key, whose certificate is published beside the old ones."""
        self.identity.kid = f'kid-{next(self.numbers)}'
        self.identity.key = self.next_key
        self.identity.published = {**self.identity.published, self.identity.kid: self.next_key.certificate}

    def ask(self, shift=0, **more):
        """A request with a token that was never seen before."""
        now = int(time.time()) + shift
        token = self.identity.token(f'user-{next(self.numbers)}', iat=now - 10, exp=now + HOUR, auth_time=now - 10)
        return self.server.request('GET', '/api/key/status', [('Authorization', f'Bearer {token}')], **more)

    def test_a_rotation_under_load_fails_no_request_and_costs_a_fetch(self):
        failures, is_over = [], threading.Event()

        def run():
            while not is_over.is_set():
                answer = self.ask()
                if answer.status != 200:
                    failures.append(answer)
        threads = [threading.Thread(target=run) for _ in range(6)]
        for thread in threads:
            thread.start()
        fetches, begun = self.identity.fetches, next(self.numbers)
        eventually(lambda: next(self.numbers) > begun + 100)
        self.rotate()
        begun = next(self.numbers)
        eventually(lambda: next(self.numbers) > begun + 100)
        is_over.set()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertEqual(self.identity.fetches, fetches + 1)

    def test_while_certificates_cannot_be_had_the_old_ones_serve_and_a_new_one_is_503(self):
        for name, value in (('is_down', True), ('garbage', b'{"kid": "no certificate"}'),
                            ('garbage', b'<html>'), ('garbage', json.dumps({'a': 'x' * 2_000_000}).encode())):
            with self.subTest(name=name, length=len(str(value))):
                self.begin()
                known = self.identity.kid, self.identity.key
                self.rotate()
                setattr(self.identity, name, value)
                for _ in range(3):
                    self.assert_refused(self.ask(), 503, 'IDENTITY_UNAVAILABLE')
                new = self.identity.kid, self.identity.key
                self.identity.kid, self.identity.key = known
                self.assertEqual(self.ask().status, 200)
                self.restore()
                self.identity.kid, self.identity.key = new
                answer = eventually(self.ask, lambda answer: answer.status == 200, 20)
                self.assertEqual(answer.status, 200, answer)

    def test_one_who_waits_for_a_slow_answer_keeps_nobody_else_waiting(self):
        known = self.identity.kid, self.identity.key
        self.rotate()
        self.identity.may_answer.clear()
        waiting = []
        asking = threading.Thread(target=lambda: waiting.append(self.ask()))
        fetches = self.identity.fetches
        asking.start()
        self.assertTrue(eventually(lambda: self.identity.fetches > fetches))
        self.identity.kid, self.identity.key = known
        for _ in range(20):
            self.assertEqual(self.ask().status, 200)
        self.assertEqual(waiting, [])
        self.identity.may_answer.set()
        asking.join()
        self.assertEqual(waiting[0].status, 200)

    def test_the_old_ones_serve_for_their_grace_and_then_it_is_503(self):
        self.identity.is_down = True
        for hours, status in ((2, 200), (6, 200), (9, 503)):
            self.faults.wall_shift = hours * HOUR * SECOND
            answer = self.ask(shift=hours * HOUR)
            self.assertEqual(answer.status, status, f'{hours} h: {answer}')
        self.assert_refused(self.ask(shift=9 * HOUR), 503, 'IDENTITY_UNAVAILABLE')
        self.assertEqual(self.server.request('GET', '/health/ready').status, 503)
