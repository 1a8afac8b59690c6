"""SIGTERM: no new work, running streams get their time, then a terminal frame; and exit 0."""
import time

from harness import settings
from harness.scene import SceneTest
from harness.waiting import eventually
from harness.wire import Ended, request_bytes


class Drain(SceneTest):
    def setUp(self):
        self.other = self.in_other_scene(BYOT_DRAIN_TIMEOUT='800ms')

    def open_stream(self):
        wire = self.other.user().with_key().stream()
        self.addCleanup(wire.close)
        exchange = self.other.upstream.take()
        exchange.begin_stream()
        exchange.event('{"message":1}')
        wire.head()
        self.assertEqual(wire.chunk(), b'data: {"message":1}\n\n')
        return wire, exchange

    def test_a_stream_that_ends_in_time_ends_as_its_flow_says(self):
        wire, exchange = self.open_stream()
        self.other.server.terminate()
        self.assertFalse(self.accepts_connections())
        exchange.event('{"result":1}')
        exchange.end_stream()
        self.assertEqual(wire.chunk(), b'data: {"result":1}\n\n')
        self.assertEqual(wire.chunk(), b'')
        self.assertEqual(self.other.server.wait(), 0)

    def test_a_stream_that_goes_on_gets_one_final_error(self):
        wire, _ = self.open_stream()
        self.other.server.terminate()
        body = b''.join(iter(wire.chunk, b''))
        self.assertTrue(body.startswith(b'data: {"error":{'), body)
        self.assertEqual(body.count(b'"error"'), 1)
        self.assertEqual(self.other.server.wait(), 0)

    def test_idle_connections_do_not_hold_it_up(self):
        scene = self.in_other_scene(BYOT_DRAIN_TIMEOUT='6s')
        idle = [scene.server.wire() for _ in range(3)]
        for wire in idle:
            wire.send(request_bytes('GET', '/health/live'))
            wire.answer()
        begun = time.monotonic()
        scene.server.terminate()
        for wire in idle:
            self.assertTrue(wire.is_ended())  # and our side stays open: it must not wait for that
        self.assertEqual(scene.server.wait(), 0)
        seconds = time.monotonic() - begun
        print(f'        ended {seconds * 1000:.0f} ms after SIGTERM')
        self.assertLess(seconds, settings.limit(3))
        for wire in idle:
            wire.close()

    def test_an_open_connection_gets_no_new_work(self):
        stream, exchange = self.open_stream()
        idle = self.other.server.wire()
        self.addCleanup(idle.close)
        idle.send(request_bytes('GET', '/health/live'))
        idle.answer()
        self.other.server.terminate()
        self.assertFalse(self.accepts_connections())
        try:
            idle.send(request_bytes('GET', '/health/ready'))
            answer = idle.answer()
            self.assertEqual(answer.status, 503)
        except (Ended, ConnectionError):
            pass  # closed: as good
        exchange.end_stream()
        stream.rest()
        self.assertEqual(self.other.server.wait(), 0)

    def accepts_connections(self):
        def is_refused():
            try:
                self.other.server.wire().close()
                return False
            except OSError:
                return True
        return not eventually(is_refused)
