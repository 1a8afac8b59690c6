"""Upstreams that are not there, too slow, or speak no valid HTTP."""
import socket

from harness.scene import SceneTest
from harness.upstream import chunk

BAD_ANSWERS = {
    'no HTTP': b'SSH-2.0-OpenSSH_9.2\r\n\r\n',
    'version 2': b'HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\n{}',
    'no status': b'HTTP/1.1 OK\r\nContent-Length: 2\r\n\r\n{}',
    'status of two digits': b'HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\n{}',
    'status 099': b'HTTP/1.1 099 OK\r\nContent-Length: 2\r\n\r\n{}',
    'two lengths': b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
    'signed length': b'HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n{}',
    'huge length': b'HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}',
    'length and chunks': b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'another coding': b'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    'space before a colon': b'HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}',
    'a folded field': b'HTTP/1.1 200 OK\r\nX-A: a\r\n b\r\nContent-Length: 2\r\n\r\n{}',
    'a bare line feed': b'HTTP/1.1 200 OK\nContent-Length: 2\n\n{}',
    'a NUL': b'HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 2\r\n\r\n{}',
    'a switch of protocols': b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n',
    'an endless head': b'HTTP/1.1 200 OK\r\n' + b'X-A: aaaaaaaaaaaaaaaa\r\n' * 5000,
}


def free_port():
    """A port that nobody listens on."""
    with socket.create_server(('127.0.0.1', 0)) as taken:
        return taken.getsockname()[1]


class Invalid(SceneTest):
    def test_a_head_that_is_not_valid_is_502(self):
        for name, answer in BAD_ANSWERS.items():
            with self.subTest(answer=name), self.user().with_key().ask() as wire:
                exchange = self.upstream.take()
                try:
                    exchange.send(answer)
                except OSError:
                    pass  # it need not be read to its end
                self.assert_refused(wire.answer(), 502, 'UPSTREAM_INVALID')
                self.assertIsNotNone(exchange.wait_until_left(), 'such a connection is not kept')

    def test_chunks_that_are_not_valid_end_the_answer_short(self):
        for bad in (b'+2\r\n{}\r\n0\r\n\r\n', b'0x2\r\n{}\r\n0\r\n\r\n', b'2\r\n{}xx0\r\n\r\n',
                    b'10000000000000002\r\n{}\r\n0\r\n\r\n'):
            with self.subTest(bad=bad), self.user().with_key().ask() as wire:
                exchange = self.upstream.take()
                exchange.begin_stream([('Content-Type', 'application/json')])
                wire.head()  # once it is on its way there is no 502 any more
                exchange.send(chunk(b'[1]') + bad)
                bytes_seen, is_ended = wire.drain_until_end()
                self.assertTrue(is_ended)
                self.assertFalse(bytes_seen.endswith(b'0\r\n\r\n'), bytes_seen)

    def test_a_second_answer_nobody_asked_for_reaches_nobody(self):
        user = self.user().with_key()
        with user.ask() as wire:
            exchange = self.upstream.take()
            exchange.send(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'
                          b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n"forged"')
            self.assertEqual(wire.answer().body, b'{}')
        for _ in range(4):
            with user.ask() as wire:
                self.upstream.take().answer(b'"mine"')
                self.assertEqual(wire.answer().body, b'"mine"')


class Gone(SceneTest):
    def test_an_upstream_that_does_not_listen_is_502(self):
        scene = self.in_other_scene(BYOT_GENKIT_URL=f'http://127.0.0.1:{free_port()}')
        with scene.user().with_key().ask() as wire:
            self.assert_refused(wire.answer(), 502, 'UPSTREAM_UNREACHABLE')

    def test_an_upstream_that_has_no_address_is_502(self):
        scene = self.in_other_scene(BYOT_GENKIT_URL='http://nobody.invalid:9')
        with scene.user().with_key().ask() as wire:
            self.assertIn(wire.answer().status, (502, 504))

    def test_an_upstream_that_leaves_before_its_head_is_502(self):
        for by in ('close', 'reset'):
            for sent in (b'', b'HTTP/1.1 200 OK\r\nContent-'):
                for ask in ('ask', 'stream'):
                    with self.subTest(by=by, sent=sent), getattr(self.user().with_key(), ask)() as wire:
                        exchange = self.upstream.take()
                        exchange.send(sent)
                        getattr(exchange, by)()
                        answer = wire.answer()
                        self.assertIn(answer.reason, ('UPSTREAM_UNREACHABLE', 'UPSTREAM_INVALID'))
                        self.assert_refused(answer, 502, answer.reason)

    def test_a_question_is_never_asked_twice(self):
        scene = self.in_other_scene(BYOT_REACTORS='1')
        user = scene.user().with_key()
        with user.ask() as wire:
            scene.upstream.take().answer()
            wire.answer()
        with user.ask() as wire:
            exchange = scene.upstream.take()
            self.assertEqual(exchange.number_on_connection, 2, 'it should have been a kept connection')
            exchange.close()
            self.assertEqual(wire.answer().status, 502)
        self.assertEqual(len(scene.upstream.seen), 2)


class Slow(SceneTest):
    variables = {'BYOT_FIRST_BYTE_TIMEOUT': '400ms', 'BYOT_STREAM_IDLE_TIMEOUT': '500ms',
                 'BYOT_CONNECT_TIMEOUT': '400ms'}

    def test_an_upstream_that_does_not_answer_is_504(self):
        for ask in ('ask', 'stream'):
            with getattr(self.user().with_key(), ask)() as wire:
                exchange = self.upstream.take()
                self.assert_refused(wire.answer(), 504, 'UPSTREAM_TIMEOUT')
                self.assertIsNotNone(exchange.wait_until_left())

    def test_an_upstream_that_stops_inside_its_head_is_504(self):
        with self.user().with_key().ask() as wire:
            self.upstream.take().send(b'HTTP/1.1 200 OK\r\nContent-')
            self.assert_refused(wire.answer(), 504, 'UPSTREAM_TIMEOUT')

    def test_a_stream_that_falls_silent_is_ended_with_one_error(self):
        with self.user().with_key().stream() as wire:
            exchange = self.upstream.take()
            exchange.begin_stream()
            exchange.event('{"message":1}')
            body = wire.body(wire.head())
            self.assertTrue(body.startswith(b'data: {"message":1}\n\ndata: {"error":'), body)
            self.assertEqual(body.count(b'"error"'), 1)
            self.assertIsNotNone(exchange.wait_until_left())

    def test_a_request_has_a_limit_over_all(self):
        scene = self.in_other_scene(BYOT_REQUEST_TIMEOUT='700ms')
        with scene.user().with_key().stream() as wire:
            exchange = scene.upstream.take()
            exchange.begin_stream()
            wire.head()
            try:
                while not exchange.connection.ended.wait(0.02):
                    exchange.event('{"message":1}')
            except OSError:
                pass
            body = b''.join(iter(wire.chunk, b''))
            self.assertEqual(body.count(b'"error"'), 1)

    def test_an_upstream_that_does_not_accept_is_504(self):
        full = socket.socket()
        self.addCleanup(full.close)
        full.bind(('127.0.0.1', 0))
        full.listen(0)
        waiting = []
        for _ in range(4):  # no room for one more handshake after these
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex(full.getsockname())
            waiting.append(sock)
            self.addCleanup(sock.close)
        scene = self.in_other_scene(BYOT_CONNECT_TIMEOUT='400ms',
                                    BYOT_GENKIT_URL=f'http://127.0.0.1:{full.getsockname()[1]}')
        with scene.user().with_key().ask() as wire:
            self.assert_refused(wire.answer(), 504, 'UPSTREAM_TIMEOUT')
