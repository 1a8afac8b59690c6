"""What clients had sent when SIGTERM came is answered, though the server had not looked at it yet."""
import signal

from harness.frozen import Frozen
from harness.scene import SceneTest
from harness.wire import Ended, request_bytes

REQUEST = request_bytes('GET', '/health/live')
CLIENTS = 150  # more than are accepted in a row, on both reactors


class Pending(SceneTest):
    def setUp(self):
        self.other = self.in_other_scene()

    def wires(self):
        made = [self.other.server.wire() for _ in range(CLIENTS)]
        for wire in made:
            self.addCleanup(wire.close)
        return made

    def send_while_it_stands(self, make_wires):
        """Requests to a server that is stopped, and that finds them and SIGTERM when it goes on."""
        process = self.other.server.process
        with Frozen(process.pid):
            wires = make_wires()
            for wire in wires:
                wire.send(REQUEST)
            process.send_signal(signal.SIGTERM)
        return wires

    def assert_all_are_answered(self, wires):
        lost = 0
        for wire in wires:
            try:
                while (answer := wire.answer()).field('Connection') != 'close':  # before the signal: it may ask on
                    self.assertEqual(answer.status, 200)
                    wire.send(REQUEST)
                self.assertEqual(answer.status, 200)
                self.assertTrue(wire.is_ended())
            except (Ended, ConnectionError):
                lost += 1
        self.assertEqual(lost, 0, f'requests of {len(wires)} were lost')
        self.assertEqual(self.other.server.wait(), 0)

    def test_requests_on_connections_that_were_not_accepted_yet_are_answered(self):
        self.assert_all_are_answered(self.send_while_it_stands(self.wires))

    def test_requests_on_idle_connections_are_answered(self):
        kept = self.wires()
        for wire in kept:
            wire.send(REQUEST)
            self.assertEqual(wire.answer().status, 200)
        self.assert_all_are_answered(self.send_while_it_stands(lambda: kept))
