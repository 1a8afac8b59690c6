"""Metrics and spans as a collector gets them, read by OpenTelemetry's published definitions."""
import time

from harness import metrics, traces
from harness.collector import Collector, attributes
from harness.scene import SceneTest
from harness.waiting import eventually

KEY = 'sk-marked-5d1e0c7a94b2f86e3d05'
UID = 'marked-user-7f3a9c51e2d8'
TRACE, PARENT = '4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'
AI = '/api/ai/{path}'


def traceparent(flags='01', trace=TRACE):
    return ('traceparent', f'00-{trace}-{PARENT}-{flags}')


def pushed_to(address, **more):
    return {'OTEL_EXPORTER_OTLP_ENDPOINT': address, 'OTEL_BSP_SCHEDULE_DELAY': '100',
            'OTEL_METRIC_EXPORT_INTERVAL': '200', **more}


class WithCollector(SceneTest):
    more = {}

    @classmethod
    def setUpClass(cls):
        cls.collector = Collector()
        cls.addClassCleanup(cls.collector.close)
        cls.admin = metrics.admin()
        cls.variables = {**pushed_to(cls.collector.address), **cls.admin, **cls.more}
        super().setUpClass()

    def ask(self, user, *fields):
        """A unary AI request to its end; what the upstream was sent."""
        with user.ask(fields=fields) as wire:
            exchange = self.upstream.take()
            exchange.answer()
            self.assertEqual(wire.answer().status, 200)
        return exchange


class Spans(WithCollector):
    more = {'BYOT_REACTORS': '1'}  # whose cache every connection meets

    def test_a_sampled_request_is_one_trace_from_the_client_to_the_flow(self):
        trace = 'a' * 32
        exchange = self.ask(self.scene.user().with_key(), traceparent(trace=trace), ('tracestate', 'vendor=1'))
        self.assertEqual(exchange.head.get('tracestate'), 'vendor=1')
        own, = self.of_trace(AI, trace)
        upstream, = self.of_trace('POST', trace)
        token, = self.of_trace('token', trace)
        self.assertEqual(own.parent_span_id.hex(), PARENT)
        self.assertEqual([upstream.parent_span_id, token.parent_span_id], [own.span_id] * 2)
        self.assertEqual((own.kind, upstream.kind), (2, 3))  # SPAN_KIND_SERVER, SPAN_KIND_CLIENT
        self.assertLessEqual(own.start_time_unix_nano, token.start_time_unix_nano)
        self.assertLessEqual(token.end_time_unix_nano, upstream.start_time_unix_nano)
        self.assertLessEqual(upstream.end_time_unix_nano, own.end_time_unix_nano)
        self.assertLess(abs(own.end_time_unix_nano / 1e9 - time.time()), 600)
        self.assertEqual(exchange.head.get('traceparent'), f'00-{trace}-{upstream.span_id.hex()}-01')
        self.assertEqual(attributes(own.attributes)['http.response.status_code'], 200)
        self.assertGreater(attributes(upstream.attributes)['byot.upstream.first_byte_us'], 0)
        self.assertEqual(self.span_of_line(trace), own.span_id.hex())

    def of_trace(self, name, trace):
        def mine():
            return [span for span in self.collector.spans().get(name, []) if span.trace_id.hex() == trace]
        return eventually(mine, bool, 10)

    def span_of_line(self, trace):
        def mine():
            return [line for line in self.server.log_lines() if line.get('traceId') == trace]
        line, = eventually(mine)
        return line['spanId']

    def test_a_key_that_is_read_from_the_store_has_a_span_and_one_at_hand_has_none(self):
        user, trace = self.scene.user().with_key(), 'b' * 32
        self.ask(user, traceparent(trace=trace))
        self.assertEqual(len(self.of_trace('key', trace)), 1)
        other = 'c' * 32
        self.ask(user, traceparent(trace=other))
        self.of_trace(AI, other)
        self.assertNotIn(other, [span.trace_id.hex() for span in self.collector.spans()['key']])

    def test_what_is_not_sampled_goes_on_as_it_came_and_has_no_span(self):
        user = self.scene.user().with_key()
        trace = 'd' * 32
        exchange = self.ask(user, traceparent('00', trace))
        self.assertEqual(exchange.head.get('traceparent'), f'00-{trace}-{PARENT}-00')
        self.ask(user, traceparent(trace='e' * 32))
        self.of_trace(AI, 'e' * 32)
        self.assertNotIn(trace, [span.trace_id.hex() for span in self.collector.spans()[AI]])

    def test_what_has_no_parent_begins_a_trace_that_the_flow_joins(self):
        exchange = self.ask(self.scene.user().with_key(), ('tracestate', 'vendor=of-no-trace'))
        self.assertIsNone(exchange.head.get('tracestate'))
        version, trace, span, flags = exchange.head.get('traceparent').split('-')
        self.assertEqual((version, flags), ('00', '01'))
        own, = self.of_trace(AI, trace)
        self.assertEqual(own.parent_span_id, b'')
        self.assertEqual(self.of_trace('POST', trace)[0].span_id.hex(), span)

    def test_a_refused_token_says_why(self):
        trace = 'f' * 32
        answer = self.server.request('GET', '/api/key/status',
                                     [('Authorization', 'Bearer x.y.z'), traceparent(trace=trace)])
        self.assertEqual(answer.status, 401)
        token, = self.of_trace('token', trace)
        self.assertEqual(token.status.code, 2)  # STATUS_CODE_ERROR
        self.assertEqual(attributes(token.attributes)['error.type'], 'TOKEN_INVALID')


class Metrics(WithCollector):
    def test_the_pushed_ones_are_those_of_the_admin_port(self):
        self.ask(self.scene.user().with_key())
        pushed = eventually(self.collector.metrics, lambda found: 'http.server.request.duration' in found, 10)
        page = metrics.read(self.admin)
        for name, metric in pushed.items():
            self.assertIn(f'\n# HELP {name.replace(".", "_")}', f'\n{page}')
            self.assertTrue(metric.description)
        duration = pushed['http.server.request.duration']
        self.assertEqual((duration.unit, duration.histogram.aggregation_temporality), ('s', 2))  # cumulative
        for point in duration.histogram.data_points:
            self.assertEqual(sum(point.bucket_counts), point.count)
            self.assertEqual(len(point.bucket_counts), len(point.explicit_bounds) + 1)
            self.assertEqual(list(point.explicit_bounds), sorted(point.explicit_bounds))
        by_route = {attributes(point.attributes)['http.route'] for point in duration.histogram.data_points}
        self.assertIn(AI, by_route)
        self.assertTrue(pushed['byot.token.verifications'].sum.is_monotonic)

    def test_they_say_whose_they_are(self):
        eventually(lambda: self.collector.pushes('/v1/metrics'))
        _, fields, request = next(one for one in self.collector.requests if one[0] == '/v1/metrics')
        self.assertEqual(fields['Content-Type'], 'application/x-protobuf')
        resource = attributes(request.resource_metrics[0].resource.attributes)
        self.assertEqual(resource['service.name'], 'byot')
        self.assertTrue(resource['service.instance.id'] and resource['service.version'])
        self.assertEqual(request.resource_metrics[0].scope_metrics[0].scope.name, 'byot')

    def test_they_go_on_from_push_to_push(self):
        before = self.collector.pushes('/v1/metrics')
        eventually(lambda: self.collector.pushes('/v1/metrics'), lambda count: count >= before + 2, 10)
        self.assertGreaterEqual(self.collector.pushes('/v1/metrics'), before + 2)


class Named(WithCollector):
    more = {'OTEL_SERVICE_NAME': 'keys', 'OTEL_RESOURCE_ATTRIBUTES': 'deployment.environment=a%20b,service.version=9',
            'OTEL_EXPORTER_OTLP_HEADERS': 'x-scope=one%2Ctwo'}

    def test_by_the_operator(self):
        eventually(lambda: self.collector.pushes('/v1/metrics'))
        _, fields, request = next(one for one in self.collector.requests if one[0] == '/v1/metrics')
        resource = attributes(request.resource_metrics[0].resource.attributes)
        self.assertEqual((resource['service.name'], resource['service.version']), ('keys', '9'))
        self.assertEqual(resource['deployment.environment'], 'a b')
        self.assertEqual(fields['x-scope'], 'one,two')


class Secrets(WithCollector):
    def test_neither_the_key_nor_the_user_is_in_what_is_pushed(self):
        user = self.scene.user(UID).with_key(KEY)
        self.ask(user, traceparent())
        user.request('GET', '/api/key/status', [traceparent()])
        user.request('DELETE', '/api/key', [traceparent()])
        self.collector.wait_for_spans('/api/key', 2)
        pushes = self.collector.pushes('/v1/metrics')
        eventually(lambda: self.collector.pushes('/v1/metrics'), lambda count: count > pushes, 10)
        everything = b''.join(self.collector.raw) + metrics.read(self.admin).encode()
        for secret in (KEY, UID, user.token):
            self.assertIsNone(traces.find(secret, everything))


class Ends(SceneTest):
    """What a collector does must not be felt."""

    def test_what_ended_last_is_pushed_at_the_end(self):
        collector = Collector()
        self.addCleanup(collector.close)
        scene = self.in_other_scene(**pushed_to(collector.address, OTEL_BSP_SCHEDULE_DELAY='3600000',
                                                OTEL_METRIC_EXPORT_INTERVAL='3600000'))
        self.assertEqual(scene.user().request('GET', '/api/key/status').status, 200)
        self.assertEqual(collector.requests, [])
        scene.server.stop()
        self.assertEqual(len(collector.spans()['/api/key/status']), 1)
        self.assertIn('http.server.request.duration', collector.metrics())

    def test_a_collector_that_is_silent_costs_nobody_anything_and_is_counted(self):
        collector = Collector(status=None)
        self.addCleanup(collector.close)
        admin = metrics.admin()
        scene = self.in_other_scene(**pushed_to(collector.address, OTEL_EXPORTER_OTLP_TIMEOUT='300'), **admin)
        eventually(lambda: collector.requests)
        user = scene.user()
        self.assertEqual({user.request('GET', '/api/key/status').status for _ in range(50)}, {200})
        lost = 'byot_export_lost_total{byot_signal="metrics"}'
        self.assertGreater(eventually(lambda: metrics.value(admin, lost), bool, 10), 0)

    def test_one_that_is_not_there_is_counted_and_keeps_no_process(self):
        with metrics.socket.create_server(('127.0.0.1', 0)) as free:
            address = f'http://127.0.0.1:{free.getsockname()[1]}'
        admin = metrics.admin()
        scene = self.in_other_scene(**pushed_to(address), **admin)
        self.assertEqual(scene.user().request('GET', '/api/key/status').status, 200)
        lost = 'byot_export_lost_total{byot_signal="metrics"}'
        self.assertGreater(eventually(lambda: metrics.value(admin, lost), bool, 10), 0)
        scene.server.stop()

    def test_one_that_refuses_is_told_no_span_twice(self):
        collector = Collector(status=400)
        self.addCleanup(collector.close)
        admin = metrics.admin()
        scene = self.in_other_scene(**pushed_to(collector.address), **admin)
        self.assertEqual(scene.user().request('GET', '/api/key/status').status, 200)
        lost = 'byot_export_lost_total{byot_signal="spans"}'
        self.assertEqual(eventually(lambda: metrics.value(admin, lost), lambda count: count >= 2, 10), 2)
        self.assertEqual(len(collector.spans()['/api/key/status']), 1)

    def test_one_that_is_full_gets_them_later(self):
        collector = Collector(status=503)
        self.addCleanup(collector.close)
        scene = self.in_other_scene(**pushed_to(collector.address))
        self.assertEqual(scene.user().request('GET', '/api/key/status').status, 200)
        collector.wait_for_spans('/api/key/status', 2)
        collector.status = 200
        last = len(collector.requests)
        eventually(lambda: [one for one in collector.requests[last:] if one[0] == '/v1/traces'], bool, 10)
        ids = {span.span_id for span in collector.spans()['/api/key/status']}
        self.assertEqual(len(ids), 1)

    def test_off_pushes_nothing_and_traces_nothing(self):
        collector = Collector()
        self.addCleanup(collector.close)
        scene = self.in_other_scene(**pushed_to(collector.address, OTEL_SDK_DISABLED='true'))
        with scene.user().with_key().ask(fields=[traceparent()]) as wire:
            exchange = scene.upstream.take()
            exchange.answer()
            wire.answer()
        self.assertEqual(exchange.head.get('traceparent'), f'00-{TRACE}-{PARENT}-01')
        scene.server.stop()
        self.assertEqual(collector.requests, [])
