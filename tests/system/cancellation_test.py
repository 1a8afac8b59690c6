"""A client that leaves ends the upstream's connection: how soon, for each kind of request and moment. The times are
printed; that each one was ended, and long before any deadline, is judged."""
from typing import NamedTuple

from harness.one_loop import OneLoop
from harness.scene import Scene, SceneTest
from harness.upstream import chunk
from harness.wire import request_bytes

TIMES = 100
LONGEST = 2  # seconds; every deadline is a minute away
DEADLINES = {f'BYOT_{name}_TIMEOUT': '60s' for name in ('HEADER', 'IDLE', 'BODY', 'FIRST_BYTE', 'STREAM_IDLE')}
BODY = b'{"data":"whole"}'
PART = b'{"data":"a part'
UNARY = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"begun":'
STREAM = (b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n' +
           chunk(b'data: {"message":"one"}\n\n'))
MORE_THAN_IS_KEPT = request_bytes('GET', '/health/live') * 300


class Row(NamedTuple):
    """What the client sent and the upstream answered when the client leaves, and what it sends as it does."""

    name: str
    accept: str = '*/*'
    sends: bytes = BODY
    length: int = len(BODY)
    behind: bytes = b''
    answer: bytes = b''
    last: bytes = b''


ROWS = (
    Row('unary, before the first byte'),
    Row('unary, after the first byte', answer=UNARY),
    Row('stream, before the first byte', 'text/event-stream'),
    Row('stream, after the first byte', 'text/event-stream', answer=STREAM),
    Row('upload', sends=PART, length=1_000_000),
    Row('upload, with bytes of it', sends=PART, length=1_000_000, last=b'x' * 1000),
    Row('requests behind it', behind=MORE_THAN_IS_KEPT),
)


class Cancellation(SceneTest):
    @classmethod
    def setUpClass(cls):
        """A scene for each number of reactors, made by the tests."""

    def setUp(self):
        """Nothing to revive."""

    def test_on_one_reactor(self):
        self.measure_all('1')

    def test_on_two_reactors(self):
        self.measure_all('2')

    def measure_all(self, reactors):
        self.loop = OneLoop()
        scene = Scene(upstream=self.loop, BYOT_REACTORS=reactors, BYOT_STREAMS_PER_USER='1000', BYOT_LOG_LEVEL='error',
                      **DEADLINES)
        self.addCleanup(scene.close)
        self.address, self.user = scene.server.address, scene.user().with_key()
        for row in ROWS:
            for how in ('FIN', 'RST'):
                with self.subTest(row=row.name, how=how, reactors=reactors):
                    times = sorted(filter(None, (self.cancel(row, how) for _ in range(TIMES))))
                    self.tell(f'reactors: {reactors}, {row.name}, {how}', times)
                    self.assertEqual(len(times), TIMES, 'an upstream was not told')

    @staticmethod
    def tell(what, times):
        p50, p99, longest = (times[round(share * (len(times) - 1))] if times else 0 for share in (0.5, 0.99, 1))
        print(f'        client close to upstream close, {what}: p50 {p50:.2f} p99 {p99:.2f} max {longest:.2f} ms, '
              f'{len(times)} of {TIMES}', flush=True)

    def cancel(self, row, how):
        """Milliseconds from the client's close to the upstream's, or nothing if that does not come."""
        client = self.loop.connect(self.address)
        fields = [self.user.bearer, ('Accept', row.accept), ('Content-Type', 'application/json'),
                  ('Content-Length', row.length)]
        before = len(self.loop.accepted)
        client.send(request_bytes('POST', '/api/ai/echo', fields) + row.sends)
        self.assertTrue(self.loop.run_until(
            lambda: len(self.loop.accepted) > before and self.loop.accepted[-1].received.endswith(row.sends), 10))
        upstream = self.loop.accepted[-1]
        client.send(row.behind)
        if row.answer:
            upstream.send(row.answer)
            self.assertTrue(self.loop.run_until(lambda: row.answer[-10:] in client.received, 10))
        client.send(row.last)
        moment = self.loop.leave(client, how)
        is_told = self.loop.run_until(lambda: upstream.ended_at, LONGEST)
        self.loop.forget(upstream)
        return (upstream.ended_at - moment) / 1e6 if is_told else None
