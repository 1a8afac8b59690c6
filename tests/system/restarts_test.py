"""A hundred restarts under load, in order and not: no stream ends as if it were whole, and no save that was
acknowledged is gone.

A SIGKILL is a process's death and no power cut: what COMMIT gave the kernel is there afterwards. Against a power cut
stands synchronous=FULL, by which a COMMIT returns after fsync (sqlite.org/pragma.html#pragma_synchronous)."""
import random
import signal
import socket
import time

from harness import settings
from harness.scene import Scene, SceneTest
from harness.visitors import Visitors
from harness.waiting import eventually

RESTARTS = 100
USERS = 4
DRAIN = 0.25
# In each ten restarts.
WAYS = ('one signal',) * 6 + ('signals until it ends',) * 2 + ('SIGKILL',) * 2


def tell_story(exchange):
    """A stream of up to half a second, so that some outlast the drain."""
    exchange.begin_stream()
    try:
        for number in range(random.randrange(25)):
            exchange.event(f'{{"message":{number}}}')
            time.sleep(0.02)
        exchange.event('{"result":1}')
        exchange.end_stream()
    except OSError:
        pass  # the relay left


class Restarts(SceneTest):
    @classmethod
    def setUpClass(cls):
        """The test has a scene of its own."""

    def setUp(self):
        reserved = socket.socket()  # bound and never listening: the port is nobody else's between two servers
        self.addCleanup(reserved.close)
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind(('127.0.0.1', 0))
        self.scene = Scene(tell_story, PORT=str(reserved.getsockname()[1]), BYOT_LOG_LEVEL='error',
                           BYOT_DRAIN_TIMEOUT=f'{round(DRAIN * 1000)}ms', BYOT_STREAMS_PER_USER='100')
        self.addCleanup(self.scene.close)
        self.server = self.scene.server

    def test_a_hundred_restarts_cut_no_stream_and_lose_no_save(self):
        users = [self.scene.user().with_key() for _ in range(USERS)]
        self.visitors = Visitors(self.server.address, users, '/api/ai/story')
        self.addCleanup(self.visitors.stop)
        seconds = [self.restart(WAYS[number % len(WAYS)]) for number in range(RESTARTS)]
        self.visitors.stop()
        self.tell(seconds)
        self.assertEqual(self.visitors.faults, [])
        self.assertLess(max(seconds), settings.limit(DRAIN + 2))
        for user in users:
            self.assertTrue(self.visitors.saves[user.uid].is_kept(user.keys()))

    def tell(self, seconds):
        counts = self.visitors.counts
        print(f'        {RESTARTS} restarts, from signal to exit {min(seconds) * 1000:.0f} to {max(seconds) * 1000:.0f} ms')
        print('        ' + ', '.join(f'{what} {counts[what]}' for what in sorted(counts)))
        print(f"        cut streams or lost saves: {counts['faults']}", flush=True)

    def restart(self, way):
        """Once there was work for this server; how long its end took."""
        before = self.work_done()
        self.assertTrue(eventually(lambda: self.work_done() - before >= 2 * USERS, within=20), 'no work is done')
        begun = time.monotonic()
        code = self.end(way)
        seconds = time.monotonic() - begun
        self.assertEqual(code, -signal.SIGKILL if way == 'SIGKILL' else 0, way)
        self.server.restart()
        return seconds

    def work_done(self):
        counts = self.visitors.counts
        return counts['saves acknowledged'] + counts['streams with result']

    def end(self, way):
        if way == 'SIGKILL':
            self.server.kill()
            return self.server.process.returncode
        self.server.terminate()
        while way == 'signals until it ends' and self.server.process.poll() is None:
            self.server.terminate()
            time.sleep(0.01)
        return self.server.wait()
