"""SIGTERM in every state that a request can be in: the process ends with 0 (and with no leak, under a sanitizer)
within BYOT_DRAIN_TIMEOUT and two seconds, and the client gets a terminal frame, 503 SHUTTING_DOWN or a reset."""
import socket
import time

from harness import settings
from harness.google import Google
from harness.identity import Identity
from harness.provider import Provider, provider_variables
from harness.raw_upstream import RawUpstream, fill
from harness.scene import Scene, SceneTest
from harness.store_lock import StoreLock
from harness.upstream import chunk
from harness.waiting import eventually
from harness.wire import Answer, Ended, request_bytes

DRAIN = 0.5
BOUND = DRAIN + 2
JSON = ('Content-Type', 'application/json')
KEY = b'{"apiKey":"sk-test-0123456789abcd"}'
STREAM = b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
ENDLESS = {f'BYOT_{name}_TIMEOUT': '60s' for name in (
    'HEADER', 'IDLE', 'BODY', 'CONNECT', 'FIRST_BYTE', 'STREAM_IDLE')}


def how_it_ended(wire):
    """What a client sees of it: 'frame', a status with its reason, 'closed' or 'reset' without an answer."""
    try:
        head = wire.head()
    except (Ended, ConnectionError) as end:
        return getattr(end, 'how', 'reset')
    if 'text/event-stream' in head.get('Content-Type', ''):
        try:
            body = b''.join(iter(wire.chunk, b''))
        except Ended as end:
            return end.how
        return 'frame' if body.count(b'"error"') == 1 else f'an end without a terminal frame: {body[-200:]}'
    try:
        answer = Answer(head, wire.body(head))
    except (Ended, ConnectionError) as end:
        return getattr(end, 'how', 'reset')
    return f'{answer.status} {answer.reason}'


class StatesTest(SceneTest):
    @classmethod
    def setUpClass(cls):
        """No scene for all: each test ends its own."""

    def setUp(self):
        """Nothing to revive."""

    def begin(self, **more):
        scene = Scene(**{'BYOT_DRAIN_TIMEOUT': f'{round(DRAIN * 1000)}ms', 'BYOT_REACTORS': '1', **ENDLESS, **more})
        self.addCleanup(scene.close)
        return scene

    def wire(self, scene, data):
        wire = scene.server.wire(20)
        self.addCleanup(wire.close)
        wire.send(data)
        if scene.variables['BYOT_REACTORS'] == '1':  # which takes up what comes in its order
            self.assertEqual(scene.server.request('GET', '/health/live').status, 200)
        return wire

    def judge(self, scene, wire, *ends):
        """Ends it, and says how long that took."""
        begun = time.monotonic()
        scene.server.terminate()
        if wire:
            self.assertIn(how_it_ended(wire), ends)
        self.assertEqual(scene.server.wait(), 0, scene.server.log()[-6000:])
        seconds = time.monotonic() - begun
        print(f'        ended {seconds * 1000:.0f} ms after SIGTERM, of {BOUND * 1000:.0f}')
        self.assertLess(seconds, settings.limit(BOUND))


class WhatAClientDoes(StatesTest):
    def test_while_a_connection_is_idle(self):
        scene = self.begin()
        wire = self.wire(scene, request_bytes('GET', '/health/live'))
        wire.answer()
        self.judge(scene, wire, 'closed')

    def test_before_a_connection_said_anything(self):
        scene = self.begin()
        self.judge(scene, self.wire(scene, b''), 'closed', 'reset')

    def test_in_the_middle_of_a_head(self):
        scene = self.begin()
        wire = self.wire(scene, request_bytes('GET', '/health/live'))
        wire.answer()
        wire.send(b'GET /health/live HTTP/1.1\r\nHost:')
        self.judge(scene, wire, 'closed', 'reset', '503 SHUTTING_DOWN')

    def test_in_the_middle_of_a_body(self):
        scene = self.begin()
        fields = [scene.user().bearer, JSON, ('Content-Length', 2 * len(KEY)), ('Expect', '100-continue')]
        wire = self.wire(scene, request_bytes('POST', '/api/key', fields))
        wire.head()  # the leave: it waits for the body
        wire.send(KEY)
        self.judge(scene, wire, 'reset', '503 SHUTTING_DOWN')

    def test_in_the_middle_of_an_upload(self):
        upstream = RawUpstream()
        scene = self.begin(upstream=upstream)
        fields = [scene.user().with_key().bearer, JSON, ('Content-Length', 100)]
        wire = self.wire(scene, request_bytes('POST', '/api/ai/echo', fields) + b'{"data":')
        upstream.take().until(b'{"data":')
        self.judge(scene, wire, '503 SHUTTING_DOWN')

    def test_while_a_client_is_deaf(self):
        upstream = RawUpstream()
        scene = self.begin(upstream=upstream)
        wire = scene.user().with_key().stream(wait=20)
        self.addCleanup(wire.close)
        taken = upstream.take()
        taken.head()
        taken.send(STREAM)
        fill(taken, chunk(b'data: {"message":"' + b'x' * 60_000 + b'"}\n\n'))
        self.judge(scene, None)
        self.assertTrue(wire.is_reset())


class WhatTheUpstreamDoes(StatesTest):
    def test_while_it_is_silent(self):
        scene = self.begin()
        with scene.user().with_key().ask(wait=20) as wire:
            scene.upstream.take()
            self.judge(scene, wire, '503 SHUTTING_DOWN')

    def test_while_it_streams(self):
        scene = self.begin()
        with scene.user().with_key().stream(wait=20) as wire:
            exchange = scene.upstream.take()
            exchange.begin_stream()
            exchange.event('{"message":1}')
            self.judge(scene, wire, 'frame')

    def test_while_it_is_half_through_an_answer_with_a_length(self):
        scene = self.begin()
        with scene.user().with_key().ask(wait=20) as wire:
            scene.upstream.take().send('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"half":')
            self.judge(scene, wire, 'reset')

    def test_while_it_streams_another_protocol(self):
        scene = self.begin()
        with scene.user().with_key().stream(wait=20) as wire:
            exchange = scene.upstream.take()
            exchange.begin_stream()
            exchange.event('{"choices":[]}')
            self.judge(scene, wire, 'reset')

    def test_while_it_shakes_no_hands(self):
        upstream = RawUpstream()
        scene = self.begin(upstream=upstream, BYOT_GENKIT_URL=f'https://localhost:{upstream.port}')
        with scene.user().with_key().ask(wait=20) as wire:
            upstream.take().exactly(1)
            self.judge(scene, wire, '503 SHUTTING_DOWN')

    def test_while_it_takes_no_connection(self):
        with socket.create_server(('127.0.0.1', 0), backlog=0) as full, \
                socket.create_connection(full.getsockname()):
            scene = self.begin(BYOT_GENKIT_URL=f'http://127.0.0.1:{full.getsockname()[1]}')
            with scene.user().with_key().ask(wait=20) as wire:
                scene.server.request('GET', '/health/live')  # it was taken up before this one
                self.judge(scene, wire, '503 SHUTTING_DOWN')


class WhatOthersDo(StatesTest):
    def save(self, scene):
        return self.wire(scene, request_bytes('POST', '/api/key', [scene.user().bearer, JSON], KEY))

    def test_while_a_provider_says_nothing_of_a_key(self):
        provider = Provider()
        self.addCleanup(provider.close)
        provider.says = None
        scene = self.begin(BYOT_KEY_CHECK='on', **provider_variables(provider))
        wire = self.save(scene)
        self.assertTrue(eventually(lambda: provider.seen))
        self.judge(scene, wire, '503 SHUTTING_DOWN', '200 None')  # saved, and not verified

    def test_while_certificates_do_not_come(self):
        for reactors, ends in (('1', ()), ('2', ('reset',))):  # with two it may not have been taken up
            with self.subTest(reactors=reactors):
                identity = Identity()
                identity.may_answer.clear()
                scene = self.begin(identity=identity, BYOT_REACTORS=reactors)
                self.addCleanup(identity.may_answer.set)
                wire = self.save(scene)
                self.assertTrue(eventually(lambda: identity.fetches))
                self.judge(scene, wire, '503 SHUTTING_DOWN', *ends)

    def test_while_certificates_do_not_come_and_nobody_waits(self):
        identity = Identity()
        identity.may_answer.clear()
        scene = self.begin(identity=identity)
        self.addCleanup(identity.may_answer.set)
        self.assertTrue(eventually(lambda: identity.fetches))
        self.judge(scene, None)

    def with_google(self):
        google = Google()
        self.addCleanup(google.close)
        google.may_answer.clear()
        scene = self.begin(GCE_METADATA_HOST=google.host, BYOT_GENKIT_AUDIENCE='https://flows.example')
        self.addCleanup(google.may_answer.set)
        return google, scene

    def test_while_the_services_own_token_does_not_come(self):
        google, scene = self.with_google()
        with scene.user().with_key().ask(wait=20) as wire:
            scene.server.request('GET', '/health/live')  # it was taken up before this one
            self.assertTrue(eventually(lambda: google.fetches))
            self.judge(scene, wire, '503 SHUTTING_DOWN')

    def test_while_the_services_own_token_does_not_come_and_nobody_waits(self):
        google, scene = self.with_google()
        self.assertTrue(eventually(lambda: google.fetches))
        self.judge(scene, None)

    def test_while_nobody_says_whether_a_session_was_ended(self):
        silent = RawUpstream()
        self.addCleanup(silent.close)
        scene = self.begin(BYOT_REVOCATION_CHECK='on', BYOT_FIREBASE_KEYS_URL=None,
                           FIREBASE_AUTH_EMULATOR_HOST=f'127.0.0.1:{silent.port}')
        user = scene.user()
        bearer = ('Authorization', f'Bearer {scene.identity.unsigned_token(user.uid)}')
        wire = self.wire(scene, request_bytes('POST', '/api/key', [bearer, JSON], KEY))
        silent.take().head()
        self.judge(scene, wire, '503 SHUTTING_DOWN')


class WhatTheStoreDoes(StatesTest):
    def test_while_another_process_holds_it(self):
        scene = self.begin()
        lock = StoreLock(scene)
        self.addCleanup(lock.close)
        wire = lock.save(scene.user())
        self.addCleanup(wire.close)
        self.judge(scene, wire, '503 SHUTTING_DOWN')

    def firestore(self, host):
        return self.begin(BYOT_STORE='firestore:demo-drain', FIRESTORE_EMULATOR_HOST=host)

    def status(self, scene):
        return self.wire(scene, request_bytes('GET', '/api/key/status', [scene.user().bearer]))

    def test_while_firestore_is_silent(self):
        silent = RawUpstream()
        self.addCleanup(silent.close)
        scene = self.firestore(f'127.0.0.1:{silent.port}')
        wire = self.status(scene)
        silent.take().head()
        self.judge(scene, wire, '503 SHUTTING_DOWN')

    def test_while_firestore_is_asked_again_and_again(self):
        cut = RawUpstream()
        self.addCleanup(cut.close)
        scene = self.firestore(f'127.0.0.1:{cut.port}')
        wire = self.status(scene)
        for _ in range(3):
            cut.take().close()
        self.judge(scene, wire, '503 SHUTTING_DOWN')
