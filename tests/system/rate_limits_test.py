"""Token buckets of users and of addresses: exact on any number of reactors, and told in each answer."""
import re

from harness.metrics import admin, read
from harness.scene import SceneTest
from harness.upstream import echo
from harness.waiting import eventually
from harness.wire import request_bytes

STATUS = '/api/key/status'
FIELDS = ('RateLimit-Policy', 'RateLimit')


def state_of(answer):
    """{policy: (quota, window, remaining, next in)} as the two fields say."""
    policies = re.findall(r'"(\w+)";q=(\d+);w=(\d+)', answer.field('RateLimit-Policy') or '')
    states = dict((name, (int(r), int(t)))
                  for name, r, t in re.findall(r'"(\w+)";r=(\d+);t=(\d+)', answer.field('RateLimit') or ''))
    return {name: (int(q), int(w), *states[name]) for name, q, w in policies}


class Fields(SceneTest):
    """What each answer says of the limits that its request met."""

    variables = {'BYOT_RATE_PER_USER': '1000/h', 'BYOT_RATE_PER_IP': '2000/h'}
    handler = staticmethod(echo)

    def assert_tells(self, answer, *names):
        self.assertEqual(tuple(state_of(answer)), names, answer)
        for quota, window, remaining, next_in in state_of(answer).values():
            self.assertIn(quota, (1000, 2000))
            self.assertEqual(window, 3600)
            self.assertLess(remaining, quota)
            self.assertIn(next_in, range(1, 5))

    def test_an_answer_of_our_own_tells_of_both(self):
        self.assert_tells(self.user().request('GET', STATUS), 'user', 'address')

    def test_a_relayed_answer_tells_of_both(self):
        user = self.user().with_key()
        with user.ask() as wire:
            self.assert_tells(wire.answer(), 'user', 'address')

    def test_a_streamed_answer_tells_of_both(self):
        scene = self.in_other_scene(**{**self.variables})
        with scene.user().with_key().stream() as wire:
            exchange = scene.upstream.take()
            exchange.begin_stream()
            head = wire.head()
            exchange.close()
        for field in FIELDS:
            self.assertIn('"user"', head.get(field))
            self.assertIn('"address"', head.get(field))

    def test_an_error_tells_of_what_was_asked_before_it(self):
        self.assert_tells(self.server.request('GET', STATUS), 'address')
        self.assert_tells(self.server.request('GET', '/nowhere'), 'address')
        self.assert_tells(self.user().request('POST', '/api/key', json_body={}), 'user', 'address')

    def test_what_is_not_counted_tells_nothing(self):
        for method, target in (('GET', '/health/live'), ('GET', '/health/ready'), ('OPTIONS', STATUS)):
            answer = self.server.request(method, target)
            self.assertEqual([answer.field(name) for name in FIELDS], [None, None], answer)
        with self.server.wire() as wire:
            wire.send('GET / HTTP/1.1\r\n\r\n')
            self.assertIsNone(wire.answer().field('RateLimit'))

    def test_each_request_of_a_connection_tells_its_own(self):
        user, left = self.user(), []
        with self.server.wire() as wire:
            for _ in range(3):
                wire.send(request_bytes('GET', STATUS, [user.bearer]))
                left.append(state_of(wire.answer())['user'][2])
            wire.send(request_bytes('GET', '/health/live'))
            self.assertEqual(state_of(wire.answer()), {})
        self.assertEqual(left, [999, 998, 997])

    def test_a_limit_that_is_off_is_not_told(self):
        for off, told in (('BYOT_RATE_PER_USER', 'address'), ('BYOT_RATE_PER_IP', 'user')):
            scene = self.in_other_scene(**{**self.variables, off: 'off'})
            self.assertEqual(list(state_of(scene.user().request('GET', STATUS))), [told])

    def test_a_flows_own_fields_are_not_passed_on(self):
        def answer(exchange):
            exchange.answer(fields=(('Content-Type', 'application/json'), ('RateLimit', '"flow";r=0;t=9')))
        scene = self.in_other_scene(handler=answer, BYOT_RATE_PER_IP='off', BYOT_RATE_PER_USER='off')
        with scene.user().with_key().ask() as wire:
            self.assertIsNone(wire.answer().field('RateLimit'))


class Buckets(SceneTest):
    """Counted exactly, whichever reactor a connection is on."""

    variables = {'BYOT_RATE_PER_USER': '12/h', 'BYOT_RATE_PER_IP': '40/h', 'BYOT_TRUSTED_HOPS': '1'}

    def ask(self, user, address):
        return user.request('GET', STATUS, [('X-Forwarded-For', address)])

    def assert_limited(self, answer, policy):
        self.assert_refused(answer, 429, 'RATE_LIMITED')
        _, _, remaining, next_in = state_of(answer)[policy]
        self.assertEqual(remaining, 0)
        self.assertGreaterEqual(int(answer.field('Retry-After')), next_in)
        self.assertGreater(next_in, 0)

    def test_a_user_gets_as_many_as_the_rate_from_any_address(self):
        user = self.user()
        answers = [self.ask(user, f'198.51.100.{n}') for n in range(20)]
        self.assertEqual([answer.status for answer in answers], [200] * 12 + [429] * 8)
        self.assertEqual([state_of(answer)['user'][2] for answer in answers], [*range(11, -1, -1)] + [0] * 8)
        self.assert_limited(answers[-1], 'user')

    def test_an_address_gets_as_many_as_the_rate_for_any_user(self):
        users = [self.user() for _ in range(5)]
        answers = [self.ask(users[n % 5], '203.0.113.1') for n in range(45)]
        self.assertEqual([answer.status for answer in answers], [200] * 40 + [429] * 5)
        self.assert_limited(answers[-1], 'address')
        self.assertEqual(self.ask(users[0], '203.0.113.2').status, 200)

    def test_a_request_over_the_address_limit_costs_its_user_nothing(self):
        user = self.user()
        for _ in range(40):
            self.server.request('GET', STATUS, [('X-Forwarded-For', '203.0.113.9')])
        for _ in range(12):
            self.assert_limited(self.ask(user, '203.0.113.9'), 'address')
        self.assertEqual(state_of(self.ask(user, '203.0.113.10'))['user'][2], 11)

    def test_ipv6_is_one_address_by_64_bits(self):
        user = self.user()
        for n in range(40):
            self.server.request('GET', STATUS, [('X-Forwarded-For', f'2001:db8:1:1::{n:x}')])
        self.assert_limited(self.ask(user, '2001:db8:1:1:ffff::1'), 'address')
        self.assertEqual(self.ask(user, '2001:db8:1:2::1').status, 200)

    def test_ipv4_in_ipv6_is_ipv4(self):
        for _ in range(40):
            self.server.request('GET', STATUS, [('X-Forwarded-For', '::ffff:192.0.2.7')])
        self.assert_limited(self.ask(self.user(), '192.0.2.7'), 'address')

    def test_only_the_trusted_hop_counts(self):
        """What stands left of it a client may have written."""
        for n in range(40):
            self.server.request('GET', STATUS, [('X-Forwarded-For', f'10.0.0.{n}, 192.0.2.80')])
        self.assert_limited(self.ask(self.user(), '10.9.9.9, 192.0.2.80'), 'address')


class BucketsOnOneReactor(Buckets):
    variables = {**Buckets.variables, 'BYOT_REACTORS': '1'}


class Hops(SceneTest):
    """BYOT_TRUSTED_HOPS: how far from the right the client's address stands."""

    def statuses(self, hops, values):
        scene = self.in_other_scene(BYOT_RATE_PER_IP='2/h', BYOT_TRUSTED_HOPS=str(hops))
        return [scene.server.request('GET', STATUS, [('X-Forwarded-For', value)]).status for value in values]

    def logged_addresses(self, scene, count):
        """Once so many requests are in the log."""
        def addresses():
            return [line['httpRequest']['remoteIp'] for line in scene.server.log_lines() if 'httpRequest' in line]
        self.assertTrue(eventually(lambda: len(addresses()) >= count))
        return addresses()

    def test_none_trusted_is_the_peer(self):
        self.assertEqual(self.statuses(0, ['192.0.2.1', '192.0.2.2', '192.0.2.3']), [401, 401, 429])

    def test_two_trusted_is_the_second_from_the_right(self):
        values = [f'{n}.1.1.1, 192.0.2.1, 10.0.0.{n}' for n in range(1, 4)]
        self.assertEqual(self.statuses(2, [*values, '192.0.2.9, 10.0.0.1']), [401, 401, 429, 401])

    def test_all_lines_are_one_list(self):
        """HAProxy's `option forwardfor` adds a line of its own behind the one that came."""
        scene = self.in_other_scene(BYOT_RATE_PER_IP='2/h', BYOT_TRUSTED_HOPS='1')
        statuses = [scene.server.request('GET', STATUS, [('X-Forwarded-For', f'198.51.100.{n}'), ('X-Other', 'x'),
                                                         ('X-Forwarded-For', last)]).status
                    for n, last in enumerate(['203.0.113.9', '203.0.113.9', '192.0.2.1, 203.0.113.9', '203.0.113.8'])]
        self.assertEqual(statuses, [401, 401, 429, 401])
        self.assertCountEqual(self.logged_addresses(scene, 4), ['203.0.113.9'] * 3 + ['203.0.113.8'])

    def test_hops_are_counted_over_lines(self):
        scene = self.in_other_scene(BYOT_RATE_PER_IP='1/h', BYOT_TRUSTED_HOPS='3')

        def status(*lines):
            return scene.server.request('GET', STATUS, [('x-forwarded-for', line) for line in lines]).status
        self.assertEqual(status('192.0.2.1', '10.0.0.1', '10.0.0.2'), 401)
        self.assertEqual(status('9.9.9.9, 192.0.2.1, 10.0.0.3', '10.0.0.4'), 429)
        self.assertEqual(status('9.9.9.9', '192.0.2.1, 10.0.0.5, 10.0.0.6'), 429)
        self.assertEqual(status(*[f'10.1.1.{n}' for n in range(98)], '192.0.2.1', '10.0.0.1, 10.0.0.2'), 429)
        self.assertEqual(status('192.0.2.1', '192.0.2.2', '10.0.0.1', '10.0.0.2'), 401)

    def test_addresses_are_taken_as_proxies_write_them(self):
        spellings = ('198.51.101.1:4711', '198.51.101.1', '"198.51.101.1:1"', '::ffff:198.51.101.1',
                     '[::ffff:198.51.101.1]:443', 'for=198.51.101.1;proto=https')
        self.assertEqual(self.statuses(1, [*spellings, '198.51.101.2:4711']), [401, 401] + [429] * 4 + [401])
        spellings = ('2001:db8::1', '[2001:db8::2]', '[2001:DB8::3]:443', '2001:db8::4%eth0')
        self.assertEqual(self.statuses(1, [*spellings, '[2001:db8:0:1::1]:443']), [401, 401, 429, 429, 401])

    def test_what_is_no_address_is_the_peer_and_told_once(self):
        variables = admin()
        scene = self.in_other_scene(BYOT_RATE_PER_IP='2/h', BYOT_TRUSTED_HOPS='1', **variables)
        values = ('unknown', '_hidden', '198.51.100.1,', 'x:y', '198.51.100.300:80', '[198.51.100.1]')
        statuses = [scene.server.request('GET', STATUS, [('X-Forwarded-For', value)]).status for value in values]
        self.assertEqual(statuses, [401, 401] + [429] * 4)
        self.assertEqual(scene.server.request('GET', STATUS).status, 429)  # too few: the peer as well
        text = read(variables)
        self.assertIn('byot_forwarding_faults_total{error_type="no_address"} 6\n', text)
        self.assertIn('byot_forwarding_faults_total{error_type="too_few"} 1\n', text)
        self.assertEqual(set(self.logged_addresses(scene, 7)), {'127.0.0.1'})
        told = [line for line in scene.server.log_lines() if 'BYOT_TRUSTED_HOPS' in line['message']]
        self.assertEqual([(line['severity'], line['fault']) for line in told],
                         [('WARNING', 'no_address'), ('WARNING', 'too_few')])
        self.assertNotIn('_hidden', scene.server.log())

    def test_without_trusted_proxies_the_field_is_not_looked_at(self):
        variables = admin()
        scene = self.in_other_scene(BYOT_TRUSTED_HOPS='0', **variables)
        for value in ('unknown', '198.51.100.1'):
            scene.server.request('GET', STATUS, [('X-Forwarded-For', value)] * 2)
        self.assertNotIn('byot_forwarding_faults_total{', read(variables))
        self.logged_addresses(scene, 2)
        self.assertNotIn('BYOT_TRUSTED_HOPS', scene.server.log())

    def test_too_few_entries_are_the_peer(self):
        self.assertEqual(self.statuses(2, ['192.0.2.1', '192.0.2.2', 'x', '192.0.2.3, 10.0.0.1']),
                         [401, 401, 429, 401])
