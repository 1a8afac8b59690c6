"""`byot smoke` against services that are well, and against each fault that it is there to find."""
import pathlib
import re
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
import unittest

from harness import settings
from harness.certificates import make_tls_server
from harness.dev import start_dev
from harness.haproxy import HaproxyBehindHaproxy
from harness.identity import Identity
from harness.nginx import Nginx
from harness.provider import REFUSED, Provider, provider_variables
from harness.scene import SceneTest
from harness.server import Server, environment, run_byot
from harness.settings import limit
from harness.upstream import Upstream
from harness.waiting import eventually

KEY = 'sk-smoke-marked-0123456789-wxYZ'
PAGE = 'https://app.example'
PACE = 0.15
STEPS = ['identity', 'live', 'ready', 'refused without token', 'pages (CORS)', 'status', 'hop count, keys',
         'hop count, flows', 'key stored, sealed', 'key listed', 'flow asked', 'flow streamed', 'key removed',
         'key no longer listed', 'key no longer used']


def flow(exchange):
    """Answers as Genkit does: a result, or events as they are made. `broken` repeats what it was sent, `flood` many times."""
    if exchange.head.first_line.startswith('POST /broken'):
        exchange.answer(f'no good: {exchange.head.get("x-byot-api-key")} {exchange.head.get("Authorization")}'.encode(),
                        '500 Internal Server Error')
    elif exchange.head.first_line.startswith('POST /flood'):
        exchange.answer(exchange.head.get('x-byot-api-key').encode() * 500_000, '500 Internal Server Error')
    elif 'text/event-stream' not in exchange.head.get('Accept', ''):
        exchange.answer()
    else:
        exchange.begin_stream()
        for number in range(6):
            exchange.event(f'{{"message":{number}}}')
            time.sleep(PACE)
        exchange.event('{"error":{"status":"INTERNAL","message":"no"}}' if 'POST /failing' in exchange.head.first_line
                       else '{"result":6}')
        exchange.end_stream()


class Smoke:
    """One run of it, read."""

    def __init__(self, test, url, token, *words, key=KEY, **variables):
        self.token, self.key = token, key
        given = {'BYOT_SMOKE_TOKEN': token, 'BYOT_SMOKE_KEY': key, **variables}
        self.ended = run_byot('smoke', url, *words, wait=60,
                              variables={name: value for name, value in given.items() if value is not None})
        self.steps = re.findall(r'^(ok|skip|FAIL) +(\S.*?) +\d+ ms(.*)$', self.ended.stdout, re.M)
        for secret in filter(None, (token, key)):
            test.assertNotIn(secret, self.ended.stdout + self.ended.stderr)

    def __str__(self):
        return f'exit {self.ended.returncode}\n{self.ended.stdout}{self.ended.stderr}'

    @property
    def failed(self):
        """The step that failed first, and what was said of it."""
        return next(((name, note.strip()) for verdict, name, note in self.steps if verdict == 'FAIL'), (None, None))

    def of(self, step):
        return next((verdict, note.strip()) for verdict, name, note in self.steps if name == step)


class SmokeTest(SceneTest):
    handler = staticmethod(flow)
    variables = {'BYOT_ALLOWED_ORIGINS': PAGE}

    def smoke(self, user, *words, port=None, **more):
        return Smoke(self, f'http://127.0.0.1:{port or self.server.port}', user.token, '--flow', 'story', *words, **more)

    def assert_well(self, run):
        self.assertEqual((run.ended.returncode, run.failed), (0, (None, None)), str(run))

    def assert_fails(self, run, step, *words):
        self.assertEqual((run.ended.returncode, run.failed[0]), (1, step), str(run))
        self.assertIn(f'failed at: {step}', run.ended.stderr)
        for word in words:
            self.assertIn(word, run.failed[1])


class AgainstAService(SmokeTest):
    def test_a_service_that_is_well_passes_each_step_and_keeps_nothing(self):
        user = self.user()
        run = self.smoke(user, '--origin', PAGE)
        self.assert_well(run)
        self.assertEqual([(verdict, name) for verdict, name, _ in run.steps], [('ok', step) for step in STEPS])
        self.assertEqual(user.keys(), [])
        asked = [one for one in self.upstream.seen if one.head.get('x-byot-uid') == user.uid]
        self.assertEqual([one.head.get('x-byot-api-key') for one in asked], [KEY] * 2)
        self.assertIn('7 events', run.of('flow streamed')[1])

    def test_token_and_key_come_from_files_too(self):
        user = self.user()
        folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        self.addCleanup(shutil.rmtree, folder)
        (folder / 'token').write_text(user.token + '\n')
        (folder / 'key').write_text(KEY + '\n')
        ended = run_byot('smoke', f'http://127.0.0.1:{self.server.port}', '--token-file', folder / 'token',
                         '--key-file', folder / 'key', '--flow', 'story')
        self.assertEqual(ended.returncode, 0, ended.stdout)
        self.assertIn(KEY, [one.head.get('x-byot-api-key') for one in self.upstream.seen])
        missing = run_byot('smoke', f'http://127.0.0.1:{self.server.port}', '--token-file', folder / 'none')
        self.assertEqual(missing.returncode, 1)
        self.assertIn('No such file', missing.stderr)

    def test_without_a_flow_its_steps_are_passed_over_loudly(self):
        run = Smoke(self, f'http://127.0.0.1:{self.server.port}', self.user().token, key=None)
        self.assert_well(run)
        for step in ('flow asked', 'flow streamed'):
            self.assertEqual(run.of(step)[0], 'skip')
            self.assertIn('NO FLOW WAS ASKED', run.of(step)[1])
        self.assertIn('made up', run.of('key stored, sealed')[1])

    def test_a_stored_key_is_replaced_only_when_that_is_asked_for(self):
        user = self.user().with_key()
        before = user.keys()
        self.assert_fails(self.smoke(user), 'status', '--replace')
        self.assertEqual(user.keys(), before)
        self.assert_well(self.smoke(user, '--replace'))
        self.assertEqual(user.keys(), [])

    def test_a_token_of_another_project_is_told_with_what_to_look_at(self):
        other = Identity(project='another-project')
        self.addCleanup(other.close)
        run = Smoke(self, f'http://127.0.0.1:{self.server.port}', other.token('somebody'))
        self.assert_fails(run, 'status', 'TOKEN_INVALID', 'BYOT_FIREBASE_PROJECT')

    def test_a_page_that_is_not_allowed_is_told(self):
        run = self.smoke(self.user(), '--origin', 'https://other.example')
        self.assert_fails(run, 'pages (CORS)', 'BYOT_ALLOWED_ORIGINS')

    def test_a_flow_that_fails_is_told_without_what_it_repeats(self):
        user = self.user()
        run = Smoke(self, f'http://127.0.0.1:{self.server.port}', user.token, '--flow', 'broken')
        self.assert_fails(run, 'flow asked', 'answers 500', 'no good: [hidden] Bearer [hidden]', '--flow')
        self.assertEqual(run.steps[-1][:2], ('ok', 'key removed'))
        self.assertEqual(user.keys(), [])

    def test_what_a_flow_repeats_many_times_is_taken_out_at_once(self):
        run = Smoke(self, f'http://127.0.0.1:{self.server.port}', self.user().token, '--flow', 'flood')
        self.assert_fails(run, 'flow asked', 'answers 500: [hidden][hidden]')

    def test_a_stream_that_ends_with_an_error_is_told(self):
        user = self.user()
        run = Smoke(self, f'http://127.0.0.1:{self.server.port}', user.token, '--flow', 'failing')
        self.assert_fails(run, 'flow streamed', 'INTERNAL')
        self.assertEqual(user.keys(), [])

    def test_another_address_than_expected_is_told(self):
        self.assert_well(self.smoke(self.user(), '--client-address', '127.0.0.1'))
        self.assert_fails(self.smoke(self.user(), '--client-address', '203.0.113.9'), 'hop count, keys', '127.0.0.1')

    def test_nobody_at_the_address_is_told(self):
        self.assert_fails(self.smoke(self.user(), port=1), 'live', 'nobody answers')

    def test_what_is_typed_wrongly_is_said_before_anything_is_asked(self):
        url = f'http://127.0.0.1:{self.server.port}'
        for words, said in (((url.replace('127.0.0.1', 'api.example.com'),), 'https'),
                            ((url, '--data', '{'), 'JSON'), ((url, '--provider', 'nobody'), 'provider'),
                            ((url, '--flow', '/a b'), '--flow'), (('nonsense',), 'URL'),
                            ((url, '--ai-url', 'http://api.example.com'), '--ai-url')):
            with self.subTest(words=words):
                ended = run_byot('smoke', *words, variables={'BYOT_SMOKE_TOKEN': 'a.b.c'})
                self.assertEqual((ended.returncode, ended.stdout), (1, ''))
                self.assertIn(said, ended.stderr)
        self.assertEqual(run_byot('smoke', url, '--token', 'a.b.c').returncode, 64)

    def test_a_service_that_makes_no_identities_wants_a_token(self):
        run = Smoke(self, f'http://127.0.0.1:{self.server.port}', None)
        self.assert_fails(run, 'identity', '--token-file')


class ToldAddress(SmokeTest):
    def test_the_user_of_a_key_endpoint_alone_is_told_an_address(self):
        user = self.user().with_key()
        name, forged = 'x-byot-client-address', ('X-Forwarded-For', '192.0.2.1, 192.0.2.2')
        told = user.request('GET', '/api/key/status', [forged, ('Origin', PAGE)])
        self.assertEqual(told.field(name), '127.0.0.1; entries=2; hops=0')
        self.assertNotIn('address', told.field('Access-Control-Expose-Headers'))
        refused = user.request('DELETE', '/api/key?provider=nobody')
        self.assertEqual((refused.status, refused.field(name)), (400, '127.0.0.1; entries=0; hops=0'))
        for answer in (self.server.request('GET', '/api/key/status', [forged]), self.server.request('GET', '/health/ready'),
                       user.request('POST', '/api/ai/story', json_body={'data': 1})):
            self.assertIsNone(answer.field(name))


class BehindAnNginx(SmokeTest):
    def behind(self, proxied):
        front = Nginx(self.server.port, proxied)
        self.addCleanup(front.close)
        return front.port

    def test_a_proxy_that_lets_events_through_passes_and_one_that_gathers_them_is_found(self):
        self.assert_well(self.smoke(self.user(), port=self.behind('')))
        user = self.user()
        run = self.smoke(user, port=self.behind('proxy_ignore_headers X-Accel-Buffering;'))
        self.assert_fails(run, 'flow streamed', 'in one lump', 'X-Accel-Buffering')
        self.assertEqual(user.keys(), [])

    def test_a_removal_that_does_not_reach_the_service_is_found_and_said_loudly(self):
        user = self.user()
        lies = "if ($request_method = DELETE) { return 200 '{\"removed\":true}'; }"
        run = self.smoke(user, port=self.behind(lies))
        self.assert_fails(run, 'key no longer listed')
        self.assertEqual(run.steps[-1][:2], ('FAIL', 'key removed'))
        self.assertIn('THE KEY MAY STILL BE STORED', run.steps[-1][2])
        self.assertEqual(len(user.keys()), 1)

    def test_an_answer_without_its_receipt_is_found(self):
        user = self.user()
        run = self.smoke(user, port=self.behind('proxy_hide_header x-byot-credential;'))
        self.assert_fails(run, 'flow asked', 'x-byot-credential')
        self.assertEqual(user.keys(), [])

    def test_a_proxy_that_adds_an_identity_is_found(self):
        port = self.behind(f'proxy_set_header Authorization "Bearer {self.user().token}";')
        self.assert_fails(self.smoke(self.user(), port=port), 'refused without token', 'answers 200')

    def test_a_proxy_that_lets_every_page_in_is_found(self):
        port = self.behind("add_header Access-Control-Allow-Origin $http_origin always; "
                           "proxy_hide_header Access-Control-Allow-Origin;")
        self.assert_fails(self.smoke(self.user(), '--origin', PAGE, port=port), 'pages (CORS)', 'every page')


class HopCounts(SmokeTest):
    def at_hops(self, hops):
        return self.in_other_scene(handler=flow, BYOT_TRUSTED_HOPS=str(hops))

    def test_two_proxies_are_told_from_one_and_from_three(self):
        for hops, said in ((1, 'too low'), (2, None), (3, 'too high')):
            with self.subTest(hops=hops):
                scene = self.at_hops(hops)
                proxies = HaproxyBehindHaproxy(scene.server.port)
                self.addCleanup(proxies.close)
                user = scene.user()
                run = self.smoke(user, port=proxies.port)
                if said:
                    self.assert_fails(run, 'hop count, keys', said, 'set it to 2')
                else:
                    self.assert_well(run)
                    self.assertIn('BYOT_TRUSTED_HOPS is 2', run.of('hop count, flows')[1])
                self.assertEqual(user.keys(), [])

    def test_a_proxy_that_writes_the_list_anew_counts_as_one(self):
        for hops, said in ((0, 'too low'), (1, None), (2, 'too high')):
            with self.subTest(hops=hops):
                scene = self.at_hops(hops)
                front = Nginx(scene.server.port, 'proxy_set_header X-Forwarded-For $remote_addr;')
                self.addCleanup(front.close)
                run = self.smoke(scene.user(), port=front.port)
                if said:
                    self.assert_fails(run, 'hop count, keys', said, 'set it to 1')
                else:
                    self.assert_well(run)


class TwoServices(SmokeTest):
    """Roles keys and ai, each at an address of its own."""

    def beside(self, **variables):
        """The keys service beside an ai service with those variables."""
        scene = self.in_other_scene(handler=flow, **variables, BYOT_ROLE='ai')
        keys = Server('serve', variables={**scene.variables, 'BYOT_ROLE': 'keys', 'BYOT_TRUSTED_HOPS': '0'})
        self.addCleanup(keys.discard)
        return scene, keys

    def run_at(self, scene, keys, *words):
        return Smoke(self, f'http://127.0.0.1:{keys.port}', scene.user().token, '--flow', 'story', *words)

    def test_each_is_asked_for_its_own_until_the_key_is_out_of_use_at_both(self):
        scene, keys = self.beside(BYOT_KEY_CACHE_TTL='1s')
        run = self.run_at(scene, keys, '--ai-url', f'http://127.0.0.1:{scene.server.port}')
        self.assert_well(run)
        run = self.run_at(scene, keys)
        self.assert_fails(run, 'refused without token', 'ROUTE_UNKNOWN')

    def test_a_removed_key_that_the_other_service_uses_on_is_found(self):
        scene, keys = self.beside(BYOT_KEY_CACHE_TTL='1h')
        run = self.run_at(scene, keys, '--ai-url', f'http://127.0.0.1:{scene.server.port}', '--removal-limit', '3')
        self.assert_fails(run, 'key no longer used', 'BYOT_KEY_CACHE_TTL')

    def test_an_earlier_key_that_the_other_service_still_has_is_waited_out(self):
        scene, keys = self.beside(BYOT_KEY_CACHE_TTL='3s', BYOT_REACTORS='1',
                                  BYOT_PROVIDER_URL_GOOGLEAI='http://127.0.0.1:1')
        user = scene.user()
        keys.request('POST', '/api/key', [user.bearer], json_body={'apiKey': 'sk-earlier-0123456789-abcd'})
        self.assertEqual(user.request('POST', '/api/ai/story', json_body={'data': 1}).status, 200)
        run = Smoke(self, f'http://127.0.0.1:{keys.port}', user.token, '--flow', 'story', '--replace',
                    '--ai-url', f'http://127.0.0.1:{scene.server.port}')
        self.assert_well(run)

    def test_a_wrong_hop_count_of_the_other_service_alone_is_found(self):
        scene, keys = self.beside(BYOT_TRUSTED_HOPS='1')
        run = self.run_at(scene, keys, '--ai-url', f'http://127.0.0.1:{scene.server.port}')
        self.assert_fails(run, 'hop count, flows', 'too high', 'set it to 0')


class Faults(SmokeTest):
    def at(self, scene, user, *words, **more):
        return self.smoke(user, *words, port=scene.server.port, **more)

    def test_a_service_that_is_not_ready_is_told(self):
        identity = Identity()
        identity.is_down = True
        scene = self.in_other_scene(identity=identity)
        self.assert_fails(self.at(scene, scene.user()), 'ready', '503', 'certificates')

    def test_flows_that_cannot_be_reached_are_told_and_nothing_is_left(self):
        scene = self.in_other_scene(handler=flow)
        scene.upstream.close()
        user = scene.user()
        self.assert_fails(self.at(scene, user), 'flow asked', 'UPSTREAM_UNREACHABLE', 'BYOT_GENKIT_URL')
        self.assertEqual(user.keys(), [])

    def test_a_key_that_its_provider_refuses_is_told(self):
        provider = Provider()
        self.addCleanup(provider.close)
        provider.says = REFUSED['googleai']
        scene = self.in_other_scene(handler=flow, BYOT_KEY_CHECK='on', **provider_variables(provider))
        user = scene.user()
        run = self.at(scene, user, key=None)
        self.assert_fails(run, 'key stored, sealed', 'KEY_REJECTED_BY_PROVIDER', '--key-file')
        self.assertEqual(user.keys(), [])

    def test_a_save_that_ends_after_its_time_is_removed_all_the_same(self):
        provider = Provider()
        self.addCleanup(provider.close)
        provider.before_answer = lambda: time.sleep(3)
        scene = self.in_other_scene(handler=flow, BYOT_KEY_CHECK='on', **provider_variables(provider))
        user = scene.user()
        run = self.at(scene, user, '--timeout', '1')
        self.assert_fails(run, 'key stored, sealed', 'no whole answer came in time')
        self.assertEqual(run.of('key removed')[0], 'ok', str(run))
        eventually(scene.server.log_lines, lambda lines: any(
            line.get('message', '').startswith('POST /api/key ') for line in lines))
        self.assertEqual(user.keys(), [])

    def test_a_signal_ends_it_and_nothing_is_left(self):
        scene = self.in_other_scene()
        user = scene.user()
        with subprocess.Popen([settings.byot, 'smoke', f'http://127.0.0.1:{scene.server.port}', '--flow', 'story'],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env=environment({'BYOT_SMOKE_TOKEN': user.token})) as process:
            scene.upstream.take()  # the flow is asked, and will not answer
            self.assertEqual(len(user.keys()), 1)
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=limit(20))
        self.assertEqual(process.returncode, 1, said)
        self.assertIn('interrupted by a signal', said)
        self.assertEqual(user.keys(), [])


class Certificates(unittest.TestCase):
    def test_a_certificate_that_is_not_trusted_is_sent_nothing(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        self.addCleanup(shutil.rmtree, folder)
        authority, certificate, key = make_tls_server(folder)
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate, key)
        service = Upstream(lambda exchange: exchange.answer(b'{}'), tls=tls)
        self.addCleanup(service.close)
        identity = Identity()
        self.addCleanup(identity.close)
        token = identity.token('somebody')
        run = Smoke(self, service.address, token)
        self.assertEqual(run.failed[0], 'live', str(run))
        self.assertIn('certificate', run.failed[1])
        self.assertEqual(service.seen, [])
        run = Smoke(self, service.address, token, SSL_CERT_FILE=str(authority))
        self.assertEqual((run.of('live')[0], run.failed[0]), ('ok', 'refused without token'), str(run))


class WhatAnAnswerSays(unittest.TestCase):
    """Nothing of it may steer the terminal that it is shown on."""
    # Controls of C0 and C1, DEL, the ends of lines and the overrides of direction that Unicode has.
    STEERING = re.compile('[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]')

    def said_of(self, body):
        service = Upstream(lambda exchange: exchange.answer(body, status='503 No'))
        self.addCleanup(service.close)
        ended = run_byot('smoke', service.address, variables={'BYOT_SMOKE_TOKEN': 'e30.eyJzdWIiOiJzbW9rZSJ9.x'})
        self.assertEqual(ended.returncode, 1)
        return re.search(r'^FAIL +live +\d+ ms  (.*)$', ended.stdout, re.M)[1]

    def test_controls_and_what_is_no_utf_8_are_left_out(self):
        steering = (b'\x00', b'\x1b[31m', b'\x7f', b'\xc2\x9b31m', b'\xc2\x80', b'\x9b31m', b'\xff', b'\xc2', b'\xe2\x82',
                    b'\xed\xa0\x80', b'\xd8\x9c', b'\xe2\x80\x8f', b'\xe2\x80\xa8', b'\xe2\x80\xae', b'\xe2\x81\xa7')
        for bytes_ in steering:
            with self.subTest(bytes_):
                said = self.said_of(b'before ' + bytes_ + b' behind')
                self.assertIn('answers 503: before ', said)
                self.assertIn(' behind', said)
                self.assertIsNone(self.STEERING.search(said), ascii(said))

    def test_controls_that_json_hides_are_left_out(self):
        said = self.said_of(b'{"error":{"message":"is \\u009b31m\\u001b]0;x","details":[{"domain":"byot","reason":"X\\u009b"}]}}')
        self.assertIn('answers 503 X', said)
        self.assertIsNone(self.STEERING.search(said), ascii(said))

    def test_other_characters_are_shown_and_none_is_cut_in_two(self):
        self.assertIn('gr\u00fc\u00df \u20ac \U0001f511', self.said_of('gr\u00fc\u00df \u20ac \U0001f511'.encode()))
        for before in range(4):
            with self.subTest(before):
                self.assertIn('\u20ac\u2026', self.said_of(b'x' * before + '\u20ac'.encode() * 200))


class AgainstDev(unittest.TestCase):
    def test_dev_needs_nothing_but_its_address_and_can_be_tried_again(self):
        server = start_dev()
        self.addCleanup(shutil.rmtree, server.data)
        self.addCleanup(server.discard)
        for _ in range(2):
            run = Smoke(self, f'http://127.0.0.1:{server.port}', None, key=None)
            self.assertEqual(run.ended.returncode, 0, str(run))
            self.assertEqual({name for verdict, name, _ in run.steps if verdict == 'skip'}, {'pages (CORS)'})
            self.assertRegex(run.of('flow streamed')[1], r'^\d+ events')
        server.stop()
