"""Runs the commands of a test run: each with a log of its own, a time limit, and its end printed when it fails."""
import contextlib
import fcntl
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / 'build'
LOGS = BUILD / 'test-logs'
SHOWN_LINES = 80
CPUS = len(os.sched_getaffinity(0))

SANITIZERS = {
    'ASAN_OPTIONS': 'detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1',
    'UBSAN_OPTIONS': 'print_stacktrace=1:halt_on_error=1',
    'TSAN_OPTIONS': 'halt_on_error=1:second_deadlock_stack=1',
    'ASAN_SYMBOLIZER_PATH': '/usr/lib/llvm-19/bin/llvm-symbolizer',
    'TSAN_SYMBOLIZER_PATH': '/usr/lib/llvm-19/bin/llvm-symbolizer',
}


def say(text):
    print(text, flush=True)


class Finished:
    def __init__(self, exit_code, log, seconds):
        self.exit_code = exit_code
        self.log = log
        self.seconds = seconds

    @property
    def is_good(self):
        return self.exit_code == 0

    def text(self):
        return self.log.read_text(errors='replace')


_running = set()
_is_ending = threading.Event()


def run(name, command, limit=900, env=None, quiet=False):
    """Runs the command to its end, or ends it and all it started after `limit` seconds."""
    if _is_ending.is_set():
        sys.exit(143)
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name.replace('/', '-')}.log"
    begun = time.monotonic()
    with log.open('wb') as sink:
        child = subprocess.Popen([str(part) for part in command], cwd=ROOT, stdin=subprocess.DEVNULL,
                                 stdout=sink, stderr=subprocess.STDOUT, start_new_session=True,
                                 env={**os.environ, **SANITIZERS, **(env or {})})
        _running.add(child)
        lower_with_us(child)
        try:
            exit_code = child.wait(limit)
        except BaseException as ended:
            end_group(child)
            if not isinstance(ended, subprocess.TimeoutExpired):
                raise
            exit_code = f'no end after {limit} s'
        finally:
            _running.discard(child)
    finished = Finished(exit_code, log, time.monotonic() - begun)
    if not finished.is_good and not quiet:
        show_end(name, finished)
    return finished


def lower_with_us(child):
    """Linux schedules a session as one (sched(7), autogroup): what counts beside others is the group's niceness."""
    if os.nice(0) > 0:
        try:
            pathlib.Path(f'/proc/{child.pid}/autogroup').write_text(str(os.nice(0)))
        except OSError:
            pass  # a kernel without autogroups, where the niceness that it inherited is enough


def side_by_side(work, items, at_a_time=CPUS):
    """`work` of each item; the answers in the order of the items."""
    with ThreadPoolExecutor(at_a_time) as pool:
        try:
            return list(pool.map(work, items))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise


def end_all():
    """What still runs, in whichever thread; nothing is started any more."""
    _is_ending.set()
    for child in list(_running):
        end_group(child)


def end_group(child):
    """Ends a child we started, with its own children: it leads a session of its own."""
    if child.poll() is not None:
        return
    os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def show_end(name, finished):
    lines = finished.text().splitlines()[-SHOWN_LINES:]
    head = f'--- {name} ended with {finished.exit_code}; the last {len(lines)} lines of {finished.log.relative_to(ROOT)}:'
    say('\n'.join([head, *(f'    {line}' for line in lines), '---']))  # at once, as others speak at the same time


_done = {}


def build(preset, *targets):
    """Configures and builds targets of a preset; whether all of them were built. What can be built is built."""
    return configure(preset) and once(preset, f'build-{preset}', [
        'cmake', '--build', '--preset', preset, '--parallel', CPUS, *(['--target', *targets] if targets else []),
        '--', '-k', '0'], 3000)


def configure(preset):
    return once(preset, f'configure-{preset}', ['cmake', '--preset', preset], 300)


def once(preset, name, command, limit):
    """Runs the command in the preset's folder, which bears one at a time, of this process and of others (app/dev)."""
    with alone_in(preset):
        wanted = tuple(command)
        if wanted not in _done:
            _done[wanted] = run(name, command, limit).is_good
        return _done[wanted]


@contextlib.contextmanager
def alone_in(preset):
    BUILD.mkdir(exist_ok=True)
    with (BUILD / f'{preset}.lock').open('w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of this opening: one thread keeps another out too
        yield
