"""A scene whose upstream is in the test's hands, byte by byte."""
import json
import select

from . import settings
from .raw_upstream import RawUpstream
from .scene import SceneTest
from .waiting import eventually
from .wire import request_bytes

ANSWER = (b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n'
          b'Connection: close\r\n\r\n{}')


class RawSceneTest(SceneTest):
    """Tests whose upstream is in their own hands, byte by byte."""

    @classmethod
    def make_upstream(cls):
        return RawUpstream()

    def head(self, user, *fields):
        return request_bytes('POST', '/api/ai/echo', [user.bearer, ('Content-Type', 'application/json'), *fields])

    def flow_lines(self, scene, about):
        """The access lines of flows that say `about`, once there is one."""
        def found():
            return [line for line in scene.server.log_lines()
                    if '/api/ai/' in json.dumps(line) and about in json.dumps(line)]
        return eventually(found)

    def ask_again(self, user):
        """The status of one more request of that user, which the upstream answers if it gets there."""
        with user.ask() as wire:
            upstream = user.scene.upstream
            ready, _, _ = select.select([upstream, wire.socket], [], [], settings.limit(10))
            if upstream in ready:
                taken = upstream.take()
                taken.head()
                taken.send(ANSWER)
            return wire.answer().status

    def assert_stream_is_counted_off(self, user):
        self.assertEqual(eventually(lambda: self.ask_again(user), lambda status: status == 200), 200)
