"""A log that cannot be written: its disk is full, its reader is gone, or does not read. The service goes on."""
import os

from harness.scene import SceneTest
from harness.server import Server
from harness.upstream import echo


class Log(SceneTest):
    handler = staticmethod(echo)

    def serve_with(self, log_file):
        """The scene's server once more, with its log there; answers many requests, and ends in order."""
        server = Server('serve', variables=self.scene.variables, log_file=log_file)
        self.addCleanup(server.discard)
        user = self.user()
        for _ in range(300):
            answer = server.request('GET', '/api/key/status', [user.bearer])
            self.assertEqual(answer.status, 200)
        server.terminate()
        self.assertEqual(server.wait(5), 0)

    def pipe(self):
        """Both ends."""
        reading, writing = os.pipe()
        self.addCleanup(os.close, writing)
        return reading, writing

    def test_a_full_disk_does_not_stop_it(self):
        self.serve_with('/dev/full')

    def test_a_reader_that_is_gone_does_not_stop_it(self):
        reading, writing = self.pipe()
        os.close(reading)
        self.serve_with(f'/proc/{os.getpid()}/fd/{writing}')

    def test_a_reader_that_does_not_read_stops_neither_it_nor_its_end(self):
        reading, writing = self.pipe()
        self.addCleanup(os.close, reading)
        self.serve_with(f'/proc/{os.getpid()}/fd/{writing}')
