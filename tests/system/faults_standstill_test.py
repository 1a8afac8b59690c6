"""A process that stood still, or whose machine did, and comes back after its deadlines; threads that get no time."""
import pathlib
import re
import signal

from harness.fault_scene import FaultSceneTest
from harness.faults import SECOND, Faults
from harness.waiting import eventually

DAY = 24 * 3600


class Standstill(FaultSceneTest):
    variables = {'BYOT_REACTORS': '1'}

    def setUp(self):
        super().setUp()
        self.addCleanup(self.server.process.send_signal, signal.SIGCONT)

    def stand_still(self, seconds):
        self.server.process.send_signal(signal.SIGSTOP)
        self.faults.steady_shift += seconds * SECOND
        self.faults.wall_shift += seconds * SECOND
        self.server.process.send_signal(signal.SIGCONT)

    def test_what_waited_ends_with_its_own_error_and_the_next_requests_are_answered(self):
        user = self.user().with_key()
        idle = self.server.wire()
        self.addCleanup(idle.close)
        fetches = self.scene.identity.fetches
        with user.ask() as asked, user.stream() as stream:
            for _ in range(2):
                exchange = self.upstream.take()
                if exchange.head.get('Accept') == 'text/event-stream':
                    exchange.begin_stream()
                    exchange.event('{"message":1}')
            stream.head()
            self.assertIn(b'"message":1', stream.chunk())
            self.server.request('GET', '/health/live')  # so that it waits for the stream's next event
            self.stand_still(310)
            self.assert_refused(asked.answer(), 504, 'UPSTREAM_TIMEOUT')
            rest = b''.join(iter(stream.chunk, b''))
            self.assertEqual(rest.count(b'"error"'), 1, rest)
        self.assertTrue(idle.is_ended())
        self.assertEqual(user.request('GET', '/api/key/status').status, 200)
        with user.ask() as wire:
            self.upstream.take().answer()
            self.assertEqual(wire.answer().status, 200)
        self.assertLessEqual(self.scene.identity.fetches, fetches + 1)

    def test_the_wall_clock_alone_ends_nothing(self):
        with self.user().with_key().ask() as wire:
            exchange = self.upstream.take()
            for shift in (DAY, -DAY):
                self.faults.wall_shift = shift * SECOND
                begun = self.faults.accepts
                self.server.request('GET', '/health/live')  # it goes on, and sees the new time
                self.assertGreater(self.faults.accepts, begun)
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)

    def test_signals_at_its_end_do_not_kill_it_though_a_thread_has_not_begun(self):
        faults = Faults()
        self.addCleanup(faults.close)
        faults.lateness = SECOND // 2  # of the first, the log's: the end waits for it
        scene = self.in_other_scene(**{**self.variables, **faults.variables})
        scene.server.terminate()
        self.assertTrue(eventually(lambda: not takes_sigterm(scene.server.process)))
        scene.server.terminate()
        self.assertEqual(scene.server.wait(), 0)


def takes_sigterm(process):
    """Whether it has said what is to happen (SigCgt, proc_pid_status(5)); else the signal kills, where it can."""
    line, = re.findall('^SigCgt:(.+)$', pathlib.Path(f'/proc/{process.pid}/status').read_text(), re.M)
    return bool(int(line, 16) >> signal.SIGTERM - 1 & 1)
