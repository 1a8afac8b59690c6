"""Waiting for what happens elsewhere: looked for again and again, until a deadline."""
import time

from .settings import limit


def eventually(value, is_so=bool, within=5):
    """The value once it is so, or what it was at the deadline."""
    deadline = time.monotonic() + limit(within)
    while not is_so(current := value()) and time.monotonic() < deadline:
        time.sleep(0.005)
    return current
