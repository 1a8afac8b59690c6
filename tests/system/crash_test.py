"""A process that falls leaves no image of itself, wherever its system would put one."""
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import unittest

from harness.marked_walk import KEY
from harness.scene import Scene
from harness.waiting import eventually

CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL)


def allow_cores():
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


class Crash(unittest.TestCase):
    def setUp(self):
        """As on a machine that keeps cores, in the working directory unless the system says where else."""
        before = resource.getrlimit(resource.RLIMIT_CORE)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_CORE, before)
        self.addCleanup(os.chdir, os.getcwd())
        folder = tempfile.TemporaryDirectory(prefix='byot-test-')
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        allow_cores()
        os.chdir(self.folder)

    def how_it_ended(self, process):
        """waitid(2)'s word for it: CLD_DUMPED says that a core was written."""
        how = os.WEXITED | os.WNOWAIT | os.WNOHANG
        ended = eventually(lambda: os.waitid(os.P_PID, process.pid, how))
        self.assertTrue(ended, 'it has not ended')
        process.wait()
        return ended.si_code

    def test_no_core_is_left_by_any_crash(self):
        for crash in CRASHES:
            with self.subTest(crash.name):
                scene = Scene()
                self.addCleanup(scene.close)
                user = scene.user().with_key(KEY)
                scene.server.process.send_signal(crash)
                self.assertEqual(self.how_it_ended(scene.server.process), os.CLD_KILLED)
                self.assertEqual(scene.server.process.returncode, -crash)
                self.assertEqual(list(self.folder.iterdir()), [])
                scene.server.kill()  # its ends are gathered in
                scene.server.restart()
                self.assertTrue(user.keys())

    def test_another_program_would_leave_one_here(self):
        """Otherwise the test above proves nothing. Where the system keeps no cores at all there is nothing to prove."""
        if pathlib.Path('/proc/sys/kernel/core_pattern').read_text().strip() in ('', '|/bin/false', '/dev/null'):
            return
        process = subprocess.Popen([sys.executable, '-c', 'import os; os.abort()'], stderr=subprocess.DEVNULL)
        self.assertEqual(self.how_it_ended(process), os.CLD_DUMPED)

    def test_the_limit_on_cores_is_zero_and_cannot_be_raised(self):
        scene = Scene()
        self.addCleanup(scene.close)
        limits = pathlib.Path(f'/proc/{scene.server.process.pid}/limits').read_text()
        line, = [line for line in limits.splitlines() if line.startswith('Max core file size')]
        self.assertEqual(line.split()[4:6], ['0', '0'])
