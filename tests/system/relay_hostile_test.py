"""Upstreams that do not read, answer early, or write what they must not; and what a client sees of it."""
import json
import select
import time

from harness import settings
from harness.raw_upstream import RawUpstream, fill, reset
from harness.scene import SceneTest
from harness.waiting import eventually
from harness.wire import Wire, request_bytes

ANSWER = (b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n'
          b'Connection: close\r\n\r\n{}')
MEGABYTES = 60_000_000  # more than the kernel keeps on the way


class RawSceneTest(SceneTest):
    """Tests whose upstream is in their own hands, byte by byte."""

    @classmethod
    def make_upstream(cls):
        return RawUpstream()

    def head(self, user, *fields):
        return request_bytes('POST', '/api/ai/echo', [user.bearer, ('Content-Type', 'application/json'), *fields])

    def flow_lines(self, scene, about):
        """The access lines of flows that say `about`, once there is one."""
        def found():
            return [line for line in scene.server.log_lines()
                    if '/api/ai/' in json.dumps(line) and about in json.dumps(line)]
        return eventually(found)

    def ask_again(self, user):
        """The status of one more request of that user, which the upstream answers if it gets there."""
        with user.ask() as wire:
            upstream = user.scene.upstream
            ready, _, _ = select.select([upstream, wire.socket], [], [], settings.limit(10))
            if upstream in ready:
                taken = upstream.take()
                taken.head()
                taken.send(ANSWER)
            return wire.answer().status

    def assert_stream_is_counted_off(self, user):
        self.assertEqual(eventually(lambda: self.ask_again(user), lambda status: status == 200), 200)


class DeafUpstream(RawSceneTest):
    """The upload is blocked: its connection takes no more bytes."""

    variables = {'BYOT_FIRST_BYTE_TIMEOUT': '600ms', 'BYOT_STREAMS_PER_USER': '1', 'BYOT_MAX_AI_BODY': '100m'}

    def block(self, scene, user):
        """A request whose upload is stuck, and the upstream's connection."""
        wire = scene.server.wire()
        self.addCleanup(wire.close)
        wire.send(self.head(user, ('Content-Length', MEGABYTES)))
        self.assertLess(fill(wire, most=MEGABYTES), MEGABYTES, 'the upload was not blocked')
        return wire, scene.upstream.take()

    def test_an_upload_that_the_upstream_does_not_read_is_504_within_the_deadline(self):
        user = self.user().with_key()
        wire, _ = self.block(self.scene, user)
        begun = time.monotonic()
        self.assert_refused(wire.answer(), 504, 'UPSTREAM_TIMEOUT')
        self.assertLess(time.monotonic() - begun, settings.limit(3))
        self.assertTrue(self.flow_lines(self.scene, '504'))
        self.assert_stream_is_counted_off(user)

    def test_a_client_that_leaves_a_blocked_upload_leaves_nothing_behind(self):
        for leave in (Wire.close, reset):
            with self.subTest(how=leave.__name__):
                scene = self.in_other_scene(upstream=RawUpstream(), **self.variables)
                user = scene.user().with_key()
                wire, upstream = self.block(scene, user)
                leave(wire)
                self.assertTrue(self.flow_lines(scene, 'POST'))
                self.assert_stream_is_counted_off(user)
                upstream.rest()  # ends

    def test_a_blocked_upload_is_refused_when_the_drain_is_over(self):
        scene = self.in_other_scene(upstream=RawUpstream(), BYOT_MAX_AI_BODY='100m', BYOT_DRAIN_TIMEOUT='300ms')
        wire, _ = self.block(scene, scene.user().with_key())
        begun = time.monotonic()
        scene.server.terminate()
        self.assert_refused(wire.answer(), 503, 'SHUTTING_DOWN')
        wire.close()
        self.assertEqual(scene.server.wait(), 0)
        self.assertLess(time.monotonic() - begun, settings.limit(3))
        self.assertTrue(self.flow_lines(scene, 'SHUTTING_DOWN'))

    def test_an_early_answer_ends_a_blocked_upload(self):
        scene = self.in_other_scene(upstream=RawUpstream(), BYOT_STREAMS_PER_USER='1', BYOT_MAX_AI_BODY='100m')
        user = scene.user().with_key()
        wire, upstream = self.block(scene, user)
        upstream.send(ANSWER)
        answer = wire.answer()
        self.assertEqual((answer.status, answer.field('Connection')), (200, 'close'))
        self.assertTrue(self.flow_lines(scene, 'complete'))
        self.assert_stream_is_counted_off(user)
