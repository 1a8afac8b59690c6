"""A FIN behind a request means that its client has gone, at every endpoint alike: no byte is sent to it any more, what
only served its answer is ended, and what changes what is stored is carried out."""
import pathlib
import re
import socket

from harness import settings
from harness.frozen import Frozen
from harness.provider import Provider, provider_variables
from harness.scene import SceneTest, needs_sqlite
from harness.store_lock import StoreLock
from harness.upstream import echo
from harness.waiting import eventually
from harness.wire import Ended, request_bytes

JSON = ('Content-Type', 'application/json')
KEY = b'{"apiKey":"sk-test-0123456789abcd"}'
ROUTES = pathlib.Path(__file__).parents[2] / 'lib/api/routes.hpp'
ROW = re.compile(r'\{"([A-Z]+)", "([^"]+)", endpoint::')

# A body for each endpoint that takes one; others are asked without.
BODIES = {'/api/key': KEY, '/api/ai/{path}': b'{"data":1}', '/dev/token': b'{"uid":"ann"}'}


def targets():
    """Each route of the table, and what is asked there."""
    for method, pattern in ROW.findall(ROUTES.read_text()):
        body = BODIES.get(pattern) if method == 'POST' else None
        yield method, pattern.replace('{path}', 'console.css' if 'assets' in pattern else 'echo'), body


def end_sending(wire):
    wire.socket.shutdown(socket.SHUT_WR)


class HalfClosed(SceneTest):
    handler = staticmethod(echo)

    def begin(self, data):
        wire = self.server.wire()
        self.addCleanup(wire.close)
        wire.send(data)
        return wire

    def send_and_leave(self, *requests):
        """The server finds request and FIN at once."""
        with Frozen(self.server.process.pid):
            wires = [self.begin(data) for data in requests]
            for wire in wires:
                end_sending(wire)
        return wires

    def assert_silence(self, wire):
        self.assertEqual(wire.drain_until_end(10), (b'', True))

    def test_every_route_takes_it_for_a_client_that_has_gone(self):
        found = list(targets())
        self.assertGreater(len(found), 10)
        user = self.user().with_key()
        for with_token in (True, False):
            fields = [user.bearer] if with_token else []
            requests = [request_bytes(method, target, [*fields, JSON] if body else fields, body)
                        for method, target, body in found]
            for row, wire in zip(found, self.send_and_leave(*requests)):
                with self.subTest(method=row[0], target=row[1], with_token=with_token):
                    self.assert_silence(wire)

    def test_so_does_every_refusal(self):
        user = self.user()
        for name, data in {
                'unknown route': request_bytes('GET', '/nothing'),
                'wrong method': request_bytes('PUT', '/api/key', [user.bearer], b'{}'),
                'preflight': request_bytes('OPTIONS', '/api/key', [('Origin', 'https://a.example')]),
                'no key': request_bytes('POST', '/api/ai/echo', [user.bearer, JSON], b'{}'),
                'malformed head': b'GET / HTTP/1.1\r\nHost : a\r\n\r\n',
                'half a head': b'GET / HTTP/1.1\r\nHost: a',
                'half a body': request_bytes('POST', '/api/key', [user.bearer, JSON, ('Content-Length', 99)]) + KEY,
                'half a body of chunks': request_bytes('POST', '/api/ai/echo', [
                    user.bearer, JSON, ('Transfer-Encoding', 'chunked')]) + b'4\r\n{"da',
                'HTTP/1.0': b'GET /health/live HTTP/1.0\r\n\r\n',
                'two at once': request_bytes('GET', '/health/live') * 2,
                'one, and half of another': request_bytes('GET', '/health/live') + b'GET /hea'}.items():
            with self.subTest(name):
                self.assert_silence(*self.send_and_leave(data))

    def test_what_was_asked_of_what_is_stored_is_done(self):
        user = self.user()
        wire, = self.send_and_leave(request_bytes('POST', '/api/key', [user.bearer, JSON], KEY))
        self.assert_silence(wire)
        self.assertEqual(len(eventually(user.keys)), 1)
        wire, = self.send_and_leave(request_bytes('DELETE', '/api/key', [user.bearer]))
        self.assert_silence(wire)
        self.assertEqual(eventually(user.keys, lambda keys: not keys), [])

    def test_what_was_answered_before_is_whole(self):
        """The FIN may come before the answer or after it, and nothing in between."""
        for _ in range(50):
            wire = self.begin(request_bytes('GET', '/health/live'))
            end_sending(wire)
            try:
                self.assertEqual(wire.answer().status, 200)
            except Ended as end:
                self.assertEqual((end.how, end.rest), ('closed', b''))

    def test_a_request_that_was_answered_before_stays_answered(self):
        wire = self.begin(request_bytes('GET', '/health/live'))
        self.assertEqual(wire.answer().status, 200)
        with Frozen(self.server.process.pid):
            wire.send(request_bytes('GET', '/health/live'))
            end_sending(wire)
        self.assert_silence(wire)


class GoneWhileItWaits(SceneTest):
    """The FIN comes when the request is under way."""

    def leave(self, wire):
        end_sending(wire)
        self.assertEqual(wire.drain_until_end(10), (b'', True))

    def test_a_flow_that_has_not_answered_is_left_at_once(self):
        for ask in (self.user().with_key().ask, self.user().with_key().stream):
            with ask() as wire:
                exchange = self.upstream.take()
                self.leave(wire)
                self.assertIsNotNone(exchange.wait_until_left())

    @needs_sqlite
    def test_a_save_under_way_is_finished(self):
        scene = self.in_other_scene(BYOT_REACTORS='1')
        user = scene.user()
        lock = StoreLock(scene)
        self.addCleanup(lock.close)
        wire = lock.save(user)
        self.addCleanup(wire.close)
        end_sending(wire)
        lock.release()
        self.assertEqual(wire.drain_until_end(10), (b'', True))
        self.assertEqual(len(eventually(user.keys)), 1)

    def test_a_key_that_is_being_tried_is_saved(self):
        provider = Provider()
        self.addCleanup(provider.close)
        provider.says = None
        scene = self.in_other_scene(BYOT_KEY_CHECK='on', **provider_variables(provider))
        user = scene.user()
        with scene.server.wire(settings.limit(20)) as wire:
            wire.send(request_bytes('POST', '/api/key', [user.bearer, JSON], KEY))
            self.assertTrue(eventually(lambda: provider.seen))
            end_sending(wire)
            self.assertEqual(wire.drain_until_end(20), (b'', True))
        self.assertEqual(len(eventually(user.keys)), 1)
