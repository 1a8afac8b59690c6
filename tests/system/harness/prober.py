"""A normal client beside a test: asks again and again over one connection, and forgives nothing."""
import threading
import time

from .wire import Ended, request_bytes


class Prober:
    """Use it with `with`; leaving fails if a request did. `scene` is whose server is asked."""

    PAUSE = 0.01  # seconds between requests: it shall be there, not be load

    def __init__(self, scene):
        self.server, self.bearer = scene.server, scene.user().bearer
        self.failures, self.waits = [], []
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, kind, *_):
        self._is_over.set()
        self._thread.join()
        waits = sorted(self.waits) or [0]
        print(f'        beside it: {len(self.waits)} requests, median {waits[len(waits) // 2] * 1000:.1f} ms, '
              f'longest {waits[-1] * 1000:.1f} ms')
        if kind is None:
            assert self.waits and not self.failures, self.failures[:3]

    def _run(self):
        try:
            with self.server.wire() as wire:
                while not self.waits or not self._is_over.wait(self.PAUSE):
                    begun = time.monotonic()
                    wire.send(request_bytes('GET', '/api/key/status', [self.bearer]))
                    answer = wire.answer()
                    self.waits.append(time.monotonic() - begun)
                    if answer.status != 200:
                        self.failures.append(repr(answer))
        except (Ended, OSError) as failure:
            self.failures.append(f'{type(failure).__name__}: {failure}')
