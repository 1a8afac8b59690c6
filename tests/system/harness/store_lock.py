"""The SQLite file in another process's hands: writes wait for it, and reads behind them."""
import select
import sqlite3

from . import settings
from .wire import request_bytes

SAVE = b'{"apiKey":"sk-test-0123456789abcd"}'


class StoreLock:
    """Holds the scene's file from the beginning to `release`."""

    def __init__(self, scene):
        self.scene = scene
        self._lock = sqlite3.connect(scene.database, isolation_level=None)
        self._lock.execute('BEGIN IMMEDIATE')

    def release(self):
        if self._lock.in_transaction:
            self._lock.execute('ROLLBACK')

    def close(self):
        self._lock.close()

    def save(self, user):
        """A connection whose save waits for the file."""
        wire = self.scene.server.wire()
        wire.send(request_bytes('POST', '/api/key', [user.bearer, ('Content-Type', 'application/json')], SAVE))
        self._wait_until_stuck(user)
        return wire

    def _wait_until_stuck(self, user):
        """Until a read gets no answer."""
        with self.scene.server.wire() as wire:
            for _ in range(1000):
                wire.send(request_bytes('GET', '/api/key/status', [user.bearer]))
                if not select.select([wire.socket], [], [], settings.limit(0.3))[0]:
                    return
                wire.answer()
        raise AssertionError('the store answers all the time')
