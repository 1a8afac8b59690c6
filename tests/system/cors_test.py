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

    def test_every_refusal_of_a_head_is_shown_to_an_allowed_page(self):
        page, large = f'Origin: {PAGE}\r\n', 'X-Large: ' + 'x' * 40000 + '\r\n'
        for name, status, head in (
                ('too large', 431, f'GET / HTTP/1.1\r\nHost: x\r\n{page}{large}\r\n'),
                ('too large, the origin behind', 431, f'GET / HTTP/1.1\r\nHost: x\r\n{large}{page}\r\n'),
                ('too large, far behind', 431, f'GET / HTTP/1.1\r\nHost: x\r\n{large * 4}{page}\r\n'),
                ('a target that is too large', 431, f'GET /{"a" * 40000} HTTP/1.1\r\nHost: x\r\n{page}\r\n'),
                ('too many fields', 431, f'GET / HTTP/1.1\r\nHost: x\r\n' + 'A: b\r\n' * 150 + f'{page}\r\n'),
                ('no host', 400, f'GET / HTTP/1.1\r\n{page}\r\n'),
                ('a bad target', 400, f'GET /../a HTTP/1.1\r\nHost: x\r\n{page}\r\n'),
                ('a bad request line', 400, f'GET /a b HTTP/1.1\r\nHost: x\r\n{page}\r\n'),
                ('a bad line before', 400, f'GET / HTTP/1.1\r\nBad line\r\nHost: x\r\n{page}\r\n'),
                ('a bad line behind', 400, f'GET / HTTP/1.1\r\nHost: x\r\n{page}Bad line\r\n\r\n'),
                ('bad framing', 400, f'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: a\r\n{page}\r\n'),
                ('two singletons', 400, f'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: a\r\ncontent-type: a\r\n{page}\r\n'),
                ('unknown', 404, f'GET /nowhere HTTP/1.1\r\nHost: x\r\n{page}\r\n'),
                ('a method', 405, f'PUT /api/key HTTP/1.1\r\nHost: x\r\n{page}\r\n'),
                ('chunks', 400, f'POST / HTTP/1.1\r\nHost: x\r\n{page}Transfer-Encoding: chunked\r\n\r\nz\r\n')):
            with self.subTest(name), self.server.wire() as wire:
                wire.send(head)
                answer = wire.answer()
                self.assertEqual(answer.status, status, answer)
                self.assertEqual(answer.head.all('Access-Control-Allow-Origin'), [PAGE])
                self.assertIn('origin', words(answer.field('Vary')))

    def test_a_refused_head_without_one_allowed_origin_gets_no_cors_fields(self):
        for lines in ('Origin: https://evil.example\r\n', f'Origin: {PAGE}\r\nOrigin: {PAGE}\r\n',
                      f'Origin: {PAGE}\r\n .evil.example\r\n', f'X: y\nOrigin: {PAGE}\r\n', ''):
            for fault in ('Bad line\r\n', 'X-Large: ' + 'x' * 40000 + '\r\n'):
                with self.subTest(lines=lines), self.server.wire() as wire:
                    wire.send(f'GET / HTTP/1.1\r\nHost: x\r\n{lines}{fault}\r\n')
                    answer = wire.answer()
                    self.assertIn(answer.status, (400, 431))
                    self.assert_no_cors(answer)
                    self.assertIn('origin', words(answer.field('Vary')))

    def test_a_head_that_does_not_end_is_refused_to_an_allowed_page_in_time(self):
        scene = self.in_other_scene(BYOT_HEADER_TIMEOUT='300ms', **self.variables)
        for rest, status in (('Hos', 408), ('X: ' + 'x' * 40000, 431)):
            with self.subTest(status), scene.server.wire() as wire:
                wire.send(f'GET / HTTP/1.1\r\nOrigin: {PAGE}\r\n{rest}')
                answer = wire.answer()
                self.assertEqual((answer.status, answer.field('Access-Control-Allow-Origin')), (status, PAGE))
        with scene.server.wire() as wire:
            wire.send('GET / HTTP/1.1\r\nHost: x\r\nX: ' + 'x' * 40000)  # and nothing more
            self.assertEqual(wire.answer().status, 431)

    def test_a_body_that_is_too_large_is_refused_to_an_allowed_page(self):
        fields = [('Origin', PAGE), ('Content-Type', 'application/json')]
        answer = self.user().request('POST', '/api/key', fields, body=b' ' * 20000)
        self.assert_refused(answer, 413, 'BODY_TOO_LARGE')
        self.assertEqual(answer.field('Access-Control-Allow-Origin'), PAGE)

    def test_what_instrumented_pages_ask_for_is_allowed(self):
        for asked in ('baggage,sentry-trace', 'tracestate,traceparent', 'newrelic, X-NewRelic-ID',
                      'x-datadog-trace-id,x-datadog-parent-id', 'b3', 'request-id,request-context', 'x-anything'):
            answer = self.preflight(PAGE, '/api/ai/flow', [('Access-Control-Request-Method', 'POST'),
                                                           ('Access-Control-Request-Headers', asked)])
            with self.subTest(asked=asked):
                self.assertEqual(answer.status, 204)
                self.assertLessEqual(words(asked), words(answer.field('Access-Control-Allow-Headers')))
                self.assertLessEqual({'origin', 'access-control-request-headers'}, words(answer.field('Vary')))
                self.assertEqual(len(answer.head.all('Vary')), 1)

    def test_private_networks_are_not_answered_for(self):
        answer = self.preflight(PAGE, fields=[*PREFLIGHT, ('Access-Control-Request-Private-Network', 'true')])
        self.assertEqual((answer.status, answer.field('Access-Control-Allow-Private-Network')), (204, None))

    def test_a_method_that_nobody_knows_is_not_among_those_allowed(self):
        answer = self.preflight(PAGE, fields=[('Access-Control-Request-Method', 'BREW')])
        self.assertEqual(answer.status, 204)
        self.assertNotIn('brew', words(answer.field('Access-Control-Allow-Methods')))

    def test_several_lines_of_asked_fields_are_one_list(self):
        lines = [('Access-Control-Request-Headers', value) for value in ('x-one, no token', '', 'X-Two,,x-three')]
        answer = self.preflight(PAGE, fields=[('Access-Control-Request-Method', 'POST'), *lines])
        allowed = words(answer.field('Access-Control-Allow-Headers'))
        self.assertLessEqual({'x-one', 'x-two', 'x-three', 'authorization'}, allowed)
        self.assertNotIn('no token', allowed)

    def test_asked_fields_are_echoed_to_allowed_pages_alone(self):
        answer = self.preflight('https://evil.example', fields=[('Access-Control-Request-Method', 'POST'),
                                                                ('Access-Control-Request-Headers', 'x-one')])
        self.assert_refused(answer, 403, 'ORIGIN_FORBIDDEN')
        self.assertNotIn(b'x-one', answer.head.raw + answer.body)

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
