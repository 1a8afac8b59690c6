"""What keeps `serve` from starting: `check-config` says it too, in the same words, and touches nothing."""
import json
import os
import pathlib
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import unittest

from harness import settings
from harness.scene import Scene
from harness.server import environment, run_byot
from harness.waiting import eventually


def good(folder):
    """The least that starts, in a folder of the test's own."""
    ring = folder / 'keyring.json'
    if not ring.exists():
        made = run_byot('keyring', 'new', '--out', ring, '--split')
        assert made.returncode == 0, made.stderr
    return {'PORT': '0', 'BYOT_BIND': '127.0.0.1', 'BYOT_ADMIN_PORT': '0', 'BYOT_KEYRING': str(ring),
            'BYOT_STORE': f'sqlite:{folder}/keys.sqlite', 'BYOT_FIREBASE_PROJECT': 'demo-project',
            'BYOT_REVOCATION_CHECK': 'off', 'BYOT_GENKIT_URL': 'http://127.0.0.1:3400', 'BYOT_MAX_CONNECTIONS': '100'}


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return str(probe.getsockname()[1])


def text_in(path, text, mode=0o600):
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def with_mode(path, mode):
    path.chmod(mode)
    return str(path)


def database(path, sql):
    with sqlite3.connect(path) as made:
        made.executescript(sql)
    made.close()
    return f'sqlite:{path}'


def folder_in(path):
    path.mkdir()
    return path


THEIRS = []  # files that stay root's


def theirs(path):
    THEIRS.append(path)
    return path


def listing(folder):
    """Names, modes, times and contents."""
    return {path: (path.lstat().st_mode, path.lstat().st_mtime_ns, path.read_bytes() if path.is_file() else None)
            for path in sorted(folder.rglob('*'))}


# Each takes the folder and gives variables on top of the good ones; then what stderr says.
ROWS = {
    'no keyring': (lambda at: {'BYOT_KEYRING': f'{at}/none.json'}, 'BYOT_KEYRING: {at}/none.json: cannot be opened'),
    'a keyring that is a folder': (lambda at: {'BYOT_KEYRING': str(at)}, 'BYOT_KEYRING: {at}: is not a regular file'),
    'a keyring that others read': (lambda at: {'BYOT_KEYRING': with_mode(at / 'keyring.json', 0o644)},
                                   'BYOT_KEYRING: {at}/keyring.json: must be readable by its owner only (chmod 600)'),
    'an empty keyring': (lambda at: {'BYOT_KEYRING': text_in(at / 'ring', '')}, 'BYOT_KEYRING: {at}/ring: '),
    'a keyring that is no JSON': (lambda at: {'BYOT_KEYRING': text_in(at / 'ring', 'keyring')},
                                  'BYOT_KEYRING: {at}/ring: '),
    'a keyring without entries': (
        lambda at: {'BYOT_KEYRING': text_in(at / 'ring', '{"version":1,"entries":[]}')}, 'BYOT_KEYRING: {at}/ring: '),
    'a keyring in a folder that is a file': (lambda at: {'BYOT_KEYRING': f'{at}/keyring.json/x'},
                                             'BYOT_KEYRING: {at}/keyring.json/x: cannot be opened'),
    'the keyring of role keys for all': (lambda at: {'BYOT_KEYRING': f'{at}/keyring.json.keys'}, 'BYOT_KEYRING: '),
    'the keyring of role ai for keys': (
        lambda at: {'BYOT_KEYRING': f'{at}/keyring.json.ai', 'BYOT_ROLE': 'keys'}, 'BYOT_KEYRING: '),
    'the keyring of role keys for ai': (
        lambda at: {'BYOT_KEYRING': f'{at}/keyring.json.keys', 'BYOT_ROLE': 'ai'}, 'BYOT_KEYRING: '),
    'no folder for the store': (lambda at: {'BYOT_STORE': f'sqlite:{at}/none/keys.sqlite'},
                                'BYOT_STORE: {at}/none: is no folder that is there'),
    'a store in a folder that is a file': (lambda at: {'BYOT_STORE': f'sqlite:{at}/keyring.json/keys.sqlite'},
                                           'BYOT_STORE: {at}/keyring.json: is no folder'),
    'a store that is a folder': (lambda at: {'BYOT_STORE': f'sqlite:{folder_in(at / "data")}'},
                                 'BYOT_STORE: {at}/data: is not a regular file'),
    'a store that is no database': (
        lambda at: {'BYOT_STORE': f'sqlite:{text_in(at / "text", "something else, longer than a header is. " * 20)}'},
        'BYOT_STORE: {at}/text: file is not a database'),
    "another program's database": (lambda at: {'BYOT_STORE': database(at / 'x.db', 'CREATE TABLE t (a)')},
                                   "BYOT_STORE: {at}/x.db: this is another program's database"),
    "another program's database with a version": (
        lambda at: {'BYOT_STORE': database(at / 'x.db', 'PRAGMA user_version = 1; CREATE TABLE t (a)')},
        "BYOT_STORE: {at}/x.db: this is another program's database"),
    'a database of a newer byot': (
        lambda at: {'BYOT_STORE': database(at / 'a?b#c%41.db', 'PRAGMA user_version = 99; CREATE TABLE t (a)')},
        'BYOT_STORE: {at}/a?b#c%41.db: a newer version of byot made this file'),
    'no credentials file': (
        lambda at: {'BYOT_STORE': 'firestore:demo-project', 'GOOGLE_APPLICATION_CREDENTIALS': f'{at}/none.json'},
        'GOOGLE_APPLICATION_CREDENTIALS: {at}/none.json: cannot be opened'),
    'credentials that are no JSON': (
        lambda at: {'BYOT_STORE': 'firestore:demo-project',
                    'GOOGLE_APPLICATION_CREDENTIALS': text_in(at / 'sa', '-----BEGIN')},
        'GOOGLE_APPLICATION_CREDENTIALS: {at}/sa: is not one JSON object'),
    'credentials of a type not used': (
        lambda at: {'BYOT_STORE': 'firestore:demo-project',
                    'GOOGLE_APPLICATION_CREDENTIALS': text_in(at / 'sa', '{"type":"external_account"}')},
        'GOOGLE_APPLICATION_CREDENTIALS: {at}/sa: is of type external_account'),
    'credentials for the revocation check alone': (
        lambda at: {'BYOT_REVOCATION_CHECK': 'on', 'GOOGLE_APPLICATION_CREDENTIALS': f'{at}/none.json'},
        'GOOGLE_APPLICATION_CREDENTIALS: {at}/none.json: cannot be opened'),
    'credentials for the upstream alone': (
        lambda at: {'BYOT_GENKIT_AUDIENCE': 'https://flows.example.com',
                    'GOOGLE_APPLICATION_CREDENTIALS': f'{at}/none.json'},
        'GOOGLE_APPLICATION_CREDENTIALS: {at}/none.json: cannot be opened'),
    "a user's credentials for the upstream": (
        lambda at: {'BYOT_GENKIT_AUDIENCE': 'https://flows.example.com',
                    'GOOGLE_APPLICATION_CREDENTIALS': text_in(at / 'adc', json.dumps({
                        'type': 'authorized_user', 'client_id': 'a', 'client_secret': 'b', 'refresh_token': 'c'}))},
        "BYOT_GENKIT_AUDIENCE: the credentials are a user's"),
    'an address of another machine': (lambda at: {'BYOT_BIND': '203.0.113.7'},
                                      'BYOT_BIND: cannot listen on 203.0.113.7:0: that is no address of this machine'),
    'one port for both': (lambda at: dict.fromkeys(('PORT', 'BYOT_ADMIN_PORT'), free_port()),
                          "BYOT_ADMIN_PORT: must not be PORT's"),
    'unsigned tokens from afar': (
        lambda at: {'BYOT_BIND': '0.0.0.0', 'FIREBASE_AUTH_EMULATOR_HOST': '127.0.0.1:9099'},
        'FIREBASE_AUTH_EMULATOR_HOST: has unsigned tokens accepted'),
    'an unknown variable': (lambda at: {'BYOT_COLOUR': 'red'},
                            'BYOT_COLOUR: is not a known variable; `byot config-reference` lists them all'),
}

# The same as somebody who may not do everything.
ROWS_OF_NOBODY = {
    'a keyring of somebody else': (
        lambda at: {'BYOT_KEYRING': theirs(text_in(at / 'ring', '{}'))},
        'BYOT_KEYRING: {at}/ring: cannot be opened: Permission denied'),
    'a folder that cannot be written': (
        lambda at: {'BYOT_STORE': f'sqlite:{with_mode(folder_in(at / "data"), 0o500)}/keys.sqlite'},
        'BYOT_STORE: {at}/data: no file can be made in this folder: Permission denied'),
    'a store that cannot be written': (
        lambda at: {'BYOT_STORE': f'sqlite:{text_in(at / "keys.sqlite", "", 0o400)}'},
        'BYOT_STORE: {at}/keys.sqlite: cannot be read and written: Permission denied'),
    "a store of somebody else's that all may write": (
        lambda at: {'BYOT_STORE': f'sqlite:{theirs(text_in(at / "keys.sqlite", "", 0o666))}'},
        "BYOT_STORE: {at}/keys.sqlite: is another user's"),
    'a file beside the store that cannot be written': (
        lambda at: {'BYOT_STORE': 'sqlite:' + text_in(at / 'keys.sqlite-wal', '', 0o400).removesuffix('-wal')},
        'BYOT_STORE: {at}/keys.sqlite-wal: cannot be read and written: Permission denied'),
}


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        self.addCleanup(shutil.rmtree, self.folder)

    def fresh(self):
        return folder_in(self.folder / f'{len(list(self.folder.iterdir()))}')


class Refusals(Folder):
    def test_each_is_told_by_both_in_the_same_words(self):
        for name, (more, told) in ROWS.items():
            with self.subTest(name):
                at = self.fresh()
                variables = {**good(at), **more(at)}
                before = listing(at)
                looked = run_byot('check-config', variables=variables)
                self.assertEqual(looked.returncode, 78, looked.stdout + looked.stderr)
                self.assertIn(told.format(at=at), looked.stderr)
                self.assertEqual(len(looked.stderr.splitlines()), 1, looked.stderr)
                self.assertEqual(looked.stdout, '')
                self.assertEqual(listing(at), before)
                served = run_byot('serve', variables=variables)
                self.assertEqual((served.returncode, served.stderr), (78, looked.stderr))

    def test_all_are_told_at_once(self):
        at = self.fresh()
        variables = {**good(at), 'PORT': 'http', 'BYOT_KEYRING': f'{at}/none.json', 'BYOT_COLOUR': 'red',
                     'BYOT_STORE': f'sqlite:{at}/none/keys.sqlite', 'BYOT_REVOCATION_CHECK': 'on',
                     'GOOGLE_APPLICATION_CREDENTIALS': f'{at}/none.json'}
        for command in ('check-config', 'serve'):
            ended = run_byot(command, variables=variables)
            self.assertEqual(ended.returncode, 78)
            self.assertEqual([line.split(':')[0] for line in ended.stderr.splitlines()],
                             ['PORT', 'BYOT_COLOUR', 'BYOT_KEYRING', 'BYOT_STORE', 'GOOGLE_APPLICATION_CREDENTIALS'])

    def test_what_starts_passes_and_is_not_touched(self):
        rows = {'no file yet': lambda at: {},
                'a file without anything': lambda at: {'BYOT_STORE': f'sqlite:{text_in(at / "empty", "")}'},
                'role keys': lambda at: {'BYOT_ROLE': 'keys', 'BYOT_KEYRING': f'{at}/keyring.json.keys'},
                'role ai': lambda at: {'BYOT_ROLE': 'ai', 'BYOT_KEYRING': f'{at}/keyring.json.ai'},
                'the real address': lambda at: {'BYOT_BIND': '0.0.0.0'},
                'an admin port': lambda at: {'BYOT_ADMIN_PORT': free_port()},
                'credentials that nobody needs': lambda at: {'GOOGLE_APPLICATION_CREDENTIALS': f'{at}/none.json'}}
        for name, more in rows.items():
            with self.subTest(name):
                at = self.fresh()
                variables = {**good(at), **more(at)}
                before = listing(at)
                looked = run_byot('check-config', variables=variables)
                self.assertEqual((looked.returncode, looked.stderr), (0, ''))
                self.assertEqual(listing(at), before)


class BesideAServer(unittest.TestCase):
    """check-config is run in a container whose server runs."""

    def setUp(self):
        self.scene = Scene(BYOT_MAX_CONNECTIONS='100')
        self.addCleanup(self.scene.close)

    def test_a_store_in_use_passes(self):
        self.scene.user().with_key()
        ended = run_byot('check-config', variables=self.scene.variables)
        self.assertEqual((ended.returncode, ended.stderr), (0, ''))

    def test_a_taken_port_is_told_and_keeps_only_serve_from_starting(self):
        variables = {**self.scene.variables, 'PORT': str(self.scene.server.port)}
        told = f'PORT: cannot listen on 127.0.0.1:{self.scene.server.port}: another program does'
        looked = run_byot('check-config', variables=variables)
        self.assertEqual(looked.returncode, 0, looked.stderr)
        self.assertTrue(looked.stderr.startswith(told), looked.stderr)
        self.assertIn('BYOT_BIND=127.0.0.1\n', looked.stdout)
        served = run_byot('serve', variables=variables)
        self.assertEqual((served.returncode, served.stderr), (69, looked.stderr))
        self.assertEqual(self.scene.server.request('GET', '/health/live').status, 200)

    def test_so_is_a_taken_admin_port(self):
        with socket.create_server(('127.0.0.1', 0)) as taken:
            port = taken.getsockname()[1]
            variables = {**self.scene.variables, 'BYOT_ADMIN_PORT': str(port)}
            told = f'BYOT_ADMIN_PORT: cannot listen on 127.0.0.1:{port}: another program does (Address already in use)\n'
            looked = run_byot('check-config', variables=variables)
            self.assertEqual((looked.returncode, looked.stderr), (0, told))
            served = run_byot('serve', variables=variables)
            self.assertEqual((served.returncode, served.stderr), (69, told))

    def test_two_taken_ports_are_both_told(self):
        port = str(self.scene.server.port)
        with socket.create_server(('127.0.0.1', 0)) as taken:
            variables = {**self.scene.variables, 'PORT': port, 'BYOT_ADMIN_PORT': str(taken.getsockname()[1])}
            for command, code in (('check-config', 0), ('serve', 69)):
                ended = run_byot(command, variables=variables)
                self.assertEqual(ended.returncode, code)
                self.assertEqual([line.split(':')[0] for line in ended.stderr.splitlines()], ['PORT', 'BYOT_ADMIN_PORT'])

    def test_it_is_told_beside_what_is_wrong(self):
        variables = {**self.scene.variables, 'PORT': str(self.scene.server.port), 'BYOT_KEYRING': '/none'}
        for command in ('check-config', 'serve'):
            ended = run_byot(command, variables=variables)
            self.assertEqual(ended.returncode, 78)
            self.assertEqual([line.split(':')[0] for line in ended.stderr.splitlines()], ['BYOT_KEYRING', 'PORT'])


@unittest.skipUnless(os.geteuid() == 0, 'another user can only be had as root')
class OfNobody(Folder):
    def setUp(self):
        super().setUp()
        self.byot = shutil.copy(settings.byot, self.folder / 'byot')
        self.folder.chmod(0o755)

    def run_as_nobody(self, command, variables):
        nobody = pwd.getpwnam('nobody')
        its = {**environment(variables), 'LLVM_PROFILE_FILE': '/dev/null'}  # the run's profiles are not nobody's to write
        return subprocess.run([self.byot, command], env=its, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=settings.limit(20), user=nobody.pw_uid,
                              group=nobody.pw_gid, extra_groups=[], cwd='/')

    def test_what_it_may_not_do_is_told_by_both(self):
        nobody = pwd.getpwnam('nobody')
        for name, (more, told) in ROWS_OF_NOBODY.items():
            with self.subTest(name):
                at = self.fresh()
                THEIRS.clear()
                variables = {**good(at), **more(at)}
                for path in [at, *at.rglob('*')]:
                    if str(path) not in THEIRS:
                        os.chown(path, nobody.pw_uid, nobody.pw_gid)
                before = listing(at)
                looked = self.run_as_nobody('check-config', variables)
                self.assertEqual(looked.returncode, 78, looked.stdout + looked.stderr)
                self.assertIn(told.format(at=at), looked.stderr)
                self.assertEqual(listing(at), before)
                served = self.run_as_nobody('serve', variables)
                self.assertEqual((served.returncode, served.stderr), (78, looked.stderr))

    def test_a_mounted_secret_of_roots_is_taken_on_cloud_run_alone(self):
        nobody, on_cloud_run = pwd.getpwnam('nobody').pw_uid, {'K_SERVICE': 'byot'}
        for mode, owner, more, told in (
                (0o444, 0, on_cloud_run, None), (0o440, 0, on_cloud_run, 'Permission denied'),
                (0o400, nobody, on_cloud_run, None), (0o600, nobody, on_cloud_run, None),
                (0o444, nobody, on_cloud_run, "or be root's with mode 0444"), (0o444, 1, on_cloud_run, 'another user'),
                (0o446, 0, on_cloud_run, 'mode 0444'), (0o464, 0, on_cloud_run, 'mode 0444'),
                (0o644, 0, on_cloud_run, 'mode 0444'), (0o666, 0, on_cloud_run, 'mode 0444'),
                (0o444, 0, {}, 'must be readable by its owner only (chmod 600)'), (0o600, nobody, {}, None)):
            for is_link in (False,) if told else (False, True):
                with self.subTest(mode=oct(mode), owner=owner, more=more, is_link=is_link):
                    at = self.fresh()
                    variables = {**good(at), **more}
                    for path in [at, *at.rglob('*')]:
                        os.chown(path, nobody, -1)
                    ring = at / 'keyring.json'
                    os.chown(ring, owner, 0)
                    ring.chmod(mode)
                    if is_link:
                        (at / 'mounted').symlink_to(ring)
                        variables['BYOT_KEYRING'] = f'{at}/mounted'
                    looked = self.run_as_nobody('check-config', variables)
                    self.assertEqual(looked.returncode, 78 if told else 0, looked.stderr)
                    if told:
                        self.assertIn(told, looked.stderr)
                        self.assertEqual(self.run_as_nobody('serve', variables).stderr, looked.stderr)

    def test_a_port_that_needs_a_right_is_told(self):
        if int(pathlib.Path('/proc/sys/net/ipv4/ip_unprivileged_port_start').read_text()) < 81:
            self.skipTest('every port is open to everybody here')
        at = self.fresh()
        variables = {**good(at), 'PORT': '80'}
        for path in [at, *at.rglob('*')]:
            os.chown(path, pwd.getpwnam('nobody').pw_uid, -1)
        for command in ('check-config', 'serve'):
            ended = self.run_as_nobody(command, variables)
            self.assertEqual(ended.returncode, 78, ended.stderr)
            self.assertIn('cannot listen on 127.0.0.1:80: that port needs root or CAP_NET_BIND_SERVICE', ended.stderr)


class Told(unittest.TestCase):
    """What is open for development is told at each start."""

    def lines_of(self, scene, words):
        """Those of the log with the words in them; they may come after the server listens."""
        return eventually(lambda: [line for line in scene.server.log_lines() if words in line['message']])

    def test_unsigned_tokens_are(self):
        for bind, more in (('127.0.0.1', {}), ('0.0.0.0', {'BYOT_DEVELOPMENT': 'on'})):
            with self.subTest(bind):
                scene = Scene(FIREBASE_AUTH_EMULATOR_HOST='127.0.0.1:9', BYOT_BIND=bind, **more)
                self.addCleanup(scene.close)
                line, = self.lines_of(scene, 'unsigned tokens')
                self.assertEqual(line['severity'], 'WARNING')

    def test_without_an_emulator_nobody_speaks_of_them(self):
        scene = Scene()
        self.addCleanup(scene.close)
        scene.server.request('GET', '/health/live')
        self.assertTrue(self.lines_of(scene, 'GET /health/live'))  # which comes after what is told at the start
        self.assertNotIn('unsigned tokens', scene.server.log())

    def noted(self, **more):
        """What `check-config` tells of what will be missed, and the log of `serve`; both start."""
        scene = Scene(**{'BYOT_MAX_CONNECTIONS': '100', **more})
        self.addCleanup(scene.close)
        looked = run_byot('check-config', variables=scene.variables)
        self.assertEqual(looked.returncode, 0, looked.stderr)
        lines = looked.stderr.splitlines()
        for line in lines:
            message = line.split(': ', 1)[1].split(' (')[0]
            self.assertEqual(self.lines_of(scene, message)[0]['severity'], 'WARNING')
        return lines

    def test_few_descriptors_are(self):
        line, = self.noted(BYOT_MAX_CONNECTIONS='1000000')
        self.assertRegex(line, r'^BYOT_MAX_CONNECTIONS: fewer descriptors than BYOT_MAX_CONNECTIONS may need: '
                               r'lower it, or raise RLIMIT_NOFILE \(descriptorsAllowed \d+, descriptorsWanted 2000064\)$')

    def test_a_machine_that_trusts_nobody_is(self):
        with tempfile.TemporaryDirectory(prefix='byot-test-') as empty:
            none = {'SSL_CERT_FILE': f'{empty}/none.pem', 'SSL_CERT_DIR': empty}
            told = f'SSL_CERT_FILE: no https address can be verified: there are no certificates in {empty}/none.pem nor in {empty} '
            line, = self.noted(**none, BYOT_GENKIT_URL='https://flows.example')
            self.assertTrue(line.startswith(told), line)
            text_in(pathlib.Path(empty) / 'none.pem', '-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n')
            line, = self.noted(**{**none, 'SSL_CERT_DIR': f'{empty}/none'}, BYOT_GENKIT_URL='https://flows.example')
            self.assertIn(f' in {empty}/none.pem nor in {empty}/none ', line)

    def test_but_not_where_nothing_is_asked_over_tls_or_somebody_is_trusted(self):
        with tempfile.TemporaryDirectory(prefix='byot-test-') as empty:
            none = {'SSL_CERT_FILE': f'{empty}/none.pem', 'SSL_CERT_DIR': empty}
            self.assertEqual(self.noted(**none), [])
            made = subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                                   '-subj', '/CN=x', '-keyout', '/dev/null', '-out', none['SSL_CERT_FILE']], capture_output=True)
            self.assertEqual(made.returncode, 0, made.stderr)
            self.assertEqual(self.noted(**none, BYOT_GENKIT_URL='https://flows.example'), [])

    def test_what_is_switched_off_or_replaced_is(self):
        scene = Scene(BYOT_KEY_CHECK='off', BYOT_PROVIDER_URL_OPENAI='http://127.0.0.1:9')
        self.addCleanup(scene.close)
        line, = self.lines_of(scene, 'not as in production')
        self.assertIn('BYOT_KEY_CHECK', line['variables'])
        self.assertIn('BYOT_PROVIDER_URL_OPENAI', line['variables'])
        self.assertNotIn('BYOT_IDENTITY_URL', line['variables'])
