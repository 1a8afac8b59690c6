"""Faults of the system that a test turns on and off while the server runs: memory, clocks, names, files. A page of
memory is shared with faults.c, which stands between the server and its C library."""
import mmap
import pathlib
import shutil
import struct
import subprocess
import tempfile

from .programs import LOGS

SOURCE = pathlib.Path(__file__).with_name('faults.c')
FIELDS = ('allocations', 'first_to_fail', 'many_to_fail', 'wall_shift', 'steady_shift', 'names', 'given_address',
          'lookups', 'lookups_waiting', 'accepts', 'write_error', 'one_in', 'seed',
          'impatience', 'keeps_hanging', 'sync_time', 'syncs', 'lateness', 'stall',
          'calls', 'first_refused', 'many_refused', 'never_locks', 'hides_ends', 'no_inq', 'early_options',
          'second_address')
IPV6_LOOPBACK = 1 << 32
NAMES_REAL, NAMES_FAIL, NAMES_HANG, NAMES_GIVEN = range(4)
SECOND = 10 ** 9


def library(only_files):
    """The shim, compiled when its source is newer."""
    LOGS.mkdir(parents=True, exist_ok=True)
    made = LOGS / ('faults-of-files.so' if only_files else 'faults.so')
    if not made.exists() or made.stat().st_mtime < SOURCE.stat().st_mtime:
        with tempfile.NamedTemporaryFile(dir=LOGS, suffix='.so', delete=False) as fresh:
            subprocess.run(['cc', '-std=gnu11', '-O2', '-fPIC', '-shared', *(['-DONLY_FILES'] if only_files else []),
                            '-o', fresh.name, SOURCE, '-ldl'], check=True)
        pathlib.Path(fresh.name).rename(made)
    return made


class Faults:
    """Each name of FIELDS is a number that can be read and set; all begin at zero, which changes nothing.
    A program with a sanitizer, which brings memory, threads and clocks of its own, takes `only_files`."""

    def __init__(self, only_files=False):
        self.__dict__['folder'] = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        file = self.folder / 'page'
        file.write_bytes(bytes(mmap.PAGESIZE))
        with file.open('r+b') as opened:
            self.__dict__['page'] = mmap.mmap(opened.fileno(), mmap.PAGESIZE)
        self.__dict__['variables'] = {'LD_PRELOAD': str(library(only_files)), 'FAULTS_PAGE': str(file)}

    def __getattr__(self, name):
        return struct.unpack_from('q', self.page, FIELDS.index(name) * 8)[0]

    def __setattr__(self, name, value):
        struct.pack_into('q', self.page, FIELDS.index(name) * 8, value)

    def fail_allocation(self, number, in_a_row=1):
        """The `number`th from now on, and those right behind it."""
        self.first_to_fail = 0
        self.many_to_fail = in_a_row
        self.allocations = 0
        self.first_to_fail = number

    def refuse_call(self, number, in_a_row=1):
        """The same with the system's calls: memory, its locking, descriptors, threads."""
        self.first_refused = 0
        self.many_refused = in_a_row
        self.calls = 0
        self.first_refused = number

    def stop(self):
        """Nothing fails any more, and the wall clock is right; the steady one cannot go back."""
        for name in ('first_to_fail', 'one_in', 'names', 'keeps_hanging', 'write_error', 'sync_time', 'wall_shift',
                     'stall', 'first_refused', 'never_locks', 'second_address'):
            setattr(self, name, 0)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)
