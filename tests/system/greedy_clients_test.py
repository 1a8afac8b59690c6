"""Clients who want more than there is: connections and heads over the limit are refused at once, and those who keep to
it notice nothing."""
from harness.greedy import MANY_BYTES, GreedyScene, send_as_long_as_taken
from harness.wire import request_bytes

LARGEST_HEAD = 32 * 1024


class ConnectionFlood(GreedyScene):
    variables = {'BYOT_MAX_CONNECTIONS': '40'}

    def test_connections_over_the_limit_are_503_and_those_under_it_go_on(self):
        held = [self.wire() for _ in range(38)]  # and the prober's
        for wire in held:
            wire.send(request_bytes('GET', '/health/live'))
            self.assertEqual(wire.answer().status, 200)
        with self.server.wire() as last:
            last.send(request_bytes('GET', '/health/live'))
            self.assertEqual(last.answer().status, 200)
            for wire in [self.wire() for _ in range(200)]:
                answer = self.assert_refused_and_closed(wire, 503, 'OVERLOADED')
                self.assertGreater(int(answer.field('Retry-After')), 0)
            for wire in [*held, last]:
                wire.send(request_bytes('GET', '/health/live'))
                self.assertEqual(wire.answer().status, 200)
        for wire in held:
            wire.close()
        for wire in held:
            self.assertEqual(self.eventually_served(), 200)

    def eventually_served(self):
        """The status of a request on a new connection: the server may not know yet that others left."""
        for _ in range(100):
            if (status := self.server.request('GET', '/health/live').status) != 503:
                break
        return status


class Heads(GreedyScene):
    def head_of(self, size):
        start = b'GET /health/live HTTP/1.1\r\nHost: a\r\nX: '
        return start + b'x' * (size - len(start) - 4) + b'\r\n\r\n'

    def test_the_largest_head_is_served_and_one_byte_more_is_431(self):
        with self.server.wire() as wire:
            for _ in range(3):
                wire.send(self.head_of(LARGEST_HEAD))
                self.assertEqual(wire.answer().status, 200)
            wire.send(self.head_of(LARGEST_HEAD + 1))
            self.assert_refused_and_closed(wire, 431, 'HEADERS_TOO_LARGE')

    def test_a_head_without_an_end_is_not_read_for_ever(self):
        wire = self.wire()
        sent = send_as_long_as_taken(wire, b'GET / HTTP/1.1\r\nHost: a\r\nX: ', b'x' * 65536)
        self.assertLess(sent, MANY_BYTES)
