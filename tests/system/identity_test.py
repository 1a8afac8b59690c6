"""Who a token speaks for, and what happens when certificates cannot be had."""
import threading
import time

from harness.identity import Identity
from harness.scene import SceneTest, needs_signed_tokens

STATUS = '/api/key/status'


def bearer(token):
    return [('Authorization', f'Bearer {token}')]


class Tokens(SceneTest):
    def ask(self, token):
        return self.server.request('GET', STATUS, bearer(token))

    def assert_unauthorised(self, answer, reason):
        self.assert_refused(answer, 401, reason)
        self.assertRegex(answer.field('WWW-Authenticate'), r'^Bearer\b')
        return answer.field('WWW-Authenticate')

    def test_a_good_token_is_taken(self):
        self.assertEqual(self.ask(self.scene.identity.token('somebody')).status, 200)

    def test_the_scheme_is_taken_in_any_case(self):
        token = self.scene.identity.token('somebody')
        answer = self.server.request('GET', STATUS, [('Authorization', f'bearer {token}')])
        self.assertEqual(answer.status, 200, answer)

    def test_one_or_more_spaces_stand_before_the_token(self):
        token = self.scene.identity.token('somebody')
        for value in (f'Bearer  {token}', f'Bearer    {token}  ', f'\tBEARER   {token}\t'):
            with self.subTest(value=value[:12]):
                self.assertEqual(self.server.request('GET', STATUS, [('Authorization', value)]).status, 200)
        for value in (f'Bearer\t{token}', f'Bearer{token}', f'Bearer \t{token}', f'Bearer {token} {token}'):
            with self.subTest(value=value[:12]):
                self.assertEqual(self.server.request('GET', STATUS, [('Authorization', value)]).status, 401)

    def test_a_request_without_a_token_is_told_how_to_bring_one(self):
        challenge = self.assert_unauthorised(self.server.request('GET', STATUS), 'TOKEN_MISSING')
        self.assertNotIn('error=', challenge)

    def test_another_scheme_is_no_token(self):
        answer = self.server.request('GET', STATUS, [('Authorization', 'Basic dTpw')])
        self.assert_unauthorised(answer, 'TOKEN_MISSING')

    @needs_signed_tokens
    def test_an_expired_token_is_told_apart(self):
        now = int(time.time())
        token = self.scene.identity.token('u', iat=now - 7200, exp=now - 3600, auth_time=now - 7200)
        self.assertIn('invalid_token', self.assert_unauthorised(self.ask(token), 'TOKEN_EXPIRED'))

    @needs_signed_tokens
    def test_a_token_of_another_project_is_refused(self):
        for claims in ({'aud': 'other'}, {'iss': 'https://securetoken.google.com/other'}):
            token = self.scene.identity.token('u', **claims)
            self.assertIn('invalid_token', self.assert_unauthorised(self.ask(token), 'TOKEN_INVALID'))

    @needs_signed_tokens
    def test_a_token_with_an_unknown_key_id_is_refused(self):
        self.assert_unauthorised(self.ask(self.scene.identity.token('u', kid='unknown')), 'TOKEN_INVALID')

    @needs_signed_tokens
    def test_a_token_signed_by_somebody_else_is_refused(self):
        good = self.scene.identity.token('victim')
        head, _, signature = good.split('.')
        _, claims, _ = self.scene.identity.token('attacker').split('.')
        self.assert_unauthorised(self.ask(f'{head}.{claims}.{signature}'), 'TOKEN_INVALID')

    @needs_signed_tokens
    def test_a_token_seen_before_is_not_taken_in_an_altered_form(self):
        token = self.scene.identity.token('u')
        self.assertEqual(self.ask(token).status, 200)
        altered = token[:-2] + ('A' if token[-2] != 'A' else 'B') + token[-1]
        self.assert_unauthorised(self.ask(altered), 'TOKEN_INVALID')

    def test_garbage_is_refused(self):
        for token in ('x', 'a.b.c', '.' * 40, 'e30.e30.e30', 'ey' * 2000):
            with self.subTest(token=token[:10]):
                self.assert_unauthorised(self.ask(token), 'TOKEN_INVALID')

    def test_every_endpoint_under_api_asks_for_a_token(self):
        paths = self.server.request('GET', '/openapi.json').json()['paths']
        asked = 0
        for path, operations in paths.items():
            for method in {'get', 'post', 'delete'} & set(operations) if path.startswith('/api/') else ():
                with self.subTest(request=f'{method} {path}'):
                    target = path.replace('{path}', 'echo')
                    answer = self.server.request(method.upper(), target, json_body={})
                    self.assert_unauthorised(answer, 'TOKEN_MISSING')
                    asked += 1
        self.assertGreaterEqual(asked, 5)


@needs_signed_tokens
class CertificatesDown(SceneTest):
    @classmethod
    def make_identity(cls):
        identity = Identity()
        identity.is_down = True
        return identity

    def test_missing_certificates_are_a_fault_of_ours_and_no_401(self):
        answer = self.user().request('GET', STATUS)
        self.assert_refused(answer, 503, 'IDENTITY_UNAVAILABLE')
        self.assertTrue(answer.field('Retry-After'))
        self.assertIsNone(answer.field('WWW-Authenticate'))

    def test_an_instance_without_certificates_is_alive_and_not_ready(self):
        self.assertEqual(self.server.request('GET', '/health/live').status, 200)
        self.assertEqual(self.server.request('GET', '/health/ready').status, 503)


@needs_signed_tokens
class Fetches(SceneTest):
    def test_fifty_requests_at_once_on_two_reactors_make_one_fetch(self):
        identity = Identity()
        tokens = [identity.token(f'user-{number}') for number in range(50)]
        identity.may_answer.clear()
        scene = self.in_other_scene(identity=identity)
        answers = []

        def ask(token):
            answers.append(scene.server.request('GET', STATUS, bearer(token), wait=30).status)

        threads = [threading.Thread(target=ask, args=(token,)) for token in tokens]
        for thread in threads:
            thread.start()
        identity.may_answer.set()
        for thread in threads:
            thread.join()
        self.assertEqual((answers.count(200), len(answers)), (50, 50))
        self.assertEqual(identity.fetches, 1)

    def test_unknown_key_ids_do_not_make_fetch_after_fetch(self):
        scene = self.in_other_scene()
        self.assertEqual(scene.user().request('GET', STATUS).status, 200)
        before = scene.identity.fetches
        for number in range(20):
            scene.server.request('GET', STATUS, bearer(scene.identity.token('u', kid=f'unknown-{number}')))
        self.assertLessEqual(scene.identity.fetches - before, 1)
