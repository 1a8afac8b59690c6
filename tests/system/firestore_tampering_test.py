"""What happens to records that somebody with the database alone has altered."""
import base64

from harness.firestore import documents_of, emulator
from harness.scene import SceneTest
from harness.upstream import echo
from harness.waiting import eventually

KEY = 'sk-guarded-0123456789-wxYZ'


def with_one_bit_altered(value):
    kind, content = next(iter(value.items()))
    if kind == 'bytesValue':
        raw = bytearray(base64.b64decode(content))
        raw[len(raw) // 2] ^= 1
        return {kind: base64.b64encode(raw).decode()}
    if kind == 'timestampValue':
        return {kind: content[:-2] + ('1Z' if content[-2] != '1' else '2Z')}
    return {kind: content[:-1] + ('a' if content[-1] != 'a' else 'b')}


class AlteredDocuments(SceneTest):
    handler = staticmethod(echo)
    variables = {'BYOT_KEY_CACHE_TTL': '0s'}

    def record(self, user, provider='googleai'):
        return emulator().record(self.scene.project, user.uid, provider)

    def put(self, user, record, provider='googleai'):
        """The record as somebody with the database would leave it."""
        fields = {'keys': {'mapValue': {'fields': {provider: {'mapValue': {'fields': record}}}}}}
        status, answer = emulator().call(
            'PATCH', f'{documents_of(self.scene.project)}/byotUsers/{user.uid}?updateMask.fieldPaths=keys.{provider}',
            {'fields': fields})
        self.assertEqual(status, 200, answer)

    def assert_refused_and_shown(self, user):
        with user.ask() as wire:
            self.assert_refused(wire.answer(), 400, 'KEY_UNDECRYPTABLE')
        state = eventually(lambda: user.keys()[0]['state'], lambda now: now == 'undecryptable')
        self.assertEqual(state, 'undecryptable')
        self.assertEqual(user.save(KEY).status, 200)  # its owner can put it right
        with user.ask() as wire:
            self.assertEqual(wire.answer().status, 200)

    def test_a_record_with_one_bit_altered_is_refused(self):
        for field in ('sealed', 'signature', 'credentialId', 'keyId', 'createdAt'):
            with self.subTest(field=field):
                user = self.user().with_key(KEY)
                record = self.record(user)
                self.put(user, {**record, field: with_one_bit_altered(record[field])})
                self.assert_refused_and_shown(user)

    def test_a_record_with_a_field_missing_or_of_another_kind_is_refused(self):
        for field in ('sealed', 'signature', 'credentialId', 'keyId', 'createdAt', 'updatedAt', 'state'):
            for value in (None, {'integerValue': '1'}):
                with self.subTest(field=field, value=value):
                    user = self.user().with_key(KEY)
                    record = {**self.record(user), field: value}
                    self.put(user, {name: value for name, value in record.items() if value})
                    self.assert_refused_and_shown(user)

    def test_a_record_moved_to_another_user_or_provider_is_refused(self):
        one, other = self.user().with_key(KEY), self.user()
        self.put(other, self.record(one))
        self.assert_refused_and_shown(other)
        self.put(one, self.record(one), 'openai')
        with one.ask(fields=[('x-byot-provider', 'openai')]) as wire:
            self.assert_refused(wire.answer(), 400, 'KEY_UNDECRYPTABLE')

    def test_an_older_record_of_ones_own_still_opens(self):
        """A rollback by somebody with the database is not noticed: nothing else remembers what was newest."""
        user = self.user().with_key(KEY)
        old = self.record(user)
        user.with_key('sk-the-newer-one-0123456789')
        self.put(user, old)
        with user.ask() as wire:
            self.assertEqual(wire.answer().status, 200)

    def test_a_document_that_this_service_did_not_write_is_unavailable_and_can_be_replaced(self):
        user = self.user()
        status, _ = emulator().call('PATCH', f'{documents_of(self.scene.project)}/byotUsers/{user.uid}',
                                    {'fields': {'keys': {'stringValue': 'none'}}})
        self.assertEqual(status, 200)
        self.assert_refused(user.request('GET', '/api/key/status'), 503, 'STORE_UNAVAILABLE')
        self.assertEqual(user.save(KEY).status, 200)
        self.assertEqual(len(user.keys()), 1)
