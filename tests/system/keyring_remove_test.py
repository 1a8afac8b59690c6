"""Taking an entry out of the keyring, however late an instance reads its file: `byot keyring remove` refuses while
anything needs the entry, and from when it agrees nothing can."""
import json
import shutil
import signal
import sqlite3
import subprocess

from harness import settings
from harness.firestore import documents_of, emulator
from harness.frozen import Frozen
from harness.scene import SceneTest, User
from harness.sealing import sealed_body
from harness.server import Server, environment, run_byot
from harness.waiting import eventually

KEY = 'sk-kept-0123456789abcdef'


def tell_key(exchange):
    """A flow whose result is the key it was given."""
    exchange.answer(json.dumps({'result': exchange.head.get('x-byot-api-key')}).encode())


class KeyringRemove(SceneTest):
    """The scene's server has the keyring that commands change; `late_instance` is another one, with a file and an
    interval of its own."""

    handler = staticmethod(tell_key)

    @classmethod
    def setUpClass(cls):
        pass

    def setUp(self):
        self.scene = self.in_other_scene(handler=tell_key, BYOT_KEY_CACHE_TTL='0s', BYOT_KEYRING_REFRESH='200ms')
        self.server = self.scene.server
        self.ring = self.scene.keyring
        self.old = self.ids()[0]

    # The keyring

    def ids(self):
        return [entry['id'] for entry in json.loads(self.ring.read_text())['entries']]

    def run_command(self, *words, **variables):
        return run_byot(*words, variables={**self.scene.variables, **variables}, wait=60)

    def add(self):
        self.assertEqual(run_byot('keyring', 'add', self.ring).returncode, 0)
        newest = self.ids()[-1]
        self.assertEqual(eventually(self.saved_under, lambda now: newest in now, 10).count(newest), 1)
        return newest

    def rewrap(self):
        ended = self.run_command('rewrap')
        self.assertEqual(ended.returncode, 0, ended.stderr)

    def remove(self, entry=None):
        return self.run_command('keyring', 'remove', self.ring, entry or self.old)

    def assert_removed(self, entry=None):
        ended = self.remove(entry)
        self.assertEqual((ended.returncode, ended.stderr), (0, ''))
        self.assertNotIn(entry or self.old, self.ids())

    def assert_refused_removal(self, *words, entry=None):
        before = self.ring.read_bytes()
        ended = self.remove(entry)
        self.assertEqual((ended.returncode, ended.stdout), (1, ''))
        for word in words:
            self.assertIn(word, ended.stderr)
        self.assertEqual(self.ring.read_bytes(), before)

    # The store, from beside

    def saved_under(self):
        """The entries that instances tell that they save under."""
        if self.scene.is_on_google:
            return [document['fields']['keyId']['stringValue']
                    for document in emulator().documents(self.scene.project, 'byotInstances').values()]
        with sqlite3.connect(self.scene.database, timeout=30) as database:
            told = [row[0].decode() for row in database.execute('SELECT key_id FROM savers')]
        database.close()
        return told

    def let_time_pass(self):
        """As if what every instance that saves under the old entry told were over."""
        if self.scene.is_on_google:
            for name, document in emulator().documents(self.scene.project, 'byotInstances').items():
                if document['fields']['keyId']['stringValue'] == self.old:
                    document['fields']['until'] = {'timestampValue': '2026-01-01T00:00:00Z'}
                    status, answer = emulator().call(
                        'PATCH', f'{documents_of(self.scene.project)}/byotInstances/{name}',
                        {'fields': document['fields']})
                    self.assertEqual(status, 200, answer)
            return
        with sqlite3.connect(self.scene.database, timeout=30) as database:
            database.execute('UPDATE savers SET until = 0 WHERE key_id = ?', (self.old.encode(),))
        database.close()

    def stored_under(self, user):
        return user.keys()[0]['keyId']

    # Instances

    def late_instance(self):
        """One that has a copy of the keyring as it is now, and looks at it again in an hour."""
        self.late_ring = self.scene.folder / 'late.json'
        shutil.copy2(self.ring, self.late_ring)
        late = Server('serve', variables={**self.scene.variables, 'BYOT_KEYRING': str(self.late_ring),
                                          'BYOT_KEYRING_REFRESH': '1h'})
        self.addCleanup(self.end, late)
        self.assertEqual(eventually(self.saved_under, lambda now: now.count(self.old) == 2, 10), [self.old] * 2)
        return late

    @staticmethod
    def end(server):
        if server.process.poll() is None:
            server.stop()
        server.discard()

    def at(self, server, user):
        """The same user, at another instance."""
        there = User(self.scene, user.uid)
        there.request = lambda method, target, fields=(), **more: server.request(
            method, target, [there.bearer, *fields], **more)
        return there

    def assert_readable(self, *users):
        for user in users:
            with user.ask() as wire:
                self.assertEqual(wire.answer().json(), {'result': KEY})

    # What must hold

    def test_an_instance_that_is_late_is_waited_for_and_no_key_is_lost(self):
        first, second, third = self.user().with_key(KEY), self.user(), self.user()
        late = self.late_instance()
        newest = self.add()
        self.rewrap()
        self.assert_refused_removal('instance_', 'new keyring file')
        self.at(late, second).with_key(KEY)  # behind the rewrap
        self.assertEqual(self.stored_under(second), self.old)
        self.assert_refused_removal('1 stored keys', 'byot rewrap', 'instance_')
        self.rewrap()
        self.assert_refused_removal('instance_')
        # Its file comes, and it meets it by a box that was sealed for what it does not know.
        shutil.copy2(self.ring, self.late_ring)
        self.assertEqual(self.at(late, third).request('POST', '/api/key', json_body=self.sealed(third)).status, 200)
        self.assertEqual(eventually(self.saved_under, lambda now: self.old not in now, 10), [newest] * 2)
        self.assert_removed()
        self.assert_readable(first, second, third)
        for user in (first, second, third):
            self.assertEqual(self.stored_under(user), newest)

    def sealed(self, user):
        return sealed_body(user.request('GET', '/api/key/public-key').json(), user.uid, KEY)

    def test_one_that_fell_is_waited_for_until_its_time_is_over(self):
        kept = self.user().with_key(KEY)
        late = self.late_instance()
        self.add()
        self.rewrap()
        late.kill()
        self.assert_refused_removal('instance_', 'until')
        self.let_time_pass()
        self.assert_removed()
        self.assert_readable(kept)

    def test_one_that_stood_still_saves_nothing_under_a_removed_entry(self):
        kept, other = self.user().with_key(KEY), self.user()
        late = self.late_instance()
        newest = self.add()
        self.rewrap()
        with Frozen(late.process.pid):
            self.let_time_pass()
            self.assert_removed()
        answer = self.at(late, kept).save('sk-too-late-0123456789')
        self.assert_refused(answer, 503, 'STORE_UNAVAILABLE')
        self.assertTrue(answer.field('Retry-After'))
        self.assert_refused(self.at(late, other).save(KEY), 503, 'STORE_UNAVAILABLE')
        self.assertEqual((other.keys(), self.stored_under(kept)), ([], newest))
        self.assert_readable(kept)
        shutil.copy2(self.ring, self.late_ring)
        self.at(late, other).with_key(KEY)
        self.assertEqual(self.stored_under(other), newest)
        self.assert_readable(kept, other)

    def test_one_that_starts_with_an_old_file_saves_nothing_either(self):
        old_file = self.scene.folder / 'old.json'
        shutil.copy2(self.ring, old_file)
        user = self.user()
        self.add()
        self.rewrap()
        self.assert_removed()
        late = Server('serve', variables={**self.scene.variables, 'BYOT_KEYRING': str(old_file)})
        self.addCleanup(self.end, late)
        self.assert_refused(self.at(late, user).save(KEY), 503, 'STORE_UNAVAILABLE')
        self.assertEqual(user.keys(), [])

    def test_a_box_that_was_sealed_for_a_removed_entry_is_refused_on_its_key_id(self):
        user = self.user()
        box = self.sealed(user)
        self.add()
        self.rewrap()
        self.assert_removed()
        answer = user.request('POST', '/api/key', json_body=box)
        error = self.assert_refused(answer, 400, 'FIELD_INVALID')
        self.assertEqual(error['details'][0]['metadata'], {'field': 'keyId'})
        self.assertEqual(user.keys(), [])
        self.assertEqual(user.request('POST', '/api/key', json_body=self.sealed(user)).status, 200)

    def test_what_new_keys_are_sealed_under_is_never_removed(self):
        self.assert_refused_removal('add another one first')
        newest = self.add()
        self.assert_refused_removal('add another one first', entry=newest)
        self.assertEqual(run_byot('keyring', 'retire', self.ring, newest).returncode, 0)
        self.assert_refused_removal('add another one first')  # the old one is what is active again

    def test_retired_entries_are_removed_like_others(self):
        kept = self.user().with_key(KEY)
        self.add()
        self.assertEqual(run_byot('keyring', 'retire', self.ring, self.old).returncode, 0)
        self.assert_refused_removal('1 stored keys', 'byot rewrap')
        self.rewrap()
        self.assert_removed()
        self.assert_readable(kept)

    def test_removing_again_changes_nothing_and_an_unknown_entry_is_said_to_be_none(self):
        self.add()
        self.rewrap()
        self.assert_removed()
        self.assert_removed()
        for unknown in ('key_AAAAAAAAAAAA', 'nothing'):
            self.assert_refused_removal('no such entry', entry=unknown)
        self.assertEqual(self.user().with_key(KEY).keys()[0]['keyId'], self.ids()[-1])

    def test_two_removals_at_once_are_made_once(self):
        self.user().with_key(KEY)
        self.add()
        self.rewrap()
        both = [subprocess.Popen([str(settings.byot), 'keyring', 'remove', str(self.ring), self.old],
                                 env=environment(self.scene.variables), stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True) for _ in range(2)]
        said = [(*one.communicate(timeout=settings.limit(60)), one.returncode) for one in both]
        self.assertNotIn(self.old, self.ids())
        self.assertEqual({code for _, _, code in said} - {0}, set(), said)

    def test_one_that_is_killed_anywhere_can_be_run_again(self):
        kept = self.user().with_key(KEY)
        self.add()
        self.rewrap()
        for milliseconds in (5, 20, 60, 120, 250):
            one = subprocess.Popen([str(settings.byot), 'keyring', 'remove', str(self.ring), self.old],
                                   env=environment(self.scene.variables), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
            try:
                one.wait(milliseconds / 1000)
            except subprocess.TimeoutExpired:
                one.send_signal(signal.SIGKILL)
                one.wait()
            self.assert_readable(kept)
        self.assert_removed()
        self.assert_readable(kept, self.user().with_key(KEY))

    def test_it_needs_the_store(self):
        self.add()
        before = self.ring.read_bytes()
        for wrong, code in (({'BYOT_STORE': ''}, 78), ({'BYOT_STORE': 'sqlite:/nowhere/keys.db'}, 1)):
            with self.subTest(wrong):
                ended = self.run_command('keyring', 'remove', self.ring, self.old, **wrong)
                self.assertEqual(ended.returncode, code, ended.stderr)
                self.assertTrue(ended.stderr)
                self.assertEqual(self.ring.read_bytes(), before)
        role_file = self.scene.folder / 'split.json'
        run_byot('keyring', 'new', '--out', role_file, '--split')
        ended = self.run_command('keyring', 'remove', f'{role_file}.keys', self.old)
        self.assertEqual(ended.returncode, 1, ended.stderr)

    def test_role_files_lose_the_entry_too(self):
        split = self.scene.folder / 'split.json'
        run_byot('keyring', 'new', '--out', split, '--split')
        self.ring = split
        old = self.ids()[0]
        self.assertEqual(run_byot('keyring', 'add', split).returncode, 0)
        self.assert_removed(old)
        for role in ('keys', 'ai'):
            held = json.loads(split.with_name(f'split.json.{role}').read_text())['entries']
            self.assertEqual([entry['id'] for entry in held], self.ids())

    def test_an_instance_that_ends_in_order_is_not_waited_for(self):
        late = self.late_instance()
        self.add()
        late.stop()
        self.assertEqual(self.saved_under().count(self.old), 0)
        self.assert_removed()
