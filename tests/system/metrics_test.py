"""What the admin port tells, metric by metric, of what was made to happen."""
import os
import re

from harness import metrics
from harness.provider import Provider, REFUSED
from harness.scene import SceneTest, needs_signed_tokens
from harness.settings import ROOT
from harness.waiting import eventually

AI = 'http_server_request_duration_seconds_count{http_route="/api/ai/{path}",http_request_method="POST",' \
     'http_response_status_code='


class Told(SceneTest):
    more = {}

    @classmethod
    def setUpClass(cls):
        cls.provider = Provider()
        cls.addClassCleanup(cls.provider.close)
        cls.admin = metrics.admin()
        cls.variables = {**cls.admin, 'BYOT_REACTORS': '1', 'BYOT_KEY_CHECK': 'on',
                         'BYOT_PROVIDER_URL_GOOGLEAI': cls.provider.base, **cls.more}
        super().setUpClass()

    def sample(self, name):
        """A sample's value; 0 where it is not there yet."""
        found = re.search(rf'^{re.escape(name)} (\S+)$', metrics.read(self.admin), re.M)
        return float(found[1]) if found else 0

    def grown(self, name, what, by=1):
        """`what` makes the sample grow by so much."""
        before = self.sample(name)
        what()
        self.assertEqual(eventually(lambda: self.sample(name) - before, lambda more: more >= by), by, name)

    def ask(self, user):
        with user.ask() as wire:
            self.upstream.take().answer()
            wire.answer()


class Requests(Told):
    def test_by_route_method_status_and_reason(self):
        user = self.scene.user().with_key()
        self.grown(f'{AI}"200"}}', lambda: self.ask(user))
        self.grown(f'{AI}"400",error_type="KEY_REQUIRED"}}',
                   lambda: self.scene.user().request('POST', '/api/ai/echo', body=b'{}'))

    def test_the_first_byte_of_the_upstream(self):
        user = self.scene.user().with_key()
        self.grown('byot_upstream_time_to_first_byte_seconds_count', lambda: self.ask(user))

    def test_streams_and_connections_that_are_open(self):
        user = self.scene.user().with_key()
        connections = self.sample('byot_connections_open')
        with user.stream() as wire:
            exchange = self.upstream.take()
            self.assertEqual(eventually(lambda: self.sample('byot_upstream_active_streams')), 1)
            self.assertEqual(self.sample('byot_connections_open'), connections + 1)
            exchange.answer()
            wire.answer()
        self.assertEqual(eventually(lambda: self.sample('byot_upstream_active_streams'), lambda n: n == 0), 0)

    def test_what_the_upstream_did_wrong(self):
        user = self.scene.user().with_key()

        def cut():
            with user.stream() as wire:
                exchange = self.upstream.take()
                exchange.begin_stream()
                exchange.event('{"message":"a"}')
                head = wire.head()
                exchange.reset()
                wire.body(head)

        self.grown('byot_upstream_errors_total{error_type="upstream_gone"}', cut)

        def garble():
            with user.ask() as wire:
                self.upstream.take().send(b'SSH-2.0-OpenSSH_9.2\r\n\r\n')
                wire.answer()

        self.grown('byot_upstream_errors_total{error_type="UPSTREAM_INVALID"}', garble)


@needs_signed_tokens
class Keys(Told):
    def test_tokens_by_how_they_were_found_good(self):
        user = self.scene.user()
        by = 'byot_token_verifications_total{byot_result="%s"}'
        self.grown(by % 'signature', user.keys)
        self.grown(by % 'remembered', user.keys)

    def test_keys_by_whether_they_were_at_hand(self):
        user = self.scene.user().with_key()
        by = 'byot_key_cache_lookups_total{byot_result="%s"}'
        self.grown(by % 'miss', lambda: self.ask(user))
        self.grown(by % 'hit', lambda: self.ask(user))

    def test_what_a_provider_said(self):
        by = 'byot_key_verdicts_total{byot_provider="googleai",byot_state="%s"}'
        user = self.scene.user()
        self.grown(by % 'verified', user.save)
        self.grown(by % 'verified', lambda: user.request('POST', '/api/key/check'))
        self.addCleanup(setattr, self.provider, 'says', self.provider.says)
        self.provider.says = REFUSED['googleai']
        self.grown(by % 'rejected', user.save)

    def test_what_the_upstream_said_of_a_key(self):
        user = self.scene.user().with_key()

        def exhaust():
            with user.ask() as wire:
                self.upstream.take().answer(fields=[('x-byot-key-state', 'exhausted')])
                wire.answer()

        self.grown('byot_key_verdicts_total{byot_provider="googleai",byot_state="exhausted"}', exhaust)


class Store(Told):
    def test_its_calls_by_name_and_end(self):
        user = self.scene.user()
        by = 'db_client_operation_duration_seconds_count{db_system_name="%s",db_operation_name="%s"}'
        system = 'gcp.firestore' if self.scene.is_on_google else 'sqlite'
        self.grown(by % (system, 'save'), user.save)
        self.grown(by % (system, 'load'), user.keys)
        self.grown(by % (system, 'remove'), lambda: user.request('DELETE', '/api/key'))


class Limits(Told):
    more = {'BYOT_RATE_PER_USER': '2/h', 'BYOT_RATE_PER_IP': '10/h'}

    def test_by_which_refused(self):
        by = 'byot_limits_exceeded_total{byot_limit="%s"}'
        user = self.scene.user()
        user.keys()
        user.keys()
        self.grown(by % 'user', lambda: user.request('GET', '/api/key/status'))
        for _ in range(10):
            self.server.request('GET', '/api/key/status')
        self.grown(by % 'address', lambda: self.server.request('GET', '/api/key/status'))


class Streams(Told):
    more = {'BYOT_STREAMS_PER_USER': '1'}

    def test_one_too_many_is_counted(self):
        user = self.scene.user().with_key()
        with user.stream() as wire:
            exchange = self.upstream.take()
            self.grown('byot_limits_exceeded_total{byot_limit="streams"}',
                       lambda: user.request('POST', '/api/ai/echo', body=b'{}'))
            exchange.answer()
            wire.answer()


class Process(Told):
    def test_itself(self):
        page = metrics.read(self.admin)
        self.assertRegex(page, r'(?m)^byot_build_info\{service_version="[^"]+",byot_commit="[^"]+"\} 1$')
        self.assertGreater(self.sample('process_cpu_time_seconds_total'), 0)
        self.assertGreater(self.sample('process_uptime_seconds'), 0)
        resident = self.sample('process_memory_usage_bytes')
        statm = open(f'/proc/{self.server.process.pid}/statm').read().split()
        seen = int(statm[1]) * os.sysconf('SC_PAGESIZE')
        self.assertAlmostEqual(resident / seen, 1, delta=0.5)

    def test_how_late_its_reactor_is(self):
        name = 'byot_reactor_lag_seconds_count{byot_reactor="0"}'
        before = self.sample(name)
        self.assertGreater(eventually(lambda: self.sample(name), lambda n: n > before + 2), before + 2)

    @needs_signed_tokens
    def test_the_age_of_the_certificates(self):
        self.scene.user().keys()
        first = self.sample('byot_certificates_age_seconds')
        self.assertTrue(0 <= first < 600, first)
        self.assertGreater(eventually(lambda: self.sample('byot_certificates_age_seconds'), lambda n: n > first), first)

    def test_is_in_README(self):
        readme = (ROOT / 'README.md').read_text()
        for name in re.findall(r'^# TYPE (\S+)', metrics.read(self.admin), re.M):
            self.assertIn(f'| {name} |', readme)
