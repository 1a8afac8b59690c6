"""Firebase's Auth emulator (firebase-tools, from npm), and the identities it gives."""
import functools
import json
import os
import subprocess
import time
import urllib.parse
import urllib.request

from .programs import Program, free_port, installed
from .settings import ROOT

VERSION = '14.27.0'
FOLDER = ROOT / 'build/system/firebase'


def install(folder):
    (folder / 'package.json').write_text('{"private":true}')
    subprocess.run(['npm', 'install', '--no-audit', '--no-fund', '--no-package-lock', '--omit=optional',
                    '--loglevel=error', f'firebase-tools@{VERSION}'], cwd=folder, check=True, timeout=900,
                   stdout=subprocess.DEVNULL)


class AuthEmulator:
    """Starts an emulator, or speaks to the one that FIREBASE_AUTH_EMULATOR_HOST names."""

    def __init__(self):
        self.host = os.environ.get('FIREBASE_AUTH_EMULATOR_HOST')
        if not self.host:
            self._start()

    def _start(self):
        program = installed(f'firebase-tools-{VERSION}', install) / 'node_modules/.bin/firebase'
        FOLDER.mkdir(parents=True, exist_ok=True)
        ports = {name: {'host': '127.0.0.1', 'port': free_port()} for name in ('auth', 'hub', 'logging')}
        (FOLDER / 'firebase.json').write_text(json.dumps(
            {'emulators': {**ports, 'ui': {'enabled': False}, 'singleProjectMode': False}}))
        self.host = f"127.0.0.1:{ports['auth']['port']}"
        self.program = Program('firebase-auth', [program, 'emulators:start', '--only', 'auth', '--project',
                                                 'demo-byot', '--non-interactive'], f'http://{self.host}/', 120,
                               cwd=FOLDER)

    def call(self, path, body, token='owner', version='v1'):
        request = urllib.request.Request(
            f'http://{self.host}/identitytoolkit.googleapis.com/{version}/{path}', json.dumps(body).encode(),
            {'Content-Type': 'application/json', 'Authorization': f'Bearer {token}'})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


@functools.cache
def auth_emulator():
    """One for the whole run; it serves any project."""
    return AuthEmulator()


class EmulatedIdentity:
    """What harness.identity's Identity is, from the emulator: its tokens are unsigned. With a tenant, everything is
    of that one."""

    def __init__(self, project, tenant=None):
        self.project, self.tenant = project, tenant
        self.emulator = auth_emulator()
        self.host = self.emulator.host
        self._known = set()

    def token(self, uid, **claims):
        """An ID token of a user with that id, who is made when there is none."""
        assert not claims, 'the emulator signs nobody in with claims of a test: needs_signed_tokens'
        email, password = f'{urllib.parse.quote(uid, safe="")}@example.com', 'secret-of-a-test'
        if uid not in self._known:
            self._call('accounts', {'localId': uid, 'email': email, 'password': password})
            self._known.add(uid)
        signed_in = self.emulator.call(f'accounts:signInWithPassword?key=any&targetProjectId={self.project}', {
            'email': email, 'password': password, 'returnSecureToken': True, 'targetProjectId': self.project,
            **({'tenantId': self.tenant} if self.tenant else {})})
        return signed_in['idToken']

    def revoke(self, uid):
        """Ends every session that began before the next second."""
        self._call('accounts:update', {'localId': uid, 'validSince': str(int(time.time()) + 1)})

    def disable(self, uid):
        self._call('accounts:update', {'localId': uid, 'disableUser': True})

    def delete(self, uid):
        self._call('accounts:delete', {'localId': uid})
        self._known.discard(uid)

    def in_new_tenant(self):
        """The identities of a tenant that is made for them."""
        made = self.emulator.call(f'projects/{self.project}/tenants', {'displayName': 'acme', 'allowPasswordSignup': True},
                                  version='v2')
        return EmulatedIdentity(self.project, made['name'].rsplit('/', 1)[1])

    def close(self):
        """The emulator stays for the other tests."""

    def _call(self, what, body):
        within = f'/tenants/{self.tenant}' if self.tenant else ''
        return self.emulator.call(f'projects/{self.project}{within}/{what}', body)
