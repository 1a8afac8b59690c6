"""The keyring is rotated while thousands of keys are stored and used: nothing fails and nothing is lost."""
import json
import random
import signal
import sqlite3
import subprocess
import time

from harness import settings
from harness.crowd import Traffic, in_parallel
from harness.firestore import emulator
from harness.scene import SceneTest, needs_sqlite
from harness.server import environment, run_byot
from harness.waiting import eventually

USERS = 10000 if settings.slower == 1 else 1000  # a sanitizer is not asked to seal so many


class SqliteRecords:
    """What a store holds, looked at from beside the server."""

    def __init__(self, scene):
        self.path = scene.database

    def all(self):
        """(credential id, key id, state) by user."""
        with sqlite3.connect(self.path, timeout=30) as database:
            rows = database.execute('SELECT uid, credential_id, key_id, state FROM keys').fetchall()
        database.close()
        return {uid.decode(): tuple(value.decode() for value in values) for uid, *values in rows}


class FirestoreRecords:
    """The same of the emulator."""

    def __init__(self, scene):
        self.project = scene.project

    def all(self):
        records = {}
        for uid, document in emulator().documents(self.project).items():
            keys = document['fields']['keys']['mapValue'].get('fields', {})
            if 'googleai' in keys:  # removing a key leaves its document
                fields = keys['googleai']['mapValue']['fields']
                records[uid] = tuple(fields[name]['stringValue'] for name in ('credentialId', 'keyId', 'state'))
        return records


def records_of(scene):
    return FirestoreRecords(scene) if scene.is_on_google else SqliteRecords(scene)


def key_of(uid, version=0):
    return f'sk-{version}-of-{uid}-0123456789'


def tell_key(exchange):
    """A flow whose result is the key it was given."""
    exchange.answer(json.dumps({'result': exchange.head.get('x-byot-api-key')}).encode())


class Rotation(SceneTest):
    handler = staticmethod(tell_key)
    # Each request reads its key from the store, and identities are the emulator's, which is never asked.
    variables = {'BYOT_KEY_CACHE_TTL': '0s', 'FIREBASE_AUTH_EMULATOR_HOST': '127.0.0.1:9',
                 'BYOT_REVOCATION_CHECK': 'off', 'BYOT_FIREBASE_KEYS_URL': None, 'BYOT_LOG_LEVEL': 'warning'}

    def setUp(self):
        super().setUp()
        self.stored = records_of(self.scene)
        self.begun = time.monotonic()

    def say(self, text):
        print(f'        {time.monotonic() - self.begun:5.1f} s  {text}', flush=True)

    def keyring(self, *words):
        ended = run_byot('keyring', *words)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended.stdout

    def entries(self):
        return json.loads(self.scene.keyring.read_text())['entries']

    def begin_rewrap(self):
        return subprocess.Popen([str(settings.byot), 'rewrap'], env=environment(self.scene.variables), text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)

    def rewrap(self):
        return run_byot('rewrap', variables=self.scene.variables, wait=60)

    def check_key(self, line, uid, version=0):
        status, answer = line.ask(uid, 'POST', '/api/ai/tell', {'data': 1})
        assert (status, answer.get('result')) == (200, key_of(uid, version)), f'{uid}: {status} {answer}'

    def test_keys_are_moved_to_a_new_entry_while_they_are_used(self):
        self.seed()
        traffic = Traffic(self.scene, self.use, self.use, self.use, self.look, self.save, self.remove)
        try:
            self.keyring('add', self.scene.keyring)
            self.newest = self.entries()[-1]['id']
            self.say('keyring add')
            self.interrupt_rewrap()
            ended = self.rewrap()
            self.say(f'rewrap again: {ended.stdout.splitlines()[-1:]}')
        finally:
            traffic.stop()
        self.say(f'{traffic.done} requests meanwhile, {len(traffic.failures)} failed, the longest '
                 f'{traffic.longest * 1000:.0f} ms; {self.saves} saves, {len(self.removed)} removals')
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(traffic.failures, [])
        self.check_store()
        self.forget_old_entry()

    def seed(self):
        """A quarter of the users save again, a quarter remove; the keys of the others stay."""
        users = [f'user-{number:05}' for number in range(USERS)]
        random.shuffle(users)
        self.credentials = in_parallel(self.scene, users, lambda line, uid: line.save(uid, key_of(uid)))
        self.kept, self.saving = users[:USERS // 2], users[USERS // 2:USERS // 4 * 3]
        self.removing, self.removed = users[USERS // 4 * 3:], set()
        self.versions, self.saves = dict.fromkeys(self.saving, 0), 0
        self.say(f'{USERS} users have a key')

    def use(self, line):
        self.check_key(line, random.choice(self.kept))

    def look(self, line):
        uid = random.choice(self.kept)
        status, answer = line.ask(uid, 'GET', '/api/key/status')
        seen = answer['keys'][0]
        assert (status, seen['credentialId']) == (200, self.credentials[uid]), f'{status} {answer}'
        assert seen['state'] == 'unverified', answer

    def save(self, line):
        uid = random.choice(self.saving)
        version = self.versions[uid] + 1
        self.credentials[uid] = line.save(uid, key_of(uid, version))
        self.versions[uid] = version
        self.saves += 1
        self.check_key(line, uid, version)

    def remove(self, line):
        uid = random.choice(self.removing)
        status, answer = line.ask(uid, 'DELETE', '/api/key')
        assert (status, answer['removed']) == (200, uid not in self.removed), f'{uid}: {status} {answer}'
        self.removed.add(uid)

    def interrupt_rewrap(self):
        first = self.begin_rewrap()
        first.stdout.readline()  # it is in the middle
        first.send_signal(signal.SIGTERM)
        said, error = first.communicate(timeout=settings.limit(20))
        self.say(f'rewrap, ended by SIGTERM: {said.splitlines()[-1:]}')
        self.assertEqual(first.returncode, 1, error)
        self.assertIn('run it again', error)
        under = [key_id for _, key_id, _ in self.stored.all().values()]
        self.assertGreater(under.count(self.newest), 0)
        self.assertLess(under.count(self.newest), len(under))

    def check_store(self):
        stored = self.stored.all()
        self.say(f'{len(stored)} keys are stored')
        self.assertEqual({key_id for _, key_id, _ in stored.values()}, {self.newest})
        self.assertEqual({state for _, _, state in stored.values()}, {'unverified'})
        there = {uid: credential for uid, (credential, _, _) in stored.items()}
        self.assertEqual(there, {uid: credential for uid, credential in self.credentials.items()
                                 if uid not in self.removed})

    def forget_old_entry(self):
        """Nothing needs the old entry any more: the server goes on when the file does not have it."""
        old = self.entries()[0]['id']
        self.keyring('retire', self.scene.keyring, old)
        removed = eventually(lambda: run_byot('keyring', 'remove', self.scene.keyring, old,
                                              variables=self.scene.variables, wait=60),
                             lambda ended: ended.returncode == 0, 20)
        self.assertEqual(removed.returncode, 0, removed.stderr)
        self.assertTrue(eventually(lambda: '"gone"' in self.server.log(), within=10))
        there = [uid for uid in self.credentials if uid not in self.removed]
        in_parallel(self.scene, there[:2000], lambda line, uid: self.check_key(line, uid, self.versions.get(uid, 0)))
        self.say('the old entry is gone from the file, and 2000 keys were used')


class Rewrap(SceneTest):
    """What `byot rewrap` needs, and what it says."""

    def rewrap(self, **variables):
        return run_byot('rewrap', variables={name: value for name, value in {
            **self.scene.variables, **variables}.items() if value is not None}, wait=40)

    def test_it_needs_a_store_and_a_whole_keyring_and_nothing_of_a_servers_flows(self):
        ended = self.rewrap(BYOT_GENKIT_URL=None, BYOT_FIREBASE_PROJECT=None)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn('nothing is left on an old entry', ended.stdout)
        for wrong in ({'BYOT_STORE': None}, {'BYOT_KEYRING': None}, {'BYOT_KEYRING': '/nowhere/keyring.json'},
                      {'BYOT_KEYRNG': 'typo'}):
            with self.subTest(wrong=wrong):
                ended = self.rewrap(**wrong)
                self.assertEqual(ended.returncode, 78, ended.stdout)
                self.assertIn(next(iter(wrong)), ended.stderr)
        split = self.scene.folder / 'split.json'
        run_byot('keyring', 'new', '--out', split, '--split')
        for role in ('keys', 'ai'):
            with self.subTest(role=role):
                self.assertEqual(self.rewrap(BYOT_KEYRING=f'{split}.{role}').returncode, 78)

    @needs_sqlite
    def test_what_cannot_be_opened_is_counted_and_left_alone(self):
        self.user().with_key()
        other = self.scene.folder / 'other.json'
        run_byot('keyring', 'new', '--out', other)
        before = SqliteRecords(self.scene).all()
        ended = self.rewrap(BYOT_KEYRING=str(other))
        self.assertEqual(ended.returncode, 1, ended.stdout)
        self.assertIn('cannot be opened', ended.stderr)
        self.assertIn(f'cannot be opened {len(before)}', ended.stdout)
        self.assertEqual(SqliteRecords(self.scene).all(), before)


class LiveKeyring(SceneTest):
    """A server whose keyring file changes under it."""

    def log_has(self, word):
        return eventually(lambda: word in self.server.log(), within=10)

    def test_a_bad_file_is_told_and_the_server_goes_on_with_the_one_before(self):
        good = self.scene.keyring.read_bytes()
        self.addCleanup(self.scene.keyring.write_bytes, good)
        user = self.user().with_key()
        self.scene.keyring.write_text('{}')
        self.assertTrue(self.log_has('keyring file cannot be used'))
        self.assertEqual(user.save().status, 200)
        self.assertEqual(self.server.request('GET', '/health/ready').status, 200)

    def test_a_browser_seals_for_the_new_entry_soon_after_it_is_added(self):
        def published():
            return self.user().request('GET', '/api/key/public-key').json()['keyId']
        before = published()
        run_byot('keyring', 'add', self.scene.keyring)
        added = json.loads(self.scene.keyring.read_text())['entries'][-1]['id']
        self.assertNotEqual(added, before)
        self.assertEqual(eventually(published, lambda now: now == added, within=10), added)
