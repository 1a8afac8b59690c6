"""The process: its start, its log, its end, and a power cut in the middle of many saves."""
import contextlib
import json
import os
import pathlib
import pwd
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import unittest
import urllib.request

from harness import settings
from harness.programs import free_port
from harness.scene import Scene, SceneTest, needs_sqlite
from harness.server import environment, run_byot
from harness.upstream import echo
from harness.waiting import eventually
from harness.wire import Ended, request_bytes


def blocked_signals(task):
    """A thread's mask (proc_pid_status(5))."""
    line, = (line for line in (task / 'status').read_text().splitlines() if line.startswith('SigBlk:'))
    return int(line.split()[1], 16)


class Start(SceneTest):
    def test_it_prints_one_line_and_is_ready_soon(self):
        times = []
        for _ in range(5):
            scene = self.in_other_scene()
            self.assertEqual(len(scene.server.printed), 1)
            times.append(scene.server.seconds_to_listen * 1000)
        print(f'        from exec to listening: {min(times):.1f} to {max(times):.1f} ms')
        self.assertLess(min(times), settings.limit(2000))

    def test_port_zero_takes_a_free_one(self):
        other = self.in_other_scene()
        self.assertNotEqual(self.server.port, other.server.port)
        self.assertEqual(other.server.request('GET', '/health/live').status, 200)

    def test_it_listens_where_it_is_told(self):
        self.assertEqual(self.server.host, '127.0.0.1')

    def test_health_asks_a_server(self):
        self.assertEqual(run_byot('health', f'http://127.0.0.1:{self.server.port}').returncode, 0)

    def test_only_its_first_thread_takes_signals(self):
        pid = self.server.process.pid
        takes = {int(task.name) for task in pathlib.Path(f'/proc/{pid}/task').iterdir()
                 if not blocked_signals(task) & 1 << signal.SIGTERM - 1}
        self.assertEqual(takes, {pid})

    def test_sigint_ends_it_in_order_too(self):
        other = self.in_other_scene()
        other.server.process.send_signal(signal.SIGINT)
        self.assertEqual(other.server.wait(), 0)

    def test_a_taken_port_is_told(self):
        with socket.create_server(('127.0.0.1', 0)) as taken:
            ended = run_byot('serve', variables={**self.scene.variables,
                                                 'PORT': str(taken.getsockname()[1])})
        self.assertNotEqual(ended.returncode, 0)
        self.assertTrue(ended.stderr.strip())

    def test_a_second_server_says_that_the_port_is_taken(self):
        first = self.in_other_scene()
        for reactors in ('1', '2', '3'):
            with self.subTest(reactors=reactors):
                ended = run_byot('serve', variables={**self.scene.variables, 'PORT': str(first.server.port),
                                                     'BYOT_REACTORS': reactors})
                self.assertEqual(ended.returncode, 69)
                self.assertIn(f'127.0.0.1:{first.server.port}: another program does', ended.stderr)

    def test_a_second_server_says_that_the_admin_port_is_taken(self):
        port = free_port()
        first = self.in_other_scene(BYOT_ADMIN_PORT=str(port))
        ended = run_byot('serve', variables={**self.scene.variables, 'PORT': '0', 'BYOT_ADMIN_PORT': str(port)})
        self.assertEqual(ended.returncode, 69)
        self.assertIn(f'127.0.0.1:{port}: another program does', ended.stderr)
        self.assertIn('BYOT_ADMIN_PORT', ended.stderr)
        self.assertEqual(first.server.request('GET', '/health/live').status, 200)

    def test_a_restart_has_its_port_at_once_though_connections_were_open(self):
        first = self.in_other_scene()
        port = first.server.port
        with contextlib.ExitStack() as clients:
            for _ in range(8):
                clients.enter_context(first.server.wire()).send(request_bytes('GET', '/health/live'))
            first.server.terminate()
            self.assertEqual(first.server.wait(10), 0)
            again = self.in_other_scene(PORT=str(port))
            self.assertEqual(again.server.port, port)
            self.assertEqual(again.server.request('GET', '/health/live').status, 200)

    def test_metrics_are_on_their_own_port(self):
        with socket.create_server(('127.0.0.1', 0)) as free:
            port = free.getsockname()[1]
        scene = self.in_other_scene(BYOT_ADMIN_PORT=str(port))
        scene.server.request('GET', '/health/live')
        text = urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=5).read().decode()
        self.assertIn('# TYPE', text)
        self.assertEqual(scene.server.request('GET', '/metrics').status, 404)


class Log(SceneTest):
    handler = staticmethod(echo)
    variables = {'GOOGLE_CLOUD_PROJECT': 'demo-project'}

    def access_lines(self):
        return [line for line in self.server.log_lines() if 'httpRequest' in line]

    def test_every_line_is_json_and_each_request_has_one(self):
        user = self.user().with_key()
        identifiers = [user.request('GET', '/api/key/status').field('x-request-id') for _ in range(3)]
        with user.ask('/api/ai/echo?key=secret-in-query') as wire:
            identifiers.append(wire.answer().field('x-request-id'))
        identifiers.append(self.server.request('GET', '/nothing').field('x-request-id'))
        lines = eventually(self.access_lines, lambda lines: all(
            any(identifier in json.dumps(line) for line in lines) for identifier in identifiers))
        for identifier in identifiers:
            about = [line for line in lines if identifier in json.dumps(line)]
            self.assertEqual(len(about), 1, identifier)
            self.assertIn(about[0]['severity'], ('INFO', 'DEFAULT', 'NOTICE'))
            self.assertTrue(about[0]['message'])
        self.assertNotIn('secret-in-query', self.server.log())

    def test_a_trace_of_the_client_is_named_in_the_line(self):
        trace = '0af7651916cd43dd8448eb211c80319c'
        self.server.request('GET', '/health/live', [('traceparent', f'00-{trace}-b7ad6b7169203331-01')])
        log = eventually(self.server.log, lambda text: trace in text)
        self.assertIn(f'"logging.googleapis.com/trace":"projects/demo-project/traces/{trace}"', log)


class RefusedHeads(SceneTest):
    """What broke the rules before it was a request is told too, or an attack would leave no trace."""

    HEADS = {400: b'GET / HTTP/1.1\r\nHost : a\r\n\r\n', 408: b'GET / HTTP/1.1\r\nHost: a',
             431: b'GET / HTTP/1.1\r\nHost: a\r\nX: ' + b'x' * 40_000 + b'\r\n\r\n'}

    def test_a_refused_head_leaves_an_access_line_and_a_metric(self):
        port = free_port()
        scene = self.in_other_scene(BYOT_ADMIN_PORT=str(port), BYOT_HEADER_TIMEOUT='300ms')
        for status, head in self.HEADS.items():
            with self.subTest(status=status), scene.server.wire() as wire:
                wire.send(request_bytes('GET', '/health/live'))
                wire.answer()
                wire.send(head)
                answer = wire.answer()
                self.assertEqual(answer.status, status)
                line, = eventually(lambda: self.lines_of(scene, answer.field('x-request-id')))
                self.assertEqual(line['httpRequest']['status'], status)
        text = urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=5).read().decode()
        for status in self.HEADS:
            self.assertRegex(text, f'(?m)^http_server_request_duration_seconds_count{{[^}}]*code="{status}"[^}}]*}} 1$')

    @staticmethod
    def lines_of(scene, request_id):
        return [line for line in scene.server.log_lines() if request_id in json.dumps(line)]


class Guarded(SceneTest):
    """What the system may do to a process that holds keys."""

    def test_its_limits_are_what_it_asked_for(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_MEMLOCK, (soft, hard))
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (4096, hard))
        server = self.in_other_scene().server
        self.assertEqual(resource.prlimit(server.process.pid, resource.RLIMIT_MEMLOCK), (hard, hard))
        self.assertEqual(resource.prlimit(server.process.pid, resource.RLIMIT_CORE), (0, 0))

    def test_it_opens_as_many_descriptors_as_it_may_and_says_when_they_are_few(self):
        for connections, is_told in ((968, False), (969, True)):
            process = subprocess.Popen(
                ['prlimit', '--nofile=1000:2000', settings.byot, 'serve'], stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment({**self.scene.variables, 'BYOT_MAX_CONNECTIONS': str(connections)}))
            with process:
                self.addCleanup(process.kill)
                self.assertIn(b'listening', process.stdout.readline())
                self.assertEqual(resource.prlimit(process.pid, resource.RLIMIT_NOFILE), (2000, 2000))
                process.terminate()
                self.assertEqual(b'RLIMIT_NOFILE' in process.stderr.read(), is_told)

    def test_another_process_of_its_user_cannot_look_into_it(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix='byot-test-'))
        self.addCleanup(shutil.rmtree, folder)
        byot = shutil.copy(settings.byot, folder)
        user = {}
        if os.geteuid() == 0:  # who may look into everything
            nobody = pwd.getpwnam('nobody')
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            user = {'user': nobody.pw_uid, 'group': nobody.pw_gid, 'extra_groups': []}
        process = subprocess.Popen([byot, 'dev', '--port', '0', '--data', folder / 'data'], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, env=environment({}), **user)
        with process:
            self.addCleanup(process.kill)
            self.assertIn(b'listening', process.stdout.readline())
            looked = subprocess.run(['cat', f'/proc/{process.pid}/environ'], capture_output=True, **user)
            process.terminate()
        self.assertIn(b'Permission denied', looked.stderr)

    @needs_sqlite
    def test_a_file_at_its_size_limit_is_503_and_not_the_end(self):
        scene = self.in_other_scene()
        user, pid = scene.user().with_key(), scene.server.process.pid
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        # Far above what the log has, which is a file too.
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (256 * 1024, before[1]))
        answers = (user.save() for _ in range(400))
        self.assert_refused(next(answer for answer in answers if answer.status != 200), 503, 'STORE_UNAVAILABLE')
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
        self.assertEqual(eventually(user.save, lambda answer: answer.status == 200).status, 200)
        self.assertEqual(len(user.keys()), 1)


class Kill(unittest.TestCase):
    USERS = 334  # each with three providers: about a thousand saves

    def test_every_acknowledged_key_survives_a_kill_in_the_middle_of_a_thousand_saves(self):
        scene = Scene(echo)
        self.addCleanup(scene.close)
        users = [scene.user() for _ in range(self.USERS)]
        saved = {}
        enough = threading.Event()
        threads = [threading.Thread(target=self.save_some, args=(scene, users[n::40], saved, enough))
                   for n in range(40)]
        for thread in threads:
            thread.start()
        self.assertTrue(enough.wait(settings.limit(60)))
        scene.server.kill()
        for thread in threads:
            thread.join()
        print(f'        {len(saved)} saves were acknowledged before the kill')
        self.assertGreaterEqual(len(saved), 300)
        self.assertLess(len(saved), self.USERS * 3, 'the kill must hit work in progress')
        scene.server.restart()
        self.assert_all_readable(scene, saved)

    @staticmethod
    def save_some(scene, users, saved, enough):
        try:
            with scene.server.wire() as wire:
                for user in users:
                    for provider in ('googleai', 'openai', 'anthropic'):
                        key = f'sk-{user.uid}-{provider}-0123456789'
                        body = json.dumps({'apiKey': key, 'provider': provider}).encode()
                        wire.send(request_bytes('POST', '/api/key', [
                            user.bearer, ('Content-Type', 'application/json')], body))
                        if wire.answer().status == 200:
                            saved[user, provider] = key
                        if len(saved) >= 300:
                            enough.set()
        except (Ended, OSError):
            pass  # the kill

    def assert_all_readable(self, scene, saved):
        with scene.server.wire() as wire:
            for (user, provider), key in saved.items():
                wire.send(request_bytes('POST', '/api/ai/echo', [
                    user.bearer, ('Content-Type', 'application/json'), ('x-byot-provider', provider)], b'{}'))
                answer = wire.answer()
                self.assertEqual(answer.status, 200, answer)
                self.assertEqual(scene.upstream.seen[-1].head.get('x-byot-api-key'), key)
