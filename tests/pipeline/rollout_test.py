"""A rollout against a gcloud and a byot that keep what they are asked: whatever goes wrong, one revision has all traffic."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / '.github/scripts'
IMAGE = 'europe-west1-docker.pkg.dev/a-project/byot/byot@sha256:' + 'a' * 64
OLD = {'byot-keys': 'byot-keys-00001', 'byot-ai': 'byot-ai-00001'}
NEW = {'byot-keys': 'byot-keys-00002', 'byot-ai': 'byot-ai-00002'}
LIMIT = 60


class Google(BaseHTTPRequestHandler):
    """Monitoring's counts, and sign-in."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length'])).decode()
        test = self.server.test
        if self.path.endswith('/query'):
            test.queries += 1
            status, answer = test.monitoring(body, self.headers)
        else:
            assert self.headers['x-goog-api-key'] == 'an-api-key' and 'a-custom-token' in body, body
            status, answer = test.sign_in
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_):
        pass


def counts(**of_revisions):
    """Monitoring's answer: (requests that were answered well, with 5xx) of each revision."""
    return {'data': {'result': [
        {'metric': {'revision_name': name.replace('_', '-'), 'response_code_class': code}, 'value': [0, str(number)]}
        for name, numbers in of_revisions.items() for code, number in zip(('2xx', '5xx'), numbers)]}}


class Rollout(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.fakes = pathlib.Path(folder.name)
        os.mkfifo(self.fakes / 'gate')
        (self.fakes / 'calls').write_text('')
        self.faults()
        self.services({name: {'revisions': [old], 'spec': [{'latestRevision': True, 'percent': 100}]} for name, old in OLD.items()})
        self.queries = 0
        self.sign_in = 200, {'idToken': 'an-id-token'}
        self.monitoring = lambda body, headers: (200, counts())
        self.server = ThreadingHTTPServer(('127.0.0.1', 0), Google)
        self.server.test = self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.edge = {'public_invoker': False, 'ingress': 'INGRESS_TRAFFIC_ALL'}

    # The world

    def services(self, of):
        made = []
        for name, each in of.items():
            status = [{**target, 'revisionName': target.get('revisionName', each['revisions'][-1])} for target in each['spec']]
            made.append({'name': name, 'status': status, **each})
        (self.fakes / 'state.json').write_text(json.dumps(made))

    def faults(self, *of):
        (self.fakes / 'faults.json').write_text(json.dumps(of))

    def environment(self):
        address = f'http://127.0.0.1:{self.server.server_port}'
        path = [f'{ROOT}/tests/pipeline/fakes', str(pathlib.Path(sys.executable).resolve().parent), os.environ['PATH']]
        return {**os.environ, 'PATH': ':'.join(path), 'FAKES': str(self.fakes),
                'PYTHONDONTWRITEBYTECODE': '1', 'PYTHONUNBUFFERED': '1', 'MONITORING_URL': address, 'IDENTITY_URL': address,
                'SMOKE_ACCOUNT': 'byot-smoke@a-project.iam.gserviceaccount.com', 'FIREBASE_API_KEY': 'an-api-key',
                'SMOKE_OPTIONS': "--flow interview --data '\"C++\"'", 'GITHUB_STEP_SUMMARY': str(self.fakes / 'summary'),
                'DEPLOYMENT': json.dumps({
                    'pipeline': {'project_id': 'a-project'}, 'edge': self.edge,
                    'services': {role: {'name': f'byot-{role}', 'location': 'europe-west1'} for role in ('keys', 'ai')},
                    'urls': {'keys': 'https://api.example.com', 'ai': 'https://api.example.com'}})}

    def begin(self, *words, steps='100', watch=0, smoke='smoke'):
        command = words or ('run', f'--image={IMAGE}', '--id=7-1', f'--steps={steps}', f'--watch={watch}', f'--smoke={smoke}')
        child = subprocess.Popen([sys.executable, SCRIPTS / 'rollout.py', '--pause=0.01', *command], text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=self.environment(),
                                 start_new_session=True)
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.kill)
        return child

    def rollout(self, *words, **options):
        child = self.begin(*words, **options)
        self.said, _ = child.communicate(timeout=LIMIT)
        if child.returncode not in (0, 1, 2) or 'Traceback' in self.said:
            self.fail(self.said)
        return child.returncode

    # What is so

    def calls(self, word=''):
        return [line for line in (self.fakes / 'calls').read_text().splitlines() if word in line]

    def state(self):
        return {each['name']: each for each in json.loads((self.fakes / 'state.json').read_text())}

    def shifts(self):
        """Every division of the traffic that was asked for, in order."""
        return [line.split()[3] + ' ' + line.split('--to-revisions=')[1].split()[0]
                for line in self.calls('--to-revisions') if '--update-tags' not in line]

    def is_whole(self, revisions, said=None):
        for name, each in self.state().items():
            for traffic in (each['spec'], each['status']):
                self.assertEqual([(of.get('revisionName', each['revisions'][-1]), of['percent']) for of in traffic
                                  if of.get('percent')], [(revisions[name], 100)], said)
            self.assertEqual([of['tag'] for of in each['spec'] if 'tag' in of], [], said)

    # The tests

    def test_a_good_image_gets_all_of_the_traffic_step_by_step(self):
        self.assertEqual(self.rollout(steps='10,50,100'), 0)
        self.is_whole(NEW, self.said)
        self.assertEqual(self.shifts(), [
            'byot-ai byot-ai-00002=10,byot-ai-00001=90', 'byot-keys byot-keys-00002=10,byot-keys-00001=90',
            'byot-ai byot-ai-00002=50,byot-ai-00001=50', 'byot-keys byot-keys-00002=50,byot-keys-00001=50',
            'byot-ai byot-ai-00002=100', 'byot-keys byot-keys-00002=100'])
        self.assertEqual(self.calls('smoke'), 3 * ['smoke https://api.example.com https://api.example.com'])
        self.assertGreaterEqual(self.queries, 3)
        self.assertIn('--to-revisions=byot-keys-00001=100', (self.fakes / 'summary').read_text())

    def test_a_failed_smoke_test_at_each_step_brings_both_back(self):
        for step in range(3):
            with self.subTest(step=step):
                self.setUp()
                self.faults({'words': 'smoke ', 'after': step, 'kind': 'refuse'})
                self.assertEqual(self.rollout(steps='10,50,100'), 1)
                self.is_whole(OLD, self.said)
                self.assertEqual(self.shifts()[-2:], ['byot-keys byot-keys-00001=100', 'byot-ai byot-ai-00001=100'])
                self.assertIn('ok    live\nFAIL  key removed  the key was not removed\n', self.said)
                self.assertIn('byot smoke: failed at: key removed', (self.fakes / 'summary').read_text())

    def test_an_error_rate_at_each_step_brings_both_back(self):
        for step in range(3):
            with self.subTest(step=step):
                self.setUp()
                self.monitoring = lambda body, headers, step=step: (200, counts(
                    byot_ai_00002=(90, 10) if self.queries > step else (100, 0), byot_ai_00001=(1000, 1)))
                self.assertEqual(self.rollout(steps='10,50,100'), 1)
                self.is_whole(OLD, self.said)
                self.assertIn('byot-ai-00002 answered 10 of 100 requests with 5xx, byot-ai-00001 1 of 1001', self.said)

    def test_errors_that_the_former_revision_has_too_are_no_reason(self):
        self.monitoring = lambda body, headers: (200, counts(byot_ai_00002=(50, 50), byot_ai_00001=(500, 500)))
        self.assertEqual(self.rollout(), 0)
        self.is_whole(NEW, self.said)

    def test_a_few_errors_are_chance(self):
        self.monitoring = lambda body, headers: (200, counts(byot_keys_00002=(2, 4)))
        self.assertEqual(self.rollout(), 0)
        self.is_whole(NEW, self.said)

    def test_errors_of_a_service_with_little_traffic_count(self):
        self.monitoring = lambda body, headers: (200, counts(byot_keys_00002=(0, 5)))
        self.assertEqual(self.rollout(), 1)
        self.is_whole(OLD, self.said)

    def test_an_error_rate_that_cannot_be_seen_is_a_bad_one(self):
        self.monitoring = lambda body, headers: (403, {})
        self.assertEqual(self.rollout(), 1)
        self.is_whole(OLD, self.said)
        self.assertIn('the error rate cannot be seen', self.said)

    def test_an_error_rate_is_asked_for_again(self):
        self.monitoring = lambda body, headers: (200, counts()) if self.queries % 3 == 0 else (503, {})
        self.assertEqual(self.rollout(), 0)
        self.is_whole(NEW, self.said)

    def test_what_monitoring_is_asked(self):
        asked = []
        self.monitoring = lambda body, headers: asked.append((body, headers['Authorization'])) or (200, counts())
        self.assertEqual(self.rollout(), 0)
        self.assertIn('service_name%3D~%22byot-keys%7Cbyot-ai%22%7D%5B300s', asked[0][0])
        self.assertEqual(asked[0][1], 'Bearer an-access-token')

    def test_a_candidate_that_does_not_start_moves_no_traffic(self):
        for service in OLD:
            with self.subTest(service=service):
                self.setUp()
                self.faults({'words': f'update {service}', 'kind': 'refuse'})
                self.assertEqual(self.rollout(), 1)
                self.is_whole(OLD, self.said)
                self.assertFalse([shift for shift in self.shifts() if '00002' in shift])

    def test_an_update_that_makes_no_revision_is_not_taken_for_one(self):
        self.faults({'words': 'update byot-ai', 'kind': 'nothing'})
        self.assertEqual(self.rollout(), 1)
        self.is_whole(OLD, self.said)

    def test_a_change_of_traffic_that_fails_brings_both_back(self):
        for kind, share in (('refuse', 'byot-ai-00002=10'), ('half', 'byot-keys-00002=10'), ('half', 'byot-keys-00002=100')):
            with self.subTest(kind=kind, share=share):
                self.setUp()
                self.faults({'words': share, 'kind': kind})
                self.assertEqual(self.rollout(steps='10,100'), 1)
                self.is_whole(OLD, self.said)

    def test_going_back_is_tried_again(self):
        self.faults({'words': 'smoke ', 'kind': 'refuse'},
                    {'words': 'update-traffic byot-keys --to-revisions=byot-keys-00001=100 --region', 'times': 4, 'kind': 'refuse'})
        self.assertEqual(self.rollout(), 1)
        self.is_whole(OLD, self.said)

    def test_where_going_back_fails_the_other_is_brought_back_and_a_person_told_how(self):
        self.faults({'words': 'smoke ', 'kind': 'refuse'},
                    {'words': 'update-traffic byot-keys --to-revisions=byot-keys-00001=100 --region', 'times': 5, 'kind': 'refuse'})
        self.assertEqual(self.rollout(), 2)
        self.assertIn('gcloud run services update-traffic byot-keys --to-revisions=byot-keys-00001=100', self.said)
        ai = self.state()['byot-ai']['status']
        self.assertEqual([(of['revisionName'], of['percent']) for of in ai if of.get('percent')], [('byot-ai-00001', 100)])
        self.assertEqual(self.rollout('settle'), 0)  # the step that a workflow runs always
        self.is_whole(OLD, self.said)

    def test_a_signal_in_the_middle_brings_both_back(self):
        for sent, waits_in in ((signal.SIGTERM, 'smoke '), (signal.SIGTERM, 'update byot-keys'),
                               (signal.SIGINT, 'update-traffic byot-keys --to-revisions=byot-keys-00002=50')):
            with self.subTest(sent=sent, waits_in=waits_in):
                self.setUp()
                self.faults({'words': waits_in, 'kind': 'block'})
                child = self.begin(steps='50,100')
                with open(self.fakes / 'gate', 'w', encoding='utf-8'):  # opens when the fake does
                    os.killpg(child.pid, sent)  # as a runner does, with all that is in its session
                    os.killpg(child.pid, sent)
                    if waits_in == 'smoke ':  # is ended; a change of the services is not
                        child.wait(LIMIT)
                self.said, _ = child.communicate(timeout=LIMIT)
                self.assertEqual(child.returncode, 1, self.said)
                self.is_whole(OLD, self.said)
                if waits_in == 'smoke ':
                    self.assertIn('ok    live\n', self.said)
                if waits_in == 'update byot-keys':  # was not cut off half-way
                    self.assertEqual(self.state()['byot-keys']['revisions'], ['byot-keys-00001', 'byot-keys-00002'])

    def test_a_signal_while_errors_are_watched_brings_both_back_at_once(self):
        self.faults({'words': 'byot-keys --to-revisions=byot-keys-00001=100 --region', 'kind': 'refuse'})
        child = self.begin(steps='10,100', watch=3600)
        for line in child.stdout:
            if line.startswith('10 %'):
                break
        child.send_signal(signal.SIGTERM)
        self.said, _ = child.communicate(timeout=LIMIT)
        self.assertEqual(child.returncode, 1, self.said)
        self.is_whole(OLD, self.said)

    def test_what_a_killed_rollout_left_is_settled(self):
        """Killed at every call that changes something: the next command makes it whole, both old or both new."""
        self.assertEqual(self.rollout(steps='50,100'), 0)
        changes = len(self.calls('services update'))
        self.assertGreater(changes, 10)
        for nth in range(changes):
            with self.subTest(nth=nth):
                self.setUp()
                self.faults({'words': 'services update', 'after': nth, 'kind': 'block'})
                child = self.begin(steps='50,100')
                with open(self.fakes / 'gate', 'w', encoding='utf-8'):
                    child.kill()
                    child.wait(LIMIT)
                self.wait_for_the_change_under_way()
                self.assertEqual(self.rollout('settle'), 0)
                ends = {name: self.sole(name) for name in OLD}
                self.assertIn(ends, (OLD, NEW), self.said)
                self.is_whole(ends, self.said)

    def wait_for_the_change_under_way(self):
        """The fake goes on when its job was killed, as the change in the cloud does."""
        process = pathlib.Path('/proc') / (self.fakes / 'running').read_text()
        while process.exists() and 'gcloud' in (process / 'cmdline').read_text():
            threading.Event().wait(0.01)

    def sole(self, name):
        return next(of['revisionName'] for of in self.state()[name]['status'] if of.get('percent') == 100)

    def left_unfinished(self):
        self.services({name: {'revisions': [old, NEW[name]], 'spec': [
            {'revisionName': old, 'percent': 50}, {'revisionName': NEW[name], 'percent': 50},
            {'revisionName': old, 'tag': 'former'}, {'revisionName': NEW[name], 'tag': 'next'}]} for name, old in OLD.items()})

    def test_a_rollout_that_settled_another_first_can_be_cancelled_still(self):
        self.left_unfinished()
        self.faults({'words': 'smoke ', 'kind': 'block'})
        child = self.begin()
        with open(self.fakes / 'gate', 'w', encoding='utf-8'):
            os.killpg(child.pid, signal.SIGTERM)
            child.wait(LIMIT)
        self.said, _ = child.communicate(timeout=LIMIT)
        self.assertEqual(child.returncode, 1, self.said)
        self.is_whole(OLD, self.said)

    def test_a_rollout_settles_what_another_left_first(self):
        self.left_unfinished()
        self.assertEqual(self.rollout(), 0)
        self.is_whole({name: f'{name}-00003' for name in OLD}, self.said)
        self.assertEqual(self.shifts()[:2], ['byot-keys byot-keys-00001=100', 'byot-ai byot-ai-00001=100'])
        self.assertEqual(self.shifts()[2], 'byot-ai byot-ai-00003=100')

    def test_a_split_made_by_hand_is_nothing_to_touch(self):
        spec = [{'revisionName': 'byot-ai-00001', 'percent': 50}, {'revisionName': 'byot-ai-00002', 'percent': 50}]
        self.services({'byot-keys': {'revisions': ['byot-keys-00001'], 'spec': [{'revisionName': 'byot-keys-00001', 'percent': 100}]},
                       'byot-ai': {'revisions': ['byot-ai-00001', 'byot-ai-00002'], 'spec': spec}})
        self.assertEqual(self.rollout(), 2)
        self.assertIn('say which revision is to have it', self.said)
        self.assertEqual(self.state()['byot-ai']['spec'], spec)

    def test_settling_where_nothing_is_unfinished_changes_nothing(self):
        self.assertEqual(self.rollout('settle'), 0)
        self.assertEqual(self.calls('update'), [])

    def test_a_service_that_is_open_is_tried_before_it_gets_traffic(self):
        self.edge = {'public_invoker': True, 'ingress': 'INGRESS_TRAFFIC_ALL'}
        self.faults({'words': 'smoke ', 'kind': 'refuse'})
        self.assertEqual(self.rollout(), 1)
        self.assertEqual(self.calls('smoke '), ['smoke https://next---byot-keys-x.a.run.app https://next---byot-ai-x.a.run.app'])
        self.assertFalse([shift for shift in self.shifts() if '00002' in shift])
        self.is_whole(OLD, self.said)

    def test_the_smoke_test_is_run_as_a_user_of_its_own(self):
        for urls, asked in ((('https://api.example.com',) * 2, 'https://api.example.com --replace'),
                            (('https://k.run.app', 'https://a.run.app'), 'https://k.run.app --replace --ai-url=https://a.run.app')):
            subprocess.run([sys.executable, SCRIPTS / 'smoke.py', *urls], env=self.environment(), check=True, timeout=LIMIT)
            self.assertEqual(self.calls('byot')[-1], f'an-id-token byot smoke {asked} --flow interview --data "C++"')

    def test_a_smoke_test_that_cannot_sign_in_is_one_that_failed(self):
        self.sign_in = 400, {'error': {'message': 'API_KEY_INVALID'}}
        self.assertEqual(self.rollout(smoke=SCRIPTS / 'smoke.py'), 1)
        self.assertIn('could not sign in: 400', self.said)
        self.assertNotIn('a-custom-token', self.said)
        self.is_whole(OLD, self.said)

    def test_an_image_by_its_tag_and_steps_that_do_not_end_are_refused(self):
        for words in (('run', '--image=byot:latest', '--id=1'), ('run', f'--image={IMAGE}', '--id=1', '--steps=10,50'),
                      ('run', f'--image={IMAGE}', '--id=1', '--steps=50,10,100')):
            self.assertNotEqual(self.rollout(*words), 0)
        self.assertEqual(self.calls(), [])


if __name__ == '__main__':
    ran = unittest.main(exit=False, verbosity=1).result
    failed = len({str(getattr(each, 'test_case', each)) for each, _ in ran.failures + ran.errors})
    for each, _ in ran.failures + ran.errors:
        print('FAILED', each)
    print(f'{ran.testsRun - failed} passed, {failed} failed')
    sys.exit(bool(failed))
