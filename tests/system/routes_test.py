"""Methods, paths and the fields that every answer carries."""
from harness.scene import SceneTest

METHODS = ('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE')


class Routes(SceneTest):
    def routes(self):
        """The methods of every address, as the document says; HEAD wherever GET is."""
        for path, operations in self.server.request('GET', '/openapi.json').json()['paths'].items():
            methods = {word.upper() for word in operations} & {*METHODS}
            yield path.replace('{path}', 'echo'), methods | ({'HEAD'} if 'GET' in methods else set())

    def test_another_method_is_405_and_told_which_there_are(self):
        for target, allowed in self.routes():
            for method in METHODS:
                if method in allowed:
                    continue
                with self.subTest(request=f'{method} {target}'):
                    answer = self.user().request(method, target, body=b'')
                    self.assertEqual(answer.status, 405, answer)
                    listed = {word.strip() for word in answer.field('Allow').split(',')}
                    self.assertEqual(listed - {'OPTIONS'}, allowed)
                    if method != 'HEAD':
                        self.assert_refused(answer, 405, 'METHOD_NOT_ALLOWED')

    def test_options_without_an_origin_lists_the_methods(self):
        answer = self.server.request('OPTIONS', '/api/key')
        self.assertIn(answer.status, (200, 204, 405))
        self.assertLessEqual({'POST', 'DELETE'}, {word.strip() for word in answer.field('Allow').split(',')})

    def test_head_is_answered_as_get_without_the_body(self):
        user = self.user()
        for target, allowed in self.routes():
            if 'GET' not in allowed:
                continue
            with self.subTest(target=target):
                got, head = user.request('GET', target), user.request('HEAD', target)
                self.assertEqual(head.status, got.status)
                self.assertEqual(head.field('Content-Type'), got.field('Content-Type'))
                self.assertEqual(head.field('Content-Length'), str(len(got.body)))

    def test_an_unknown_path_is_404(self):
        for target in ('/nothing', '/api', '/api/', '/api/keys', '/api/key/', '/API/key', '/api/ai', '/api/ai/',
                       '/health', '/dev/token', '/docs/../api/key', '//api/key'):
            for_path = self.user().request('GET', target)
            with self.subTest(target=target):
                self.assertIn((for_path.status, for_path.reason),
                              ((404, 'ROUTE_UNKNOWN'), (400, 'REQUEST_MALFORMED'), (405, 'METHOD_NOT_ALLOWED')))

    def test_a_path_that_leaves_its_folder_never_reaches_the_upstream(self):
        user = self.user().with_key()
        for target in ('/api/ai/../key', '/api/ai/%2e%2e/admin', '/api/ai/a/../../b', '/api/ai/..%2fadmin',
                       '/api/ai/a%5cb', '/api/ai/%00', '/api/ai/.'):
            with self.subTest(target=target), user.ask(target) as wire:
                self.assertIn(wire.answer().status, (400, 404))
        self.assertEqual([exchange.head.first_line for exchange in self.upstream.seen], [])

    def test_development_addresses_are_not_there_in_production(self):
        self.assertIn(self.server.request('POST', '/dev/token', json_body={'uid': 'x'}).status, (404, 405))


class CommonFields(SceneTest):
    def answers(self):
        user = self.user()
        yield 'a page', self.server.request('GET', '/docs')
        yield 'health', self.server.request('GET', '/health/live')
        yield 'unknown', self.server.request('GET', '/nothing')
        yield 'malformed', self.malformed()
        yield 'no token', self.server.request('GET', '/api/key/status')
        yield 'saved', user.save()
        yield 'status', user.request('GET', '/api/key/status')
        yield 'removed', user.request('DELETE', '/api/key')
        yield 'no key', user.request('POST', '/api/ai/echo', json_body={})
        yield 'preflight', self.server.request('OPTIONS', '/api/key', [
            ('Origin', 'https://a.example'), ('Access-Control-Request-Method', 'POST')])

    def malformed(self):
        with self.server.wire() as wire:
            wire.send('GET / HTTP/1.1\r\n\r\n')
            return wire.answer()

    def test_every_answer_has_nosniff_a_date_and_a_request_id_of_its_own(self):
        seen = set()
        for name, answer in self.answers():
            with self.subTest(answer=name):
                self.assertEqual(answer.head.all('X-Content-Type-Options'), ['nosniff'])
                self.assertEqual(len(answer.head.all('Date')), 1)
                identifier, = answer.head.all('x-request-id')
                self.assertRegex(identifier, r'^[A-Za-z0-9_-]{8,64}$')
                self.assertNotIn(identifier, seen)
                seen.add(identifier)

    def test_answers_about_keys_and_errors_are_stored_nowhere(self):
        for name, answer in self.answers():
            if name in ('a page', 'health', 'preflight'):
                continue
            with self.subTest(answer=name):
                self.assertIn('no-store', answer.field('Cache-Control') or '')

    def test_pages_carry_a_strict_policy_and_no_foreign_host(self):
        for target in ('/', '/docs'):
            answer = self.server.request('GET', target)
            with self.subTest(target=target):
                self.assertEqual(answer.status, 200, answer)
                self.assertTrue(answer.field('Content-Type').startswith('text/html'))
                policy = answer.field('Content-Security-Policy')
                self.assertIn("default-src 'none'", policy)
                self.assertNotIn('unsafe-eval', policy)
                self.assertNotIn("'unsafe-inline'", policy)
                self.assertNotRegex(answer.body.decode(), r'(?:src|href)="(?:https?:)?//')

    def test_the_openapi_document_names_every_route(self):
        document = self.server.request('GET', '/openapi.json').json()
        self.assertTrue(document['openapi'].startswith('3.1'))
        for target in ('/api/key', '/api/key/status', '/api/ai/{path}', '/health/live'):
            self.assertIn(target, document['paths'])
