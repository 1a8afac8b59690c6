"""No memory, at each place of a request in turn: the request may fail, and nothing else."""
import threading

from harness.scarcity import ScarceTest
from harness.scene import needs_signed_tokens
from harness.upstream import echo

KEY = 'sk-test-0123456789abcd'


def answer_flow(exchange):
    if exchange.head.get('Accept') != 'text/event-stream':
        return echo(exchange)
    exchange.begin_stream()
    for number in range(3):
        exchange.event('{"message":%d}' % number)
    exchange.event('{"result":"done"}')
    exchange.end_stream()


class Memory(ScarceTest):
    is_embedded_only = False  # the client of Firestore asks for memory too
    handler = staticmethod(answer_flow)
    variables = {'BYOT_REACTORS': '2', 'BYOT_STREAMS_PER_USER': '8', 'BYOT_KEY_CACHE_TTL': '0s',
                 'BYOT_RATE_PER_USER': '100000/s', 'BYOT_RATE_PER_IP': '100000/s'}

    def test_a_status_survives_the_failure_of_any_allocation(self):
        user = self.user().with_key()
        self.fail_everywhere(lambda: user.request('GET', '/api/key/status'), user)

    @needs_signed_tokens
    def test_a_first_request_with_a_token_survives_it(self):
        user = self.user().with_key()
        self.fail_everywhere(lambda: self.with_new_token(user).request('GET', '/api/key/status'), user)

    def test_a_save_survives_it_and_is_there_once_acknowledged(self):
        user, saved = self.user().with_key(), []

        def save():
            answer = user.save(f'{KEY}{len(saved):04}')
            if answer.status == 200:
                saved.append(answer.json()['credentialId'])
                self.faults.stop()
                self.assertEqual(user.keys()[0]['credentialId'], saved[-1])
            return answer
        self.fail_everywhere(save, user)

    def test_a_removal_survives_it(self):
        user = self.user().with_key()

        def remove():
            try:
                answer = user.request('DELETE', '/api/key')
                self.faults.stop()
                if answer.status == 200:
                    self.assertEqual(user.keys(), [])
                return answer
            finally:
                self.faults.stop()
                user.with_key()
        self.fail_everywhere(remove, user)

    def test_a_question_survives_it(self):
        user = self.user().with_key()
        self.fail_everywhere(lambda: self.answer_of(user.ask()), user)

    def test_a_question_with_a_large_body_survives_it(self):
        user = self.user().with_key()
        body = b'"' + b'x' * 300_000 + b'"'
        self.fail_everywhere(lambda: self.answer_of(user.ask(body=body)), user)

    def test_a_stream_survives_it_and_never_looks_whole_when_it_is_not(self):
        user = self.user().with_key()

        def stream():
            answer = self.answer_of(user.stream())
            if answer.status == 200:
                self.assertTrue(b'"result"' in answer.body or b'"error"' in answer.body, answer)
            return answer
        self.fail_everywhere(stream, user)

    def test_a_crowd_survives_it_by_chance(self):
        users = [self.user().with_key() for _ in range(8)]
        before, bad = self.open_descriptors(), []
        for seed, one_in in ((1, 300), (2, 60), (3, 15), (4, 4)):
            self.faults.seed, self.faults.one_in = seed, one_in
            threads = [threading.Thread(target=self.ask_much, args=(user, bad)) for user in users]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.faults.stop()
            self.assertIsNone(self.server.process.poll(), f'it fell with one in {one_in}')
        self.assertFalse(bad)
        for user in users:
            self.assert_works(user, 'a crowd')
        self.assert_no_descriptor_is_left(before)

    def ask_much(self, user, bad):
        for number in range(20):
            for request in (lambda: user.request('GET', '/api/key/status'), lambda: self.answer_of(user.ask()),
                            lambda: user.save(f'{KEY}{number:04}'), lambda: self.answer_of(user.stream())):
                bad += self.judge(request, number)

    def with_new_token(self, user):
        again = self.scene.user(user.uid)
        again.token = self.scene.identity.token(user.uid, jti=str(len(self.scene.upstream.seen)))
        again.bearer = ('Authorization', f'Bearer {again.token}')
        return again
