"""Five thousand idle streams and two thousand slow clients at once: nobody else notices, and when they have gone
nothing is left of them."""
import os
import pathlib

from harness.children import raise_descriptor_limit
from harness.scene import SceneTest
from harness.silent_upstream import SilentUpstream
from harness.slow_crowd import SlowCrowd
from harness.steady_requests import SteadyRequests, described
from harness.waiting import eventually

STREAMS, SLOW = 5000, 2000
RATE, SECONDS = 200, 10
DESCRIPTORS = 2 * STREAMS + 2 * SLOW + 500  # an idle stream and a deaf reader have two each
FOR_LONG = {f'BYOT_{name}_TIMEOUT': '300s' for name in ('HEADER', 'BODY', 'FIRST_BYTE', 'STREAM_IDLE')}


class Crowd(SceneTest):
    variables = {'BYOT_STREAMS_PER_USER': '10000', 'BYOT_LOG_LEVEL': 'info', **FOR_LONG}

    @classmethod
    def make_upstream(cls):
        if raise_descriptor_limit() < DESCRIPTORS:
            raise AssertionError(f'this test needs {DESCRIPTORS} descriptors')
        return SilentUpstream()

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(f'/proc/{self.server.process.pid}')

    def resident(self):
        """The server's memory in KiB."""
        status = (self.folder / 'status').read_text()
        return int(status.split('VmRSS:')[1].split()[0])

    def descriptors(self):
        return len(os.listdir(self.folder / 'fd'))

    def gather(self, crowd):
        """Everybody is there when the upstream has heard of every stream and every upload."""
        for kind in ('silent', 'idle'):
            crowd.gather(kind, STREAMS // 2)
        for kind in ('slow_head', 'slow_key', 'slow_upload', 'deaf'):
            crowd.gather(kind, SLOW // 4)
        through = {'silent': STREAMS // 2, 'idle': STREAMS // 2, 'upload': SLOW // 4, 'endless': SLOW // 4}
        self.assertTrue(eventually(lambda: all(self.upstream.requests(flow) == count
                                               for flow, count in through.items()), within=30))
        self.assertEqual(eventually(lambda: crowd.counts()['begun'], lambda begun: begun == STREAMS // 2),
                         STREAMS // 2)
        self.assert_all_are_there(crowd)

    def assert_all_are_there(self, crowd):
        seen = crowd.counts()
        self.assertEqual((seen['held'], seen['lost']), (STREAMS + SLOW, 0))

    def ask(self, steady, when):
        seen = steady.run(RATE, SECONDS)
        print(f'        {RATE} requests a second {when}: {described(seen)}')
        self.assertEqual((seen['good'], seen['errors'][:5]), (RATE * SECONDS, []))

    def test_a_crowd_disturbs_nobody_and_leaves_nothing(self):
        user = self.user().with_key()
        crowd, steady = SlowCrowd(self.server.port, user.token), SteadyRequests(self.server.port, user.token)
        self.addCleanup(crowd.close)
        self.addCleanup(steady.close)
        self.ask(steady, 'alone')
        self.assertEqual(eventually(lambda: self.upstream.counts()['connections'], lambda open: open == 0, 10), 0)
        memory, descriptors = self.resident(), self.descriptors()
        self.gather(crowd)
        print(f'        {self.resident()} KiB with the crowd, {memory} before')
        self.ask(steady, 'beside the crowd')
        self.assert_all_are_there(crowd)
        crowd.leave()
        self.assertEqual(eventually(self.descriptors, lambda count: count == descriptors, 15), descriptors)
        after = eventually(self.resident, lambda kib: kib <= memory * 1.1, 15)
        print(f'        {after} KiB after it: {after / memory:.3f} of what it was')
        self.assertLessEqual(after, memory * 1.1)
        self.assertEqual(self.upstream.counts()['connections'], 0)
        self.ask(steady, 'after it')
