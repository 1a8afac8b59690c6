"""Normal requests at a steady rate, whatever becomes of those before, run as a program (see children.py)."""
import asyncio
import json
import re
import sys

from .children import Child, obey
from .wire import request_bytes

LENGTH = re.compile(rb'\r\ncontent-length: *(\d+)', re.IGNORECASE)
LONGEST = 10.0  # seconds until a request counts as lost


class SteadyRequests:
    """The test's side of it: half ask the status of that user's keys, half a flow that answers at once."""

    def __init__(self, port, token):
        self._child = Child('steady_requests', port, token)

    def run(self, rate, seconds):
        """What became of them: how many were `good`, which `errors` there were; latency as `p50`, `p99`, `max` in
        milliseconds from the moment a request was due."""
        self.begin(rate, seconds)
        return self.finish(seconds)

    def begin(self, rate, seconds):
        self._child.begin('run', rate=rate, seconds=seconds)

    def finish(self, seconds):
        return self._child.finish(seconds + LONGEST + 10)

    def close(self):
        self._child.close()


def described(seen):
    """In words, for the one who reads the test's output."""
    return (f"{seen['good']} good, {len(seen['errors'])} errors, p50 {seen['p50']:.1f} ms, p99 {seen['p99']:.1f} ms, "
            f"longest {seen['max']:.1f} ms")


class Asker:
    def __init__(self, port, token):
        self.port, self.idle, self.errors, self.waits = port, [], [], []
        bearer = ('Authorization', f'Bearer {token}')
        self.requests = (request_bytes('GET', '/api/key/status', [bearer]),
                         request_bytes('POST', '/api/ai/echo', [bearer, ('Content-Type', 'application/json')],
                                       json.dumps({'data': 'hello'}).encode()))

    async def ask(self, number, due):
        try:
            async with asyncio.timeout(LONGEST):
                reader, writer = self.idle.pop() if self.idle else await self.connect()
                writer.write(self.requests[number % 2])
                head = await reader.readuntil(b'\r\n\r\n')
                await reader.readexactly(int(LENGTH.search(head)[1]))
        except Exception as error:  # whatever it is, a request failed
            self.errors.append(f'{type(error).__name__}: {error}')
            return
        self.waits.append((asyncio.get_running_loop().time() - due) * 1000)
        self.idle.append((reader, writer))
        if not head.startswith(b'HTTP/1.1 200 '):
            self.errors.append(head.split(b'\r\n')[0].decode())

    async def connect(self):
        return await asyncio.open_connection('127.0.0.1', self.port)

    async def run(self, rate, seconds):
        self.errors, self.waits = [], []
        loop = asyncio.get_running_loop()
        begun, under_way = loop.time(), []
        for number in range(int(rate * seconds)):
            due = begun + number / rate
            await asyncio.sleep(max(0, due - loop.time()))
            under_way.append(loop.create_task(self.ask(number, due)))
        await asyncio.gather(*under_way)
        waits = sorted(self.waits) or [0.0]
        return {'good': len(under_way) - len(self.errors), 'errors': self.errors, 'p50': waits[len(waits) // 2],
                'p99': waits[len(waits) * 99 // 100], 'max': waits[-1]}

    def close_idle(self):
        """So that the server's connections can be counted."""
        for _, writer in self.idle:
            writer.close()
        self.idle = []


async def main(port, token):
    asker = Asker(int(port), token)

    async def answer(what, **more):
        seen = await asker.run(**more)
        asker.close_idle()
        return seen
    await obey(answer)


if __name__ == '__main__':
    asyncio.run(main(*sys.argv[1:]))
