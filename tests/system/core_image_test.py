"""What a core image of the process holds at rest: nothing of a key or a token, locked memory included."""
from harness.core_scene import CoreImageTest
from harness.marked_walk import KEY, MarkedWalk
from harness.scene import as_json
from harness.wire import request_bytes

JSON = ('Content-Type', 'application/json')


class AtRest(CoreImageTest):
    variables = {'BYOT_KEY_CACHE_TTL': '0s', 'BYOT_FIRST_BYTE_TIMEOUT': '400ms', 'BYOT_STREAMS_PER_USER': '2'}

    def test_after_a_walk_through_every_path(self):
        walk = MarkedWalk(self.scene)
        walk.walk()
        self.assertGreater(len(walk.responses), 70)
        self.assert_nothing_in_image(walk.user)

    def test_after_a_save_at_each_provider(self):
        user = self.user()
        for provider in ('googleai', 'openai', 'anthropic'):
            self.assertEqual(user.save(KEY, provider=provider).status, 200)
            self.assertEqual(user.request('POST', f'/api/key/check?provider={provider}').status, 200)
        self.assertGreaterEqual(len(self.provider.seen), 6)
        self.assert_nothing_in_image(user)

    def test_after_each_refusal_of_a_save(self):
        user = self.user()
        for body in (KEY.encode(), as_json({'apiKey': KEY})[:-1], as_json({'key': KEY}), as_json({'apiKey': KEY * 500}),
                     as_json({'apiKey': KEY, 'provider': KEY}), as_json({'apiKey': KEY + ' x'})):
            self.assertIn(user.request('POST', '/api/key', [JSON], body=body).status, (400, 413), body)
        self.assertEqual(user.request('POST', '/api/key', [('Content-Type', KEY)], body=KEY.encode()).status, 415)
        self.assert_nothing_in_image(user)

    def test_after_tokens_that_are_refused(self):
        user = self.user()
        begin, signature = user.token.rsplit('.', 1)
        for token in (f'{begin}.{signature[::-1]}', f'{begin}.{signature[:-9]}', f'{begin}.{signature}.x'):
            answer = self.server.request('POST', '/api/key', [('Authorization', f'Bearer {token}'), JSON],
                                         body=as_json({'apiKey': KEY}))
            self.assertEqual(answer.status, 401)
        self.assert_nothing_in_image(user)

    def test_after_a_request_that_is_one_stream_too_many(self):
        user = self.user().with_key(KEY)
        wires = [user.stream() for _ in range(2)]
        exchanges = [self.upstream.take() for _ in wires]
        with user.ask() as wire:
            self.assertEqual(wire.answer().status, 429)
        for wire, exchange in zip(wires, exchanges):
            wire.close()
            exchange.wait_until_left()
        self.wait_for_access_lines(user, 4)  # the save among them
        self.assert_nothing_in_image(user)

    def test_after_a_flow_whose_body_is_malformed(self):
        user = self.user().with_key(KEY)
        head = [user.bearer, JSON, ('Transfer-Encoding', 'chunked')]
        with self.server.wire() as wire:
            wire.send(request_bytes('POST', '/api/ai/echo', head) + b'zz\r\n')
            self.assertEqual(wire.answer().status, 400)
        self.assert_nothing_in_image(user)

    def test_after_an_outage_of_identity(self):
        user = self.user()
        self.toolkit.accounts[user.uid] = '503 Service Unavailable'
        self.assertEqual(user.save(KEY).status, 503)
        self.assert_nothing_in_image(user)

    def test_after_a_restart(self):
        scene = self.in_other_scene()
        user = scene.user().with_key(KEY)
        scene.server.stop()
        scene.server.restart()
        self.assertTrue(user.keys())
        self.assert_nothing_in_image(user, scene)
