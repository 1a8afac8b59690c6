"""Many users at once, over connections that stay: each with an unsigned token, as Firebase's Auth emulator gives
them, for signing thousands would take longer than the test."""
import json
import threading
import time

from .identity import part
from .wire import Ended, request_bytes


def unsigned_token(project, uid):
    now = int(time.time())
    claims = {'aud': project, 'iss': f'https://securetoken.google.com/{project}', 'sub': uid, 'iat': now - 10,
              'exp': now + 3600, 'auth_time': now - 10}
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


class Line:
    """One connection that any of the users asks on, one request after the other."""

    def __init__(self, scene):
        self.scene = scene
        self.wire = scene.server.wire()

    def close(self):
        self.wire.close()

    def ask(self, uid, method, target, body=None):
        """The status and the answer's JSON."""
        fields = [('Authorization', f'Bearer {unsigned_token(self.scene.project, uid)}')]
        if body is not None:
            fields.append(('Content-Type', 'application/json'))
            body = json.dumps(body).encode()
        self.wire.send(request_bytes(method, target, fields, body))
        answer = self.wire.answer()
        return answer.status, json.loads(answer.body)

    def save(self, uid, api_key):
        """The new credential's id."""
        status, saved = self.ask(uid, 'POST', '/api/key', {'apiKey': api_key})
        if status != 200:
            raise AssertionError(f'saving for {uid}: {status} {saved}')
        return saved['credentialId']


def in_parallel(scene, items, work, lines=32):
    """`work(line, item)` for each item, on several connections at once; what each gave, by item."""
    given, failures, left = {}, [], iter(list(items))
    lock = threading.Lock()

    def run():
        line = Line(scene)
        try:
            while True:
                with lock:
                    item = next(left, None)
                if item is None or failures:
                    return
                given[item] = work(line, item)
        except (AssertionError, OSError, Ended) as failure:
            failures.append(failure)
        finally:
            line.close()

    threads = [threading.Thread(target=run) for _ in range(lines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return given


class Traffic:
    """Goes on asking until it is stopped: `steps` are functions of a line, each run again and again by a thread of
    its own. Every failure is kept, with how many requests went well and the longest wait for one."""

    def __init__(self, scene, *steps):
        self.failures, self.done, self.longest = [], 0, 0.0
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(scene, step)) for step in steps]
        for thread in self._threads:
            thread.start()

    def _run(self, scene, step):
        line = Line(scene)
        while not self._is_over.is_set():
            begun = time.monotonic()
            try:
                step(line)
            except Exception as failure:  # whatever it is, a request failed
                with self._lock:
                    self.failures.append(f'{type(failure).__name__}: {failure}')
                line.close()
                line = Line(scene)
            with self._lock:
                self.done += 1
                self.longest = max(self.longest, time.monotonic() - begun)
        line.close()

    def stop(self):
        self._is_over.set()
        for thread in self._threads:
            thread.join()
