"""SIGTERM: running streams get their time, then a terminal frame; idle connections and the listener go with the last of
them; and exit 0. What is answered meanwhile is in keep_alive_drain_test."""
import pathlib
import shutil
import ssl
import tempfile
import time

from harness import settings
from harness.certificates import make_tls_server
from harness.raw_upstream import RawUpstream
from harness.scene import SceneTest, needs_sqlite
from harness.store_lock import StoreLock
from harness.waiting import eventually
from harness.wire import Wire, request_bytes


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
        self.assertTrue(eventually(lambda: 'draining' in self.other.server.log()))
        exchange.event('{"result":1}')
        exchange.end_stream()
        self.assertEqual(wire.chunk(), b'data: {"result":1}\n\n')
        self.assertEqual(wire.chunk(), b'')
        self.assertTrue(wire.is_ended())
        self.assertEqual(self.other.server.wait(), 0)
        with self.assertRaises(OSError):
            self.other.server.wire()

    def test_a_stream_that_goes_on_gets_one_final_error(self):
        wire, _ = self.open_stream()
        self.other.server.terminate()
        body = b''.join(iter(wire.chunk, b''))
        self.assertTrue(body.startswith(b'data: {"error":{'), body)
        self.assertEqual(body.count(b'"error"'), 1)
        self.assertEqual(self.other.server.wait(), 0)

    def test_idle_connections_are_closed_when_its_time_is_over(self):
        idle = [self.other.server.wire() for _ in range(4)]
        for wire in idle[1:]:  # the first says nothing at all
            wire.send(request_bytes('GET', '/health/live'))
            wire.answer()
        begun = time.monotonic()
        self.other.server.terminate()
        for wire in idle:
            self.assertEqual(wire.drain_until_end(), (b'', True))  # and our side stays open: it does not wait for that
        self.assertEqual(self.other.server.wait(), 0)
        seconds = time.monotonic() - begun
        print(f'        ended {seconds * 1000:.0f} ms after SIGTERM, of 800 that it may wait')
        self.assertGreaterEqual(seconds, 0.8)
        self.assertLess(seconds, settings.limit(3))
        for wire in idle:
            wire.close()

    def test_idle_connections_that_their_clients_close_do_not_hold_it_up(self):
        scene = self.in_other_scene(BYOT_DRAIN_TIMEOUT='60s')
        idle = [scene.server.wire() for _ in range(3)]
        scene.server.terminate()
        for wire in idle:
            wire.close()
        self.assertEqual(scene.server.wait(), 0)

    def test_signals_in_its_last_moments_do_not_kill_it(self):
        for _ in range(10):
            scene = self.in_other_scene()
            while scene.server.process.poll() is None:
                scene.server.terminate()
            self.assertEqual(scene.server.wait(), 0)

    def test_without_any_time_all_ends_at_once(self):
        scene = self.in_other_scene(BYOT_DRAIN_TIMEOUT='0s')
        idle = scene.server.wire()
        self.addCleanup(idle.close)
        with scene.user().with_key().stream() as wire:
            scene.upstream.take().begin_stream()
            wire.head()
            scene.server.terminate()
            self.assertEqual(b''.join(iter(wire.chunk, b'')).count(b'"error"'), 1)
        self.assertTrue(idle.is_ended())
        self.assertEqual(scene.server.wait(), 0)


class DrainBeforeTheUpstreamIsAsked(SceneTest):
    """The drain is over while a request still waits for what comes before its upstream: nothing is sent on."""

    @classmethod
    def setUpClass(cls):
        """No scene for all: each test ends its own."""

    def setUp(self):
        """Nothing to revive."""

    def end_drain(self, scene, stream):
        """SIGTERM, and on to the moment when open streams are ended."""
        scene.server.terminate()
        self.assertIn(b'"error"', b''.join(iter(stream.chunk, b'')))

    @needs_sqlite
    def test_while_the_store_is_slow(self):
        scene = self.in_other_scene(BYOT_DRAIN_TIMEOUT='300ms', BYOT_KEY_CACHE_TTL='0s', BYOT_REACTORS='1')
        user, other = scene.user().with_key(), scene.user().with_key()
        with user.stream() as stream:
            scene.upstream.take().begin_stream()
            stream.head()
            lock = StoreLock(scene)
            self.addCleanup(lock.close)
            saving = lock.save(other)
            self.addCleanup(saving.close)
            with user.ask() as wire:  # its key is read behind the save
                self.end_drain(scene, stream)
                lock.release()
                self.assert_refused(wire.answer(), 503, 'SHUTTING_DOWN')
        self.assertEqual(scene.server.wait(), 0)
        self.assertEqual(len(scene.upstream.seen), 1)

    def test_while_the_upstream_is_slow_to_shake_hands(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        self.addCleanup(shutil.rmtree, folder)
        authority, certificate, key = make_tls_server(folder)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        upstream = RawUpstream()
        scene = self.in_other_scene(upstream=upstream, BYOT_GENKIT_URL=f'https://localhost:{upstream.port}',
                                    SSL_CERT_FILE=str(authority), BYOT_DRAIN_TIMEOUT='300ms',
                                    BYOT_REACTORS='1')  # whose drain is over when one stream says so
        user = scene.user().with_key()

        def shake_hands():
            return Wire(None, sock=tls.wrap_socket(late.socket, server_side=True))
        with user.stream() as stream:
            late = upstream.take()
            first = shake_hands()
            self.addCleanup(first.close)
            first.head()
            first.send(b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n')
            stream.head()
            with user.ask() as wire:
                late = upstream.take()
                self.end_drain(scene, stream)
                self.assert_refused(wire.answer(), 503, 'SHUTTING_DOWN')
                with self.assertRaises(OSError):
                    shake_hands()  # broken off
        self.assertEqual(scene.server.wait(), 0)
