"""However a process ends, nobody takes a part of its answers for the whole: the kernel resets what is open."""
import signal
import time

from harness import settings
from harness.fault_scene import FaultSceneTest
from harness.faults import SECOND
from harness.scene import SceneTest
from harness.waiting import eventually
from harness.wire import Ended

VERSIONS = ('HTTP/1.1', 'HTTP/1.0')  # in HTTP/1.0 the connection's end is the answer's


def begun_streams(test, scene):
    """Clients whose streams have begun and are read up to where they are, on both reactors."""
    user = scene.user().with_key()
    return [begun_stream(test, user, version) for version in VERSIONS for _ in range(4)]


def begun_stream(test, user, version):
    wire = user.stream(version=version)
    test.addCleanup(wire.close)
    exchange = user.scene.upstream.take()
    exchange.begin_stream()
    exchange.event('{"message":1}')
    wire.until(b'{"message":1}\n\n')
    if version == 'HTTP/1.1':
        wire.until(b'\r\n')
    return wire


def assert_reset(test, wires):
    for wire in wires:
        with test.assertRaises(Ended) as ended:
            wire.more()
        test.assertEqual(ended.exception.how, 'reset')


def assert_resets_by(test, death):
    scene = test.in_other_scene()
    wires = begun_streams(test, scene)
    scene.server.process.send_signal(death)
    scene.server.wait()
    scene.server.restart()  # so that one is there to be ended
    assert_reset(test, wires)


def signal_twice(test, server):
    server.terminate()
    test.assertTrue(eventually(lambda: 'draining' in server.log()))
    begun = time.monotonic()
    server.terminate()
    test.assertEqual(server.wait(), 0)
    test.assertLess(time.monotonic() - begun, settings.limit(1))


class SuddenEnd(SceneTest):
    def test_a_second_signal_ends_it_at_once_and_open_streams_by_a_reset(self):
        scene = self.in_other_scene(BYOT_DRAIN_TIMEOUT='30s')
        wires = begun_streams(self, scene)
        signal_twice(self, scene.server)
        assert_reset(self, wires)

    def test_a_process_that_is_killed_resets_its_streams(self):
        assert_resets_by(self, signal.SIGKILL)


class FallenEnd(SceneTest):
    is_release_only = True  # a sanitizer catches the signal, and writes a report for as long as it takes

    def test_a_process_that_falls_resets_its_streams(self):
        assert_resets_by(self, signal.SIGSEGV)


class StalledEnd(FaultSceneTest):
    def test_a_second_signal_resets_the_streams_of_a_reactor_that_has_no_time_too(self):
        scene = self.in_other_scene(BYOT_DRAIN_TIMEOUT='30s', BYOT_REACTORS='2', **self.faults.variables)
        wires = begun_streams(self, scene)
        self.faults.stall = 2 * SECOND
        signal_twice(self, scene.server)
        assert_reset(self, wires)
