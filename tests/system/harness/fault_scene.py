"""A scene whose server can be given the system's faults while it runs."""
import contextlib
import itertools
import os
import pathlib
import resource

from .faults import Faults
from .scene import SceneTest
from .waiting import eventually


class FaultSceneTest(SceneTest):
    """`faults` are the server's; each test begins without any."""

    prepare = staticmethod(lambda faults: None)  #: called with the faults before the server starts
    is_embedded_only = True  # nothing of Google's is in it
    is_release_only = True  # a sanitizer brings its own memory, and comes first

    @classmethod
    def setUpClass(cls):
        cls.faults = Faults()
        cls.addClassCleanup(cls.faults.close)
        cls.prepare(cls.faults)
        cls.variables = {**cls.faults.variables, **cls.variables}
        super().setUpClass()

    def setUp(self):
        self.faults.stop()
        self.addCleanup(self.faults.stop)
        super().setUp()

    @contextlib.contextmanager
    def no_descriptors(self):
        """The server can open nothing more meanwhile; what it has open stays."""
        pid = self.server.process.pid
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        taken = {int(name) for name in os.listdir(f'/proc/{pid}/fd')}
        lowest_free = next(number for number in itertools.count() if number not in taken)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (lowest_free, before[1]))
        try:
            yield
        finally:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, before)

    def open_descriptors(self):
        """The server's, without its connections to Firestore: more or fewer of them stay for the next request."""
        open_now = []
        for descriptor in pathlib.Path(f'/proc/{self.server.process.pid}/fd').iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed since
                open_now.append(os.readlink(descriptor))
        kept = sockets_to(self.scene.variables.get('FIRESTORE_EMULATOR_HOST'))
        return sum(name not in kept for name in open_now)

    def assert_no_descriptor_is_left(self, before):
        self.assertLessEqual(eventually(self.open_descriptors, lambda count: count <= before, 10), before)


def sockets_to(address):
    """As /proc names them: those connected to the address, "host:port"."""
    if not address:
        return set()
    port = f":{int(address.rpartition(':')[2]):04X}"
    tables = [pathlib.Path(f'/proc/net/{name}').read_text() for name in ('tcp', 'tcp6')]
    rows = [row.split() for table in tables for row in table.splitlines()[1:]]
    return {f'socket:[{row[9]}]' for row in rows if row[2].endswith(port)}  # remote address, inode (proc_pid_net(5))
