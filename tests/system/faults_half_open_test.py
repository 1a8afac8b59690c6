"""An upstream that vanishes without a word: no FIN, no RST, packets are lost. What the kernel waits for is shortened
tenfold here (`impatience`); the spans themselves are in lib/net/socket_options.cpp."""
from harness import settings
from harness.far_network import FarNetwork
from harness.fault_scene import FaultSceneTest
from harness.upstream import Upstream
from harness.waiting import eventually


class HalfOpen(FaultSceneTest):
    variables = {'BYOT_REACTORS': '1', 'BYOT_CONNECT_TIMEOUT': '1s'}

    @classmethod
    def make_upstream(cls):
        cls.network = FarNetwork()
        cls.addClassCleanup(cls.network.close)
        return Upstream(listener=cls.network.listen())

    def setUp(self):
        super().setUp()
        self.network.mend()
        self.faults.impatience = 10
        for connection in self.upstream.connections:
            connection.shut()
        self.server.request('GET', '/health/live')  # behind their ends

    def ask_until_connected(self, user):
        """The link comes back a moment after it was mended."""
        def ask():
            with user.ask() as wire:
                if not eventually(lambda: not self.upstream.waiting.empty(), within=2):
                    return wire.answer().status
                self.upstream.take().answer()
                return wire.answer().status
        self.assertEqual(eventually(ask, lambda status: status == 200, 20), 200)

    def test_a_question_to_one_that_vanished_is_502_long_before_its_deadline(self):
        user = self.user().with_key()
        self.ask_until_connected(user)
        self.network.cut()
        with user.ask(wait=30) as wire:  # over the connection that was kept
            self.assert_refused(wire.answer(), 502, 'UPSTREAM_UNREACHABLE')
        self.network.mend()
        self.ask_until_connected(user)

    def test_a_stream_whose_upstream_vanished_ends_with_one_error(self):
        user = self.user().with_key()
        self.ask_until_connected(user)
        with user.stream(wait=30) as wire:
            exchange = self.upstream.take()
            exchange.begin_stream()
            exchange.event('{"message":1}')
            wire.head()
            self.network.cut()
            body = b''.join(iter(wire.chunk, b''))
        self.assertTrue(body.startswith(b'data: {"message":1}\n\ndata: {"error":'), body)
        self.assertEqual(body.count(b'"error"'), 1)

    def test_one_that_cannot_be_connected_to_is_504_at_the_connect_timeout(self):
        user = self.user().with_key()
        self.network.cut()
        with user.ask() as wire:
            self.assert_refused(wire.answer(), 504, 'UPSTREAM_TIMEOUT')

    def test_one_that_is_silent_but_there_is_waited_for(self):
        user = self.user().with_key()
        self.ask_until_connected(user)
        with user.ask() as wire:
            exchange = self.upstream.take()
            self.assertFalse(wire.is_ended(within=4), 'beyond what one that vanished gets')
            wire.socket.settimeout(settings.limit(10))
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)
