"""The user's token behind a gateway that puts its own into Authorization (BYOT_TOKEN_FIELD)."""
from harness.scene import SceneTest
from harness.waiting import eventually
from harness.wire import request_bytes

STATUS = '/api/key/status'
FORWARDED = 'X-Forwarded-Authorization'
# What Google's gateway signs itself with: an identity token of its account for the service.
GATEWAYS = ('Authorization', 'Bearer eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2FjY291bnRzLmdvb2dsZS5jb20ifQ.c2ln')


def bearer(user, name=FORWARDED, scheme='Bearer '):
    return (name, f'{scheme}{user.token}')


class Fields(SceneTest):
    def status(self, *fields):
        return self.server.request('GET', STATUS, fields)

    def owner(self, answer):
        """Whose answer it is, told by the hint of the key that the test gave each user."""
        self.assertEqual(answer.status, 200, answer)
        return answer.json()['keys'][0]['hint']

    def ask_flow(self, *fields):
        """The request that the upstream was sent."""
        with self.server.wire() as wire:
            wire.send(request_bytes('POST', '/api/ai/echo', [*fields, ('Content-Type', 'application/json')], b'{}'))
            sent = self.upstream.take()
            sent.answer()
            self.assertEqual(wire.answer().status, 200)
        return sent.head

    def save(self, user, field, api_key):
        answer = self.server.request('POST', '/api/key', [field], json_body={'apiKey': api_key})
        self.assertEqual(answer.status, 200, answer)

    def assert_twice_is_refused(self, name, *more):
        """One connection, which is not trusted further, as with every head that two readers may read apart."""
        ann = self.user()
        lines = [bearer(ann, name), bearer(ann, name.lower())]
        for target, method in ((STATUS, 'GET'), ('/health/live', 'GET'), ('/api/key', 'OPTIONS'), ('/nowhere', 'GET')):
            with self.subTest(target=target), self.server.wire() as wire:
                wire.send(request_bytes(method, target, [*lines, *more]))
                answer = wire.answer()
                error = self.assert_refused(answer, 400, 'REQUEST_MALFORMED')
                self.assertEqual(error['message'], f'{name.lower()} is there twice, and may be there once.')
                self.assertEqual(answer.field('Connection'), 'close')
                self.assertNotIn(ann.token, self.server.log())


class Forwarded(Fields):
    variables = {'BYOT_TOKEN_FIELD': 'X-Forwarded-Authorization'}

    def test_the_forwarded_token_is_the_users_whatever_stands_in_authorization(self):
        ann, bob = self.user(), self.user()
        self.save(ann, bearer(ann), 'sk-key-of-ann-0000-AAAA')
        self.save(bob, bearer(bob), 'sk-key-of-bob-0000-BBBB')
        for beside in ((), (GATEWAYS,), (bob.bearer,), (('Authorization', 'Basic dTpw'),), (('Authorization', ''),)):
            for lines in ((bearer(ann), *beside), (*beside, bearer(ann))):
                with self.subTest(beside=beside[:1] and beside[0][1][:8]):
                    self.assertEqual(self.owner(self.status(*lines)), 'AAAA')
        # Once more, now that both tokens are remembered, and the other way round.
        self.assertEqual(self.owner(self.status(bearer(bob), ann.bearer)), 'BBBB')

    def test_a_flow_is_given_the_users_token_and_never_the_gateways(self):
        ann, bob = self.user(), self.user()
        self.save(ann, bearer(ann), 'sk-key-of-ann-0000-AAAA')
        for beside in (GATEWAYS, bob.bearer):
            head = self.ask_flow(beside, bearer(ann))
            self.assertEqual(head.all('Authorization'), [f'Bearer {ann.token}'])
            self.assertEqual(head.get('x-byot-uid'), ann.uid)
            self.assertEqual(head.all(FORWARDED), [])
            self.assertNotIn(beside[1].encode(), head.raw)

    def test_a_users_token_in_authorization_alone_is_none(self):
        ann = self.user()
        answer = self.status(ann.bearer)
        self.assert_refused(answer, 401, 'TOKEN_MISSING')
        self.assertRegex(answer.field('WWW-Authenticate'), r'^Bearer\b')

    def test_the_field_is_found_in_any_case(self):
        ann = self.user()
        for name in ('x-forwarded-authorization', 'X-FORWARDED-AUTHORIZATION'):
            self.assertEqual(self.status(GATEWAYS, bearer(ann, name)).status, 200)

    def test_what_is_no_users_token_is_refused_as_in_authorization(self):
        forged = self.user().token
        head, claims, signature = forged.split('.')
        for value, reason in (('', 'TOKEN_MISSING'), ('Bearer', 'TOKEN_MISSING'), ('Basic dTpw', 'TOKEN_MISSING'),
                              (forged, 'TOKEN_MISSING'), (GATEWAYS[1], 'TOKEN_INVALID'),
                              (f'Bearer {head}.{claims}.', 'TOKEN_INVALID'),
                              (f'Bearer {forged}, Bearer {forged}', 'TOKEN_INVALID'), ('Bearer x', 'TOKEN_INVALID')):
            for beside in ((), (GATEWAYS,), (self.user().bearer,)):
                with self.subTest(value=value[:10], beside=len(beside)):
                    answer = self.status(*beside, (FORWARDED, value))
                    self.assert_refused(answer, 401, reason)
                    self.assertRegex(answer.field('WWW-Authenticate'), r'^Bearer\b')

    def test_either_field_twice_is_refused(self):
        self.assert_twice_is_refused(FORWARDED)
        self.assert_twice_is_refused(FORWARDED, GATEWAYS)
        self.assert_twice_is_refused('Authorization', bearer(self.user()))

    def test_a_request_with_a_body_and_two_tokens_is_not_read_on(self):
        ann = self.user()
        with self.server.wire() as wire:
            wire.send(request_bytes('POST', '/api/key', [bearer(ann), bearer(ann)], b'{"apiKey":"sk-0123456789"}'))
            wire.send(request_bytes('GET', STATUS, [bearer(ann)]))
            self.assert_refused(wire.answer(), 400, 'REQUEST_MALFORMED')
            self.assertTrue(wire.is_ended())
        self.assertEqual(self.status(bearer(ann)).json()['keys'], [])

    def test_pages_ask_for_authorization_as_ever(self):
        page = 'https://app.example'
        scene = self.in_other_scene(BYOT_ALLOWED_ORIGINS=page, **self.variables)
        answer = scene.server.request('OPTIONS', '/api/key', [
            ('Origin', page), ('Access-Control-Request-Method', 'POST'),
            ('Access-Control-Request-Headers', 'authorization,x-api-key'), GATEWAYS])
        allowed = {name.strip() for name in answer.field('Access-Control-Allow-Headers').split(',')}
        self.assertEqual((answer.status, {'authorization', 'x-api-key'} - allowed), (204, set()))

    def test_no_token_is_logged(self):
        ann = self.user()
        self.status(GATEWAYS, bearer(ann))
        last = self.status(GATEWAYS, (FORWARDED, f'Basic {ann.token}'))
        self.assertTrue(eventually(lambda: last.field('x-request-id') in self.server.log()))
        log = self.server.log()
        self.assertNotIn(ann.token, log)
        self.assertNotIn(GATEWAYS[1][7:], log)


class Default(Fields):
    def test_a_clients_forwarded_field_is_ignored(self):
        ann, bob = self.user(), self.user()
        self.save(ann, ann.bearer, 'sk-key-of-ann-0000-AAAA')
        for beside in ((bearer(bob),), (bearer(bob), bearer(bob)), ((FORWARDED, ''),), ((FORWARDED, 'Basic dTpw'),)):
            with self.subTest(lines=len(beside)):
                self.assertEqual(self.owner(self.status(*beside, ann.bearer)), 'AAAA')
                head = self.ask_flow(ann.bearer, *beside)
                self.assertEqual(head.all('Authorization'), [f'Bearer {ann.token}'])
                self.assertEqual(head.all(FORWARDED), [])
                self.assertNotIn(bob.token.encode(), head.raw)

    def test_a_forwarded_token_without_authorization_is_none(self):
        self.assert_refused(self.status(bearer(self.user())), 401, 'TOKEN_MISSING')

    def test_authorization_twice_is_refused(self):
        self.assert_twice_is_refused('Authorization')


class Warned(SceneTest):
    """On Cloud Run the gateway is a proxy more than usual there."""

    GATEWAY = {'K_SERVICE': 'byot', 'BYOT_TOKEN_FIELD': 'X-Forwarded-Authorization',
               'BYOT_FIREBASE_KEYS_URL': None, 'BYOT_REVOCATION_CHECK': 'off'}

    def warnings(self, **more):
        server = self.in_other_scene(**{**self.GATEWAY, **more}).server
        server.request('GET', '/health/live')
        self.assertTrue(eventually(lambda: 'GET /health/live' in server.log()))  # which comes after what is told at the start
        return server.log().count('does not count it')

    def test_a_gateway_that_is_no_trusted_hop_is_warned_of_at_the_start(self):
        self.assertEqual(self.warnings(), 1)
        self.assertEqual(self.warnings(BYOT_TRUSTED_HOPS='2'), 0)
        self.assertEqual(self.warnings(BYOT_TOKEN_FIELD='Authorization'), 0)
        self.assertEqual(self.warnings(K_SERVICE=None), 0)
