"""toxiproxy (from the Go module proxy): a TCP proxy whose connections can be made slow, cut or silent."""
import functools
import json
import os
import subprocess
import urllib.request
import uuid

from .programs import Program, free_port, installed

VERSION = 'v2.5.0'  # builds with Debian's Go too


def install(folder):
    subprocess.run(['go', 'install', f'github.com/Shopify/toxiproxy/v2/cmd/server@{VERSION}'], check=True, timeout=600,
                   env={**os.environ, 'GOBIN': str(folder), 'GOFLAGS': '-mod=mod'}, stdout=subprocess.DEVNULL)


class Toxiproxy:
    def __init__(self):
        port = free_port()
        self.address = f'http://127.0.0.1:{port}'
        self.program = Program('toxiproxy', [installed(f'toxiproxy-{VERSION}', install) / 'server', '-port', port],
                               f'{self.address}/version')

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.address + path, None if body is None else json.dumps(body).encode(),
                                         {'Content-Type': 'application/json'}, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b'null')


@functools.cache
def toxiproxy():
    return Toxiproxy()


class Proxy:
    """One proxy before `host` (HOST:PORT)."""

    def __init__(self, host):
        self.name = f'byot-{uuid.uuid4().hex[:8]}'
        made = toxiproxy().call('POST', '/proxies', {'name': self.name, 'listen': '127.0.0.1:0', 'upstream': host,
                                                     'enabled': True})
        self.host = made['listen']

    def toxic(self, kind, stream='downstream', **attributes):
        """latency (latency, jitter: ms) · timeout (timeout: ms, 0: silence) · reset_peer (timeout) · bandwidth
        (rate: KB/s) · limit_data (bytes), for one direction, until `heal`."""
        toxiproxy().call('POST', f'/proxies/{self.name}/toxics', {'name': f'{kind}-{stream}', 'type': kind,
                                                                  'stream': stream, 'attributes': attributes})

    def down(self):
        """Open connections are cut, and new ones refused."""
        self._set({'enabled': False})

    def heal(self):
        for toxic in toxiproxy().call('GET', f'/proxies/{self.name}/toxics'):
            toxiproxy().call('DELETE', f"/proxies/{self.name}/toxics/{toxic['name']}")
        self._set({'enabled': True})

    def close(self):
        toxiproxy().call('DELETE', f'/proxies/{self.name}')

    def _set(self, what):
        toxiproxy().call('POST', f'/proxies/{self.name}', {'listen': self.host, **what})
