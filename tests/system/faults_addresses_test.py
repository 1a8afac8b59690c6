"""The upstream's name has two addresses, and a server on one of them only."""
import socket

from harness.fault_scene import FaultSceneTest
from harness.faults import IPV6_LOOPBACK, NAMES_GIVEN
from harness.upstream import Upstream, echo

LOOPBACK, OTHER_LOOPBACK = 0x7f000001, 0x7f000002


class Addresses(FaultSceneTest):
    handler = staticmethod(echo)
    variables = {'BYOT_CONNECT_TIMEOUT': '3s', 'BYOT_REACTORS': '1'}

    @classmethod
    def make_upstream(cls):
        upstream = Upstream(echo)
        upstream.address = f'http://flows.example:{upstream.port}'
        return upstream

    def setUp(self):
        super().setUp()
        self.give(LOOPBACK)
        self.visitor = self.user().with_key()

    def give(self, first, second=0):
        self.faults.given_address, self.faults.second_address = first, second
        self.faults.names = NAMES_GIVEN

    def ask(self):
        for connection in self.upstream.connections:  # so that it connects anew
            connection.shut()
        self.server.request('GET', '/health/live')
        with self.visitor.ask(wait=10) as wire:
            return wire.answer()

    def test_an_address_that_refuses_leaves_it_to_the_other(self):
        for first, second in ((IPV6_LOOPBACK, LOOPBACK), (LOOPBACK, IPV6_LOOPBACK), (OTHER_LOOPBACK, LOOPBACK)):
            with self.subTest(first=first, second=second):
                self.give(first, second)
                self.assertEqual(self.ask().status, 200)

    def test_a_silent_address_leaves_it_to_the_other(self):
        with self.silent():
            self.give(OTHER_LOOPBACK, LOOPBACK)
            self.assertEqual(self.ask().status, 200)

    def test_two_that_refuse_are_502_and_two_that_are_silent_504(self):
        self.give(OTHER_LOOPBACK, IPV6_LOOPBACK)
        self.assert_refused(self.ask(), 502, 'UPSTREAM_UNREACHABLE')
        with self.silent():
            self.give(OTHER_LOOPBACK, OTHER_LOOPBACK)
            self.assert_refused(self.ask(), 504, 'UPSTREAM_TIMEOUT')

    def test_no_descriptor_stays_open(self):
        self.give(LOOPBACK)
        self.ask()
        before = self.open_descriptors()
        with self.silent():
            self.give(OTHER_LOOPBACK, LOOPBACK)
            for _ in range(5):
                self.ask()
        self.assert_no_descriptor_is_left(before)

    def silent(self):
        """Nobody accepts there, and the queue is full."""
        listener = socket.create_server(('127.0.0.2', self.upstream.port), backlog=0)
        for _ in range(4):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(('127.0.0.2', self.upstream.port))
            self.addCleanup(waiting.close)
        return listener
