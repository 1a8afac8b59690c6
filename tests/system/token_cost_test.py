"""What a token costs: one look at its signature on the whole process, and none when its content is at fault."""
import time

from harness.metrics import admin, value
from harness.scene import SceneTest, needs_signed_tokens
from harness.waiting import eventually
from harness.wire import request_bytes

STATUS = '/api/key/status'
SIGNATURES = 'byot_token_verifications_total{byot_result="signature"}'


@needs_signed_tokens
class TokenCost(SceneTest):
    @classmethod
    def setUpClass(cls):
        cls.variables = {**cls.reactors, **admin()}
        super().setUpClass()

    reactors = {'BYOT_REACTORS': '2'}

    def verified(self):
        return value(self.variables, SIGNATURES)

    def ask_all(self, tokens, connections=8):
        """The statuses, over several connections, so that every reactor is met."""
        statuses, wires = [], [self.server.wire() for _ in range(connections)]
        for n, token in enumerate(tokens):
            wires[n % connections].send(request_bytes('GET', STATUS, [('Authorization', f'Bearer {token}')]))
            statuses.append(wires[n % connections].answer().status)
        for wire in wires:
            wire.close()
        return statuses

    def test_a_token_is_verified_once_on_however_many_connections(self):
        before = self.verified()
        token = self.scene.identity.token('busy')
        self.assertEqual(set(self.ask_all([token] * 200, 40)), {200})
        self.assertEqual(self.verified() - before, 1)

    def test_a_token_that_comes_on_many_connections_at_once_is_verified_once(self):
        before = self.verified()
        for n in range(10):
            request = request_bytes('GET', STATUS, [('Authorization', f'Bearer {self.scene.identity.token(f"u{n}")}')])
            wires = [self.server.wire() for _ in range(20)]
            for wire in wires:
                wire.send(request)
            self.assertEqual({wire.answer().status for wire in wires}, {200})
            for wire in wires:
                wire.close()
        self.assertEqual(self.verified() - before, 10)

    def test_five_thousand_garbage_tokens_cost_no_signature_and_no_fetch(self):
        good = self.scene.identity.token('u')
        self.assertEqual(self.ask_all([good]), [200])
        before, fetches = self.verified(), self.scene.identity.fetches
        self.assertEqual(set(self.ask_all(self.garbage(good, 5000))), {401})
        self.assertEqual((self.verified(), self.scene.identity.fetches), (before, fetches))

    def garbage(self, good, count):
        now = int(time.time())
        head, claims, signature = good.split('.')
        kinds = ['x', 'a.b.c', f'{head}.{claims}.', f'{claims}.{claims}.{signature}',
                 self.scene.identity.unsigned_token('u'), self.scene.identity.token('u', aud='other'),
                 self.scene.identity.token('u', exp=now - 60, iat=now - 120),
                 self.scene.identity.token('u', header={'alg': 'HS256', 'kid': 'x'}), 'A' * 9000]
        return [f'{kinds[n % len(kinds)]}' for n in range(count)]

    def test_a_signature_found_wrong_is_not_looked_at_again(self):
        head, claims, _ = self.scene.identity.token('victim').split('.')
        _, _, signature = self.scene.identity.token('other').split('.')
        before = self.verified()
        self.assertEqual(set(self.ask_all([f'{head}.{claims}.{signature}'] * 1000)), {401})
        self.assertEqual(self.verified() - before, 1)

    def test_a_request_over_the_limit_of_its_address_has_no_token_looked_at(self):
        variables = {**admin(), 'BYOT_RATE_PER_IP': '5/h'}
        scene = self.in_other_scene(**variables)
        answers = [scene.user().request('GET', STATUS).status for _ in range(20)]
        self.assertEqual(answers, [200] * 5 + [429] * 15)
        self.assertEqual(eventually(lambda: value(variables, SIGNATURES), lambda n: n == 5), 5)


class TokenCostOnOneReactor(TokenCost):
    reactors = {'BYOT_REACTORS': '1'}
