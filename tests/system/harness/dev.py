"""byot dev: everything embedded, on a data folder of the test's own."""
import tempfile

from .server import Server


def start_dev(*words, data=None, variables=None):
    """A `byot dev` on a free port; `data` is kept by the caller when it is given."""
    data = data or tempfile.mkdtemp(prefix='byot-dev-')
    server = Server('dev', '--port', '0', '--data', data, *words, variables=variables)
    server.data = data
    return server
