"""What somebody can do with the database and the keyring file of one role, who writes programs of their own."""
import base64
import json
import pathlib
import sqlite3

from harness.scene import SceneTest, needs_sqlite
from harness.sealing import opens, record_signature, sealed_body, signing_key
from harness.server import run_byot

KEY = 'sk-of-the-owner-0123456789-wxYZ'
CREATED = 1767323045000


def decoded(entry):
    """An entry of a keyring file, its halves as bytes."""
    return {name: base64.b64decode(value) if name[:3] in ('box', 'sig') else value
            for name, value in entry.items()}


class StolenRoles(SceneTest):
    """The scene's server has the whole keyring; the role files are made from the same entries."""

    variables = {'BYOT_KEY_CACHE_TTL': '0s'}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        text = json.loads(cls.scene.keyring.read_text())
        cls.whole = decoded(text['entries'][0])
        cls.files = {}
        for role, lacks in (('keys', 'boxSecret'), ('ai', 'signSecret')):
            cls.files[role] = pathlib.Path(f'{cls.scene.keyring}.{role}')
            cls.files[role].touch(0o600)
        ended = run_byot('keyring', 'add', cls.scene.keyring)  # writes the role files that are there
        assert ended.returncode == 0, ended.stderr

    def entries(self, role):
        return [decoded(entry) for entry in json.loads(self.files[role].read_text())['entries']]

    def database(self):
        database = sqlite3.connect(self.scene.database, timeout=10)
        self.addCleanup(database.close)
        return database

    def stored_box(self, user):
        row = self.database().execute('SELECT sealed FROM keys WHERE uid = ?', [user.uid.encode()]).fetchone()
        return row[0]

    def plant(self, user, api_key, entry, private):
        """Writes a record that is right in all but, perhaps, its signature."""
        published = {'keyId': entry['id'], 'publicKey': base64.b64encode(entry['boxPublic']).decode()}
        sealed = base64.b64decode(sealed_body(published, user.uid, api_key)['sealedKey'])
        credential = 'cred_0123456789abcdef'
        signature = private if len(private) != 64 else record_signature(
            private, user.uid, 'googleai', credential, entry['id'], sealed, CREATED)
        with self.database() as database:
            database.execute(
                'INSERT OR REPLACE INTO keys (uid, provider, credential_id, key_id, sealed, signature, hint, state,'
                ' created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
                [user.uid.encode(), b'googleai', credential.encode(), entry['id'].encode(), sealed, signature,
                 b'wxYZ', b'unverified', CREATED, CREATED])

    def key_used(self, user):
        """The key that the upstream was given, or the reason why none was."""
        with user.ask() as wire:
            if not self.upstream_was_asked(wire):
                return wire.answer().reason
            exchange = self.upstream.take()
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)
            return exchange.head.get('x-byot-api-key')

    def upstream_was_asked(self, wire):
        """Whichever comes first: the request at the upstream, or an answer without it."""
        wire.socket.settimeout(0.01)
        while self.upstream.waiting.empty():
            try:
                wire.more()
                wire.socket.settimeout(10)
                return False
            except TimeoutError:
                pass
        wire.socket.settimeout(10)
        return True

    @needs_sqlite
    def test_what_the_keys_role_has_opens_no_stored_key(self):
        user = self.user().with_key(KEY)
        box = self.stored_box(user)
        stored_under = [entry for entry in self.all_entries() if opens(entry['boxPublic'], entry['boxSecret'], box)]
        self.assertEqual(len(stored_under), 1)  # the whole keyring does open it
        for entry in self.entries('keys'):
            self.assertNotIn('boxSecret', entry)
            for private in (entry['signSecret'][:32], entry['signSecret'][32:], entry['boxPublic']):
                self.assertFalse(opens(entry['boxPublic'], private, box))
        self.assertNotIn(KEY.encode(), b''.join(file.read_bytes() for file in self.scene.folder.glob('keys.db*')))

    def all_entries(self):
        return [decoded(entry) for entry in json.loads(self.scene.keyring.read_text())['entries']]

    @needs_sqlite
    def test_a_record_planted_with_the_genuine_key_would_be_used(self):
        user = self.user()
        self.plant(user, 'sk-planted-0123456789', self.whole, self.whole['signSecret'])
        self.assertEqual(self.key_used(user), 'sk-planted-0123456789')  # so the tests below plant rightly

    @needs_sqlite
    def test_no_record_that_the_ai_role_plants_is_used(self):
        for entry in self.entries('ai'):
            self.assertNotIn('signSecret', entry)
            for name, private in {'made by oneself': signing_key(bytes(range(32))),
                                  'from the half that opens': signing_key(entry['boxSecret']),
                                  'the halves it has': entry['boxSecret'] + entry['signPublic'],
                                  'nothing': b'', 'too short': bytes(63)}.items():
                with self.subTest(signed=name):
                    user = self.user()
                    self.plant(user, 'sk-planted-0123456789', entry, private)
                    self.assertEqual(self.key_used(user), 'KEY_UNDECRYPTABLE')

    @needs_sqlite
    def test_a_stored_key_is_not_exchanged_for_another_by_the_ai_role(self):
        user = self.user().with_key(KEY)
        genuine, = self.database().execute('SELECT signature FROM keys WHERE uid = ?',
                                           [user.uid.encode()]).fetchone()
        entry = next(one for one in self.entries('ai') if opens(one['boxPublic'], one['boxSecret'],
                                                                self.stored_box(user)))
        published = {'keyId': entry['id'], 'publicKey': base64.b64encode(entry['boxPublic']).decode()}
        box = base64.b64decode(sealed_body(published, user.uid, 'sk-exchanged-0123456789')['sealedKey'])
        with self.database() as database:
            database.execute('UPDATE keys SET sealed = ? WHERE uid = ? AND signature = ?',
                             [box, user.uid.encode(), genuine])
        self.assertEqual(self.key_used(user), 'KEY_UNDECRYPTABLE')

    def test_no_process_serves_with_the_other_roles_file(self):
        for role, file in (('all', 'keys'), ('all', 'ai'), ('keys', 'ai'), ('ai', 'keys')):
            with self.subTest(role=role, file=file):
                ended = run_byot('serve', variables={**self.scene.variables, 'BYOT_ROLE': role,
                                                     'BYOT_KEYRING': str(self.files[file])})
                self.assertEqual(ended.returncode, 78, ended.stdout)
                self.assertIn('BYOT_KEYRING', ended.stderr)
