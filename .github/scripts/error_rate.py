"""How many requests revisions answered, and how many of them with 5xx, by Cloud Run's own metric. Logs would tell too,
but they name users."""
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

from commands import Failed, run

MONITORING = os.environ.get('MONITORING_URL', 'https://monitoring.googleapis.com')
ATTEMPTS = 3


@dataclass
class Count:
    requests: float = 0
    errors: float = 0

    @property
    def rate(self):
        return self.errors / self.requests if self.requests else 0


class ErrorRates:
    def __init__(self, project, services, cancellation, pause):
        self._project = project
        self._services = services
        self._cancellation = cancellation
        self._pause = pause

    def counts(self, seconds):
        """Of each revision that had a request in the last seconds. A metric's points come up to three minutes late."""
        names = '|'.join(self._services)
        query = ('sum by (revision_name, response_code_class) (increase(run_googleapis_com:request_count{'
                 f'monitored_resource="cloud_run_revision",service_name=~"{names}"}}[{int(seconds)}s]))')
        found = {}
        for series in self._asked(query):
            of = found.setdefault(series['metric']['revision_name'], Count())
            number = float(series['value'][1])
            of.requests += number
            if series['metric'].get('response_code_class') == '5xx':
                of.errors += number
        return found

    def _asked(self, query):
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._ask(query)
            except (OSError, ValueError, KeyError, Failed) as problem:
                if attempt == ATTEMPTS:
                    raise Failed(f'the error rate cannot be seen: {problem}') from problem
                self._cancellation.wait(self._pause)

    def _ask(self, query):
        token = run(['gcloud', 'auth', 'print-access-token', '--quiet'], self._cancellation).strip()
        request = urllib.request.Request(
            f'{MONITORING}/v1/projects/{self._project}/location/global/prometheus/api/v1/query',
            data=urllib.parse.urlencode({'query': query}).encode(), headers={'Authorization': f'Bearer {token}'})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)['data']['result']


def is_worse(new, old, allowed, fewest):
    """Whether the new revision fails more often than the old one by more than what is allowed. What both suffer from, a
    Genkit server that is down say, is no reason to go back. Fewer errors than `fewest` may be chance."""
    return new.errors >= fewest and new.rate > old.rate + allowed
