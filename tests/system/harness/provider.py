"""An AI provider's API as far as keys are tried there: says what a test tells it to, and records the questions."""
import json

from .upstream import Upstream

# What each provider answers, status and body, by what that means for the key. The sentences are marked, so that a
# test can look for them where they must not be.
MARK = 'said-by-the-provider'


def error(**members):
    return json.dumps({'error': {'message': f'No ({MARK}).', **members}}).encode()


# One success that each provider's question may have.
GOOD = ('200 OK', json.dumps({'models': [], 'data': [], 'is_available': True, 'note': MARK}).encode())
EXHAUSTED = ('429 Too Many Requests', error(type='insufficient_quota'))
LIMITED = ('429 Too Many Requests', error(code='rate_limit_exceeded', type='requests'))
BROKEN = ('503 Service Unavailable', error())
REFUSED = {
    'googleai': ('400 Bad Request', error(code=400, status='INVALID_ARGUMENT', details=[
        {'@type': 'type.googleapis.com/google.rpc.ErrorInfo', 'reason': 'API_KEY_INVALID'}])),
    'openai': ('401 Unauthorized', error(code='invalid_api_key', type='invalid_request_error')),
    'anthropic': ('401 Unauthorized', error(type='authentication_error')),
    'mistral': ('401 Unauthorized', json.dumps({'message': 'Unauthorized', 'request_id': MARK}).encode()),
    'openrouter': ('401 Unauthorized', error(code=401)),
    'deepseek': ('401 Unauthorized', error(type='authentication_error', code='invalid_request_error')),
}
# Where the key must be, and what is asked.
QUESTIONS = {
    'googleai': ('GET /base/v1beta/models?pageSize=1 HTTP/1.1', 'x-goog-api-key', '{}'),
    'openai': ('GET /base/v1/models HTTP/1.1', 'authorization', 'Bearer {}'),
    'anthropic': ('GET /base/v1/models?limit=1 HTTP/1.1', 'x-api-key', '{}'),
    'mistral': ('GET /base/v1/models HTTP/1.1', 'authorization', 'Bearer {}'),
    'openrouter': ('GET /base/api/v1/key HTTP/1.1', 'authorization', 'Bearer {}'),
    'deepseek': ('GET /base/user/balance HTTP/1.1', 'authorization', 'Bearer {}'),
}


class Provider(Upstream):
    """`says` is the next answers' status line and body, None is silence, or a function of the question that gives
    one; `fields` goes with them."""

    def __init__(self):
        self.says, self.fields = GOOD, ()
        self.before_answer = lambda: None
        super().__init__(handler=self._answer)
        self.base = f'{self.address}/base'

    def _answer(self, exchange):
        says = self.says(exchange) if callable(self.says) else self.says
        if says is None:
            return
        self.before_answer()
        status, body = says
        fields = self.fields if any(name == 'Content-Type' for name, _ in self.fields) else (
            ('Content-Type', 'application/json'), *self.fields)
        exchange.answer(body, status, fields)


def provider_variables(provider):
    return {f'BYOT_PROVIDER_URL_{name.upper()}': provider.base for name in QUESTIONS}
