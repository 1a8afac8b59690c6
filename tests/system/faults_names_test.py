"""The upstream's name cannot be looked up, or nobody answers who is asked."""
import socket

from harness import settings
from harness.faults import NAMES_FAIL, NAMES_GIVEN, NAMES_HANG, Faults
from harness.fault_scene import FaultSceneTest
from harness.upstream import Upstream, echo
from harness.waiting import eventually

LOOPBACK = 0x7f000001
OTHER_LOOPBACK = 0x7f000002


class Names(FaultSceneTest):
    handler = staticmethod(echo)
    variables = {'BYOT_CONNECT_TIMEOUT': '400ms', 'BYOT_REACTORS': '1'}

    @classmethod
    def make_upstream(cls):
        upstream = Upstream(echo)
        upstream.address = f'http://flows.example:{upstream.port}'
        return upstream

    def setUp(self):
        super().setUp()
        self.give(LOOPBACK)
        eventually(lambda: self.faults.lookups_waiting == 0)
        user = self.user().with_key()
        eventually(lambda: self.ask(user).status == 200)  # no earlier test's question is waited for any more
        self.end_connections()
        self.begun = self.faults.lookups

    def end_connections(self):
        """So that what comes next looks the name up."""
        for connection in self.upstream.connections:
            connection.shut()
        self.server.request('GET', '/health/live')  # behind their ends

    def ask(self, user, wait=10):
        with user.ask(wait=wait) as wire:
            return wire.answer()

    def give(self, address):
        self.faults.given_address = address
        self.faults.names = NAMES_GIVEN

    def test_a_name_that_fails_is_502_and_works_again_by_itself(self):
        user = self.user().with_key()
        self.faults.names = NAMES_FAIL
        self.assert_refused(self.ask(user), 502, 'UPSTREAM_UNREACHABLE')
        self.give(LOOPBACK)
        self.assertEqual(self.ask(user).status, 200)

    def test_localhost_needs_no_resolver(self):
        for names in (NAMES_FAIL, NAMES_HANG):
            for name in ('localhost', 'LOCALHOST'):
                with self.subTest(names=names, name=name):
                    upstream = Upstream(echo)
                    upstream.address = f'http://{name}:{upstream.port}'
                    faults = Faults()
                    self.addCleanup(faults.close)
                    scene = self.in_other_scene(upstream=upstream, **{**self.variables, **faults.variables})
                    faults.names = names
                    self.assertEqual(self.ask(scene.user().with_key()).status, 200)
                    self.assertEqual(faults.lookups, 0)

    def test_a_resolver_that_hangs_is_504_at_the_connect_timeout(self):
        user = self.user().with_key()
        self.faults.names = NAMES_HANG
        self.assert_refused(self.ask(user), 504, 'UPSTREAM_TIMEOUT')

    def test_it_ties_up_few_threads_and_nobody_who_needs_no_name(self):
        user = self.user().with_key()
        self.faults.names = NAMES_HANG
        for _ in range(6):
            self.assert_refused(self.ask(user), 504, 'UPSTREAM_TIMEOUT')
            self.assertEqual(user.request('GET', '/api/key/status').status, 200)
            self.assertEqual(user.save().status, 200)
        self.assertLessEqual(self.faults.lookups - self.begun, 2)
        self.assertLessEqual(self.faults.lookups_waiting, 2)

    def test_a_question_that_never_gets_its_answer_does_not_keep_the_next_from_asking(self):
        user = self.user().with_key()
        self.faults.names, self.faults.keeps_hanging = NAMES_HANG, 1
        self.assert_refused(self.ask(user), 504, 'UPSTREAM_TIMEOUT')
        self.give(LOOPBACK)
        answer = eventually(lambda: self.ask(user), lambda answer: answer.status == 200)
        self.assertEqual(answer.status, 200)
        self.assertEqual(self.faults.lookups_waiting, 1)

    def test_an_address_that_changes_is_used_by_the_next_connection(self):
        with socket.create_server(('127.0.0.2', self.upstream.port)) as moved:
            user = self.user().with_key()
            self.assertEqual(self.ask(user).status, 200)
            self.end_connections()
            self.give(OTHER_LOOPBACK)
            moved.settimeout(settings.limit(10))
            with user.ask():
                moved.accept()[0].close()

    def test_a_process_ends_while_its_resolver_hangs(self):
        faults = Faults()
        self.addCleanup(faults.close)
        scene = self.in_other_scene(upstream=self.make_upstream(), **{**self.variables, **faults.variables})
        user = scene.user().with_key()
        faults.names = NAMES_HANG
        self.assert_refused(self.ask(user), 504, 'UPSTREAM_TIMEOUT')
        self.assertEqual(faults.lookups_waiting, 1)
        scene.server.terminate()
        self.assertEqual(scene.server.wait(5), 0)
