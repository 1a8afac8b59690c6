"""Genkit's durable streams: an id belongs to the user whose stream it is."""
from harness.scene import SceneTest

ID = 'stream-0af7651916cd43dd'


class StreamIds(SceneTest):
    def begin(self, user, given=ID):
        with user.stream() as wire:
            exchange = self.upstream.take()
            exchange.begin_stream([('Content-Type', 'text/plain'), ('x-genkit-stream-id', given)])
            exchange.event('{"result":1}')
            exchange.end_stream()
            head = wire.head()
            wire.body(head)
        return head.get('x-genkit-stream-id')

    def resume(self, user, identifier):
        return user.stream(fields=[('x-genkit-stream-id', identifier)])

    def test_the_client_gets_the_id_signed_and_not_as_it_is(self):
        signed = self.begin(self.user().with_key())
        self.assertTrue(signed)
        self.assertNotEqual(signed, ID)

    def test_its_user_can_come_back_with_it_and_the_flow_sees_its_own(self):
        user = self.user().with_key()
        with self.resume(user, self.begin(user)) as wire:
            exchange = self.upstream.take()
            self.assertEqual(exchange.head.all('x-genkit-stream-id'), [ID])
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)

    def test_another_user_is_refused(self):
        signed = self.begin(self.user().with_key())
        with self.resume(self.user().with_key(), signed) as wire:
            self.assert_refused(wire.answer(), 403, 'STREAM_NOT_YOURS')

    def test_an_id_that_was_not_signed_or_was_altered_is_refused(self):
        user = self.user().with_key()
        signed = self.begin(user)
        middle = len(signed) // 2
        altered = signed[:middle] + ('A' if signed[middle] != 'A' else 'B') + signed[middle + 1:]
        for identifier in (ID, altered, signed[:-4], '.', 'x' * 500):
            with self.subTest(identifier=identifier), self.resume(user, identifier) as wire:
                self.assert_refused(wire.answer(), 403, 'STREAM_NOT_YOURS')

    def test_nothing_of_a_refused_id_reaches_the_upstream(self):
        before = len(self.upstream.seen)
        with self.resume(self.user().with_key(), ID) as wire:
            wire.answer()
        self.assertEqual(len(self.upstream.seen), before)
