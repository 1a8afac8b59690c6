"""Where the system lets a process lock little memory the server says so, and works."""
import os

from harness.core_image import read_mappings
from harness.scene import SceneTest
from harness.upstream import echo
from harness.waiting import eventually

LITTLE = ('prlimit', '--memlock=65536:65536')
# Root may lock what it likes, unless that is taken from it (capabilities(7)).
WITHOUT_LEAVE = ('setpriv', '--bounding-set=-ipc_lock', '--inh-caps=-ipc_lock') if os.geteuid() == 0 else ()


class MemoryLock(SceneTest):
    handler = staticmethod(echo)

    def warnings(self, server):
        return [line for line in server.log_lines() if 'RLIMIT_MEMLOCK' in line['message']]

    def test_it_is_told_once_when_little_can_be_locked_and_all_works(self):
        other = self.in_other_scene(handler=echo)
        other.server.stop()
        other.server.under = (*WITHOUT_LEAVE, *LITTLE)
        other.server.restart()
        warning, = eventually(lambda: self.warnings(other.server))
        self.assertEqual(warning['severity'], 'WARNING')
        self.assertEqual((warning['bytesWanted'], warning['bytesAllowed']), (4 * 1024 * 1024, 65536))
        with other.user().with_key().ask(body=b'{"data":"' + b'x' * 100_000 + b'"}') as wire:
            self.assertEqual(wire.answer().status, 200)

    def test_nothing_is_told_where_enough_can_be_locked(self):
        self.assertEqual(self.warnings(self.server), [])
        locked = [each for each in read_mappings(self.server.process.pid) if each.is_locked]
        self.assertGreater(sum(each.end - each.begin for each in locked), 2 * 80 * 1024)  # two reactors' scratch
        self.assertFalse([each.name for each in locked if each.name], 'the heap or a stack is locked')
