"""The commands that do not serve."""
import contextlib
import json
import pathlib
import re
import shutil
import socket
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor

from harness import settings
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
        folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        self.addCleanup(shutil.rmtree, folder)
        run_byot('keyring', 'new', '--out', folder / 'keyring.json')
        ended = run_byot('check-config', variables={
            **GOOD, 'BYOT_KEYRING': str(folder / 'keyring.json'), 'BYOT_STORE': f'sqlite:{folder}/keys.db'})
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

    def test_one_that_may_be_there_is_made_once_and_kept_then(self):
        again = ('keyring', 'new', '--if-missing', '--out', self.ring)
        self.assertEqual(run_byot(*again).returncode, 0)
        made = self.ring.read_text()
        kept = run_byot(*again)
        self.assertEqual((kept.returncode, kept.stdout), (0, f'kept {self.ring}\n'), kept.stderr)
        self.assertEqual(self.ring.read_text(), made)
        self.assertEqual(run_byot(*again, '--split').returncode, 1)  # whose files are not all there

    def test_what_is_there_must_be_a_keyring(self):
        self.ring.write_text('{}')
        self.ring.chmod(0o600)
        refused = run_byot('keyring', 'new', '--if-missing', '--out', self.ring)
        self.assertEqual((refused.returncode, self.ring.read_text()), (1, '{}'), refused.stdout)

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

    def test_the_openapi_document_is_json_and_the_gateways_has_its_placeholders(self):
        document = json.loads(run_byot('openapi').stdout)
        self.assertTrue(document['openapi'].startswith('3.1'))
        gateway = run_byot('openapi', '--gateway').stdout
        self.assertIn('${keys_url}', gateway)
        self.assertIn('${ai_url}', gateway)


class Words(unittest.TestCase):
    """What is typed: each wrong word is told on standard error in a line or two, with 64; help and version go to
    standard output with 0."""

    WRONG = {
        (): 'byot: a command is missing: serve, dev, ',
        ('sreve',): "byot: unknown command 'sreve'; did you mean serve?",
        ('SERVE',): "byot: unknown command 'SERVE'; did you mean serve?",
        ('server',): "byot: unknown command 'server'; did you mean serve?",
        ('check',): "byot: unknown command 'check'; did you mean check-config?",
        ('check_config',): "byot: unknown command 'check_config'; did you mean check-config?",
        ('config-refrence',): "did you mean config-reference?",
        ('frobnicate',): "byot: unknown command 'frobnicate'\n",
        ('frobnicate', '--help'): "byot: unknown command 'frobnicate'\n",
        ('help', 'frobnicate'): "byot: unknown command 'frobnicate'\n",
        ('',): "byot: unknown command ''\n",
        ('\x1b[31m',): "byot: unknown command '?[31m'\n",
        ('--verison',): 'byot: unknown option --verison; did you mean --version?',
        ('-x',): 'byot: unknown option -x\n',
        ('--', 'serve'): 'byot: unknown option --\n',
        ('serve', '--port', '1'): 'byot serve: unknown option --port\n',
        ('serve', '--port=1'): 'byot serve: unknown option --port\n',
        ('serve', 'now'): 'byot serve: unexpected argument: now\n',
        ('version', '1', '2'): 'byot version: unexpected argument: 1 2\n',
        ('dev', '--prot', '1'): 'byot dev: unknown option --prot; did you mean --port?',
        ('dev', '--port', 'http'): 'byot dev: ',
        ('dev', '--port', '65536'): 'byot dev: ',
        ('dev', '--port'): 'byot dev: --port: ',
        ('keyring',): 'byot keyring: a command is missing: new, add, ',
        ('keyring', 'nwe'): "byot keyring: unknown command 'nwe'; did you mean new?",
        ('help', 'keyring', 'nwe'): "byot keyring: unknown command 'nwe'; did you mean new?",
        ('keyring', 'new'): 'byot keyring new: --out is required\n',
        ('keyring', 'list'): 'byot keyring list: FILE is required\n',
        ('keyring', 'list', 'a', 'b'): 'byot keyring list: unexpected argument: b\n',
        ('openapi', '--gatway'): 'byot openapi: unknown option --gatway; did you mean --gateway?',
        ('openapi', '--quota', '600/m'): 'byot openapi: --quota requires --gateway',
        **{('openapi', '--gateway', '--backend-auth', word): 'byot openapi: --backend-auth: must be jwt or none'
           for word in ('JWT', 'oidc', '')},
        ('openapi', '--gateway', '--user-auth', 'google'): 'byot openapi: --user-auth: must be firebase or none',
        **{('openapi', '--gateway', '--deadline', word): 'byot openapi: --deadline: must be whole seconds from 1s to 1h'
           for word in ('0s', '3601s', '2h', '1500ms', '900', 'long')},
        **{('openapi', '--gateway', '--quota', word): 'byot openapi: --quota: must be N/m with N from 1 to 1000000'
           for word in ('0/m', '10/s', '10/h', 'off', '600', '1000001/m')},
        ('health', 'a', 'b'): 'byot health: unexpected argument: b\n',
    }
    ASKED = {
        ('--help',): 'Usage: byot', ('-h',): 'Usage: byot', ('help',): 'Usage: byot', ('help', '--help'): 'Usage: byot',
        ('serve', '--help'): 'Usage: byot serve', ('help', 'serve'): 'Usage: byot serve',
        ('keyring', '--help'): 'Usage: byot keyring', ('keyring', 'new', '-h'): 'Usage: byot keyring new',
        ('help', 'keyring', 'add'): 'Usage: byot keyring add', ('dev', '--help', '--nonsense'): 'Usage: byot dev',
        ('version',): 'byot ', ('--version',): 'byot ', ('-V',): 'byot ', ('-v',): 'byot ',
    }

    def test_a_wrong_word_is_told(self):
        for words, told in self.WRONG.items():
            with self.subTest(words):
                ended = run_byot(*words)
                self.assertEqual((ended.returncode, ended.stdout), (64, ''), ended.stderr)
                self.assertIn(told, ended.stderr)
                self.assertLessEqual(len(ended.stderr.splitlines()), 2)
                self.assertRegex(ended.stderr, r"See 'byot[a-z -]* --help'\.\n$")

    def test_help_and_version_are_answers(self):
        for words, told in self.ASKED.items():
            with self.subTest(words):
                ended = run_byot(*words)
                self.assertEqual((ended.returncode, ended.stderr), (0, ''))
                self.assertIn(told, ended.stdout)

    def test_every_spelling_of_version_says_the_same(self):
        said = {run_byot(words).stdout.rstrip() for words in ('version', '--version', '-V', '-v')}
        self.assertEqual(len(said), 1, said)

    def test_every_command_has_help(self):
        commands = re.findall(r'^  ([a-z-]+) {2,}[A-Z]', run_byot('--help').stdout, re.M)
        self.assertIn('check-config', commands)
        for command in commands:
            with self.subTest(command):
                self.assertIn(f'Usage: byot {command}', run_byot('help', command).stdout)


@contextlib.contextmanager
def scripted(answer, family=socket.AF_INET, host='127.0.0.1'):
    """Reads a head, sends the bytes, and notes the request line; None never answers."""
    listener = socket.create_server((host, 0), family=family)
    listener.settimeout(settings.limit(20))
    asked = []

    def serve():
        with contextlib.suppress(OSError):
            client, _ = listener.accept()
            with client:
                client.settimeout(settings.limit(20))
                head = b''
                while b'\r\n\r\n' not in head and (more := client.recv(4096)):
                    head += more
                asked.append(head.split(b'\r\n')[0])
                if answer is not None:
                    client.sendall(answer)
                else:
                    client.recv(1)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], asked
    finally:
        listener.close()
        thread.join()


class Health(unittest.TestCase):
    def probe(self, *words, code, told='', **variables):
        ended = run_byot('health', *words, variables=variables)
        self.assertEqual(ended.returncode, code, ended.stderr)
        self.assertIn(told, ended.stderr)
        self.assertEqual(len(ended.stderr.splitlines()), code, ended.stderr)
        return ended

    def test_what_is_no_address_is_told(self):
        for word in ('127.0.0.1:8080', 'localhost', 'ftp://127.0.0.1/', '/health', 'http://', 'http://u:secret@h/',
                     'http://127.0.0.1:99999'):
            with self.subTest(word):
                ended = self.probe(word, code=1, told='URL must be an http or https address, such as http://')
                self.assertNotIn('secret', ended.stderr)

    def test_nobody_there_is_told(self):
        with socket.create_server(('127.0.0.1', 0)) as taken:
            port = taken.getsockname()[1]
        self.probe(f'http://127.0.0.1:{port}', code=1, told=f'http://127.0.0.1:{port}: nobody answers there')
        self.probe('http://nobody.invalid/', code=1, told='nobody answers there')
        self.probe(f'https://127.0.0.1:{port}/?key=secret', code=1, told='/?***: nobody answers there, or with a cert')

    def test_what_answers_is_told(self):
        rows = (
            (b'HTTP/1.1 503 X\r\nContent-Length: 18\r\n\r\n{"store":\n"absent"}'[:-1], 'answers 503: {"store": "absent"'),
            (b'HTTP/1.1 503 X\r\nContent-Length: 12\r\n\r\na\x1b[b\xc2\x9bc\x9bd\xc3\xbce', 'answers 503: a [b c?d\u00fce\n'),
            (b'HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n', 'answers 404\n'),
            (b'HTTP/1.1 302 X\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n', 'answers 302\n'),
            (b'SSH-2.0-OpenSSH_9.2\r\n', 'speaks no HTTP'),
            (None, 'no whole answer within 2 s'),
            (b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab', ''))
        for answer, told in rows:
            with self.subTest(answer), scripted(answer) as (port, asked):
                ended = self.probe(f'http://127.0.0.1:{port}/health/ready?x=1', code=1, told=told)
                self.assertEqual(ended.stdout, 'unhealthy\n')
                self.assertEqual(asked, [b'GET /health/ready?x=1 HTTP/1.1'])

    def test_its_own_server_is_found_by_port_and_bind(self):
        good = b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
        for family, host, bind in ((socket.AF_INET, '127.0.0.1', ''), (socket.AF_INET, '127.0.0.1', '0.0.0.0'),
                                   (socket.AF_INET, '127.0.0.1', '127.0.0.1'), (socket.AF_INET, '127.0.0.9', '127.0.0.9'),
                                   (socket.AF_INET6, '::1', '::'), (socket.AF_INET6, '::1', '::1'),
                                   (socket.AF_INET6, '::1', '0:0:0:0:0:0:0:0')):
            with self.subTest(bind), scripted(good, family, host) as (port, asked):
                ended = self.probe(code=0, PORT=str(port), BYOT_BIND=bind)
                self.assertEqual(ended.stdout, 'healthy\n')
                self.assertEqual(asked, [b'GET /health/ready HTTP/1.1'])

    def test_a_wrong_port_or_bind_is_told(self):
        self.probe(code=1, told='byot health: PORT must be a whole number', PORT='http')
        self.probe(code=1, told='byot health: BYOT_BIND must be an IPv4 or IPv6 address', BYOT_BIND='localhost')
        self.probe(code=1, told='byot health: PORT is 0', PORT='0')
