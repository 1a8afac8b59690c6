"""No descriptor is left: connections wait or are told, and all goes on by itself when there are some again."""
import contextlib
import os
import pathlib
import time

from harness.fault_scene import FaultSceneTest
from harness.identity import Identity
from harness.upstream import echo
from harness.waiting import eventually
from harness.wire import request_bytes

JSON = ('Content-Type', 'application/json')
SWEEP = 0.1  # seconds; the listener looks again as often


class Descriptors(FaultSceneTest):
    handler = staticmethod(echo)
    variables = {'BYOT_REACTORS': '1', 'BYOT_CONNECT_TIMEOUT': '2s'}

    @classmethod
    def make_identity(cls):
        identity = Identity()
        identity.keeps_connections = False  # so that each fetch needs a descriptor
        return identity

    def setUp(self):
        super().setUp()
        self.wire = self.server.wire()
        self.addCleanup(self.wire.close)
        for connection in self.upstream.connections:  # so that a question needs a new one
            connection.shut()

    def settle(self, wire=None):
        """The wire's connection was accepted then, and what others closed before is closed there too."""
        wire = wire or self.wire
        wire.send(request_bytes('GET', '/health/live'))
        wire.answer()

    def settle_alone(self):
        """The same, and the certificates' connection of the start is closed too: the listener and the wire are left."""
        self.settle()
        self.assertLessEqual(eventually(self.sockets, lambda count: count <= 2), 2)

    def sockets(self):
        links = pathlib.Path(f'/proc/{self.server.process.pid}/fd')
        return sum(os.readlink(link).startswith('socket:') for link in links.iterdir() if link.is_symlink())

    def ask(self, method, target, user, body=None):
        self.wire.send(request_bytes(method, target, [user.bearer, JSON], body))
        return self.wire.answer()

    def test_who_comes_waits_without_the_listener_spinning_and_is_answered_then(self):
        self.settle_alone()
        with self.no_descriptors(), self.server.wire() as late:
            late.send(request_bytes('GET', '/health/live'))
            begun, before = time.monotonic(), self.faults.accepts
            tries = eventually(lambda: self.faults.accepts - before, lambda count: count >= 4)
            self.assertGreaterEqual(tries, 4, 'it must go on trying')
            self.assertLessEqual(tries, (time.monotonic() - begun) / SWEEP + 2, 'and not more often than it sweeps')
        with self.server.wire() as wire:
            wire.send(request_bytes('GET', '/health/live'))
            self.assertEqual(wire.answer().status, 200)

    def test_one_who_waited_is_answered_when_there_is_one(self):
        self.settle_alone()
        with contextlib.ExitStack() as waiting:
            with self.no_descriptors():
                late = waiting.enter_context(self.server.wire())
                late.send(request_bytes('GET', '/health/live'))
                before = self.faults.accepts
                self.assertTrue(eventually(lambda: self.faults.accepts > before + 1))
            self.assertEqual(late.answer().status, 200)

    def test_a_question_without_one_for_the_upstream_is_503_and_may_be_repeated(self):
        user = self.user().with_key()
        self.settle()
        with self.no_descriptors():
            answer = self.ask('POST', '/api/ai/echo', user, b'{}')
            self.assert_refused(answer, 503, 'OVERLOADED')
            self.assertTrue(answer.field('Retry-After'))
        self.assertEqual(self.ask('POST', '/api/ai/echo', user, b'{}').status, 200)

    def test_a_name_that_cannot_be_asked_for_is_503_and_not_the_upstreams_fault(self):
        scene = self.in_other_scene(BYOT_GENKIT_URL='http://flows.example:9', BYOT_REACTORS='1')
        self.server, user = scene.server, scene.user().with_key()
        with scene.server.wire() as wire:
            self.settle(wire)
            with self.no_descriptors():
                wire.send(request_bytes('POST', '/api/ai/echo', [user.bearer, JSON], b'{}'))
                self.assert_refused(wire.answer(), 503, 'OVERLOADED')

    def test_keys_are_saved_and_read_with_those_that_the_store_has(self):
        user = self.user()
        user.request('GET', '/api/key/status')
        self.settle()
        with self.no_descriptors():
            self.assertEqual(self.ask('POST', '/api/key', user, b'{"apiKey":"sk-test-0123456789abcd"}').status, 200)
            self.assertEqual(len(self.ask('GET', '/api/key/status', user).json()['keys']), 1)

    def test_a_certificate_that_cannot_be_fetched_is_no_fault_of_the_token(self):
        user = self.user()
        user.token = self.scene.identity.token(user.uid, kid='of-tomorrow')
        user.bearer = ('Authorization', f'Bearer {user.token}')
        self.settle()
        with self.no_descriptors():
            self.assert_refused(self.ask('GET', '/api/key/status', user), 503, 'IDENTITY_UNAVAILABLE')
