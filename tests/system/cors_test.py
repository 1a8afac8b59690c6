"""Which pages may call, and what they may read (Fetch standard, CORS protocol)."""
from harness.scene import SceneTest

PAGE = 'https://app.example'
PREFLIGHT = [('Access-Control-Request-Method', 'POST'),
             ('Access-Control-Request-Headers', 'authorization,content-type,x-genkit-stream-id')]


def words(value):
    return {word.strip().lower() for word in (value or '').split(',')}


class Cors(SceneTest):
    variables = {'BYOT_ALLOWED_ORIGINS': f'{PAGE},http://localhost:5173'}

    def preflight(self, origin, target='/api/key', fields=PREFLIGHT):
        return self.server.request('OPTIONS', target, [('Origin', origin), *fields])

    def assert_no_cors(self, answer):
        self.assertEqual([name for name in answer.head.names() if name.startswith('access-control-')], [])

    def test_a_preflight_of_an_allowed_page_is_answered_without_a_token(self):
        answer = self.preflight(PAGE)
        self.assertEqual((answer.status, answer.body), (204, b''))
        self.assertEqual(answer.field('Access-Control-Allow-Origin'), PAGE)
        self.assertIn('origin', words(answer.field('Vary')))
        self.assertLessEqual({'post', 'delete'}, words(answer.field('Access-Control-Allow-Methods')))
        self.assertLessEqual({'authorization', 'content-type', 'x-genkit-stream-id', 'x-byot-provider'},
                             words(answer.field('Access-Control-Allow-Headers')))
        self.assertGreater(int(answer.field('Access-Control-Max-Age')), 0)
        self.assertNotEqual(answer.field('Access-Control-Allow-Credentials'), 'true')

    def test_a_preflight_for_a_flow_is_answered(self):
        answer = self.preflight('http://localhost:5173', '/api/ai/some/flow')
        self.assertEqual((answer.status, answer.field('Access-Control-Allow-Origin')),
                         (204, 'http://localhost:5173'))

    def test_a_preflight_of_another_page_is_refused(self):
        for origin in ('https://evil.example', 'https://app.example.evil.example', 'http://app.example', 'null',
                       'https://app.example:444', 'HTTPS://APP.EXAMPLE'):
            with self.subTest(origin=origin):
                answer = self.preflight(origin)
                self.assert_refused(answer, 403, 'ORIGIN_FORBIDDEN')
                self.assert_no_cors(answer)

    def test_an_answer_to_an_allowed_page_shows_it_our_fields(self):
        answer = self.user().request('GET', '/api/key/status', [('Origin', PAGE)])
        self.assertEqual((answer.status, answer.field('Access-Control-Allow-Origin')), (200, PAGE))
        self.assertIn('origin', words(answer.field('Vary')))
        exposed = words(answer.field('Access-Control-Expose-Headers'))
        self.assertLessEqual({'x-request-id', 'x-byot-credential', 'x-genkit-trace-id', 'x-genkit-span-id',
                              'x-genkit-stream-id', 'x-byot-key-check'}, exposed)

    def test_an_error_is_shown_to_an_allowed_page_too(self):
        answer = self.server.request('GET', '/api/key/status', [('Origin', PAGE)])
        self.assert_refused(answer, 401, 'TOKEN_MISSING')
        self.assertEqual(answer.field('Access-Control-Allow-Origin'), PAGE)

    def test_an_answer_of_the_relay_is_shown_to_an_allowed_page(self):
        with self.user().with_key().ask(fields=[('Origin', PAGE)]) as wire:
            self.upstream.take().answer(fields=[('Content-Type', 'application/json'),
                                                ('Access-Control-Allow-Origin', '*')])
            answer = wire.answer()
        self.assertEqual(answer.head.all('Access-Control-Allow-Origin'), [PAGE])
        self.assertIn('origin', words(answer.field('Vary')))

    def test_another_page_gets_no_cors_fields(self):
        answer = self.user().request('GET', '/api/key/status', [('Origin', 'https://evil.example')])
        self.assert_no_cors(answer)
        self.assertIn('origin', words(answer.field('Vary')))

    def test_a_request_that_is_no_pages_has_vary_all_the_same(self):
        answer = self.user().request('GET', '/api/key/status')
        self.assert_no_cors(answer)
        self.assertIn('origin', words(answer.field('Vary')))


class NoOrigins(SceneTest):
    def test_without_configured_origins_no_preflight_is_allowed(self):
        answer = self.server.request('OPTIONS', '/api/key', [('Origin', PAGE), *PREFLIGHT])
        self.assert_refused(answer, 403, 'ORIGIN_FORBIDDEN')
