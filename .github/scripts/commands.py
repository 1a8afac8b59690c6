"""Commands that are waited for, on a runner whose job may be cancelled at any time."""
import signal
import subprocess
import tempfile
import threading
import time

LOOK = 0.1  # seconds between two looks at the job while a command runs


class Failed(Exception):
    """A sentence on what went wrong."""


class Cancelled(Exception):
    """The job is to end."""


class Cancellation:
    """Whether the job was cancelled: GitHub sends SIGINT, 7.5 s later SIGTERM, and kills 2.5 s after that."""

    def __init__(self):
        self._is_on = threading.Event()
        self._is_held_back = False
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda *_: self._is_on.set())

    def hold_back(self):
        """From here on what was begun is brought to its end."""
        self._is_held_back = True

    def let_through(self):
        """The end of that; a signal that came meanwhile counts."""
        self._is_held_back = False

    @property
    def is_on(self):
        return self._is_on.is_set() and not self._is_held_back

    def check(self):
        if self.is_on:
            raise Cancelled

    def wait(self, seconds):
        if self._is_held_back:
            time.sleep(seconds)
        else:
            self._is_on.wait(seconds)
            self.check()


def run(words, cancellation, is_a_try=False, limit=900):
    """What the command printed; `Failed` with what it complained of otherwise. It runs in a session of its own, so that a
    signal to the job does not cut off a change half-way: that one ends, and then is undone. One that `is_a_try` is
    ended instead, and what it prints is the job's own, whatever comes of it."""
    with tempfile.TemporaryFile('w+') as said, tempfile.TemporaryFile('w+') as complained:
        child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=None if is_a_try else said,
                                 stderr=complained, start_new_session=True)
        ends = time.monotonic() + limit
        while child.poll() is None:
            if time.monotonic() > ends or is_a_try and cancellation.is_on:
                end(child)
            try:
                child.wait(LOOK)
            except subprocess.TimeoutExpired:
                pass
        said.seek(0)
        complained.seek(0)
        printed, complaint = said.read(), complained.read()
    if is_a_try:
        cancellation.check()
    if child.returncode:
        raise Failed(f'`{" ".join(words)}` ended with {child.returncode}: {complaint.strip() or printed.strip()}')
    return printed


def end(child):
    child.terminate()
    try:
        child.wait(20)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
