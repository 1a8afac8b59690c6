"""Each reason of the error table that needs a situation of its own."""
import socket
import sqlite3

from harness.frozen import Frozen
from harness.scene import SceneTest, needs_sqlite
from harness.waiting import eventually
from harness.wire import Ended, request_bytes


class Limits(SceneTest):
    def test_more_requests_of_a_user_than_the_rate_are_429(self):
        scene = self.in_other_scene(BYOT_RATE_PER_USER='4/h', BYOT_REACTORS='1')
        user, other = scene.user(), scene.user()
        answers = [user.request('GET', '/api/key/status') for _ in range(5)]
        self.assertEqual([answer.status for answer in answers[:4]], [200] * 4)
        self.assert_refused(answers[4], 429, 'RATE_LIMITED')
        self.assertGreater(int(answers[4].field('Retry-After')), 0)
        self.assertEqual(other.request('GET', '/api/key/status').status, 200)

    def test_more_requests_of_an_address_than_the_rate_are_429(self):
        scene = self.in_other_scene(BYOT_RATE_PER_IP='4/h', BYOT_REACTORS='1')
        answers = [scene.server.request('GET', '/api/key/status') for _ in range(5)]
        self.assertEqual([answer.status for answer in answers[:4]], [401] * 4)
        self.assert_refused(answers[4], 429, 'RATE_LIMITED')

    def test_more_ai_requests_at_once_than_allowed_are_429(self):
        scene = self.in_other_scene(BYOT_STREAMS_PER_USER='2', BYOT_REACTORS='1')
        user = scene.user().with_key()
        with user.stream() as first, user.stream() as second:
            exchanges = [scene.upstream.take(), scene.upstream.take()]
            with user.stream() as third:
                answer = third.answer()
                self.assert_refused(answer, 429, 'TOO_MANY_STREAMS')
                self.assertGreater(int(answer.field('Retry-After')), 0)
            for exchange in exchanges:
                exchange.answer()
            self.assertEqual((first.answer().status, second.answer().status), (200, 200))
        with user.stream() as fourth:
            scene.upstream.take().answer()
            self.assertEqual(fourth.answer().status, 200)

    def test_more_connections_than_allowed_are_503_and_closed(self):
        scene = self.in_other_scene(BYOT_MAX_CONNECTIONS='4', BYOT_REACTORS='1')
        held = [scene.server.wire() for _ in range(4)]
        for wire in held:  # each is known to be accepted
            wire.send(request_bytes('GET', '/health/live'))
            self.assertEqual(wire.answer().status, 200)
        with scene.server.wire() as one_more:
            answer = one_more.answer()
            self.assert_refused(answer, 503, 'OVERLOADED')
            self.assertTrue(answer.field('Retry-After'))
            self.assertTrue(one_more.is_ended())
        for wire in held:
            wire.close()

    def hold(self, scene, count):
        """As many connections as are allowed, each known to be accepted."""
        held = [scene.server.wire() for _ in range(count)]
        for wire in held:
            self.addCleanup(wire.close)
            wire.send(request_bytes('GET', '/health/live'))
            self.assertEqual(wire.answer().status, 200)
        return held

    def test_connections_that_were_turned_away_keep_nobody_out(self):
        scene = self.in_other_scene(BYOT_MAX_CONNECTIONS='2', BYOT_REACTORS='1')
        held = self.hold(scene, 2)
        for _ in range(8):  # which stay
            turned_away = scene.server.wire()
            self.addCleanup(turned_away.close)
            self.assertEqual(turned_away.answer().status, 503)
        held[0].close()

        def is_served():
            with scene.server.wire() as wire:
                try:
                    wire.send(request_bytes('GET', '/health/live'))
                    return wire.answer().status == 200
                except (Ended, OSError):
                    return False
        self.assertTrue(eventually(is_served, within=0.7))

    def test_a_flood_of_connections_over_the_limit_is_reset(self):
        scene = self.in_other_scene(BYOT_MAX_CONNECTIONS='1', BYOT_REACTORS='1')
        held, = self.hold(scene, 1)
        seen = {'503': 0, 'reset': 0}
        with Frozen(scene.server.process.pid):  # it finds all of them waiting
            wires = [scene.server.wire() for _ in range(400)]
        for wire in wires:
            self.addCleanup(wire.close)
            try:
                self.assert_refused(wire.answer(), 503, 'OVERLOADED')
                seen['503'] += 1
            except Ended as end:
                self.assertEqual((end.how, end.rest), ('reset', b''))
                seen['reset'] += 1
        self.assertGreaterEqual(seen['503'], 256, seen)
        self.assertGreater(seen['reset'], 100, seen)
        held.send(request_bytes('GET', '/health/live'))
        self.assertEqual(held.answer().status, 200)

    def test_a_head_that_is_too_large_is_431(self):
        for fields in ([('X-Large', 'x' * 40000)], [(f'X-{n}', 'x') for n in range(150)]):
            self.assert_refused(self.server.request('GET', '/health/live', fields), 431, 'HEADERS_TOO_LARGE')


class Slowness(SceneTest):
    variables = {'BYOT_HEADER_TIMEOUT': '300ms', 'BYOT_BODY_TIMEOUT': '300ms', 'BYOT_IDLE_TIMEOUT': '400ms'}

    def test_a_head_that_does_not_come_is_408(self):
        with self.server.wire() as wire:
            wire.send('GET /health/live HTTP/1.1\r\nHost')
            self.assert_refused(wire.answer(), 408, 'REQUEST_TIMEOUT')
            self.assertTrue(wire.is_ended())

    def test_a_body_that_does_not_come_is_408(self):
        user = self.user()
        with self.server.wire() as wire:
            wire.send(f'POST /api/key HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {user.token}\r\n'
                      'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{')
            self.assert_refused(wire.answer(), 408, 'REQUEST_TIMEOUT')
            self.assertTrue(wire.is_ended())

    def test_an_idle_connection_is_closed_without_a_word(self):
        with self.server.wire() as wire:
            wire.send(request_bytes('GET', '/health/live'))
            self.assertEqual(wire.answer().status, 200)
            self.assertTrue(wire.is_ended())

    def test_a_connection_that_says_nothing_is_closed_without_a_word(self):
        with self.server.wire() as wire:
            self.assertTrue(wire.is_ended())


class Store(SceneTest):
    @needs_sqlite
    def test_a_store_that_does_not_answer_is_503_and_not_ready(self):
        user = self.user().with_key()
        blocker = sqlite3.connect(self.scene.database, isolation_level=None)
        self.addCleanup(blocker.close)
        blocker.execute('BEGIN IMMEDIATE')
        answer = user.request('DELETE', '/api/key', wait=30)
        self.assert_refused(answer, 503, 'STORE_UNAVAILABLE')
        self.assertTrue(answer.field('Retry-After'))
        blocker.execute('ROLLBACK')
        self.assertEqual(user.request('DELETE', '/api/key').json(), {'removed': True})

    def test_ready_says_what_it_looked_at(self):
        self.user().request('GET', '/api/key/status')
        answer = self.server.request('GET', '/health/ready')
        self.assertEqual(answer.status, 200, answer)


class Connections(SceneTest):
    def test_several_requests_sent_at_once_are_answered_in_order(self):
        user = self.user()
        with self.server.wire() as wire:
            wire.send(b''.join([request_bytes('GET', '/health/live'),
                                request_bytes('GET', '/api/key/status', [user.bearer]),
                                request_bytes('GET', '/nothing')]))
            self.assertEqual([wire.answer().status for _ in range(3)], [200, 200, 404])

    def test_connection_close_is_obeyed(self):
        with self.server.wire() as wire:
            wire.send(request_bytes('GET', '/health/live', [('Connection', 'close')]))
            answer = wire.answer()
            self.assertEqual((answer.status, answer.field('Connection')), (200, 'close'))
            self.assertTrue(wire.is_ended())

    def test_an_early_refusal_of_a_large_body_is_not_lost_to_a_reset(self):
        user = self.user()
        body = b' ' * 2_000_000
        head = request_bytes('POST', '/api/key', [user.bearer, ('Content-Type', 'application/json'),
                                                  ('Content-Length', str(len(body)))])
        with self.server.wire() as wire:
            try:
                wire.send(head + body)
            except (ConnectionError, TimeoutError):
                pass  # it need not read all of it
            self.assert_refused(wire.answer(), 413, 'BODY_TOO_LARGE')

    def test_a_client_that_only_ends_its_side_still_gets_its_answer(self):
        with self.server.wire() as wire:
            wire.send(request_bytes('GET', '/health/live'))
            wire.socket.shutdown(socket.SHUT_WR)
            try:
                self.assertEqual(wire.answer().status, 200)
            except Ended as end:
                self.assertEqual(end.rest, b'')  # taking it for a client that left is allowed
