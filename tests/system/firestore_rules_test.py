"""The security rules in the real emulator: a signed-in client, or nobody, reaches nothing."""
import unittest
import uuid

from harness.auth_emulator import EmulatedIdentity
from harness.firestore import documents_of, emulator

OF_KEYRING = ('byotEntries/key_aaaaaaaaaaaa_00', 'byotInstances/instance_a')
FIELDS = {'fields': {'keys': {'mapValue': {}}}}


class Rules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.project = f'demo-{uuid.uuid4().hex[:12]}'
        cls.documents = documents_of(cls.project)
        cls.token = EmulatedIdentity(cls.project).token('ann')
        for place in ('byotUsers/ann', 'byotUsers/ann/events/e1', 'byotUsage/ann_20260102', *OF_KEYRING):
            status, answer = emulator().call('PATCH', f'{cls.documents}/{place}', FIELDS)
            assert status == 200, answer

    def statuses(self, method, path, body=None):
        """As the client itself, and as nobody."""
        return {emulator().call(method, path, body, token)[0] for token in (self.token, None)}

    def test_a_client_may_not_read_even_its_own(self):
        for place in ('byotUsers/ann', 'byotUsers/ann/events/e1', 'byotUsage/ann_20260102', 'byotUsers/nobody',
                      *OF_KEYRING):
            with self.subTest(place=place):
                self.assertEqual(self.statuses('GET', f'{self.documents}/{place}'), {403})

    def test_a_client_may_not_list_or_query(self):
        for collection in ('byotUsers', 'byotUsers/ann/events', 'byotUsage', 'byotEntries', 'byotInstances'):
            with self.subTest(collection=collection):
                self.assertEqual(self.statuses('GET', f'{self.documents}/{collection}'), {403})
        query = {'structuredQuery': {'from': [{'collectionId': 'byotUsers'}]}}
        self.assertEqual(self.statuses('POST', f'{self.documents}:runQuery', query), {403})

    def test_a_client_may_not_create_update_or_delete(self):
        for place in ('byotUsers/bob', 'byotUsers/ann', 'byotUsage/ann_20260103', 'other/x',
                      'byotEntries/key_cccccccccccc_00', 'byotInstances/instance_b'):
            with self.subTest(place=place):
                self.assertEqual(self.statuses('PATCH', f'{self.documents}/{place}', FIELDS), {403})
                self.assertEqual(self.statuses('DELETE', f'{self.documents}/{place}'), {403})
        write = {'writes': [{'update': {'name': f'{self.documents}/byotUsers/ann', **FIELDS}}]}
        self.assertEqual(self.statuses('POST', f'{self.documents}:commit', write), {403})

    def test_the_service_reads_all_the_same(self):
        self.assertEqual(emulator().call('GET', f'{self.documents}/byotUsers/ann')[0], 200)
