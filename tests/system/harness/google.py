"""Google's side of a service's own tokens: a metadata server and a token endpoint in one, counting fetches."""
import base64
import json
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler

from .identity import QuietServer, base64url, part

ACCOUNT = '/computeMetadata/v1/instance/service-accounts/default'
GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'


class Google:
    """Each token it gives is another one. `account_key`, an RsaKey, is what assertions must be signed with."""

    def __init__(self, life=3600, account_key=None):
        self.life = life
        self.account_key = account_key
        self.flavor = 'Google'
        self.fetches = []  # what was asked for: audiences, in order; '' is an access token
        self.tokens = []  # what was given
        self.assertions = []  # claims
        self.is_down = False
        self.may_answer = threading.Event()
        self.may_answer.set()
        self._server = QuietServer(('127.0.0.1', 0), self._handler())
        self.host = f'127.0.0.1:{self._server.server_port}'
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.may_answer.set()
        self._server.shutdown()
        self._server.server_close()

    def identity_token(self, audience):
        now = int(time.time())
        claims = {'aud': audience, 'iss': 'https://accounts.google.com', 'iat': now, 'exp': now + self.life,
                  'sub': '1234567890', 'jti': len(self.tokens)}
        signature = base64url(f'signature {len(self.tokens)} of a test'.encode())
        self.tokens.append(f"{part({'alg': 'RS256', 'kid': 'k', 'typ': 'JWT'})}.{part(claims)}.{signature}")
        return self.tokens[-1]

    def access_token(self):
        self.tokens.append(f'ya29.c.access-token-{len(self.tokens)}-of-a-test')
        return {'access_token': self.tokens[-1], 'expires_in': self.life, 'token_type': 'Bearer'}

    def for_metadata(self, target):
        """The answer's body, or nothing for a target that is not known."""
        asked = urllib.parse.urlsplit(target)
        query = dict(urllib.parse.parse_qsl(asked.query))
        if asked.path == f'{ACCOUNT}/token':
            self.fetches.append('')
            return lambda: json.dumps(self.access_token())
        if asked.path == f'{ACCOUNT}/identity' and query.get('format') == 'full':
            self.fetches.append(query['audience'])
            return lambda: self.identity_token(query['audience'])
        return None

    def for_assertion(self, form):
        query = dict(urllib.parse.parse_qsl(form))
        signed, _, signature = query['assertion'].rpartition('.')
        if query['grant_type'] != GRANT or base64url(self.account_key.sign(signed.encode())) != signature:
            return None
        claims = json.loads(decoded(signed.split('.')[1]))
        self.assertions.append(claims)
        self.fetches.append(claims.get('target_audience', ''))
        if 'target_audience' in claims:
            return lambda: json.dumps({'id_token': self.identity_token(claims['target_audience'])})
        return lambda: json.dumps(self.access_token())

    def _handler(fixture):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                is_flavored = self.headers.get('Metadata-Flavor') == 'Google'
                self.give(fixture.for_metadata(self.path) if is_flavored else None)

            def do_POST(self):
                form = self.rfile.read(int(self.headers['Content-Length'])).decode()
                self.give(fixture.for_assertion(form) if self.path == '/token' else None)

            def give(self, make_body):
                fixture.may_answer.wait(30)
                if fixture.is_down or make_body is None:
                    self.close_connection = True
                    self.send_error(503 if fixture.is_down else 403)
                    return
                body = make_body().encode()
                self.send_response(200)
                self.send_header('Metadata-Flavor', fixture.flavor)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        return Handler


def decoded(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
