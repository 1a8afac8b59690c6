"""A process that is held still, so that a test can put before it what it then finds all at once."""
import os
import pathlib
import signal

from .waiting import eventually


class Frozen:
    """Holds every thread of the process still."""

    def __init__(self, pid):
        self.pid = pid

    def __enter__(self):
        os.kill(self.pid, signal.SIGSTOP)
        assert eventually(lambda: states_of(self.pid) == {'T'}), f'process {self.pid} does not stop'

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGCONT)


def states_of(pid):
    """What the process's threads do (proc_pid_stat(5)): S waits, R runs, T was stopped."""
    return {(task / 'stat').read_text().rpartition(')')[2].split()[0]
            for task in pathlib.Path(f'/proc/{pid}/task').iterdir()}
