"""Keys tried at their provider: when they are saved, and when their owner asks."""
import json
import time

from harness.provider import (BROKEN, EXHAUSTED, GOOD, LIMITED, MARK, QUESTIONS, REFUSED, Provider,
                              provider_variables)
from harness.scene import SceneTest
from harness.sealing import sealed_body
from harness.traces import find
from harness.waiting import eventually

KEY = 'sk-MARKED/Kq7+vX2w9RzP4tLm8NcB6yHd3-wxYZ'
OTHER = 'sk-another-0123456789-ABCD'
PROVIDERS = tuple(QUESTIONS)


# What says nothing of a key, though it says no: others on the way, and a provider about something else.
HTML = (('Content-Type', 'text/html; charset=UTF-8'),)
PAGE = b'<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>'
SILENT = (BROKEN, LIMITED, ('404 Not Found', b''), ('500 Oops', b'<html>'), ('402 Payment Required', PAGE),
          ('403 Forbidden', PAGE), ('200 OK', PAGE), ('200 OK', b'{}'), ('401 Unauthorized', b'<html>Log in</html>'),
          ('401 Unauthorized', b'{"error":"invalid_token"}'), ('407 Proxy Authentication Required', b'{}'),
          ('511 Network Authentication Required', PAGE), ('200 OK', GOOD[1][:-1]), ('403 Forbidden', b'\xff\xfe'))
BLOCKED = ('403 Forbidden', json.dumps({'error': {
    'code': 403, 'status': 'PERMISSION_DENIED', 'message': 'Requests to this API generativelanguage.googleapis.com '
    'method google.ai.generativelanguage.v1beta.ModelService.ListModels are blocked.', 'details': [
        {'@type': 'type.googleapis.com/google.rpc.ErrorInfo', 'reason': 'API_KEY_SERVICE_BLOCKED'}]}}).encode())


class CheckScene(SceneTest):
    variables = {'BYOT_KEY_CHECK': 'on', 'BYOT_PROVIDERS': ','.join(QUESTIONS)}

    @classmethod
    def setUpClass(cls):
        cls.provider = Provider()
        cls.addClassCleanup(cls.provider.close)
        cls.variables = {**cls.variables, **provider_variables(cls.provider)}
        super().setUpClass()

    def setUp(self):
        super().setUp()
        self.provider.says, self.provider.fields = GOOD, ()
        self.provider.before_answer = lambda: None
        self.provider.seen.clear()

    def check(self, user, provider=None, **more):
        query = f'?provider={provider}' if provider else ''
        return user.request('POST', f'/api/key/check{query}', **more)

    def assert_key(self, answer, state, said):
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual((answer.json()['state'], answer.field('x-byot-key-check')), (state, said))
        self.assertEqual(answer.field('Cache-Control'), 'no-store')


class TriedWhenSaved(CheckScene):
    def save(self, provider, says, api_key=KEY, user=None):
        self.provider.says = says
        return (user or self.user()).save(api_key, provider=provider)

    def test_a_key_that_the_provider_takes_is_saved_as_verified(self):
        for provider in PROVIDERS:
            with self.subTest(provider=provider):
                answer = self.save(provider, GOOD)
                self.assert_key(answer, 'verified', 'accepted')
                self.assertIn('lastCheckedAt', answer.json())

    def test_a_key_that_it_refuses_is_not_saved(self):
        for provider in PROVIDERS:
            with self.subTest(provider=provider):
                user = self.user()
                answer = self.save(provider, REFUSED[provider], user=user)
                error = self.assert_refused(answer, 400, 'KEY_REJECTED_BY_PROVIDER')
                self.assertEqual(error['details'][0]['metadata'], {'provider': provider})
                self.assertEqual(user.keys(), [])

    def test_a_refused_key_does_not_take_the_place_of_the_stored_one(self):
        for provider in PROVIDERS:
            with self.subTest(provider=provider):
                user = self.user()
                before = self.save(provider, GOOD, user=user).json()
                self.save(provider, REFUSED[provider], OTHER, user=user)
                self.assertEqual(user.keys(), [before])
                with user.ask(fields=[('x-byot-provider', provider)]) as wire:
                    exchange = self.upstream.take()
                    exchange.answer()
                    self.assertEqual(wire.answer().status, 200)
                self.assertEqual(exchange.head.get('x-byot-api-key'), KEY)

    def test_a_key_without_quota_is_saved_as_exhausted(self):
        for provider in PROVIDERS:
            for says in (EXHAUSTED, ('402 Payment Required', EXHAUSTED[1])):
                with self.subTest(provider=provider, says=says):
                    self.assert_key(self.save(provider, says), 'exhausted', 'exhausted')

    def test_a_key_of_which_nothing_was_learnt_is_saved_as_unverified(self):
        for provider in PROVIDERS:
            for says in (*SILENT, BLOCKED):
                with self.subTest(provider=provider, says=says):
                    self.provider.fields = HTML if says[1].startswith(b'<') else ()
                    answer = self.save(provider, says)
                    self.assert_key(answer, 'unverified', 'unreachable')
                    self.assertNotIn('lastCheckedAt', answer.json())

    def test_a_provider_that_says_nothing_is_waited_for_five_seconds(self):
        begun = time.monotonic()
        self.assert_key(self.save('openai', None), 'unverified', 'unreachable')
        self.assertGreater(time.monotonic() - begun, 4.5)
        self.assertLess(time.monotonic() - begun, 8)

    def test_a_redirect_is_not_followed(self):
        elsewhere = Provider()
        self.addCleanup(elsewhere.close)
        self.provider.fields = [('Location', f'{elsewhere.base}/v1/models')]
        self.assert_key(self.save('openai', ('302 Found', b'')), 'unverified', 'unreachable')
        self.assertEqual(elsewhere.seen, [])

    def test_each_provider_is_asked_once_with_the_key_in_its_field_alone(self):
        for provider, (line, field, value) in QUESTIONS.items():
            with self.subTest(provider=provider):
                self.provider.seen.clear()
                self.save(provider, GOOD)
                question, = self.provider.seen
                self.assertEqual(question.head.first_line, line)
                self.assertEqual(question.head.all(field), [value.format(KEY)])
                self.assertEqual(question.raw.count(KEY.encode()), 1)
                self.assertEqual(question.body, b'')

    def test_a_sealed_key_is_tried_too(self):
        user = self.user()
        published = user.request('GET', '/api/key/public-key').json()
        self.provider.says = REFUSED['openai']
        body = sealed_body(published, user.uid, KEY, 'openai')
        self.assert_refused(user.request('POST', '/api/key', json_body=body), 400, 'KEY_REJECTED_BY_PROVIDER')
        self.provider.says = GOOD
        self.assert_key(user.request('POST', '/api/key', json_body=body), 'verified', 'accepted')

    def test_what_is_wrong_with_the_request_is_said_without_asking(self):
        user = self.user()
        for body in ({'apiKey': 'with space'}, {'apiKey': ''}, {'apiKey': KEY, 'provider': 'nobody'},
                     {'apiKey': KEY, 'expiresAt': '2001-01-01T00:00:00Z'}, {}):
            self.assertEqual(user.request('POST', '/api/key', json_body=body).status, 400)
        self.assertEqual(self.provider.seen, [])

    def test_a_request_cannot_choose_the_address(self):
        elsewhere = Provider()
        self.addCleanup(elsewhere.close)
        user = self.user()
        for name in ('baseUrl', 'base_url', 'url', 'providerUrl', 'apiBase'):
            body = {'apiKey': KEY, name: elsewhere.base}
            self.assert_refused(user.request('POST', '/api/key', json_body=body), 400, 'FIELD_INVALID')
        for provider in (elsewhere.base, f'openai@127.0.0.1:{elsewhere.port}', '../openai', 'OPENAI'):
            self.assert_refused(user.save(KEY, provider=provider), 400, 'PROVIDER_UNKNOWN')
        user.request('POST', f'/api/key?url={elsewhere.base}', [('Host', f'127.0.0.1:{elsewhere.port}'),
                     ('x-byot-provider-url', elsewhere.base)], json_body={'apiKey': KEY})
        answer = user.request('POST', f'/api/key?url={elsewhere.base}', json_body={'apiKey': KEY})
        self.assert_refused(answer, 400, 'FIELD_INVALID')
        self.assertEqual(elsewhere.seen, [])


class TriedWhenAsked(CheckScene):
    variables = {**CheckScene.variables, 'BYOT_KEY_CHECK': 'off'}

    def test_a_key_saved_without_a_try_says_nothing_of_one(self):
        answer = self.user().save(KEY)
        self.assert_key(answer, 'unverified', None)
        self.assertEqual(self.provider.seen, [])

    def test_what_the_provider_says_becomes_the_keys_state(self):
        for provider in PROVIDERS:
            user = self.user().with_key(KEY, provider=provider)
            for says, state, said in ((GOOD, 'verified', 'accepted'), (REFUSED[provider], 'rejected', 'refused'),
                                      (EXHAUSTED, 'exhausted', 'exhausted'), (GOOD, 'verified', 'accepted')):
                with self.subTest(provider=provider, says=says):
                    self.provider.says = says
                    answer = self.check(user, provider)
                    self.assert_key(answer, state, said)
                    self.assertIn('lastCheckedAt', answer.json())
                    self.assertEqual(user.keys()[0]['state'], state)

    def test_a_provider_that_cannot_be_reached_changes_nothing(self):
        for provider in PROVIDERS:
            user = self.user().with_key(KEY, provider=provider)
            self.provider.says = EXHAUSTED
            before = self.check(user, provider).json()
            for self.provider.says in (*SILENT, BLOCKED):
                with self.subTest(provider=provider, says=self.provider.says):
                    answer = self.check(user, provider)
                    self.assert_key(answer, 'exhausted', 'unreachable')
                    self.assertEqual(answer.json()['lastCheckedAt'], before['lastCheckedAt'])

    def test_the_stored_key_of_that_provider_is_the_one_that_is_tried(self):
        user = self.user().with_key(KEY, provider='anthropic').with_key(OTHER)
        self.check(user, 'anthropic')
        self.check(user)
        asked = [(exchange.head.get('x-api-key'), exchange.head.get('x-goog-api-key'))
                 for exchange in self.provider.seen]
        self.assertEqual(asked, [(KEY, None), (None, OTHER)])

    def test_to_check_a_key_is_not_to_use_it(self):
        user = self.user().with_key(KEY)
        self.assertNotIn('lastUsedAt', self.check(user).json())
        self.provider.says = BROKEN
        self.check(user)
        with user.ask() as wire:
            self.upstream.take().answer()
            wire.answer()
        key = eventually(lambda: user.keys()[0], lambda key: 'lastUsedAt' in key)
        self.assertIn('lastUsedAt', key)
        self.assertEqual(key['state'], 'verified')

    def test_without_a_key_there_is_nothing_to_try(self):
        self.user().with_key(KEY)
        self.assert_refused(self.check(self.user()), 400, 'KEY_REQUIRED')
        self.assert_refused(self.check(self.user().with_key(KEY), 'openai'), 400, 'KEY_REQUIRED')
        self.assert_refused(self.check(self.user(), 'nobody'), 400, 'PROVIDER_UNKNOWN')
        self.assertEqual(self.provider.seen, [])

    def test_a_key_that_is_replaced_meanwhile_keeps_its_own_state(self):
        user = self.user().with_key(KEY, provider='openai')
        self.provider.says = REFUSED['openai']
        saved = []
        self.provider.before_answer = lambda: saved.append(user.save(OTHER, provider='openai').json())
        answer = self.check(user, 'openai')
        self.assert_key(answer, 'unverified', None)
        self.assertEqual(answer.json(), saved[0])
        self.assertEqual(user.keys(), saved)

    def test_a_key_that_is_removed_meanwhile_is_gone(self):
        user = self.user().with_key(KEY, provider='openai')
        self.provider.before_answer = lambda: user.request('DELETE', '/api/key?provider=openai')
        self.assert_refused(self.check(user, 'openai'), 400, 'KEY_REQUIRED')
        self.assertEqual(user.keys(), [])

    def test_pages_of_allowed_origins_may_read_what_was_said(self):
        scene = self.in_other_scene(BYOT_ALLOWED_ORIGINS='https://app.example', **provider_variables(self.provider))
        user = scene.user().with_key(KEY)
        answer = user.request('POST', '/api/key/check', [('Origin', 'https://app.example')])
        self.assertEqual(answer.field('x-byot-key-check'), 'accepted')
        self.assertIn('x-byot-key-check', answer.field('Access-Control-Expose-Headers'))


class Discretion(CheckScene):
    def test_neither_the_key_nor_the_providers_words_are_kept_or_passed_on(self):
        answers = []
        for provider in PROVIDERS:
            user = self.user()
            for says in (REFUSED[provider], EXHAUSTED, BROKEN, GOOD):
                self.provider.says = says
                answers += [user.save(KEY, provider=provider), self.check(user, provider)]
        self.assertGreaterEqual(len(self.provider.seen), 21)
        kept = [self.server.log().encode(), *(answer.head.raw + answer.body for answer in answers)]
        kept += [file.read_bytes() for file in self.scene.folder.glob('keys.db*')]
        for data in kept:
            self.assertIsNone(find(KEY, data), 'the key')
            self.assertNotIn(MARK.encode(), data)
