"""Clients of a server that is replaced again and again: they open streams and save keys, and keep what became of
each."""
import collections
import json
import threading
import time

from .wire import Ended, Wire, request_bytes

JSON = ('Content-Type', 'application/json')
DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'


class Saves:
    """What a user with a key may find stored: the last credential that was acknowledged, or one tried since."""

    def __init__(self, user):
        stored, = user.keys()
        self.acknowledged, self.tried, self.count = stored['credentialId'], set(), 0

    def next_key(self):
        """A key whose last four characters no other of the user's has."""
        self.count += 1
        mark = ''.join(DIGITS[self.count // 36 ** place % 36] for place in range(4))
        self.tried.add(mark)
        return f'sk-a-key-of-a-test-{mark}'

    def acknowledge(self, credential_id):
        self.acknowledged, self.tried = credential_id, set()

    def is_kept(self, keys):
        """Whether it is so; a save without an answer that was made after all counts from now on."""
        if not keys:
            return False
        stored, = keys
        if stored['credentialId'] == self.acknowledged:
            return True
        was_tried = stored['hint'] in self.tried
        self.acknowledge(stored['credentialId'])
        return was_tried


class Visitors:
    """Each user has a thread for streams and one for saves, until `stop`. `counts` is of what was seen, `faults`
    are what must not be."""

    def __init__(self, address, users, target):
        self.address, self.target = address, target
        self.counts, self.faults = collections.Counter(), []
        self.saves = {user.uid: Saves(user) for user in users}
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._go_on, args=(visit, user))
                         for user in users for visit in (self._stream, self._save)]
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _go_on(self, visit, user):
        while not self._is_over.is_set():
            try:
                with Wire(self.address, 20) as wire:
                    self._note(visit(wire, user))
            except ConnectionRefusedError:
                self._note('refused')
                time.sleep(0.005)
            except (Ended, ConnectionError):
                self._note('not answered')
            except Exception as odd:  # whatever else it is must be told
                self._fault(f'{type(odd).__name__}: {odd}')

    def _note(self, what):
        with self._lock:
            self.counts[what] += 1

    def _fault(self, what):
        with self._lock:
            self.counts['faults'] += 1
            self.faults.append(what)
        return 'visits with a fault'

    def _refusal(self, status):
        return f'{status}' if status == 503 else self._fault(f'answered {status}')

    def _stream(self, wire, user):
        wire.send(request_bytes('POST', self.target, [user.bearer, JSON, ('Accept', 'text/event-stream')], b'{}'))
        head = wire.head()
        status = int(head.first_line.split(' ')[1])
        if status != 200:
            return self._refusal(status)
        body = b''
        try:
            while part := wire.chunk():
                body += part
        except Ended as end:
            if end.how == 'reset':
                return 'streams reset'
            return self._fault(f'a stream was cut as if in order: {(body + end.rest)[-100:]}')
        last = body.rstrip(b'\n').rpartition(b'\n\n')[2]
        for kind in ('result', 'error'):
            if last.startswith(f'data: {{"{kind}"'.encode()):
                return f'streams with {kind}'
        return self._fault(f'a stream ended without a terminal frame: {body[-100:]}')

    def _save(self, wire, user):
        """What is stored, then another save."""
        saves = self.saves[user.uid]
        wire.send(request_bytes('GET', '/api/key/status', [user.bearer]))
        answer = wire.answer()
        if answer.status != 200:
            return self._refusal(answer.status)
        if not saves.is_kept(answer.json()['keys']):
            self._fault(f'an acknowledged save is lost: {answer}')
        if answer.field('Connection') == 'close':
            return 'told to end'
        body = json.dumps({'apiKey': saves.next_key()}).encode()
        wire.send(request_bytes('POST', '/api/key', [user.bearer, JSON], body))
        answer = wire.answer()
        if answer.status != 200:
            return self._refusal(answer.status)
        saves.acknowledge(answer.json()['credentialId'])
        return 'saves acknowledged'
