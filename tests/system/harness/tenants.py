"""Identity Platform tenants: who they are, and what must be true of the same uid in two of them, on whatever store."""
from .identity import Identity
from .scene import User
from .sealing import sealed_body
from .server import run_byot
from .upstream import echo
from .waiting import eventually

UID = 'ann'
TENANTS = (None, 'acme-x1y2z', 'beta-x1y2z')


class TenantUser(User):
    """Somebody of a tenant, by a token as Firebase signs it there; of none where that is None."""

    def __init__(self, scene, uid, tenant, **claims):
        self.scene, self.uid, self.tenant = scene, uid, tenant
        firebase = {'identities': {}, 'sign_in_provider': 'password', **({'tenant': tenant} if tenant else {})}
        self.token = scene.identity.token(uid, firebase=firebase, **claims)
        self.bearer = ('Authorization', f'Bearer {self.token}')

    @property
    def key(self):
        return f'sk-of-{self.tenant or "none"}-0123456789-{(self.tenant or "none")[:4]}'


class TenantScene:
    """What goes in front of SceneTest: its identities are the harness's own, signed."""

    uids = 0

    @classmethod
    def make_identity(cls):
        return Identity()

    def three(self, uid=None):
        type(self).uids += 1
        return [TenantUser(self.scene, uid or f'{UID}-{self.uids}', tenant) for tenant in TENANTS]


class TenantChecks(TenantScene):
    handler = staticmethod(echo)

    def store_of_its_own(self):
        """Variables of another scene's store."""
        return {}

    def three_with_keys(self):
        return [user.with_key(user.key) for user in self.three()]

    def used(self, user):
        """The upstream's head of one AI request."""
        with user.ask() as wire:
            self.assertEqual(wire.answer().status, 200)
        return self.upstream.seen[-1].head

    def test_each_sees_and_uses_its_own_key(self):
        users = self.three_with_keys()
        self.assertEqual(len({user.keys()[0]['credentialId'] for user in users}), 3)
        for _ in ('as it is read', 'from memory'):
            for user in users:
                head = self.used(user)
                self.assertEqual(head.all('x-byot-api-key'), [user.key])
                self.assertEqual(head.all('x-byot-uid'), [user.uid])
                self.assertEqual(head.all('x-byot-tenant'), [user.tenant] if user.tenant else [])

    def test_a_key_of_one_tenant_is_none_of_another(self):
        plain, acme, beta = self.three()
        acme.with_key(acme.key)
        for other in (plain, beta):
            self.assertEqual(other.keys(), [])
            with other.ask() as wire:
                self.assert_refused(wire.answer(), 400, 'KEY_REQUIRED')
            self.assertEqual(other.request('DELETE', '/api/key').json(), {'removed': False})
        self.assertEqual(self.used(acme).all('x-byot-api-key'), [acme.key])

    def test_a_removal_in_one_tenant_leaves_the_others(self):
        plain, acme, beta = self.three_with_keys()
        for user in (plain, acme, beta):
            self.used(user)
        self.assertEqual(acme.request('DELETE', '/api/key').json(), {'removed': True})
        with acme.ask() as wire:
            self.assert_refused(wire.answer(), 400, 'KEY_REQUIRED')
        for user in (plain, beta):
            self.assertEqual(self.used(user).all('x-byot-api-key'), [user.key])

    def test_the_log_names_the_tenant_beside_the_uid(self):
        users = self.three_with_keys()

        def logged():
            return [(line.get('tenant')) for line in self.server.log_lines()
                    if line.get('uid') == users[0].uid and 'httpRequest' in line]
        eventually(logged, lambda lines: len(lines) == 3)
        self.assertEqual(sorted(logged(), key=str), sorted(TENANTS, key=str))

    def test_a_clients_own_tenant_field_is_dropped(self):
        user = self.three_with_keys()[0]
        with user.ask(fields=[('x-byot-tenant', 'acme-x1y2z')]) as wire:
            self.assertEqual(wire.answer().status, 200)
        self.assertEqual(self.upstream.seen[-1].head.all('x-byot-tenant'), [])

    def test_a_sealed_key_is_of_its_tenant_and_need_not_say_so(self):
        plain, acme, _ = self.three()
        published = acme.request('GET', '/api/key/public-key').json()
        for user, member, is_taken in ((acme, {}, True), (acme, {'tenant': 'acme-x1y2z'}, True),
                                       (acme, {'tenant': None}, True), (acme, {'tenant': 'beta-x1y2z'}, False),
                                       (acme, {'tenant': ''}, False), (plain, {'tenant': 'acme-x1y2z'}, False),
                                       (plain, {'tenant': None}, True), (plain, {}, True)):
            with self.subTest(tenant=user.tenant, member=member):
                saved = user.request('POST', '/api/key', json_body=sealed_body(published, user.uid, user.key, **member))
                if is_taken:
                    self.assertEqual(saved.status, 200, saved)
                    self.assertEqual(self.used(user).all('x-byot-api-key'), [user.key])
                else:
                    self.assert_refused(saved, 400, 'FIELD_INVALID')

    def test_rewrap_moves_each_for_its_own_user(self):
        scene = self.in_other_scene(handler=echo, identity=Identity(), **self.store_of_its_own())
        users = [TenantUser(scene, UID, tenant).with_key(f'sk-{tenant}-0123456789-old') for tenant in TENANTS]
        before = {user.tenant: user.keys()[0] for user in users}
        self.assertEqual(run_byot('keyring', 'add', scene.keyring).returncode, 0)
        done = run_byot('rewrap', variables=scene.variables, wait=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('moved 3', done.stdout)
        for user in users:
            key = eventually(lambda: user.keys()[0], lambda key: key['keyId'] != before[user.tenant]['keyId'])
            self.assertEqual(key['credentialId'], before[user.tenant]['credentialId'])
            with user.ask() as wire:
                self.assertEqual(wire.answer().status, 200)
            self.assertEqual(scene.upstream.seen[-1].head.all('x-byot-api-key'), [f'sk-{user.tenant}-0123456789-old'])
