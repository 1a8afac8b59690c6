"""A byot process under test: started on a free port, watched, and always stopped."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from . import settings
from .settings import limit
from .wire import Ended, Wire, request_bytes

LISTENING = re.compile(r'^byot listening on http://(.+):(\d+)$')
PASSED_ON = ('PATH', 'ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS', 'ASAN_SYMBOLIZER_PATH',
             'TSAN_SYMBOLIZER_PATH', 'LLVM_PROFILE_FILE')


def environment(variables):
    """Nothing of ours but what programs and sanitizers need, then the variables given."""
    return {**{name: os.environ[name] for name in PASSED_ON if name in os.environ}, **variables}


def run_byot(*words, variables=None, wait=20, cwd=None):
    """Runs a command of byot to its end."""
    return subprocess.run([str(settings.byot), *map(str, words)], env=environment(variables or {}), cwd=cwd,
                          capture_output=True, stdin=subprocess.DEVNULL, timeout=limit(wait), text=True)


class Server:
    """`words` is the command line; the process listens when the constructor returns. `under` is a program with its
    own words that becomes byot, setpriv(1) say."""

    def __init__(self, *words, variables=None, wait=20, log_file=None, under=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        self.log_file = pathlib.Path(log_file or self.folder / 'stderr.log')
        self.words, self.variables, self.under = words, variables or {}, under
        self.falls = []
        try:
            self._start(wait)
        except BaseException:
            self.discard()
            raise

    def _start(self, wait=20):
        begun = time.monotonic()
        with self.log_file.open('ab') as log:
            self.process = subprocess.Popen([*self.under, str(settings.byot), *map(str, self.words)], stderr=log,
                                            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                            env=environment(self.variables))
        self.printed = []
        self._is_listening = threading.Event()
        self._reader = threading.Thread(target=self._read_output, daemon=True)
        self._reader.start()
        if not self._is_listening.wait(limit(wait)) or not self.printed:
            self.kill()
            raise AssertionError(f'byot did not listen (exit {self.process.returncode}):\n{self.log()[-4000:]}')
        self.seconds_to_listen = self._listened_at - begun

    def _read_output(self):
        for line in self.process.stdout:
            if found := LISTENING.match(line.decode().rstrip('\n')):
                self.host, self.port = found.group(1), int(found.group(2))
                self._listened_at = time.monotonic()
                self.printed.append(line)
                self._is_listening.set()
            else:
                self.printed.append(line)
        self._is_listening.set()  # it ended; nobody need wait longer
        self.process.stdout.close()

    @property
    def address(self):
        return ('127.0.0.1', self.port)

    def wire(self, wait=10):
        return Wire(self.address, wait)

    def request(self, method, target, fields=(), body=None, json_body=None, wait=10):
        """One request on a connection of its own."""
        fields = list(fields)
        if json_body is not None:
            body = json.dumps(json_body).encode()
            fields.append(('Content-Type', 'application/json'))
        with self.wire(wait) as wire:
            wire.send(request_bytes(method, target, fields, body, f'127.0.0.1:{self.port}'))
            return wire.answer(is_head_answer=method == 'HEAD')

    def log(self):
        return self.log_file.read_text(errors='replace')

    def log_lines(self):
        """The log's lines as objects; each must be one."""
        return [json.loads(line) for line in self.log().splitlines()]

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self, wait=20):
        return self.process.wait(limit(wait))

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(5)

    def restart(self):
        """The same command once more, its data as it was left. The process must have ended."""
        self._reader.join(limit(5))  # or it would take the new process's output for the old one's
        self._start()

    def revive(self):
        """Starts it again if it has fallen; `stop` will tell that it had."""
        if self._answers():
            return
        try:
            code = self.wait()  # a sanitizer may still be writing its report
        except subprocess.TimeoutExpired:
            code = 'hung'
        self.kill()
        self.falls.append(f'byot fell ({code}):\n{self.log()[-6000:]}')
        self.restart()

    def _answers(self):
        try:
            return self.request('GET', '/health/live').status < 500
        except (OSError, Ended):
            return False

    def stop(self):
        """Stops it in order; what it then says of itself must be good: exit 0, no sanitizer's report."""
        self.terminate()
        try:
            code = self.wait()
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError('byot did not stop after SIGTERM') from None
        finally:
            self._reader.join(5)
        assert code == 0, f'byot ended with {code}:\n{self.log()[-6000:]}'
        assert not self.falls, self.falls[0]

    def discard(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
