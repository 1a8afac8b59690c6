"""What lies in Firestore: exactly the fields of the contract, and nothing of a key."""
import base64
import json
import urllib.parse
import uuid

from harness.firestore import documents_of, emulator
from harness.scene import SceneTest
from harness.sealing import sealed_body
from harness.traces import find
from harness.upstream import echo
from harness.waiting import eventually

KEY = 'sk-MARKED/Kq7+vX2w9RzP4tLm8NcB6yHd3=zQ'
KINDS = {'sealed': 'bytesValue', 'keyId': 'stringValue', 'credentialId': 'stringValue', 'signature': 'bytesValue',
         'hint': 'stringValue', 'state': 'stringValue', 'createdAt': 'timestampValue', 'updatedAt': 'timestampValue',
         'lastUsedAt': 'timestampValue', 'lastCheckedAt': 'timestampValue', 'expiresAt': 'timestampValue'}
OPTIONAL = {'hint', 'lastUsedAt', 'lastCheckedAt', 'expiresAt'}


class Documents(SceneTest):
    handler = staticmethod(echo)

    def record(self, user, provider='googleai'):
        return emulator().record(self.scene.project, user.uid, provider)

    def used(self, user):
        with user.ask() as wire:
            self.assertEqual(wire.answer().status, 200)
        return eventually(lambda: self.record(user), lambda record: 'lastUsedAt' in record)

    def test_a_record_has_the_fields_of_the_contract_in_their_kinds(self):
        user = self.user().with_key(KEY, expiresAt='2099-01-02T03:04:05Z')
        record = self.used(user)
        self.assertEqual({name: next(iter(value)) for name, value in record.items()},
                         {name: kind for name, kind in KINDS.items() if name != 'lastCheckedAt'})
        answered = user.keys()[0]
        for name in ('keyId', 'credentialId', 'hint', 'state'):
            self.assertEqual(record[name]['stringValue'], answered[name])
        self.assertEqual(record['expiresAt']['timestampValue'], '2099-01-02T03:04:05Z')
        self.assertEqual(len(base64.b64decode(record['signature']['bytesValue'])), 64)

    def test_what_a_key_has_not_is_not_there(self):
        user = self.user().with_key('short-key')
        self.assertEqual(set(self.record(user)), set(KINDS) - OPTIONAL)

    def test_a_user_has_one_document_and_each_provider_its_record(self):
        user = self.user().with_key(KEY).with_key(KEY, provider='openai')
        documents = emulator().documents(self.scene.project)
        mine = documents[user.uid]['fields']
        self.assertEqual(set(mine), {'keys'})
        self.assertEqual(set(mine['keys']['mapValue']['fields']), {'googleai', 'openai'})

    def test_a_removed_key_leaves_nothing_of_itself(self):
        user = self.user().with_key(KEY)
        user.request('DELETE', '/api/key')
        self.assertIsNone(self.record(user))

    def test_nothing_of_a_key_is_in_any_document(self):
        user = self.user()
        published = user.request('GET', '/api/key/public-key').json()
        user.with_key(KEY)
        user.request('POST', '/api/key', json_body={**sealed_body(published, user.uid, KEY, 'openai'),
                                                    'provider': 'openai'})
        self.used(user)
        everything = json.dumps(emulator().documents(self.scene.project)).encode()
        self.assertIn(user.uid.encode(), everything)
        self.assertIsNone(find(KEY, everything))
        self.assertIsNone(find(user.token, everything))

    def test_a_key_in_a_document_would_be_found_in_every_coat(self):
        coats = (KEY, base64.b64encode(KEY.encode()).decode(), KEY.encode().hex(), urllib.parse.quote(KEY, safe=''))
        project = f'demo-planted-{uuid.uuid4().hex[:8]}'
        for text in coats:
            with self.subTest(text):
                status, _ = emulator().call('PATCH', f'{documents_of(project)}/byotUsers/planted',
                                            {'fields': {'note': {'stringValue': text}}})
                self.assertEqual(status, 200)
                self.assertIsNotNone(find(KEY, json.dumps(emulator().documents(project)).encode()))

    def test_a_uid_that_is_no_document_id_has_one_of_its_hash_and_says_whose_it_is(self):
        user = self.scene.user('~tilde-user').with_key(KEY)
        self.assertEqual([key['provider'] for key in user.keys()], ['googleai'])
        mine = [document for name, document in emulator().documents(self.scene.project).items()
                if name.startswith('~') and document['fields'].get('uid') == {'stringValue': user.uid}]
        self.assertEqual(len(mine), 1)
