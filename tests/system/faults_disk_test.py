"""No room, or no disk, for what is stored: nothing that was acknowledged is lost, and all goes on when there is."""
import errno
import pathlib
import subprocess
import tempfile
import unittest

from harness.fault_scene import FaultSceneTest
from harness.faults import SECOND, Faults
from harness.scene import Scene, SceneTest, needs_sqlite
from harness.upstream import echo
from harness.waiting import eventually
from harness.wire import Ended, request_bytes


class Writes(FaultSceneTest):
    handler = staticmethod(echo)
    variables = {'BYOT_KEY_CACHE_TTL': '0s'}

    def test_a_save_without_room_is_503_and_the_earlier_key_is_used_on(self):
        for fault in (errno.ENOSPC, errno.EIO):
            with self.subTest(fault=errno.errorcode[fault]):
                user, other = self.user().with_key('sk-earlier-0123456789'), self.user()
                before = user.keys()
                self.faults.write_error = fault
                for someone in (user, other):
                    self.assert_refused(someone.save(), 503, 'STORE_UNAVAILABLE')
                self.assert_refused(user.request('DELETE', '/api/key'), 503, 'STORE_UNAVAILABLE')
                self.assertEqual(user.keys()[0]['credentialId'], before[0]['credentialId'])
                self.assertEqual(other.keys(), [])
                self.assert_used(user, 'sk-earlier-0123456789')
                self.faults.stop()
                self.assertEqual(eventually(user.save, lambda answer: answer.status == 200).status, 200)
                self.assertEqual(other.save().status, 200)

    def test_what_was_acknowledged_is_there_after_a_kill_and_a_restart(self):
        scene = self.in_other_scene(echo, **self.variables)
        users = [scene.user().with_key(f'sk-{number:016}') for number in range(10)]
        self.faults.write_error = errno.ENOSPC
        for user in users:
            self.assert_refused(user.save(), 503, 'STORE_UNAVAILABLE')
        scene.server.kill()
        self.faults.stop()
        scene.server.restart()
        for number, user in enumerate(users):
            self.assert_used(user, f'sk-{number:016}')

    def in_other_scene(self, handler, **more):
        scene = Scene(handler, **more)
        self.addCleanup(scene.close)
        return scene

    def assert_used(self, user, key):
        with user.ask() as wire:
            self.assertEqual(wire.answer().status, 200)
        self.assertEqual(user.scene.upstream.seen[-1].head.get('x-byot-api-key'), key)


@needs_sqlite
class SlowDisk(SceneTest):
    """A write that was given to the disk cannot be called back."""

    def test_the_end_waits_for_a_save_and_leaves_nothing_of_its_request(self):
        faults = Faults(only_files=True)
        self.addCleanup(faults.close)
        scene = self.in_other_scene(BYOT_DRAIN_TIMEOUT='100ms', **faults.variables)
        user = scene.user()
        faults.syncs, faults.sync_time = 0, 4 * SECOND  # longer than what is open is given at the end
        with scene.server.wire() as wire:
            wire.send(request_bytes('POST', '/api/key', [user.bearer, ('Content-Type', 'application/json')],
                                    b'{"apiKey":"sk-slow-0123456789abcd"}'))
            self.assertTrue(eventually(lambda: faults.syncs > 0))
            scene.server.terminate()
            with self.assertRaises(Ended) as ended:
                wire.answer()
            self.assertEqual(ended.exception.how, 'reset')
            faults.sync_time = 0  # for what else is synchronised at the end
            self.assertEqual(scene.server.wait(), 0)  # a sanitizer would tell of what was left
        scene.server.restart()
        self.assertEqual([key['provider'] for key in user.keys()], ['googleai'])


@needs_sqlite
class FullFileSystem(unittest.TestCase):
    """A real one, of one megabyte."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        self.addCleanup(self.folder.rmdir)
        subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', self.folder], check=True)
        self.addCleanup(subprocess.run, ['umount', self.folder], check=True)
        self.scene = Scene(echo, BYOT_STORE=f'sqlite:{self.folder}/keys.db', BYOT_KEY_CACHE_TTL='0s')
        self.addCleanup(self.scene.close)

    def test_it_fills_up_and_what_was_saved_stays_readable_and_room_is_used_again(self):
        (self.folder / 'filler').write_bytes(bytes(512 * 1024))
        saved = []
        for number in range(2000):
            user = self.scene.user()
            answer = user.save(f'sk-{number:016}')
            if answer.status != 200:
                break
            saved.append(user)
        self.assertEqual((answer.status, answer.reason), (503, 'STORE_UNAVAILABLE'))
        self.assertGreater(len(saved), 10)
        for user in saved:
            self.assertEqual(len(user.keys()), 1)
        (self.folder / 'filler').unlink()
        late = self.scene.user()
        self.assertEqual(eventually(late.save, lambda answer: answer.status == 200).status, 200)
        self.scene.server.kill()
        self.scene.server.restart()
        for number, user in enumerate(saved):
            with user.ask() as wire:
                self.assertEqual(wire.answer().status, 200)
            self.assertEqual(self.scene.upstream.seen[-1].head.get('x-byot-api-key'), f'sk-{number:016}')
