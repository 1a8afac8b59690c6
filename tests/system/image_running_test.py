"""The image, started as Cloud Run does, with Google's addresses as they are in production: names come from DNS, every
address is https, and certificates are checked by what the image brings. K_SERVICE is set, so nothing can be replaced."""
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import unittest
from statistics import median

from harness import settings
from harness.certificates import make_tls_server, openssl
from harness.cloud_run import Container
from harness.google import Google
from harness.identity import Identity
from harness.image import image
from harness.own_network import Names, OwnNetwork
from harness.provider import GOOD
from harness.scene import User
from harness.server import Server, run_byot
from harness.settings import limit
from harness.upstream import Upstream

CERTIFICATES, IDENTITY, METADATA = 'www.googleapis.com', 'identitytoolkit.googleapis.com', 'metadata.google.internal'
OPENAI, GOOGLEAI, FLOWS = 'api.openai.com', 'generativelanguage.googleapis.com', 'flows.test'
# Each has an address of its own; that of the flows stands in /etc/hosts alone.
ADDRESSES = {name: f'127.0.1.{i}' for i, name in enumerate((CERTIFICATES, IDENTITY, METADATA, OPENAI, GOOGLEAI, FLOWS), 1)}
STARTS = 15


def setUpModule():
    network = OwnNetwork()
    unittest.addModuleCleanup(network.leave)


def flow(exchange):
    """Streams what it was asked, with the end of the key that came along."""
    key = exchange.head.get('x-byot-api-key')
    if exchange.head.get('Accept') == 'text/event-stream':
        exchange.begin_stream()
        exchange.event('{"message":"piece"}')
        if b'wait' in exchange.body:
            return
        exchange.event(json.dumps({'result': key[-4:]}))
        exchange.end_stream()
    else:
        exchange.answer(json.dumps({'result': key[-4:]}).encode())


class CloudRun:
    """Everything around the image."""

    def __init__(self, folder):
        self.identity, self.google = Identity(), Google()
        good, self.authority = self._certified(folder / 'good', [name for name in ADDRESSES if name != GOOGLEAI])
        unknown, _ = self._certified(folder / 'unknown', [GOOGLEAI])
        self.names = Names({name: address for name, address in ADDRESSES.items() if name != FLOWS})
        answers = {CERTIFICATES: self._certificates, IDENTITY: self._accounts, OPENAI: self._provider,
                   GOOGLEAI: self._provider, FLOWS: flow}
        self.servers = {name: self._serve(name, answer, unknown if name == GOOGLEAI else good) for name, answer in answers.items()}
        self.servers[METADATA] = self._serve(METADATA, self._metadata)
        self.container = Container(image(), folder, self.names.address, {'localhost': '127.0.0.1', FLOWS: ADDRESSES[FLOWS]})
        self.container.trust(self.authority, openssl('x509', '-noout', '-subject_hash', '-in', self.authority).decode().strip())
        keyring = folder / 'keyring.json'
        assert run_byot('keyring', 'new', '--out', keyring).returncode == 0
        self.variables = {
            **self.container.environment, 'BYOT_KEYRING': self.container.keep_secret('keyring.json', keyring.read_text()),
            'BYOT_STORE': 'sqlite:/data/keys.sqlite', 'GOOGLE_CLOUD_PROJECT': self.identity.project,
            'BYOT_GENKIT_URL': f'https://{FLOWS}'}

    def _certified(self, folder, names):
        folder.mkdir()
        authority, certificate, key = make_tls_server(folder, *names)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context, authority

    def _serve(self, name, answer, tls=None):
        return Upstream(answer, tls, socket.create_server((ADDRESSES[name], 443 if tls else 80)))

    def _certificates(self, exchange):
        exchange.answer(json.dumps(self.identity.published).encode(),
                        fields=(('Content-Type', 'application/json'), ('Cache-Control', 'public, max-age=3600')))

    def _accounts(self, exchange):
        uid, = json.loads(exchange.body)['localId']
        exchange.answer(json.dumps({'users': [{'localId': uid}]}).encode())

    def _metadata(self, exchange):
        exchange.answer(self.google.for_metadata(exchange.head.first_line.split(' ')[1])().encode(),
                        fields=(('Metadata-Flavor', 'Google'),))

    def _provider(self, exchange):
        exchange.answer(GOOD[1])

    def start(self, **variables):
        return Server('serve', variables={**self.variables, **variables}, under=self.container.under)

    def run(self, *words):
        """A command in a second process of the container."""
        return subprocess.run([str(word) for word in (*self.container.under, settings.byot, *words)], env={**self.variables,
                              'PATH': os.environ['PATH']}, capture_output=True, text=True, timeout=limit(20))

    def close(self):
        for server in (*self.servers.values(), self.names, self.identity, self.google):
            server.close()


class Running(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix='byot-test-')
        cls.addClassCleanup(folder.cleanup)
        cls.around = CloudRun(pathlib.Path(folder.name))
        cls.addClassCleanup(cls.around.close)

    def setUp(self):
        self.server = self.around.start()
        self.addCleanup(self.server.discard)
        self.identity = self.around.identity

    def user(self):
        return User(self, f'user-{time.monotonic_ns()}')

    @property
    def scene(self):
        return self

    def test_a_key_is_kept_used_and_removed(self):
        user = self.user()
        saved = user.save('sk-test-0123456789wxyz', provider='openai')
        self.assertEqual((saved.status, saved.json().get('state')), (200, 'verified'), saved)
        self.assertEqual([key['hint'] for key in user.keys()], ['wxyz'])
        with user.ask(fields=[('x-byot-provider', 'openai')]) as wire:
            self.assertEqual(wire.answer().json(), {'result': 'wxyz'})
        with user.stream(fields=[('x-byot-provider', 'openai')]) as wire:
            told = wire.answer()
        self.assertIn(b'data: {"message":"piece"}', told.body)
        self.assertIn(b'data: {"result": "wxyz"}', told.body)
        removed = user.request('DELETE', '/api/key?provider=openai')
        self.assertEqual((removed.status, removed.json()), (200, {'removed': True}))
        self.assertEqual(user.keys(), [])
        self.server.stop()

    def test_names_come_from_dns_and_from_the_hosts_file_first(self):
        with self.user().with_key(provider='openai').ask(fields=[('x-byot-provider', 'openai')]) as wire:
            self.assertEqual(wire.answer().status, 200)
        self.assertLessEqual({CERTIFICATES, IDENTITY, METADATA, OPENAI}, set(self.around.names.asked))
        self.assertNotIn(FLOWS, self.around.names.asked)

    def test_a_certificate_of_an_authority_that_the_image_does_not_know_is_refused(self):
        before = len(self.around.servers[GOOGLEAI].seen)
        saved = self.user().save(provider='googleai')
        self.assertEqual((saved.status, saved.json()['state']), (200, 'unverified'))
        self.assertEqual(saved.field('x-byot-key-check'), 'unreachable')
        self.assertEqual(len(self.around.servers[GOOGLEAI].seen), before)  # the key never left

    def test_its_probe_tells_whether_it_is_well(self):
        healthy = self.around.run('health')
        self.assertEqual((healthy.returncode, healthy.stdout), (0, 'healthy\n'), healthy.stderr)
        self.server.stop()
        self.assertEqual(self.around.run('health').returncode, 1)

    def test_it_has_no_right_that_it_does_not_need(self):
        process = pathlib.Path(f'/proc/{self.server.process.pid}')
        status = dict(line.split(':\t', 1) for line in (process / 'status').read_text().splitlines() if ':\t' in line)
        self.assertEqual(status['Uid'], '\t'.join(['65532'] * 4))
        self.assertEqual(status['Gid'], '\t'.join(['65532'] * 4))
        self.assertEqual(status['Groups'].split(), ['65532'])
        self.assertEqual((int(status['CapEff'], 16), int(status['CapPrm'], 16), status['NoNewPrivs']), (0, 0, '1'))
        self.assertTrue(os.statvfs(process / 'root').f_flag & os.ST_RDONLY)

    def test_the_keys_that_were_kept_are_there_after_a_restart(self):
        user = self.user().with_key('sk-test-0123456789wxyz', provider='openai')
        self.server.stop()
        self.server.restart()
        self.assertEqual([key['hint'] for key in user.keys()], ['wxyz'])

    def test_sigterm_ends_it_in_order_before_it_would_be_killed(self):
        user = self.user().with_key(provider='openai')
        with user.stream(body=b'{"data":"wait"}', fields=[('x-byot-provider', 'openai')], wait=15) as wire:
            wire.until(b'piece')
            self.server.process.send_signal(signal.SIGTERM)
            self.assertEqual(self.server.wait(10), 0)  # Cloud Run gives it ten seconds
            self.assertIn(b'"error"', wire.rest())

    def test_how_fast_it_starts_is_told(self):
        """From exec to listening: what mounting its files and another command of it take is taken off."""
        self.server.stop()
        starts, other_commands = [], []
        for _ in range(STARTS):
            begun = time.monotonic()
            self.assertEqual(self.around.run('version').returncode, 0)
            other_commands.append(time.monotonic() - begun)
            self.server.restart()
            starts.append(self.server.seconds_to_listen)
            self.server.stop()
        print(f'image: listens {(median(starts) - median(other_commands)) * 1000:.0f} ms after exec (median of {STARTS}; '
              f'{(min(starts) - min(other_commands)) * 1000:.0f} at best)')
