"""Sessions of tenants' users, by Firebase's own Auth emulator: one uid in two tenants, and in none."""
from harness.scene import SceneTest, User
from harness.upstream import echo


class MemberOf(User):
    def __init__(self, scene, identity, uid):
        self.scene, self.identity, self.uid, self.tenant = scene, identity, uid, identity.tenant
        self.token = identity.token(uid)
        self.bearer = ('Authorization', f'Bearer {self.token}')


class TenantSessions(SceneTest):
    handler = staticmethod(echo)
    made = 0

    def three(self):
        """One uid in no tenant and in two, each with a key."""
        type(self).made += 1
        plain = self.scene.identity
        return [MemberOf(self.scene, identity, f'ann-{self.made}').with_key(f'sk-of-{identity.tenant}-0123456789')
                for identity in (plain, plain.in_new_tenant(), plain.in_new_tenant())]

    def test_each_saves_uses_and_removes_its_own(self):
        users = self.three()
        for user in users:
            with user.ask() as wire:
                self.assertEqual(wire.answer().status, 200)
            head = self.upstream.seen[-1].head
            self.assertEqual(head.all('x-byot-api-key'), [f'sk-of-{user.tenant}-0123456789'])
            self.assertEqual(head.all('x-byot-tenant'), [user.tenant] if user.tenant else [])
        for user in users:
            self.assertEqual(user.request('DELETE', '/api/key').json(), {'removed': True})

    def test_a_session_that_ended_in_one_tenant_goes_on_in_another(self):
        for end in ('revoke', 'disable', 'delete'):
            for ended in range(3):
                with self.subTest(end, ended=ended):
                    users = self.three()
                    getattr(users[ended].identity, end)(users[ended].uid)
                    for i, user in enumerate(users):
                        removed = user.request('DELETE', '/api/key')
                        if i == ended:
                            self.assert_refused(removed, 401, 'TOKEN_REVOKED')
                        else:
                            self.assertEqual(removed.json(), {'removed': True})
