"""The same uid in two tenants, and in none, on Firestore: what is true of it on SQLite, and what its documents are."""
import base64
import hashlib
import uuid

from harness.firestore import documents_of, emulator
from harness.scene import SceneTest
from harness.tenants import TENANTS, TenantChecks


def hashed(text):
    return '~' + base64.urlsafe_b64encode(hashlib.blake2b(text, digest_size=32).digest()).decode().rstrip('=')


class TenantsOnFirestore(TenantChecks, SceneTest):
    @classmethod
    def setUpClass(cls):
        cls.project = f'demo-{uuid.uuid4().hex[:12]}'
        cls.variables = cls.store(cls.project)
        super().setUpClass()

    @staticmethod
    def store(project):
        return {'BYOT_STORE': f'firestore:{project}', 'FIRESTORE_EMULATOR_HOST': emulator().host}

    def store_of_its_own(self):
        return self.store(f'demo-{uuid.uuid4().hex[:12]}')

    def document(self, name):
        status, document = emulator().call('GET', f'{documents_of(self.project)}/byotUsers/{name}')
        return document['fields'] if status == 200 else None

    def test_a_tenants_user_has_a_document_of_its_own_that_says_whose_it_is(self):
        plain, acme, _ = self.three_with_keys()
        self.assertEqual(set(self.document(plain.uid)), {'keys'})
        prefix = b'\0' + bytes([len(TENANTS[1])]) + TENANTS[1].encode()
        fields = self.document(hashed(prefix + acme.uid.encode()))
        self.assertEqual(set(fields), {'keys', 'uid', 'tenant'})
        self.assertEqual(fields['uid'], {'stringValue': acme.uid})
        self.assertEqual(fields['tenant'], {'stringValue': acme.tenant})

    def test_a_document_copied_to_another_tenants_user_is_refused(self):
        plain, acme, beta = self.three_with_keys()
        of = {user.tenant: hashed(b'\0' + bytes([len(user.tenant)]) + user.tenant.encode() + user.uid.encode())
              for user in (acme, beta)}
        stolen = self.document(of[acme.tenant])
        for victim, name in ((beta, of[beta.tenant]), (plain, plain.uid)):
            status, _ = emulator().call('PATCH', f'{documents_of(self.project)}/byotUsers/{name}', {'fields': stolen})
            self.assertEqual(status, 200)
            with victim.ask() as wire:
                self.assert_refused(wire.answer(), 400, 'KEY_UNDECRYPTABLE')
