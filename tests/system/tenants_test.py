"""Identity Platform tenants: the same uid in two tenants, and in none, is as many users."""
from harness.identity import Identity
from harness.scene import SceneTest, needs_signed_tokens
from harness.tenants import TENANTS, UID, TenantChecks, TenantScene, TenantUser


@needs_signed_tokens
class Tenants(TenantChecks, SceneTest):
    pass


@needs_signed_tokens
class TenantStreams(TenantScene, SceneTest):
    """With an upstream that a test answers for."""

    def test_a_stream_id_of_another_tenant_is_refused(self):
        users = [user.with_key(user.key) for user in self.three()]
        for whose in users:
            with whose.stream() as wire:
                exchange = self.upstream.take()
                exchange.begin_stream([('Content-Type', 'text/plain'), ('x-genkit-stream-id', 'stream-1')])
                exchange.event('{"result":1}')
                exchange.end_stream()
                head = wire.head()
                wire.body(head)
            signed = head.get('x-genkit-stream-id')
            for user in users:
                with user.stream(fields=[('x-genkit-stream-id', signed)]) as wire:
                    if user is whose:
                        exchange = self.upstream.take()
                        self.assertEqual(exchange.head.all('x-genkit-stream-id'), ['stream-1'])
                        exchange.answer()
                        self.assertEqual(wire.answer().status, 200)
                    else:
                        self.assert_refused(wire.answer(), 403, 'STREAM_NOT_YOURS')

    def test_streams_are_counted_apart(self):
        scene = self.in_other_scene(identity=Identity(), BYOT_STREAMS_PER_USER='1')
        acme, beta = (TenantUser(scene, UID, tenant).with_key() for tenant in TENANTS[1:])
        with acme.stream():
            scene.upstream.take()
            with acme.stream() as wire:
                self.assert_refused(wire.answer(), 429, 'TOO_MANY_STREAMS')
            with beta.stream() as wire:
                scene.upstream.take().answer()
                self.assertEqual(wire.answer().status, 200)


@needs_signed_tokens
class TenantRates(TenantScene, SceneTest):
    variables = {'BYOT_RATE_PER_USER': '2/h'}

    def test_requests_are_counted_apart(self):
        for user in self.three():
            statuses = [user.request('GET', '/api/key/status').status for _ in range(3)]
            self.assertEqual(statuses, [200, 200, 429], user.tenant)
