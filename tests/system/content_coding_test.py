"""Bodies in a content coding: nothing here or behind this service decodes them (RFC 9110 §8.4)."""
import gzip

from harness.scene import SceneTest, as_json
from harness.upstream import echo

KEY = 'sk-test-0123456789-wxYZ'
JSON = ('Content-Type', 'application/json')
CODED = ('gzip', 'GZIP', 'x-gzip', 'deflate', 'br', 'zstd', 'compress', 'aes128gcm', 'gzip, identity',
         'identity, gzip', 'identity,,br', 'chunked', '"identity"', 'identity;q=1', '*')
PLAIN = ('', 'identity', 'Identity', ' identity\t', 'identity, IDENTITY', ',', ' , identity ,')


class ContentCoding(SceneTest):
    handler = staticmethod(echo)

    def assert_coding_refused(self, answer):
        error = self.assert_refused(answer, 415, 'MEDIA_TYPE_UNSUPPORTED')
        self.assertEqual(answer.head.all('Accept-Encoding'), ['identity'])
        self.assertIn('Content-Encoding', error['message'])

    def save(self, codings, body=None):
        fields = [JSON, *(('Content-Encoding', coding) for coding in codings)]
        return self.user().request('POST', '/api/key', fields, body=body or as_json({'apiKey': KEY}))

    def test_a_coded_body_is_refused_to_a_flow(self):
        user = self.user().with_key()
        seen = len(self.upstream.seen)
        for coding in CODED:
            with self.subTest(coding=coding), user.ask(fields=[('Content-Encoding', coding)],
                                                       body=gzip.compress(b'{"data":1}')) as wire:
                self.assert_coding_refused(wire.answer())
        self.assertEqual(len(self.upstream.seen), seen)

    def test_a_coded_body_is_refused_where_keys_are_saved(self):
        for coding in CODED:
            with self.subTest(coding=coding):
                self.assert_coding_refused(self.save([coding], gzip.compress(as_json({'apiKey': KEY}))))
        self.assert_coding_refused(self.save(['identity', 'gzip']))
        self.assert_coding_refused(self.save(['gzip', '']))

    def test_a_body_in_no_coding_is_taken(self):
        for codings in (*[[plain] for plain in PLAIN], ['identity', ''], ['identity', 'identity']):
            with self.subTest(codings=codings):
                self.assertEqual(self.save(codings).status, 200)

    def test_the_word_for_no_coding_does_not_go_upstream(self):
        user = self.user().with_key()
        with user.ask(fields=[('Content-Encoding', 'identity')]) as wire:
            self.assertEqual(wire.answer().status, 200)
        self.assertEqual(self.upstream.seen[-1].head.all('Content-Encoding'), [])

    def test_a_coding_of_no_body_says_nothing(self):
        answer = self.user().request('GET', '/api/key/status', [('Content-Encoding', 'gzip')])
        self.assertEqual(answer.status, 200)
        self.assertEqual(self.server.request('GET', '/health/live', [('Content-Encoding', 'gzip')]).status, 200)

    def test_a_coded_body_is_refused_where_a_key_is_removed_or_checked(self):
        for method, target in (('DELETE', '/api/key'), ('POST', '/api/key/check')):
            with self.subTest(target=target):
                user = self.user().with_key()
                self.assert_coding_refused(user.request(method, target, [('Content-Encoding', 'gzip')], body=b'x'))
                self.assertEqual(len(user.keys()), 1)

    def test_another_media_type_is_told_without_a_coding(self):
        answer = self.user().request('POST', '/api/key', [('Content-Type', 'text/plain')], body=b'{}')
        self.assert_refused(answer, 415, 'MEDIA_TYPE_UNSUPPORTED')
        self.assertEqual(answer.head.all('Accept-Encoding'), [])

    def test_who_has_no_token_is_told_that_first(self):
        answer = self.server.request('POST', '/api/key', [('Content-Encoding', 'gzip')], body=b'x')
        self.assert_refused(answer, 401, 'TOKEN_MISSING')

    def test_the_connection_goes_on(self):
        user = self.user()
        with self.server.wire() as wire:
            for _ in range(2):
                wire.send(f'POST /api/key HTTP/1.1\r\nHost: x\r\nAuthorization: bearer   {user.token}\r\n'
                          'Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nxyz')
                self.assert_coding_refused(wire.answer())
