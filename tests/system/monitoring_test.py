"""What terraform/modules/monitoring looks for, held against what a running service logs and answers."""
import re

from harness import settings
from harness.scene import SceneTest
from harness.waiting import eventually

MODULE = settings.ROOT / 'terraform/modules/monitoring'

# LogSeverity of Cloud Logging, in its order. The collector takes `severity` of a JSON line as the entry's own, in these
# words alone: another would be DEFAULT.
SEVERITIES = ['DEFAULT', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY']


class Errors(SceneTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        text = (MODULE / 'errors.tf').read_text()
        cls.least, = re.findall(r'"severity>=([A-Z]+)"', text)
        cls.label, = re.findall(r'EXTRACT\(jsonPayload\.(\w+)\)', text)

    def is_counted(self, line):
        return SEVERITIES.index(line['severity']) >= SEVERITIES.index(self.least)

    def line_of(self, answer):
        identifier = answer.field('x-request-id')
        lines = eventually(self.server.log_lines,
                           lambda lines: any(line.get('requestId') == identifier for line in lines))
        line, = [line for line in lines if line.get('requestId') == identifier]
        return line

    def test_a_failed_request_is_counted_under_its_reason(self):
        with self.user().with_key().ask() as wire:
            self.upstream.take().send(b'SSH-2.0-OpenSSH_9.2\r\n\r\n')
            answer = wire.answer()
        self.assert_refused(answer, 502, 'UPSTREAM_INVALID')
        line = self.line_of(answer)
        self.assertTrue(self.is_counted(line), line)
        self.assertEqual(line[self.label], 'UPSTREAM_INVALID')

    def test_what_is_the_client_s_doing_is_not(self):
        for answer in (self.user().request('GET', '/api/key/status'), self.server.request('GET', '/api/key/status'),
                       self.server.request('GET', '/nothing')):
            line = self.line_of(answer)
            self.assertFalse(self.is_counted(line), line)


class Uptime(SceneTest):
    def test_a_service_that_is_ready_answers_what_the_check_looks_for(self):
        text = (MODULE / 'uptime.tf').read_text()
        path, = re.findall(r'^ +path += "(.+)"$', text, re.M)
        content, = re.findall(r'^ +content += "(\\".+\\")"$', text, re.M)
        answer = eventually(lambda: self.server.request('GET', path), lambda answer: answer.status == 200)
        self.assertIn(content.replace('\\"', '"').encode(), answer.body)
