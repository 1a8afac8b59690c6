"""What the admin port tells, for a scene that has one: `**admin()` among its variables."""
import re
import socket
import urllib.request


def admin():
    """A variable that gives a server an admin port of its own."""
    with socket.create_server(('127.0.0.1', 0)) as free:
        return {'BYOT_ADMIN_PORT': str(free.getsockname()[1])}


def read(variables):
    return urllib.request.urlopen(f"http://127.0.0.1:{variables['BYOT_ADMIN_PORT']}/metrics", timeout=5).read().decode()


def value(variables, name):
    """Of a sample: a metric, with its labels where it has some."""
    return float(re.search(rf'^{re.escape(name)} (\S+)$', read(variables), re.M)[1])
