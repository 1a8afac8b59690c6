"""Each token of tests/auth/token_cases.json over a socket, first and remembered, on one reactor and on two; and that
none of them leaves a good token out."""
import json
import pathlib
import shutil
import tempfile
import time

from harness.identity import Identity
from harness.scene import SceneTest, needs_signed_tokens
from harness.settings import ROOT
from harness.token_forge import TokenForge
from harness.token_mutations import mutate
from harness.upstream import echo
from harness.waiting import eventually
from harness.wire import request_bytes

CASES = json.loads((ROOT / 'tests/auth/token_cases.json').read_text())
TIMES = 3
# What HTTP itself refuses: control characters in a field, and fields that are too long.
NO_HTTP = {'STR-18': (400, 'REQUEST_MALFORMED'), 'STR-22': (400, 'REQUEST_MALFORMED'),
           **{name: (431, 'HEADERS_TOO_LARGE') for name in ('STR-23', 'HDR-18', 'CLM-57')}}
# What the server says where the table has the words of the unit test's own judge.
SAYS = {'wrong signature': "signature is not its issuer's", 'unknown key': 'does not publish'}
# The clock goes on while a token travels, so these are made this much ahead; to the millisecond they are
# judged in tests/auth/token_cases_test.cpp.
AHEAD = {name: 30 for name in ('C05-last', 'X-fraction-last', 'C06-ahead', 'C08-ahead')}


@needs_signed_tokens
class TokenCases(SceneTest):
    variables = {'BYOT_REACTORS': '1'}
    handler = staticmethod(echo)

    @classmethod
    def make_identity(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        cls.addClassCleanup(shutil.rmtree, folder)
        identity = Identity()
        cls.forge = TokenForge(folder, identity)
        return identity

    def ask(self, authorization):
        with self.server.wire() as wire:
            try:
                wire.send(request_bytes('GET', '/api/key/status', [('Authorization', authorization)]))
            except ConnectionError:
                pass  # answered and closed before it was whole
            return wire.answer()

    def assert_good(self, token):
        self.assertEqual(self.ask(f'Bearer {token}').status, 200)

    def assert_unauthorised(self, answer, reason):
        self.assert_refused(answer, 401, reason)
        challenge = answer.field('WWW-Authenticate')
        self.assertRegex(challenge, r'^Bearer\b')
        self.assertEqual('error="invalid_token"' in challenge, reason != 'TOKEN_MISSING', challenge)

    def judge(self, case, answer):
        if case['want'] == 'OK':
            self.assertEqual(answer.status, 200, answer)
        elif case['id'] in NO_HTTP:
            self.assert_refused(answer, *NO_HTTP[case['id']])
        else:
            self.assert_unauthorised(answer, case['want'])
            says = case.get('says', '')
            self.assertIn(SAYS.get(says, says), answer.json()['error']['message'])

    def test_each_case_ends_as_its_row_says(self):
        good = self.forge.token()
        for case in CASES:
            with self.subTest(id=case['id'], why=case['why']):
                self.forge.ahead = AHEAD.get(case['id'], 0)
                authorization = self.forge.authorization(case)
                for _ in range(TIMES):
                    self.judge(case, self.ask(authorization))
        self.forge.ahead = 0
        print(f'        {len(CASES)} tokens, {TIMES} times each')
        self.assert_good(good)
        self.assert_good(self.forge.token())
        self.assertLessEqual(self.scene.identity.fetches, 2)  # once for all, and once for kids that nobody knows

    def test_a_remembered_token_expires(self):
        token = self.forge.token(claims=self.forge.claims(('exp',), f'"exp":{int(time.time()) + 4}'))
        self.assert_good(token)
        self.assert_unauthorised(eventually(lambda: self.ask(f'Bearer {token}'), lambda answer: answer.status != 200,
                                            within=10), 'TOKEN_EXPIRED')

    def test_a_remembered_token_with_one_bit_changed_is_another(self):
        token = self.forge.token()
        for segment in range(3):
            self.assert_good(token)
            self.assert_unauthorised(self.ask(f"Bearer {mutate(self.forge, token, f'flip:{segment}:5')}"),
                                     'TOKEN_INVALID')

    def test_keys_that_are_known_last_while_no_newer_ones_can_be_had(self):
        self.assert_good(self.forge.token())
        self.scene.identity.is_down = True
        self.addCleanup(setattr, self.scene.identity, 'is_down', False)
        self.assert_good(self.forge.token(claims=self.forge.claims(more='"another":1')))
        unknown = self.forge.token(b'{"alg":"RS256","kid":"nobody-knows"}')
        self.assertIn(self.ask(f'Bearer {unknown}').status, (401, 503))


class TokenCasesOnTwoReactors(TokenCases):
    variables = {'BYOT_REACTORS': '2'}
