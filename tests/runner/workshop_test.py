"""No two commands at once in a preset's folder, whoever starts them."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import workshop

# Fails where another of its kind has not ended: a folder can be made once.
ALONE = 'mkdir "$1" && sleep 0.05 && rmdir "$1"'


class Workshop(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name in ('BUILD', 'LOGS'):
            changed = mock.patch.object(workshop, name, self.folder)
            changed.start()
            self.addCleanup(changed.stop)

    def alone(self, word):
        """A command in the folder that fails beside another one; `word` makes it one of its own."""
        return ['sh', '-c', ALONE, word, str(self.folder / 'held')]

    def test_commands_of_several_threads_follow_each_other(self):
        def work(word):
            return workshop.once('asan', word, self.alone(word), 60)

        self.assertEqual(workshop.side_by_side(work, [f'command-{n}' for n in range(8)], 8), [True] * 8)

    def test_commands_of_several_processes_follow_each_other(self):
        script = ('import pathlib, sys, workshop\n'
                  'workshop.BUILD = workshop.LOGS = pathlib.Path(sys.argv[1])\n'
                  'good = [workshop.once("asan", f"{sys.argv[2]}-{n}", sys.argv[3:6] + [str(n), sys.argv[6]], 60)\n'
                  '        for n in range(4)]\n'
                  'sys.exit(not all(good))\n')
        started = [subprocess.Popen([sys.executable, '-B', '-c', script, self.folder, f'process-{n}',
                                     'sh', '-c', ALONE, self.folder / 'held'],
                                    env={**os.environ, 'PYTHONPATH': str(pathlib.Path(__file__).parent)})
                   for n in range(3)]
        self.assertEqual([one.wait(60) for one in started], [0, 0, 0])

    def test_what_was_done_is_not_done_again(self):
        command = ['sh', '-c', 'mkdir "$0"', str(self.folder / 'made')]
        self.assertEqual([workshop.once('asan', 'twice', command, 60) for _ in range(2)], [True, True])


if __name__ == '__main__':
    unittest.main()
