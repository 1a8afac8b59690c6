"""SIGTERM and kept-alive connections: each is answered once more and told then that it ends, or is closed when the
drain ends. No client sends a request where nobody told it not to, and gets an end without a byte."""
import asyncio
import functools

from harness.scene import SceneTest
from harness.upstream import echo
from harness.waiting import eventually
from harness.wire import request_bytes

JSON = ('Content-Type', 'application/json')
KEY = b'{"apiKey":"sk-test-0123456789abcd"}'
LIVE = request_bytes('GET', '/health/live')
CLIENTS = 200


class Asker:
    """A client in a loop: it asks until an answer says that the connection ends."""

    def __init__(self, requests):
        self.requests, self.answers, self.fault = requests, 0, None

    async def run(self, port):
        reader, writer = await asyncio.open_connection('127.0.0.1', port)
        try:
            while not self.fault:
                writer.write(self.requests[self.answers % len(self.requests)])
                head = (await reader.readuntil(b'\r\n\r\n')).lower()
                await reader.readexactly(int(head.partition(b'content-length:')[2].split(b'\r\n')[0]))
                self.answers += 1
                if b' 200 ' not in head.split(b'\r\n')[0] + b' ':
                    self.fault = head
                if b'connection: close' in head:
                    if rest := await reader.read():
                        self.fault = rest
                    return
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            self.fault = f'{type(error).__name__}: {error} after {self.answers} answers'
        finally:
            writer.close()


class ManyInALoop(SceneTest):
    @classmethod
    def setUpClass(cls):
        """No scene for all: each test ends its own."""

    def setUp(self):
        """Nothing to revive."""

    def test_no_request_of_two_hundred_connections_is_lost(self):
        for reactors in ('1', '2'):
            with self.subTest(reactors=reactors):
                scene = self.in_other_scene(handler=echo, BYOT_REACTORS=reactors, BYOT_STREAMS_PER_USER='1000',
                                            BYOT_DRAIN_TIMEOUT='60s', BYOT_LOG_LEVEL='error')
                bearer = scene.user().with_key().bearer
                requests = [LIVE, request_bytes('GET', '/api/key/status', [bearer]),
                            request_bytes('POST', '/api/ai/echo', [bearer, JSON], b'{"data":1}')]
                askers = [Asker(requests[number % 3:] + requests[:number % 3]) for number in range(CLIENTS)]
                asyncio.run(self.run_until_all_are_told(scene, askers))
                self.assertEqual([asker.fault for asker in askers if asker.fault], [])
                self.assertEqual(scene.server.wait(), 0)

    @staticmethod
    async def run_until_all_are_told(scene, askers):
        running = [asyncio.ensure_future(asker.run(scene.server.port)) for asker in askers]
        while any(not asker.answers and not asker.fault for asker in askers):
            await asyncio.sleep(0.01)
        scene.server.terminate()
        await asyncio.gather(*running)


class States(SceneTest):
    """What a connection is in the middle of when SIGTERM comes, in one drain; nothing but the drain's end, which is
    far, closes one that is told nothing."""

    handler = staticmethod(echo)

    @classmethod
    def setUpClass(cls):
        """No scene for all: each test ends its own."""

    def setUp(self):
        self.scenes = [self.in_other_scene(handler=echo, BYOT_DRAIN_TIMEOUT='60s', BYOT_REACTORS=reactors)
                       for reactors in ('1', '2')]

    def drained(self, prepare):
        """For each scene: what `prepare` gave before SIGTERM, and the scene when it says that it drains."""
        for scene in self.scenes:
            wires = prepare(scene)
            holder, = self.kept(scene, 1)  # until it is closed the drain goes on
            for wire in [*wires, holder]:
                self.addCleanup(wire.close)
            scene.server.terminate()
            self.assertTrue(eventually(functools.partial(self.says_draining, scene)))
            yield scene, wires
            for wire in [*wires, holder]:
                wire.close()
            self.assertEqual(scene.server.wait(), 0)

    @staticmethod
    def says_draining(scene):
        answer = scene.server.request('GET', '/health/ready')
        return (answer.status, answer.json()) == (503, {'status': 'draining'})

    def assert_last_answer(self, wire, status=200):
        answer = wire.answer()
        self.assertEqual((answer.status, answer.field('Connection')), (status, 'close'), answer)
        self.assertTrue(wire.is_ended())

    @staticmethod
    def kept(scene, count):
        wires = [scene.server.wire() for _ in range(count)]
        for wire in wires:
            wire.send(LIVE)
            assert wire.answer().status == 200
        return wires

    def test_a_kept_alive_connection_is_answered_once_more(self):
        for scene, wires in self.drained(lambda scene: self.kept(scene, 7)):
            user = scene.user()
            bearer = user.bearer
            asked = ((LIVE, 200), (request_bytes('GET', '/health/ready'), 503), (request_bytes('GET', '/none'), 404),
                     (request_bytes('POST', '/api/key', [bearer, JSON], KEY), 200),
                     (request_bytes('POST', '/api/ai/echo', [bearer, JSON], b'{"data":1}'), 200),
                     (request_bytes('GET', '/api/key/status'), 401), (LIVE + LIVE, 200))
            for wire, (request, status) in zip(wires, asked):
                wire.send(request)
                self.assert_last_answer(wire, status)

    def test_a_connection_that_said_nothing_yet_is_answered(self):
        for _, wires in self.drained(lambda scene: [scene.server.wire() for _ in range(3)]):
            wires[0].send(LIVE)
            wires[1].send(b'GET /health/live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
            wires[2].send(b'\r\n' + LIVE)
            for wire in wires:
                self.assert_last_answer(wire)

    def test_who_connects_while_it_lasts_is_answered(self):
        for scene, _ in self.drained(lambda scene: []):
            for _ in range(20):  # on either reactor
                with scene.server.wire() as wire:
                    wire.send(LIVE)
                    self.assert_last_answer(wire)
            user = scene.user().with_key()
            with user.ask() as wire:
                self.assert_last_answer(wire)

    def test_half_a_request_is_completed(self):
        def begin(scene):
            head, body = scene.server.wire(), scene.server.wire()
            head.send(LIVE[:20])
            save = request_bytes('POST', '/api/key', [scene.user().bearer, JSON], KEY)
            body.send(save[:-10])
            return [head, body]
        for _, (head, body) in self.drained(begin):
            head.send(LIVE[20:])
            self.assert_last_answer(head)
            body.send(KEY[-10:])
            self.assert_last_answer(body)

    def test_a_stream_that_promised_to_go_on_is_followed_by_one_more_answer(self):
        for scene in self.scenes:
            scene.upstream.handler = None

        def begin(scene):
            wire = scene.user().with_key().stream()
            self.exchange = scene.upstream.take()
            self.exchange.begin_stream()
            wire.head()
            return [wire]
        for _, (wire,) in self.drained(begin):
            self.exchange.event('{"result":1}')
            self.exchange.end_stream()
            self.assertEqual(wire.chunk(), b'data: {"result":1}\n\n')
            self.assertEqual(wire.chunk(), b'')
            wire.send(LIVE)
            self.assert_last_answer(wire)

    def test_a_stream_that_begins_in_the_drain_says_that_it_is_the_last(self):
        for scene in self.scenes:
            scene.upstream.handler = None
        for scene, _ in self.drained(lambda scene: []):
            with scene.user().with_key().stream() as wire:
                exchange = scene.upstream.take()
                exchange.begin_stream()
                self.assertEqual(wire.head().get('Connection'), 'close')
                exchange.event('{"result":1}')
                exchange.end_stream()
                self.assertEqual(wire.chunk(), b'data: {"result":1}\n\n')
                self.assertEqual(wire.chunk(), b'')
                self.assertTrue(wire.is_ended())

    def test_a_process_with_no_connection_ends_at_once(self):
        for scene in self.scenes:
            scene.server.terminate()
            self.assertEqual(scene.server.wait(), 0)  # which waits less than the drain may last
