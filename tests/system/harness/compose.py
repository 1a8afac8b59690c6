"""container/compose.yaml, as Docker Compose's own reader has it."""
import functools
import json
import os
import subprocess

from .flows import digest, recent_go, run
from .programs import installed
from .settings import ROOT, limit

FILE = ROOT / 'container/compose.yaml'
READER = ROOT / 'tests/system/compose'


def reader():
    def build(folder):
        run(recent_go(), 'build', '-trimpath', '-o', folder / 'read', '.', cwd=READER,
            env={**os.environ, 'CGO_ENABLED': '0', 'GOTOOLCHAIN': 'local', 'GOWORK': 'off', 'GOFLAGS': '-mod=readonly'})

    return installed(f'compose-{digest(*sorted(READER.iterdir()))}', build) / 'read'


@functools.cache
def project():
    """With every default filled in; a file that is not good is refused with the reader's words."""
    ended = subprocess.run([reader(), FILE], capture_output=True, text=True, timeout=limit(60),
                           env={'PATH': os.environ['PATH']})
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def command_of(service):
    """With what it has mounted taken from where it lies here."""
    words = list(service['command'])
    for mounted in service.get('volumes', []):
        words = [word.replace(mounted['target'], mounted['source']) for word in words]
    return words
