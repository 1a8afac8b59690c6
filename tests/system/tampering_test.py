"""What happens to records that somebody with the database alone has altered."""
import sqlite3

from harness.scene import SceneTest
from harness.waiting import eventually

KEY = 'sk-guarded-0123456789-wxYZ'


def with_one_bit_altered(value):
    if isinstance(value, int):
        return value ^ 1
    middle = len(value) // 2
    return value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1:]


class AlteredRecords(SceneTest):
    variables = {'BYOT_KEY_CACHE_TTL': '0s'}

    def database(self):
        database = sqlite3.connect(self.scene.database, timeout=10)
        self.addCleanup(database.close)
        return database

    def alter(self, user, column, change):
        with self.database() as database:
            value, = database.execute(f'SELECT {column} FROM keys WHERE uid = ?', [user.uid.encode()]).fetchone()
            changed = database.execute(f'UPDATE keys SET {column} = ? WHERE uid = ?',
                                       [change(value), user.uid.encode()])
            self.assertEqual(changed.rowcount, 1)

    def works(self, user):
        with user.ask() as wire:
            self.upstream.take().answer()
            return wire.answer().status == 200

    def assert_refused_and_shown(self, user):
        before = len(self.upstream.seen)
        with user.ask() as wire:
            self.assert_refused(wire.answer(), 400, 'KEY_UNDECRYPTABLE')
        self.assertEqual(len(self.upstream.seen), before)
        state = eventually(lambda: user.keys()[0]['state'], lambda now: now == 'undecryptable')
        self.assertEqual(state, 'undecryptable')  # written behind the answer

    def test_a_record_with_one_bit_altered_is_refused(self):
        for column in ('sealed', 'signature', 'credential_id', 'created_at', 'key_id'):
            with self.subTest(column=column):
                user = self.user().with_key(KEY)
                self.assertTrue(self.works(user))
                self.alter(user, column, with_one_bit_altered)
                self.assert_refused_and_shown(user)

    def test_a_record_with_another_expiry_is_refused(self):
        user = self.user().with_key(KEY, expiresAt='2099-01-01T00:00:00Z')
        self.alter(user, 'expires_at', lambda value: value + 1000)
        self.assert_refused_and_shown(user)

    def test_a_record_cut_short_is_refused(self):
        for column in ('sealed', 'signature'):
            with self.subTest(column=column):
                user = self.user().with_key(KEY)
                self.alter(user, column, lambda value: value[:-1])
                self.assert_refused_and_shown(user)

    def test_a_record_copied_to_another_user_is_refused(self):
        owner, thief = self.user().with_key(KEY), self.user().with_key('sk-of-the-thief-0123456789')
        with self.database() as database:
            copied = database.execute(
                '''UPDATE keys SET (credential_id, key_id, sealed, signature, created_at) =
                   (SELECT credential_id, key_id, sealed, signature, created_at FROM keys WHERE uid = ?)
                   WHERE uid = ?''', [owner.uid.encode(), thief.uid.encode()])
            self.assertEqual(copied.rowcount, 1)
        self.assert_refused_and_shown(thief)
        self.assertTrue(self.works(owner))

    def test_a_record_moved_to_another_provider_is_refused(self):
        user = self.user().with_key(KEY, provider='openai')
        self.alter(user, 'provider', lambda _: b'googleai')
        self.assert_refused_and_shown(user)

    def test_saving_again_makes_it_good(self):
        user = self.user().with_key(KEY)
        self.alter(user, 'sealed', with_one_bit_altered)
        self.assert_refused_and_shown(user)
        self.assertTrue(self.works(user.with_key(KEY)))

    def test_the_database_file_is_its_owners_alone(self):
        for file in self.scene.folder.glob('keys.db*'):
            self.assertEqual(file.stat().st_mode & 0o077, 0, file.name)
