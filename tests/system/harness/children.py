"""Programs of the harness that run beside the test, so that thousands of connections do not wait for its interpreter's
lock. Test and program speak JSON, a line for each question and a line for each answer."""
import asyncio
import json
import pathlib
import resource
import select
import subprocess
import sys

from .settings import limit

SYSTEM = pathlib.Path(__file__).resolve().parent.parent


class Child:
    """`program` is a module of the harness; `words` are what it is started with."""

    def __init__(self, program, *words):
        self._process = subprocess.Popen([sys.executable, '-B', '-m', f'harness.{program}', *map(str, words)],
                                         cwd=SYSTEM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                         bufsize=1)

    def ask(self, what, within=30, **more):
        """The answer to one question."""
        self.begin(what, **more)
        return self.finish(within)

    def begin(self, what, **more):
        """Asks, and leaves the answer for `finish`."""
        self._process.stdin.write(json.dumps({'what': what, **more}) + '\n')

    def finish(self, within=30):
        out = self._process.stdout
        if not select.select([out], [], [], limit(within))[0]:
            raise AssertionError(f'{self._process.args[3]} gave no answer')
        line = out.readline()
        if not line:
            raise AssertionError(f'{self._process.args[3]} fell')
        return json.loads(line)

    def close(self):
        self._process.stdin.close()
        try:
            self._process.wait(limit(10))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


def raise_descriptor_limit():
    """As many descriptors as may be; how many that are."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


async def obey(answer):
    """The other end: `await answer(what, …)` for each question, until the test is gone."""
    raise_descriptor_limit()
    lines, loop = asyncio.StreamReader(), asyncio.get_running_loop()
    # asyncio says in a traceback when a connection is lost twice, to a reset and to us.
    loop.set_exception_handler(lambda *_: None)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        print(json.dumps(await answer(**json.loads(line))), flush=True)
