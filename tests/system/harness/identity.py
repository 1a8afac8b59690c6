"""Firebase's side of identity: signs ID tokens, and serves certificates as Google does, counting fetches."""
import base64
import json
import pathlib
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .certificates import RsaKey

PROJECT = 'byot-test'
KID = 'c0ffee0123456789c0ffee0123456789c0ffee01'


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A client that leaves, as byot does when it stops, is no error here."""


class Identity:
    """Start it with `with`; `address` is what BYOT_FIREBASE_KEYS_URL takes."""

    _key = None  # made once: all tests may share an RSA key

    def __init__(self, project=PROJECT, max_age=3600):
        self.project = project
        self.max_age = max_age
        self.fetches = 0
        self.is_down = False
        self.may_answer = threading.Event()
        self.may_answer.set()
        if Identity._key is None:
            with tempfile.TemporaryDirectory(prefix='byot-test-') as folder:
                Identity._key = RsaKey(pathlib.Path(folder), 'issuer')
        self.key = Identity._key
        self.certificates = {KID: self.key.certificate}
        self._server = QuietServer(('127.0.0.1', 0), self._handler())
        self.address = f'http://127.0.0.1:{self._server.server_port}/certificates'
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.may_answer.set()
        self._server.shutdown()
        self._server.server_close()

    def token(self, uid, kid=KID, header=None, **claims):
        """A signed ID token; `claims` replace those of a good one, None removes."""
        signed = f"{part(header or {'alg': 'RS256', 'typ': 'JWT', 'kid': kid})}.{part(self._claims(uid, claims))}"
        return f'{signed}.{base64url(self.key.sign(signed.encode()))}'

    def unsigned_token(self, uid, **claims):
        """As the Firebase Auth emulator issues it."""
        return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(self._claims(uid, claims))}."

    def _claims(self, uid, changes):
        now = int(time.time())
        claims = {'aud': self.project, 'iss': f'https://securetoken.google.com/{self.project}', 'sub': uid,
                  'iat': now - 10, 'exp': now + 3600, 'auth_time': now - 10, **changes}
        return {name: value for name, value in claims.items() if value is not None}

    def _handler(fixture):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                fixture.fetches += 1
                fixture.may_answer.wait(30)
                if fixture.is_down:
                    self.close_connection = True
                    self.send_error(503)
                    return
                body = json.dumps(fixture.certificates).encode()
                self.send_response(200)
                self.send_header('Content-Type', 'application/json')
                self.send_header('Cache-Control', f'public, max-age={fixture.max_age}, must-revalidate')
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        return Handler


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def part(value):
    return base64url(json.dumps(value).encode())
