"""What a core image holds while a request is under way: its key in locked memory alone, its token nowhere once its
head is read."""
import pathlib
import ssl
import tempfile

from harness.certificates import make_tls_server
from harness.core_scene import CoreImageTest
from harness.identity import Identity
from harness.marked_walk import KEY
from harness.raw_upstream import RawUpstream, fill
from harness.scene import as_json, needs_signed_tokens
from harness.upstream import Upstream
from harness.waiting import eventually
from harness.wire import request_bytes

JSON = ('Content-Type', 'application/json')
MEGABYTES = 60_000_000


class Waiting(CoreImageTest):
    variables = {'BYOT_KEY_CACHE_TTL': '0s', 'BYOT_MAX_AI_BODY': '100m'}

    def begin_save(self, user, sent=None, scene=None):
        """A save under way; `sent` is what of its bytes goes out."""
        whole = request_bytes('POST', '/api/key', [user.bearer, JSON], as_json({'apiKey': KEY}))
        wire = (scene or self.scene).server.wire(30)
        self.addCleanup(wire.close)
        wire.send(whole[:sent])
        return wire

    def test_a_flow_whose_upstream_is_silent(self):
        user = self.user().with_key(KEY)
        with user.ask(wait=30) as wire:
            exchange = self.upstream.take()
            self.assert_nothing_in_image(user)  # the key is on its way, and was forgotten
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)

    def test_a_flow_over_tls(self):
        folder = tempfile.TemporaryDirectory(prefix='byot-test-')
        self.addCleanup(folder.cleanup)
        authority, certificate, key = make_tls_server(pathlib.Path(folder.name))
        upstream = Upstream(tls=server_side(certificate, key))
        scene = self.in_other_scene(upstream=upstream, SSL_CERT_FILE=str(authority))
        user = scene.user().with_key(KEY)
        with user.ask(wait=30) as wire:
            exchange = upstream.take()
            self.assert_nothing_in_image(user, scene)
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)
        self.assert_nothing_in_image(user, scene)

    def test_an_upload_that_is_stuck(self):
        scene = self.in_other_scene(upstream=RawUpstream(), **self.variables)
        user = scene.user().with_key(KEY)
        with scene.server.wire() as wire:
            wire.send(request_bytes('POST', '/api/ai/echo', [user.bearer, JSON, ('Content-Length', MEGABYTES)]))
            sent = fill(wire, (KEY * 1000).encode(), MEGABYTES)  # so that it is in every buffer on the way
            self.assertLess(sent, MEGABYTES)
            self.assert_only_in_locked_memory(user, scene)

    def test_a_key_body_of_which_the_end_is_missing(self):
        user = self.user()
        wire = self.begin_save(user, sent=-1)
        self.wait_until_read(wire)
        self.assert_only_in_locked_memory(user)
        wire.send(b'}')
        self.assertEqual(wire.answer().status, 200)

    def test_a_key_whose_provider_is_silent(self):
        self.addCleanup(setattr, self.provider, 'says', self.provider.says)
        self.provider.says = None
        user = self.user()
        self.begin_save(user)
        self.assertTrue(eventually(lambda: any(KEY in exchange.raw.decode() for exchange in self.provider.seen)))
        self.assert_only_in_locked_memory(user)

    def test_a_save_while_nobody_tells_whether_the_session_was_ended(self):
        user = self.user()
        self.toolkit.may_answer.clear()
        self.addCleanup(self.toolkit.may_answer.set)
        self.begin_save(user)
        self.assertTrue(eventually(lambda: any(user.uid in exchange.body.decode() for exchange in self.toolkit.seen)))
        self.assert_only_in_locked_memory(user)

    @needs_signed_tokens
    def test_a_save_while_the_certificates_are_fetched(self):
        identity = Identity()
        identity.may_answer.clear()
        self.addCleanup(identity.may_answer.set)
        scene = self.in_other_scene(identity=identity)
        self.addCleanup(identity.may_answer.set)  # before the server is stopped, which would wait for them
        user = scene.user()
        wire = self.begin_save(user, scene=scene)
        self.wait_until_read(wire, scene)
        self.assert_only_in_locked_memory(user, scene, of_token=True)

    def test_a_client_that_has_left(self):
        user = self.user().with_key(KEY)
        for leaves_at in (-1, -20, 60):
            self.begin_save(user, sent=leaves_at).close()
        with user.ask():
            exchange = self.upstream.take()
        exchange.wait_until_left()
        self.wait_for_access_lines(user, 4)  # the save, the two whose head came whole, the flow
        self.assert_nothing_in_image(user)


def server_side(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
