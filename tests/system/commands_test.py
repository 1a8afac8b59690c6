"""The commands that do not serve."""
import json
import pathlib
import re
import shutil
import socket
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

from harness.server import run_byot

GOOD = {'BYOT_STORE': 'sqlite:/nowhere/keys.db', 'BYOT_KEYRING': '/nowhere/keyring.json',
        'BYOT_FIREBASE_PROJECT': 'demo-project', 'BYOT_GENKIT_URL': 'http://127.0.0.1:3400'}


class Configuration(unittest.TestCase):
    def test_every_problem_is_told_at_once_and_the_code_is_78(self):
        wrong = {'PORT': 'http', 'BYOT_REACTORS': '0', 'BYOT_RATE_PER_USER': 'lots', 'BYOT_STORE': 'mysql:x',
                 'BYOT_ALLOWED_ORIGINS': '*', 'BYOT_IDLE_TIMEOUT': '5', 'BYOT_KEYRNG': '/typo'}
        for command in ('serve', 'check-config'):
            with self.subTest(command=command):
                ended = run_byot(command, variables=wrong)
                self.assertEqual(ended.returncode, 78, ended.stderr)
                for variable in wrong:
                    self.assertIn(variable, ended.stderr)
                for missing in ('BYOT_KEYRING', 'BYOT_GENKIT_URL'):
                    self.assertIn(missing, ended.stderr)
                self.assertNotIn('listening', ended.stdout)

    def test_an_unknown_variable_of_ours_is_a_problem_with_the_nearest_name(self):
        ended = run_byot('check-config', variables={**GOOD, 'BYOT_LOG_LEVLE': 'debug'})
        self.assertEqual(ended.returncode, 78)
        self.assertIn('BYOT_LOG_LEVEL', ended.stderr)

    def test_a_good_configuration_is_printed_with_its_defaults(self):
        ended = run_byot('check-config', variables=GOOD)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        for line in ('BYOT_IDLE_TIMEOUT=75s', 'BYOT_LOG_LEVEL=info', 'BYOT_PROVIDERS=googleai,openai,anthropic'):
            self.assertIn(line, ended.stdout.splitlines())

    def test_overrides_of_development_are_refused_on_cloud_run(self):
        for variables in ({'BYOT_FIREBASE_KEYS_URL': 'http://127.0.0.1:1/x'},
                          {'FIREBASE_AUTH_EMULATOR_HOST': '127.0.0.1:9099'},
                          {'FIRESTORE_EMULATOR_HOST': '127.0.0.1:8080'},
                          {'BYOT_PROVIDER_URL_OPENAI': 'http://127.0.0.1:1'}):
            name, = variables
            with self.subTest(variable=name):
                ended = run_byot('check-config', variables={
                    **GOOD, 'BYOT_GENKIT_URL': 'https://flows.example', 'K_SERVICE': 'byot', **variables})
                self.assertEqual(ended.returncode, 78, ended.stdout)
                self.assertIn(name, ended.stderr)

    def test_the_reference_is_a_table_of_every_variable(self):
        ended = run_byot('config-reference')
        self.assertEqual(ended.returncode, 0)
        rows = [line for line in ended.stdout.splitlines() if line.startswith('|')]
        named = ' '.join(rows)
        for variable in ('PORT', 'K_SERVICE', 'BYOT_STORE', 'BYOT_TRUSTED_HOPS', 'BYOT_LOG_FORMAT'):
            self.assertIn(variable, named)
        self.assertGreater(len(rows), 40)

    def test_a_keyring_that_others_can_read_is_refused(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        self.addCleanup(shutil.rmtree, folder)
        ring = folder / 'keyring.json'
        run_byot('keyring', 'new', '--out', ring)
        ring.chmod(0o644)
        ended = run_byot('serve', variables={**GOOD, 'PORT': '0', 'BYOT_KEYRING': str(ring),
                                             'BYOT_STORE': f'sqlite:{folder}/keys.db'})
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn('keyring', ended.stderr)


class Keyring(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        self.addCleanup(shutil.rmtree, self.folder)
        self.ring = self.folder / 'keyring.json'

    def keyring(self, *words, code=0):
        ended = run_byot('keyring', *words)
        self.assertEqual(ended.returncode, code, ended.stderr)
        return ended.stdout

    def entries(self):
        return json.loads(self.ring.read_text())['entries']

    def test_a_new_keyring_is_its_owners_alone_and_replaces_nothing(self):
        self.keyring('new', '--out', self.ring)
        self.assertEqual(self.ring.stat().st_mode & 0o777, 0o600)
        before = self.ring.read_bytes()
        self.keyring('new', '--out', self.ring, code=1)
        self.assertEqual(self.ring.read_bytes(), before)

    def test_entries_are_added_and_retired(self):
        self.keyring('new', '--out', self.ring)
        self.keyring('add', self.ring)
        first, second = self.entries()
        self.keyring('retire', self.ring, first['id'])
        self.assertEqual([entry['state'] for entry in self.entries()], ['retired', 'active'])
        listed = self.keyring('list', self.ring)
        for entry in (first, second):
            self.assertIn(entry['id'], listed)

    def test_the_last_active_entry_is_not_retired(self):
        self.keyring('new', '--out', self.ring)
        self.keyring('retire', self.ring, self.entries()[0]['id'], code=1)
        self.assertEqual(self.entries()[0]['state'], 'active')

    def test_many_who_change_it_at_once_lose_nothing(self):
        self.keyring('new', '--out', self.ring, '--split')
        first = [entry['id'] for entry in self.entries()]
        with ThreadPoolExecutor(16) as together:
            added = self.added(list(together.map(lambda _: self.keyring('add', self.ring), range(24))))
            retiring = [together.submit(self.keyring, 'retire', self.ring, one) for one in added[:8]]
            later = self.added(list(together.map(lambda _: self.keyring('add', self.ring), range(8))))
            for one in retiring:
                one.result()
        for file in (self.ring, pathlib.Path(f'{self.ring}.keys'), pathlib.Path(f'{self.ring}.ai')):
            states = {entry['id']: entry['state'] for entry in json.loads(file.read_text())['entries']}
            self.assertEqual(states, {**dict.fromkeys(first + added + later, 'active'),
                                      **dict.fromkeys(added[:8], 'retired')}, file)
        times = [entry['createdAt'] for entry in self.entries()]
        self.assertEqual(times, sorted(set(times)))  # so one of them is the newest

    def added(self, said):
        return [re.search(r'added entry (key_\w+);', text)[1] for text in said]

    def test_no_command_prints_a_private_half(self):
        said = self.keyring('new', '--out', self.ring) + self.keyring('add', self.ring)
        said += self.keyring('list', self.ring)
        for entry in self.entries():
            for half in ('boxSecret', 'signSecret'):
                self.assertNotIn(entry[half][:12], said)


class SmallCommands(unittest.TestCase):
    def test_version_names_the_program_and_its_libraries(self):
        ended = run_byot('version')
        self.assertEqual(ended.returncode, 0)
        for word in ('byot', 'Boost', 'OpenSSL', 'libsodium', 'SQLite'):
            self.assertIn(word.lower(), ended.stdout.lower())

    def test_an_unknown_command_is_refused(self):
        for words in ([], ['sreve'], ['serve', '--port', '1']):
            self.assertNotIn(run_byot(*words).returncode, (0, 78), words)

    def test_health_of_nobody_is_1(self):
        with socket.create_server(('127.0.0.1', 0)) as taken:
            port = taken.getsockname()[1]
        self.assertEqual(run_byot('health', f'http://127.0.0.1:{port}').returncode, 1)

    def test_the_openapi_document_is_json_and_the_gateways_has_its_placeholders(self):
        document = json.loads(run_byot('openapi').stdout)
        self.assertTrue(document['openapi'].startswith('3.1'))
        gateway = run_byot('openapi', '--gateway').stdout
        self.assertIn('${keys_url}', gateway)
        self.assertIn('${ai_url}', gateway)
