"""A core image of a running process, and where in it a secret lies.

gdb takes it as root: byot tells the kernel that it is not dumpable, which keeps everybody else out. Nothing is left
out of the image, neither what the process asked to be left out (MADV_DONTDUMP) nor what is mapped from files."""
import pathlib
import re
import shutil
import subprocess
import tempfile
from bisect import bisect_right
from dataclasses import dataclass

from .elf_core import read_runs
from .frozen import Frozen
from .settings import limit
from .traces import coats

PIECE = 12
WHOLE_IMAGE = ('set use-coredump-filter off', 'set dump-excluded-mappings on')


@dataclass(frozen=True)
class Mapping:
    begin: int
    end: int
    name: str
    is_locked: bool


@dataclass(frozen=True)
class Hit:
    """One trace of a secret: where, in which coat, in what memory (none: a register)."""
    address: int
    coat: str
    mapping: Mapping | None

    @property
    def is_locked(self):
        return self.mapping is not None and self.mapping.is_locked

    def __str__(self):
        if self.mapping is None:
            return f'{self.coat} in a register'
        lock = 'locked' if self.is_locked else 'not locked'
        return f'{self.coat} at {self.address:#x} in {self.mapping.name or "anonymous memory"} ({lock})'


class CoreImage:
    """The process as it is at this moment; it goes on running afterwards."""

    def __init__(self, pid):
        folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-core-'))
        try:
            with Frozen(pid):
                self.mappings = read_mappings(pid)
                data = take(pid, folder / 'image')
        finally:
            shutil.rmtree(folder)
        self.size = len(data)
        self.runs = list(read_runs(data))

    def find(self, secret):
        """Every trace of the secret, one a place."""
        found = {}
        for coat, text in needles(secret):
            for run in self.runs:
                begin = run.data.find(text)
                while begin >= 0:
                    address = run.address + begin if run.address is not None else -begin - 1
                    mapping = self.mapping_at(address) if run.address is not None else None
                    found.setdefault(address // 64, Hit(address, coat, mapping))
                    begin = run.data.find(text, begin + 1)
        return list(found.values())

    def mapping_at(self, address):
        place = bisect_right(self.mappings, address, key=lambda each: each.begin) - 1
        mapping = self.mappings[place] if place >= 0 else None
        return mapping if mapping and address < mapping.end else Mapping(address, address, 'nowhere', False)


def needles(secret):
    """What to look for: pieces of the secret so close to each other that no longer trace passes between them. Of a
    key every 4 bytes; of a long token a thirteenth, for a shorter part of its signature is worth nothing."""
    last = len(secret) - PIECE
    step = max(4, len(secret) // 13)
    for begin in sorted({*range(0, last + 1, step), last}):
        yield from coats(secret[begin:begin + PIECE].encode('latin-1'))


def take(pid, file):
    """The bytes of an ELF core file."""
    words = [word for setting in WHOLE_IMAGE for word in ('-ex', setting)]
    ended = subprocess.run(['gdb', '-nx', '-batch', '-p', str(pid), *words, '-ex', f'gcore {file}'],
                           capture_output=True, stdin=subprocess.DEVNULL, timeout=limit(120), text=True)
    assert file.exists(), f'no core image:\n{ended.stdout}\n{ended.stderr}'
    return file.read_bytes()


def read_mappings(pid):
    """/proc/PID/smaps, by address; `lo` in VmFlags is locked memory (proc(5))."""
    mappings, head = [], None
    for line in pathlib.Path(f'/proc/{pid}/smaps').read_text().splitlines():
        if found := re.match(r'([0-9a-f]+)-([0-9a-f]+) \S+ \S+ \S+ \S+ *(.*)', line):
            head = found
        elif line.startswith('VmFlags:'):
            begin, end = int(head[1], 16), int(head[2], 16)
            mappings.append(Mapping(begin, end, head[3], 'lo' in line.split()[1:]))
    return mappings
