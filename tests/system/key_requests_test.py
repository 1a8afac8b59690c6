"""What POST /api/key does not take."""
from harness.scene import SceneTest, as_json

KEY = 'sk-test-0123456789-wxYZ'
JSON = ('Content-Type', 'application/json')


class RefusedBodies(SceneTest):
    def test_an_unknown_provider_is_named_as_such(self):
        for provider in ('nobody', '', 'GOOGLEAI', 'googleai ', '../googleai'):
            with self.subTest(provider=provider):
                self.assert_refused(self.user().save(KEY, provider=provider), 400, 'PROVIDER_UNKNOWN')

    def test_an_unknown_provider_in_a_query_is_named_as_such(self):
        for query in ('nobody', '', 'openai%00', 'OPENAI'):
            answer = self.user().request('DELETE', f'/api/key?provider={query}')
            self.assert_refused(answer, 400, 'PROVIDER_UNKNOWN')

    def test_what_cannot_be_a_key_is_refused(self):
        for key in ('', 'has space', 'line\nbreak', 'nul\0', 'ümlaut-0123456789', 'x' * 4097, 17, None, ['x']):
            with self.subTest(key=str(key)[:20]):
                self.assert_refused(self.user().save(key), 400, 'FIELD_INVALID')

    def test_a_key_of_4096_characters_is_taken(self):
        self.assertEqual(self.user().save('x' * 4096).status, 200)

    def test_a_provider_that_is_no_text_is_refused(self):
        self.assert_refused(self.user().save(KEY, provider=3), 400, 'FIELD_INVALID')

    def test_neither_a_key_nor_a_sealed_key_is_refused(self):
        answer = self.user().request('POST', '/api/key', json_body={'provider': 'googleai'})
        self.assert_refused(answer, 400, 'FIELD_INVALID')

    def test_a_body_that_is_no_json_object_is_refused(self):
        for body in (b'', b'{', b'[]', b'"x"', b'null', b'{"apiKey":"x"}x',
                     b'{"apiKey":"\xff\xfe"}', b'\xef\xbb\xbf{}', b'{"a":' * 40 + b'1' + b'}' * 40):
            with self.subTest(body=body[:30]):
                answer = self.user().request('POST', '/api/key', [JSON], body=body)
                self.assert_refused(answer, 400, 'BODY_INVALID')

    def test_a_member_that_is_there_twice_is_refused(self):
        answer = self.user().request('POST', '/api/key', [JSON], body=b'{"apiKey":"a","apiKey":"b"}')
        self.assertIn(answer.reason, ('FIELD_INVALID', 'BODY_INVALID'), answer)

    def test_another_media_type_is_refused(self):
        for kind in ('text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'json'):
            with self.subTest(kind=kind):
                answer = self.user().request('POST', '/api/key', [('Content-Type', kind)],
                                             body=as_json({'apiKey': KEY}))
                self.assert_refused(answer, 415, 'MEDIA_TYPE_UNSUPPORTED')

    def test_a_missing_media_type_is_refused(self):
        answer = self.user().request('POST', '/api/key', body=as_json({'apiKey': KEY}))
        self.assert_refused(answer, 415, 'MEDIA_TYPE_UNSUPPORTED')

    def test_a_media_type_with_parameters_in_any_case_is_taken(self):
        for kind in ('application/json; charset=utf-8', 'Application/JSON', 'application/json;charset="utf-8"'):
            with self.subTest(kind=kind):
                answer = self.user().request('POST', '/api/key', [('Content-Type', kind)],
                                             body=as_json({'apiKey': KEY}))
                self.assertEqual(answer.status, 200, answer)

    def test_nothing_of_a_refused_request_is_kept(self):
        user = self.user()
        user.save(KEY, provider='nobody')
        user.save('has space')
        self.assertEqual(user.keys(), [])


class BodyLimits(SceneTest):
    variables = {'BYOT_MAX_KEY_BODY': '2k'}

    def padded(self, size):
        body = as_json({'apiKey': KEY})
        return body + b' ' * (size - len(body))

    def test_a_body_of_exactly_the_limit_is_taken(self):
        answer = self.user().request('POST', '/api/key', [JSON], body=self.padded(2048))
        self.assertEqual(answer.status, 200, answer)

    def test_a_body_over_the_limit_is_refused(self):
        for size in (2049, 300_000):
            answer = self.user().request('POST', '/api/key', [JSON], body=self.padded(size))
            self.assert_refused(answer, 413, 'BODY_TOO_LARGE')

    def test_a_chunked_body_over_the_limit_is_refused(self):
        user = self.user()
        with self.server.wire() as wire:
            wire.send(f'POST /api/key HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
                      f'{user.bearer[0]}: {user.bearer[1]}\r\nTransfer-Encoding: chunked\r\n\r\n')
            for _ in range(5):
                wire.send(b'200\r\n' + b' ' * 512 + b'\r\n')
            self.assert_refused(wire.answer(), 413, 'BODY_TOO_LARGE')

    def test_a_chunked_body_is_read(self):
        user = self.user()
        body = as_json({'apiKey': KEY})
        with self.server.wire() as wire:
            wire.send(f'POST /api/key HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
                      f'{user.bearer[0]}: {user.bearer[1]}\r\nTransfer-Encoding: chunked\r\n\r\n')
            for byte in body:
                wire.send(b'1\r\n' + bytes([byte]) + b'\r\n')
            wire.send(b'0\r\n\r\n')
            self.assertEqual(wire.answer().status, 200)
        self.assertEqual(len(user.keys()), 1)
