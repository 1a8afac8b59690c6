"""Servers of others that tests need: installed once into the user's cache, started on free ports, ended by us."""
import atexit
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

from .settings import ROOT, limit

LOGS = ROOT / 'build/system'
# Outside the checkout, so that a clone need not fetch hundreds of megabytes again.
CACHE = pathlib.Path(os.environ.get('XDG_CACHE_HOME') or pathlib.Path.home() / '.cache') / 'byot-test'


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as listener:
        return listener.getsockname()[1]


def cache():
    """CACHE, or the build folder where that cannot be written."""
    try:
        CACHE.mkdir(parents=True, exist_ok=True)
        if os.access(CACHE, os.W_OK):
            return CACHE
    except OSError:
        pass
    LOGS.mkdir(parents=True, exist_ok=True)
    return LOGS


def installed(name, install):
    """The folder `name` of the cache, filled by `install(folder)`. A half-finished one is never taken for whole."""
    folder = cache() / name
    if not folder.exists():
        fresh = pathlib.Path(tempfile.mkdtemp(prefix=f'{name}-', dir=folder.parent))
        try:
            install(fresh)
            fresh.rename(folder)
        except OSError:
            if not folder.exists():  # somebody else was faster
                raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return folder


class Program:
    """A process of its own session, ended with its children when the tests end."""

    def __init__(self, name, command, answers_at, wait=60, **options):
        LOGS.mkdir(parents=True, exist_ok=True)
        self.log = LOGS / f'{name}-{os.getpid()}.log'
        with self.log.open('wb') as sink:
            self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=sink,
                                            stderr=subprocess.STDOUT, start_new_session=True, **options)
        atexit.register(self.stop)
        deadline = time.monotonic() + limit(wait)
        while not is_answering(answers_at):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f'{name} did not start:\n{self.log.read_text(errors="replace")[-3000:]}')
            time.sleep(0.05)

    def stop(self):
        atexit.unregister(self.stop)
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def is_answering(address):
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False
