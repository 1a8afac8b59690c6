"""Leaks made on purpose, which the searches of the other tests must find, in every coat."""
import base64
import contextlib
import pathlib
import sqlite3
import subprocess
import tempfile
import urllib.parse

from harness import settings
from harness.core_image import CoreImage
from harness.core_scene import CoreImageTest
from harness.frozen import Frozen
from harness.marked_walk import KEY
from harness.scene import SceneTest, needs_sqlite
from harness.traces import find

COATS = {'plain': KEY, 'base64': base64.b64encode(KEY.encode()).decode(), 'hex': KEY.encode().hex(),
         'HEX': KEY.encode().hex().upper(), 'URL': urllib.parse.quote(KEY, safe='')}


def plant(pid, *calls):
    """Has the process call functions, as a fault of its own would."""
    words = [word for call in calls for word in ('-ex', call)]
    subprocess.run(['gdb', '-nx', '-batch', '-p', str(pid), *words], check=True, capture_output=True,
                   stdin=subprocess.DEVNULL, timeout=settings.limit(60))


class InMemory(SceneTest):
    def test_a_copy_on_the_heap_is_found_in_every_coat(self):
        scene = self.in_other_scene()
        pid = scene.server.process.pid
        self.assertEqual(CoreImage(pid).find(KEY), [])
        plant(pid, *(f'call (char*)strdup("{text}")' for text in COATS.values()))
        hits = CoreImage(pid).find(KEY)
        self.assertFalse(any(hit.is_locked for hit in hits), [str(hit) for hit in hits])
        self.assertLessEqual({'plain', 'hex', 'HEX', 'URL', 'base64 at 0'}, {hit.coat for hit in hits})

    def test_a_copy_in_locked_memory_is_found_and_said_to_be_locked(self):
        scene = self.in_other_scene()
        plant(scene.server.process.pid, f'set $copy = (char*)strdup("{KEY}")',
              'call (int)mlock((void*)((long)$copy & ~4095), (unsigned long)8192)')
        hits = CoreImage(scene.server.process.pid).find(KEY)
        self.assertTrue(hits)
        self.assertTrue(any(hit.is_locked for hit in hits), [str(hit) for hit in hits])  # gdb's own copy is not

    def test_a_copy_in_a_register_is_found(self):
        scene = self.in_other_scene()
        pid = scene.server.process.pid
        letters = ', '.join(str(byte) for byte in KEY.encode()[:16])
        with Frozen(pid):  # or it might go on and use the register
            plant(pid, f'set $xmm5.v16_int8 = {{{letters}}}')
            hits = CoreImage(pid).find(KEY)
        self.assertEqual({hit.mapping for hit in hits}, {None})


@needs_sqlite
class OnDisk(SceneTest):
    def test_a_row_of_the_database_is_found_in_every_coat(self):
        self.user().with_key()
        for coat, text in {'nothing': '', **COATS}.items():
            with self.subTest(coat), tempfile.TemporaryDirectory(prefix='byot-test-') as folder:
                copy = pathlib.Path(folder) / 'keys.db'
                with contextlib.closing(sqlite3.connect(self.scene.database)) as database:
                    database.execute('VACUUM INTO ?', (str(copy),))
                with contextlib.closing(sqlite3.connect(copy)) as database:
                    database.execute('UPDATE keys SET hint = ?', (text.encode(),))
                    database.commit()
                self.assertEqual(find(KEY, copy.read_bytes()) is not None, coat != 'nothing')


class InTheLog(SceneTest):
    def test_a_line_is_found_in_every_coat(self):
        for coat, text in COATS.items():
            with self.subTest(coat):
                log = self.server.log() + f'{{"message":"{text}"}}\n'
                self.assertIsNotNone(find(KEY, log.encode()))


class FromTheUpstream(CoreImageTest):
    """What the upstream answers goes to its client unaltered (contract, 1.4), a key that it says back too: it is the
    key of the one who asked, said by one who was trusted with it. Nothing of it stays here."""

    def test_a_key_that_it_says_back_reaches_its_owner_and_no_log(self):
        user = self.user().with_key(KEY)
        with user.ask() as wire:
            self.upstream.take().answer(KEY.encode())
            answer = wire.answer()
        self.assertIsNotNone(find(KEY, answer.body))
        self.assertIsNone(find(KEY, self.server.log().encode()))
        self.assert_nothing_in_image(user)
