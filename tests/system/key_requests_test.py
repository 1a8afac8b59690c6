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

    def test_and_told_which_providers_there_are_but_not_what_it_said(self):
        user = self.user().with_key()
        said = 'sk-test-0123456789'  # a key in the wrong place
        with user.ask(fields=[('x-byot-provider', said)]) as wire:
            of_flow = wire.answer()
        for answer in (user.save(KEY, provider=said), user.request('DELETE', f'/api/key?provider={said}'),
                       user.request('POST', f'/api/key/check?provider={said}'), of_flow):
            message = self.assert_refused(answer, 400, 'PROVIDER_UNKNOWN')['message']
            self.assertTrue(message.endswith(': googleai, openai, anthropic.'), message)
            self.assertNotIn(said, answer.body.decode())

    def test_an_unknown_member_is_told_which_there_are(self):
        answer = self.user().request('POST', '/api/key', json_body={'apikey': KEY})
        error = self.assert_refused(answer, 400, 'FIELD_INVALID')
        self.assertEqual(error['details'][0]['metadata'], {'field': 'body'})
        for name in ('apiKey', 'sealedKey', 'keyId', 'hint', 'provider', 'expiresAt'):
            self.assertIn(name, error['message'])

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


class UnknownInput(SceneTest):
    """Where a default decides whose key is written or removed, nothing that was said is passed over."""
    ADDRESSES = (('POST', '/api/key'), ('DELETE', '/api/key'), ('GET', '/api/key/status'),
                 ('HEAD', '/api/key/status'), ('POST', '/api/key/check'), ('GET', '/api/key/public-key'))

    def setUp(self):
        super().setUp()
        self.owner = self.user().with_key(KEY).with_key(KEY, provider='openai')
        self.before = self.owner.keys()

    def tearDown(self):
        self.assertEqual(self.owner.keys(), self.before)
        super().tearDown()

    def assert_field(self, answer, field):
        error = self.assert_refused(answer, 400, 'FIELD_INVALID')
        self.assertEqual(error['details'][0]['metadata'], {'field': field})
        return error['message']

    def test_a_key_is_not_removed_for_a_body_that_names_another_provider(self):
        for body in (b'{"provider":"openai"}', b'{"provider":"googleai"}', b'{}', b'null', b' ', b'provider=openai',
                     b'\0', b'x' * 100_000):
            for fields in ([JSON], [], [('Content-Type', 'text/plain')]):
                with self.subTest(body=body[:30], fields=fields):
                    message = self.assert_field(self.owner.request('DELETE', '/api/key', fields, body=body), 'body')
                    self.assertIn('DELETE /api/key?provider=', message)

    def test_a_body_in_chunks_is_one_too(self):
        for method, path in (('DELETE', '/api/key'), ('POST', '/api/key/check'), ('GET', '/api/key/status'),
                             ('GET', '/api/key/public-key')):
            for chunks in (b'15\r\n{"provider":"openai"}\r\n0\r\n\r\n', b'1\r\n \r\n0\r\n\r\n'):
                with self.subTest(method=method, path=path), self.server.wire() as wire:
                    wire.send(f'{method} {path} HTTP/1.1\r\nHost: x\r\n{self.owner.bearer[0]}: '
                              f'{self.owner.bearer[1]}\r\nTransfer-Encoding: chunked\r\n\r\n')
                    wire.send(chunks)
                    self.assert_field(wire.answer(), 'body')

    def test_a_body_on_any_other_address_is_refused(self):
        for method, path in (('GET', '/api/key/status'), ('POST', '/api/key/check'), ('GET', '/api/key/public-key')):
            with self.subTest(path=path):
                self.assert_field(self.owner.request(method, path, [JSON], body=b'{"provider":"openai"}'), 'body')

    def test_an_empty_body_is_none(self):
        user = self.user().with_key(KEY)
        for fields in ([JSON], [('Content-Length', '0')], [JSON, ('Content-Length', '0')]):
            with self.subTest(fields=fields), self.server.wire() as wire:
                lines = ''.join(f'{name}: {value}\r\n' for name, value in (user.bearer, *fields))
                wire.send(f'DELETE /api/key?provider=openai HTTP/1.1\r\nHost: x\r\n{lines}\r\n')
                self.assertEqual(wire.answer().json(), {'removed': False})
        with self.server.wire() as wire:
            wire.send(f'DELETE /api/key?provider=googleai HTTP/1.1\r\nHost: x\r\n{user.bearer[0]}: {user.bearer[1]}'
                      f'\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n')
            self.assertEqual(wire.answer().json(), {'removed': True})

    def test_a_provider_in_the_query_of_a_save_is_refused(self):
        for query in ('provider=openai', 'provider=', 'provider', 'Provider=openai', '%70rovider=openai'):
            answer = self.owner.request('POST', f'/api/key?{query}', json_body={'apiKey': KEY})
            self.assertIn('in the body', self.assert_refused(answer, 400, 'FIELD_INVALID')['message'])

    def test_an_unknown_parameter_is_refused_everywhere(self):
        for method, path in self.ADDRESSES:
            for query in ('providers=openai', 'Provider=openai', 'provider%20=openai', 'x', '_=17', 'provider=openai&x=1'):
                with self.subTest(method=method, path=path, query=query):
                    body = {'json_body': {'apiKey': KEY}} if (method, path) == ('POST', '/api/key') else {}
                    answer = self.owner.request(method, f'{path}?{query}', **body)
                    self.assertEqual(answer.status, 400, answer)

    def test_a_parameter_that_is_there_twice_is_refused(self):
        for query in ('provider=openai&provider=googleai', 'provider=openai&provider=openai', 'provider&provider'):
            self.assert_field(self.owner.request('DELETE', f'/api/key?{query}'), 'provider')

    def test_the_field_that_chooses_a_flows_key_is_refused_everywhere(self):
        for method, path in self.ADDRESSES:
            with self.subTest(method=method, path=path):
                body = {'json_body': {'apiKey': KEY}} if (method, path) == ('POST', '/api/key') else {}
                answer = self.owner.request(method, path, [('x-byot-provider', 'openai')], **body)
                self.assertEqual(answer.status, 400, answer)


class NullMembers(SceneTest):
    def test_an_optional_member_that_is_null_is_absent(self):
        user = self.user()
        saved = user.request('POST', '/api/key', json_body={
            'apiKey': KEY, 'provider': None, 'expiresAt': None, 'hint': None, 'sealedKey': None, 'keyId': None})
        self.assertEqual(saved.status, 200, saved)
        self.assertEqual(saved.json()['provider'], 'googleai')
        self.assertNotIn('expiresAt', saved.json())

    def test_what_is_needed_must_not_be_null(self):
        for body in ({'apiKey': None}, {'apiKey': None, 'sealedKey': None}, {'sealedKey': 'YQ==', 'keyId': None}):
            with self.subTest(body=body):
                answer = self.user().request('POST', '/api/key', json_body=body)
                self.assert_refused(answer, 400, 'FIELD_INVALID')


class PastedKeys(SceneTest):
    def test_blanks_around_a_key_are_cut_off(self):
        for pasted in (f'{KEY}\n', f' {KEY}', f'\t{KEY}\r\n', f'\ufeff{KEY}\u200b', f'\u00a0{KEY}\u00a0'):
            with self.subTest(pasted=pasted):
                user = self.user()
                saved = user.save(pasted)
                self.assertEqual((saved.status, saved.json()['hint']), (200, 'wxYZ'), saved)
                with user.ask() as wire:
                    exchange = self.upstream.take()
                    exchange.answer()
                    wire.answer()
                self.assertEqual(exchange.head.get('x-byot-api-key'), KEY)

    def test_what_is_no_key_is_told_what_is_wrong_with_it(self):
        for key, words in ((f'Bearer {KEY}', 'the word Bearer'), (f'{KEY}\n{KEY}', 'more than one line'),
                           ('a b', 'a space inside'), (f'{KEY}…', 'not visible ASCII'), (' \n', 'empty'),
                           ('x' * 4097, '4096')):
            with self.subTest(key=key[:20]):
                error = self.assert_refused(self.user().save(key), 400, 'FIELD_INVALID')
                self.assertIn(words, error['message'])


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
