"""Each case of tests/http/http1_cases.json over a raw socket: to our own endpoints, and through the relay."""
import json
import re
import urllib.request

from harness.programs import free_port
from harness.scene import SceneTest
from harness.settings import ROOT
from harness.upstream import echo
from harness.waiting import eventually
from harness.wire import Answer, Ended, Wire

CASES = json.loads((ROOT / 'tests/http/http1_cases.json').read_text())['cases']
PAGE = 'https://app.example'
# Answered with 204 and nothing else is, so an answer to it is told apart from answers to a case.
SENTINEL = (f'OPTIONS /api/key HTTP/1.1\r\nHost: x\r\nOrigin: {PAGE}\r\n'
            'Access-Control-Request-Method: POST\r\nConnection: close\r\n\r\n')
OWN_REFUSALS = (401, 403, 404, 405, 415)
FILLINGS = {'C': '1\r\nz\r\n'}


def fill(text, host, path):
    text = text.replace('@HOST@', host).replace('@PATH@', path)
    return re.sub(r'@(.)\*(\d+)@', lambda m: FILLINGS.get(m[1], m[1]) * int(m[2]), text)


class Conversation:
    """What came back for a case: its answers, and whether the connection went on."""

    def __init__(self, address, sent):
        self.answers, self.bytes, self.goes_on = [], b'', False
        with Wire(address) as wire:
            self.send(wire, sent)
            first = self.read(wire)
            if first and self.is_taken(first):
                self.send(wire, SENTINEL)
            while first and (answer := self.read(wire)):
                first = answer
        if self.answers and self.answers[-1].status == 204:
            self.answers.pop()
            self.goes_on = True

    def send(self, wire, text):
        try:
            wire.send(text)
        except ConnectionError:
            pass  # refused before it was whole

    def read(self, wire):
        """The next answer, an interim one too; nothing at the end of the connection."""
        try:
            head = wire.head()
            answer = Answer(head, wire.body(head))
        except Ended as end:
            self.bytes += end.rest
            return None
        self.bytes += head.raw + answer.body
        if answer.status >= 200:
            self.answers.append(answer)
        return answer

    @staticmethod
    def is_taken(answer):
        return answer.status < 300 or answer.status in OWN_REFUSALS

    def outcomes(self):
        """Every word of the file's language that fits."""
        if not self.answers:
            return {'close'}
        first = self.answers[0]
        words = {str(first.status)}
        if self.is_taken(first):
            words |= {'accept'} if self.goes_on else {'accept', 'accept+close'}
        if first.status == 408:
            words.add('wait')  # nothing came until a deadline closed it
        return words


class Http1(SceneTest):
    """The tests are made below, one a case."""

    variables = {'BYOT_ALLOWED_ORIGINS': PAGE, 'BYOT_HEADER_TIMEOUT': '1s', 'BYOT_BODY_TIMEOUT': '1s',
                 'BYOT_IDLE_TIMEOUT': '1s'}
    handler = staticmethod(echo)

    @classmethod
    def setUpClass(cls):
        port = free_port()
        cls.metrics, cls.refused = f'http://127.0.0.1:{port}/metrics', 0
        cls.variables = {**cls.variables, 'BYOT_ADMIN_PORT': str(port)}
        super().setUpClass()
        cls.asking = cls.scene.user().with_key()

    @classmethod
    def tearDownClass(cls):
        print(f'        open connections after {cls.refused} framing errors: {cls.open_connections()}', flush=True)

    @classmethod
    def open_connections(cls):
        with urllib.request.urlopen(cls.metrics, timeout=5) as answer:
            return int(re.search(r'^byot_connections_open (\d+)$', answer.read().decode(), re.M)[1])

    def ways(self, case):
        """The bytes of the case for each of our addresses, the relay's also with a token."""
        host = f'127.0.0.1:{self.server.port}'
        for path in ('/api/key/status', '/api/ai/echo', '/health/live'):
            yield path, fill(case['bytes'], host, path)
        if 'Authorization' not in case['bytes']:
            fields = f'Authorization: Bearer {self.asking.token}\r\nContent-Type: application/json\r\n'
            text = fill(case['bytes'], host, '/api/ai/echo')
            yield 'the relay', text.replace('Host: ' + host + '\r\n', f'Host: {host}\r\n{fields}', 1)

    def judge(self, case):
        for name, sent in self.ways(case):
            with self.subTest(id=case['id'], to=name):
                before = len(self.upstream.seen)
                seen = Conversation(self.server.address, sent)
                self.judge_answers(case, seen)
                relayed = self.upstream.seen[before:]
                self.assertLessEqual(len(relayed), case['most_answers'], 'a request was smuggled')
                raw = b''.join(exchange.raw + exchange.body for exchange in relayed)
                if 'never_upstream' in case:
                    self.assertNotIn(case['never_upstream'].encode('latin-1'), raw)

    def judge_answers(self, case, seen):
        self.assertTrue(seen.outcomes() & set(case['outcomes']),
                        f"{seen.answers} is none of {case['outcomes']}: {case['rule']}")
        self.assertLessEqual(len(seen.answers), case['most_answers'], seen.answers)
        if 'never_answered' in case:
            self.assertNotIn(case['never_answered'].encode('latin-1'), seen.bytes)
        if any(answer.status >= 400 and answer.status not in OWN_REFUSALS for answer in seen.answers):
            self.assertFalse(seen.goes_on, 'a connection is closed after a fault in the framing')
            self.assertEqual(eventually(self.open_connections, lambda count: count == 0), 0)
            type(self).refused += 1


def add_cases(to):
    for case in CASES:
        def test(self, case=case):
            self.judge(case)
        setattr(to, f"test_{case['id'].replace('-', '_')}_{re.sub('[^a-z0-9]+', '_', case['rule'].lower())}", test)


class Http1OnOneReactor(Http1):
    variables = {**Http1.variables, 'BYOT_REACTORS': '1'}


class Http1OnTwoReactors(Http1):
    pass


add_cases(Http1OnOneReactor)
add_cases(Http1OnTwoReactors)
