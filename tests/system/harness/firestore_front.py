"""A door before the Firestore emulator that counts requests by kind and fails them as a test says: what a plain
TCP proxy cannot do. It forwards whole requests and whole answers."""
import collections
import http.client
import json
import socket
import struct
import threading

from .firestore import emulator
from .settings import limit
from .upstream import Upstream
from .wire import Ended

STATUS = {429: 'RESOURCE_EXHAUSTED', 500: 'INTERNAL', 503: 'UNAVAILABLE', 403: 'PERMISSION_DENIED'}


class Fault:
    """What happens to the next requests of a kind ("commit", "batchGet", "runQuery", "notice"; nothing: any)."""

    def __init__(self, kind=None, times=1):
        self.kind, self.times = kind, times
        self.met = threading.Event()  # the first such request is here

    def play(self, front, exchange):
        raise NotImplementedError


class Answers(Fault):
    """An error of Google's, without asking Firestore."""

    def __init__(self, status, **more):
        super().__init__(**more)
        self.status = status

    def play(self, front, exchange):
        error = {'error': {'code': self.status, 'message': 'as a test said', 'status': STATUS[self.status]}}
        exchange.answer(json.dumps(error).encode(), f'{self.status} Said')


class LosesRequest(Fault):
    def play(self, front, exchange):
        reset(exchange)


class LosesAnswer(Fault):
    """Firestore carries it out; the answer is never seen."""

    def play(self, front, exchange):
        front.ask(exchange)
        reset(exchange)


class Delays(Fault):
    """Keeps requests until `release`, then carries them out, whether or not their client still waits."""

    def __init__(self, **more):
        super().__init__(**more)
        self._may_go = threading.Event()
        self._held, self._changed = 0, threading.Condition()

    def release(self):
        """Whether all of them were carried out."""
        self._may_go.set()
        with self._changed:
            return self._changed.wait_for(lambda: self._held == 0, limit(20))

    def play(self, front, exchange):
        with self._changed:
            self._held += 1
        self._may_go.wait(limit(60))
        status, body = front.ask(exchange)
        with self._changed:
            self._held -= 1
            self._changed.notify_all()
        exchange.answer(body, f'{status} Said')


class FirestoreFront:
    def __init__(self):
        self.counts = collections.Counter()
        self._faults = []
        self._lock = threading.Lock()
        self._door = Upstream(self._handle)
        self.host = f'127.0.0.1:{self._door.port}'

    def fault(self, fault):
        with self._lock:
            self._faults.append(fault)
        return fault

    def heal(self):
        with self._lock:
            self._faults.clear()

    def counted(self, work):
        """The requests by kind that `work()` led to, and what it gave."""
        with self._lock:
            before = self.counts.copy()
        given = work()
        with self._lock:
            return self.counts - before, given

    def close(self):
        self._door.close()

    def ask(self, exchange):
        """Status and body of the emulator's answer."""
        method, target, _ = exchange.head.first_line.split(' ')
        connection = http.client.HTTPConnection(emulator().host, timeout=limit(30))
        try:
            connection.request(method, target, exchange.body, {
                name: exchange.head.get(name) for name in ('Authorization', 'Content-Type')})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _handle(self, exchange):
        kind = exchange.head.first_line.split(' ')[1].rsplit(':', 1)[1]
        if b'/byotInstances/' in exchange.body:
            kind = 'notice'  # of an instance about itself, whenever its time has come
        fault = self._next_fault(kind)
        if fault:
            fault.met.set()
            fault.play(self, exchange)
            return
        status, body = self.ask(exchange)
        exchange.answer(body, f'{status} Said')

    def _next_fault(self, kind):
        with self._lock:
            self.counts[kind] += 1
            for fault in self._faults:
                if fault.kind in (None, kind) and fault.times > 0:
                    fault.times -= 1
                    return fault
        return None


def reset(exchange):
    """RST, by the thread that would read on."""
    sock = exchange.connection.wire.socket
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    sock.close()
    raise Ended('reset by the test', b'')
