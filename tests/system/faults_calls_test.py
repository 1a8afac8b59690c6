"""The system refuses what a request asks of it (memory in pages, its locking, a descriptor, a thread), at each place
in turn: the request may fail, and nothing else."""
import socket

from harness.scarcity import ScarceTest
from harness.sealing import sealed_body
from harness.upstream import echo

KEY = 'sk-test-0123456789abcd'
LARGE = b'"' + b'x' * 2_000_000 + b'"'


def answer_flow(exchange):
    if b' /large' in exchange.raw.split(b'\r\n')[0]:
        return exchange.answer(LARGE)
    if exchange.head.get('Accept') != 'text/event-stream':
        return echo(exchange)
    exchange.begin_stream()
    for number in range(3):
        exchange.event('{"message":%d}' % number)
    exchange.event('{"result":"done"}')
    exchange.end_stream()


class Calls(ScarceTest):
    handler = staticmethod(answer_flow)
    variables = {'BYOT_REACTORS': '2', 'BYOT_STREAMS_PER_USER': '8', 'BYOT_KEY_CACHE_TTL': '0s',
                 'BYOT_RATE_PER_USER': '100000/s', 'BYOT_RATE_PER_IP': '100000/s'}

    def setUp(self):
        super().setUp()
        self.visitor = self.user().with_key()

    def refuse(self, request):
        self.refuse_everywhere(request, self.visitor)

    def test_a_status_survives_the_refusal_of_any_call(self):
        self.refuse(lambda: self.visitor.request('GET', '/api/key/status'))

    def test_a_save_survives_it(self):
        self.refuse(lambda: self.visitor.save(KEY))

    def test_a_sealed_save_survives_it(self):
        published = self.visitor.request('GET', '/api/key/public-key').json()
        body = sealed_body(published, self.visitor.uid, KEY)
        self.refuse(lambda: self.visitor.request('POST', '/api/key', json_body=body))

    def test_a_removal_survives_it(self):
        def remove():
            try:
                return self.visitor.request('DELETE', '/api/key')
            finally:
                self.faults.stop()
                self.visitor.with_key()
        self.refuse(remove)

    def test_a_check_survives_it(self):
        self.refuse(lambda: self.visitor.request('POST', '/api/key/check'))

    def test_a_question_survives_it_on_a_new_connection_each_time(self):
        def ask():
            for connection in self.upstream.connections:
                connection.shut()
            return self.answer_of(self.visitor.ask())
        self.refuse(ask)

    def test_a_stream_survives_it_and_never_looks_whole_when_it_is_not(self):
        def stream():
            answer = self.answer_of(self.visitor.stream())
            if answer.status == 200:
                self.assertTrue(b'"result"' in answer.body or b'"error"' in answer.body, answer)
            return answer
        self.refuse(stream)

    def test_a_large_body_survives_it(self):
        self.refuse(lambda: self.answer_of(self.visitor.ask(body=LARGE)))

    def test_a_large_answer_to_a_reader_that_is_full_is_whole_or_cut_off(self):
        def ask_for_much():
            wire = self.visitor.ask('/api/ai/large')
            wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 256 * 1024)
            answer = self.answer_of(wire)
            if answer.status == 200:
                self.assertEqual(len(answer.body), len(LARGE))
            return answer
        self.refuse(ask_for_much)

    def test_memory_that_cannot_be_locked_fails_no_request(self):
        self.faults.never_locks = 1
        for request in (lambda: self.visitor.save(KEY), lambda: self.visitor.request('GET', '/api/key/status'),
                        lambda: self.answer_of(self.visitor.ask()), lambda: self.answer_of(self.visitor.stream()),
                        lambda: self.answer_of(self.visitor.ask(body=LARGE))):
            self.assertEqual(request().status, 200)
