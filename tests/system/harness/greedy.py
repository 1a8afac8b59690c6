"""What tests of clients who want too much share."""
from .prober import Prober
from .scene import SceneTest

MANY_BYTES = 64 * 1024 * 1024


class GreedyScene(SceneTest):
    def setUp(self):
        super().setUp()
        self.prober = self.enterContext(Prober(self.scene))

    def wire(self):
        wire = self.server.wire()
        self.addCleanup(wire.close)
        return wire

    def assert_refused_and_closed(self, wire, status, reason):
        answer = wire.answer()
        self.assert_refused(answer, status, reason)
        self.assertEqual(answer.field('Connection'), 'close')
        self.assertTrue(wire.is_ended())
        return answer


def send_as_long_as_taken(wire, first, piece):
    """How many bytes were sent until the server ended it."""
    sent = 0
    wire.send(first)
    try:
        while sent < MANY_BYTES:
            sent += wire.socket.send(piece)
    except ConnectionError:
        pass
    return sent
