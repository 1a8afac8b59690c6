"""Request bodies on their way to the upstream."""
import json
import pathlib
import select
import shutil
import ssl
import tempfile

from harness.certificates import make_tls_server
from harness.scene import Scene, SceneTest
from harness.upstream import Upstream
from harness.wire import request_bytes

LARGE = json.dumps({'data': 'x' * 5_000_000}).encode()


class Bodies(SceneTest):
    variables = {'BYOT_MAX_AI_BODY': '6m'}

    def head(self, user, *fields):
        return request_bytes('POST', '/api/ai/echo', [user.bearer, ('Content-Type', 'application/json'), *fields])

    def send_chunked(self, wire, body, size):
        for start in range(0, len(body), size):
            piece = body[start:start + size]
            wire.send(f'{len(piece):X}\r\n'.encode() + piece + b'\r\n')
        wire.send(b'0\r\n\r\n')

    def test_five_megabytes_with_a_length_arrive_whole(self):
        with self.user().with_key().ask(body=LARGE) as wire:
            exchange = self.upstream.take(30)
            self.assertEqual(exchange.body, LARGE)
            self.assertEqual(exchange.head.all('Content-Length'), [str(len(LARGE))])
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)

    def test_five_megabytes_in_chunks_arrive_whole(self):
        user = self.user().with_key()
        with self.server.wire() as wire:
            wire.send(self.head(user, ('Transfer-Encoding', 'chunked')))
            self.send_chunked(wire, LARGE, 100_003)
            exchange = self.upstream.take(30)
            self.assertEqual(exchange.body, LARGE)
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)

    def test_a_body_that_comes_byte_by_byte_arrives_whole(self):
        user, body = self.user().with_key(), b'{"data":"slow"}'
        with self.server.wire() as wire:
            wire.send(self.head(user, ('Content-Length', len(body))))
            for byte in body:
                wire.send(bytes([byte]))
            exchange = self.upstream.take()
            self.assertEqual(exchange.body, body)
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)

    def test_chunk_extensions_and_trailers_do_not_reach_the_upstream(self):
        user = self.user().with_key()
        with self.server.wire() as wire:
            wire.send(self.head(user, ('Transfer-Encoding', 'chunked')))
            wire.send(b'2;name=evil\r\n{}\r\n0\r\nx-byot-uid: evil\r\n\r\n')
            exchange = self.upstream.take()
            self.assertEqual(exchange.body, b'{}')
            self.assertNotIn('evil', exchange.head.get('x-byot-uid'))
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)
            wire.send(request_bytes('GET', '/health/live'))
            self.assertEqual(wire.answer().status, 200)

    def test_an_empty_body_is_passed_on(self):
        with self.user().with_key().ask(body=b'') as wire:
            exchange = self.upstream.take()
            self.assertEqual((exchange.body, exchange.head.all('Content-Length')), (b'', ['0']))
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)

    def test_a_length_over_the_limit_is_refused_before_the_body(self):
        user = self.user().with_key()
        with self.server.wire() as wire:
            wire.send(self.head(user, ('Content-Length', 6 * 1024 * 1024 + 1)))
            self.assert_refused(wire.answer(), 413, 'BODY_TOO_LARGE')

    def test_a_chunked_body_over_the_limit_is_refused(self):
        user = self.user().with_key()
        before = len(self.upstream.seen)
        with self.server.wire() as wire:
            wire.send(self.head(user, ('Transfer-Encoding', 'chunked')))
            try:
                self.send_chunked(wire, b'x' * (7 * 1024 * 1024), 65536)
            except ConnectionError:
                pass
            self.assert_refused(wire.answer(), 413, 'BODY_TOO_LARGE')
        self.assertEqual(len(self.upstream.seen), before)

    def test_an_expectation_is_met_before_the_body_is_sent(self):
        user, body = self.user().with_key(), b'{"data":"expected"}'
        with self.server.wire() as wire:
            wire.send(self.head(user, ('Content-Length', len(body)), ('Expect', '100-continue')))
            self.assertEqual(wire.head().first_line.split(' ')[1], '100')
            wire.send(body)
            exchange = self.upstream.take()
            self.assertEqual((exchange.body, exchange.head.get('Expect')), (body, None))
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)

    def test_an_expectation_is_not_met_when_the_request_is_refused(self):
        user = self.user()
        with self.server.wire() as wire:
            wire.send(self.head(user, ('Content-Length', 10_000_000), ('Expect', '100-continue')))
            self.assertEqual(wire.head().first_line.split(' ')[1][0], '4')

    def test_a_client_that_stops_in_the_middle_of_its_body_never_becomes_a_request(self):
        user = self.user().with_key()
        before = len(self.upstream.seen)
        wire = self.server.wire()
        wire.send(self.head(user, ('Content-Length', 100)) + b'{"data":')
        wire.close()
        with user.ask() as other:
            self.upstream.take().answer()
            self.assertEqual(other.answer().status, 200)
        self.assertEqual(len(self.upstream.seen), before + 1)


class Trickle(SceneTest):
    variables = {'BYOT_BODY_TIMEOUT': '600ms'}

    def test_a_body_that_comes_in_drops_is_408(self):
        user = self.user().with_key()
        with self.server.wire() as wire:
            wire.send(request_bytes('POST', '/api/ai/echo', [
                user.bearer, ('Content-Type', 'application/json'), ('Content-Length', 1000)]))
            sent = 0
            while sent < 1000 and not select.select([wire.socket], [], [], 0.05)[0]:
                wire.send(b'x')
                sent += 1
            self.assertLess(sent, 1000, 'it was let through')
            self.assert_refused(wire.answer(), 408, 'REQUEST_TIMEOUT')


class TlsUpstream(SceneTest):
    @classmethod
    def setUpClass(cls):
        """Its own scene: the authority must be on disk before byot starts."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        cls.addClassCleanup(shutil.rmtree, folder)
        authority, certificate, key = make_tls_server(folder)
        cls.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cls.tls.load_cert_chain(certificate, key)
        cls.authority = authority
        cls.scene = Scene(upstream=Upstream(tls=cls.tls), SSL_CERT_FILE=str(authority))
        cls.addClassCleanup(cls.scene.close)
        cls.server, cls.upstream = cls.scene.server, cls.scene.upstream

    def test_a_request_goes_over_tls_and_back(self):
        user = self.user().with_key()
        for _ in range(3):
            with user.ask(body=LARGE[:200_000]) as wire:
                exchange = self.upstream.take()
                self.assertEqual(exchange.body, LARGE[:200_000])
                exchange.answer()
                self.assertEqual(wire.answer().status, 200)

    def test_a_stream_goes_over_tls_event_by_event(self):
        with self.user().with_key().stream() as wire:
            exchange = self.upstream.take()
            exchange.begin_stream()
            for number in range(3):
                event = '{"result":2}' if number == 2 else '{"message":%d}' % number
                exchange.event(event)
                if number == 0:
                    self.assertEqual(wire.head().get('Content-Type'), 'text/event-stream')
                self.assertEqual(wire.chunk(), f'data: {event}\n\n'.encode())
            exchange.end_stream()
            self.assertEqual(wire.chunk(), b'')

    def test_an_upstream_that_nobody_vouches_for_is_not_spoken_to(self):
        scene = self.in_other_scene(upstream=Upstream(tls=self.tls))
        with scene.user().with_key().ask() as wire:
            self.assert_refused(wire.answer(), 502, 'UPSTREAM_UNREACHABLE')
        self.assertEqual(scene.upstream.seen, [])

    def test_a_certificate_of_another_name_is_not_accepted(self):
        upstream = Upstream(tls=self.tls)
        scene = self.in_other_scene(upstream=upstream, SSL_CERT_FILE=str(self.authority),
                                    BYOT_GENKIT_URL=f'https://127.0.0.1:{upstream.port}')
        with scene.user().with_key().ask() as wire:
            self.assert_refused(wire.answer(), 502, 'UPSTREAM_UNREACHABLE')
        self.assertEqual(upstream.seen, [])
