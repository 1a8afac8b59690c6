"""An OpenTelemetry collector: keeps what it is sent, read by the published definitions (opentelemetry-proto)."""
import http.server
import sys
import threading

from .flows import environment_of_python
from .waiting import eventually

DEFINITIONS = 'opentelemetry-proto==1.36.0'


def definitions():
    """The two services' requests, as opentelemetry-proto has them."""
    folder = environment_of_python('opentelemetry-proto-1.36.0', DEFINITIONS)
    path = str(next(folder.glob('lib/python*/site-packages')))
    if path not in sys.path:
        sys.path.append(path)
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    return {'/v1/metrics': ExportMetricsServiceRequest, '/v1/traces': ExportTraceServiceRequest}


class Collector:
    """Listens on a port of its own. `status` is what it answers; None is silence until it closes."""

    def __init__(self, status=200):
        self.kinds, self.status = definitions(), status
        self.requests, self.raw = [], []  # of each push: its path, its fields, what it says; and all bytes
        self._closing = threading.Event()
        self._server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f'http://127.0.0.1:{self._server.server_port}'

    def _handler(self):
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length']))
                kind = collector.kinds[self.path]
                collector.raw.append(bytes(self.headers) + body)
                collector.requests.append((self.path, dict(self.headers), kind.FromString(body)))
                if collector.status is None:
                    collector._closing.wait()
                    return
                self.send_response(collector.status)
                self.send_header('Content-Length', '0')
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler

    def close(self):
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def spans(self):
        """All that came, by their names; those of one name in their order."""
        found = {}
        for _, _, request in [one for one in list(self.requests) if one[0] == '/v1/traces']:
            for resource in request.resource_spans:
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        found.setdefault(span.name, []).append(span)
        return found

    def metrics(self):
        """Of the newest push, by their names; nothing before the first."""
        pushes = [request for path, _, request in list(self.requests) if path == '/v1/metrics']
        if not pushes:
            return {}
        return {metric.name: metric for resource in pushes[-1].resource_metrics
                for scope in resource.scope_metrics for metric in scope.metrics}

    def wait_for_spans(self, name, count=1):
        return eventually(lambda: self.spans().get(name, []), lambda spans: len(spans) >= count, 10)

    def pushes(self, path):
        return len([one for one in list(self.requests) if one[0] == path])


def attributes(of):
    """An attribute list as a dictionary."""
    return {one.key: getattr(one.value, one.value.WhichOneof('value')) for one in of}
