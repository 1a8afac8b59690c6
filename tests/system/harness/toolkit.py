"""Identity Toolkit's accounts:lookup, as the Firebase Auth emulator serves it."""
import json
import threading

from .upstream import Upstream

PATH = '/identitytoolkit.googleapis.com/v1/projects/{}/accounts:lookup'


class Toolkit(Upstream):
    """`accounts` has what is known of a user beside the id; None is no account, a status line a failure. It is
    silent while it may not answer."""

    def __init__(self):
        self.accounts = {}
        self.may_answer = threading.Event()
        self.may_answer.set()
        super().__init__(handler=self._answer)

    @property
    def host(self):
        return f'127.0.0.1:{self.port}'

    def _answer(self, exchange):
        self.may_answer.wait(30)
        uid, = json.loads(exchange.body)['localId']
        known = self.accounts.get(uid, {})
        kind = {'kind': 'identitytoolkit#GetAccountInfoResponse'}
        if isinstance(known, str):
            exchange.answer(b'{"error":{}}', known)
        elif known is None:
            exchange.answer(json.dumps(kind).encode())
        else:
            exchange.answer(json.dumps({**kind, 'users': [{'localId': uid, **known}]}).encode())
