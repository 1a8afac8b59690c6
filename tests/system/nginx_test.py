"""A real nginx in front, with its proxy's defaults: each event passes through it before the next is made."""
from harness.nginx import Nginx
from harness.scene import SceneTest
from harness.upstream import chunk
from harness.wire import Ended, Wire, request_bytes


class BehindNginx(SceneTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fronts = {'HTTP/1.0, the default': Nginx(cls.server.port),
                      'HTTP/1.1': Nginx(cls.server.port, 'proxy_http_version 1.1; proxy_set_header Connection "";')}
        for front in cls.fronts.values():
            cls.addClassCleanup(front.close)

    def ask(self, front):
        user = self.user().with_key()
        wire = Wire(('127.0.0.1', front.port))
        self.addCleanup(wire.close)
        wire.send(request_bytes('POST', '/api/ai/story', [user.bearer, ('Accept', 'text/event-stream'),
                                                          ('Content-Type', 'application/json')], b'{"data":1}'))
        return wire, self.upstream.take()

    def read_until(self, wire, wanted):
        """Waits, with the wire's patience, until the content that has come has it."""
        got = b''
        while wanted not in got:
            got += wire.chunk()
        return got

    def test_each_event_arrives_before_the_next_is_made(self):
        for name, front in self.fronts.items():
            for kind in ('text/plain', 'text/event-stream', 'text/html'):
                with self.subTest(name, kind=kind):
                    wire, exchange = self.ask(front)
                    exchange.begin_stream([('Content-Type', kind)])
                    for number in range(6):
                        event = f'data: {{"message":{number}}}\n\n'.encode()
                        exchange.send(chunk(event))
                        if number == 0:
                            self.assertEqual(wire.head().get('Cache-Control'), 'no-store, no-transform')
                        self.assertEqual(self.read_until(wire, b'\n\n'), event)
                    exchange.event('{"result":6}')
                    exchange.end_stream()
                    self.assertEqual(self.read_until(wire, b'\n\n'), b'data: {"result":6}\n\n')
                    self.assertEqual(wire.chunk(), b'')

    def test_a_stream_that_is_cut_ends_with_its_error_there_too(self):
        for name, front in self.fronts.items():
            with self.subTest(name):
                wire, exchange = self.ask(front)
                exchange.begin_stream()
                exchange.event('{"message":1}')
                wire.head()
                self.read_until(wire, b'\n\n')
                exchange.close()
                self.assertIn(b'"UNAVAILABLE"', self.read_until(wire, b'\n\n'))
                self.assertEqual(wire.chunk(), b'')

    def test_another_protocols_stream_that_is_cut_does_not_end_in_order(self):
        for name, front in self.fronts.items():
            with self.subTest(name):
                wire, exchange = self.ask(front)
                exchange.begin_stream([('Content-Type', 'text/event-stream')])
                exchange.send(chunk(b'data: {"choices":[]}\n\n'))
                wire.head()
                self.read_until(wire, b'\n\n')
                exchange.close()
                with self.assertRaises(Ended):
                    wire.chunk()
