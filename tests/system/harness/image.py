"""byot's image, made of the release build by container/build and read as a registry has it."""
import functools
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile

from .programs import LOGS
from .settings import ROOT, limit

STORAGE = LOGS / 'containers'


class Image:
    """`digest` names the image; `layers` are the blobs that are sent; `config` is what a runtime reads."""

    def __init__(self, name):
        self.folder = LOGS / name
        self.digest = self._build()
        blobs = self.folder / 'image'
        self.manifest = json.loads((blobs / 'manifest.json').read_text())
        self.config = json.loads(blob(blobs, self.manifest['config']))
        self.layers = [blob(blobs, layer) for layer in self.manifest['layers']]
        self.bill = json.loads((self.folder / 'byot.cdx.json').read_text())

    def _build(self):
        """In a storage of its own, which is new each time: nothing of an earlier image can help."""
        shutil.rmtree(STORAGE, ignore_errors=True)
        STORAGE.mkdir(parents=True)
        settings = STORAGE / 'storage.conf'
        settings.write_text(f'[storage]\ndriver = "vfs"\ngraphroot = "{STORAGE}/kept"\nrunroot = "{STORAGE}/running"\n')
        try:
            ended = subprocess.run([ROOT / 'container/build', '--binary', '--into', self.folder, '--tag', 'localhost/byot:test'],
                                   env={**os.environ, 'CONTAINERS_STORAGE_CONF': str(settings)}, capture_output=True,
                                   stdin=subprocess.DEVNULL, text=True, timeout=limit(600))
        finally:
            shutil.rmtree(STORAGE, ignore_errors=True)
        assert ended.returncode == 0, f'container/build ended with {ended.returncode}:\n{ended.stderr[-3000:]}'
        return ended.stdout.splitlines()[-1]

    @property
    def sent(self):
        """Bytes that go to a registry and come from it."""
        return sum(map(len, self.layers))

    @property
    def unpacked(self):
        return sum(len(gzip.decompress(layer)) for layer in self.layers)

    def files(self):
        """Each path with its entry."""
        found = {}
        for layer in self.layers:
            for entry in tarfile.open(fileobj=io.BytesIO(gzip.decompress(layer))):
                found['/' + entry.name.strip('/')] = entry
        return found

    def unpack(self, folder):
        """As a runtime does, owners and all; takes root."""
        for layer in self.layers:
            with tarfile.open(fileobj=io.BytesIO(gzip.decompress(layer))) as archive:
                archive.extractall(folder, numeric_owner=True)
        return folder


def blob(folder, described):
    """One that is not what it is called by is refused, as by everybody."""
    algorithm, name = described['digest'].split(':')
    content = (folder / name).read_bytes()
    assert hashlib.new(algorithm, content).hexdigest() == name and len(content) == described['size'], described
    return content


@functools.cache
def image():
    """One for all tests."""
    return Image('image')
