"""Runs test files side by side, each in a process of its own, and tells what they told as each ends."""
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor, as_completed

CLOSING = re.compile(r'(?:^in [\d.]+ s\n)?^(\d+) passed, (\d+) failed\n\Z', re.M)


class Outcome:
    """What a file's process said before its count, and the count."""

    def __init__(self, name, exit_code, output):
        closing = CLOSING.search(output)
        self.passed, self.failed = map(int, closing.groups()) if closing else (0, 1)
        self.text = output[:closing.start()] if closing else f'{output}FAILED {name} ended with {exit_code} uncounted\n'


def run_side_by_side(command, names, jobs):
    """The counts of `command NAME` for each name, `jobs` at a time, begun in the order of the names."""
    running, passed, failed = set(), 0, 0

    def run_one(name):
        child = subprocess.Popen([*map(str, command), name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                 stdin=subprocess.DEVNULL, text=True, errors='replace')
        running.add(child)
        output, _ = child.communicate()
        running.discard(child)
        return Outcome(name, child.returncode, output)

    with ThreadPoolExecutor(jobs) as pool:
        try:
            for ended in as_completed([pool.submit(run_one, name) for name in names]):
                outcome = ended.result()
                print(outcome.text, end='', flush=True)
                passed, failed = passed + outcome.passed, failed + outcome.failed
        except BaseException:  # whoever ends this run ends its parts
            pool.shutdown(wait=False, cancel_futures=True)
            for child in list(running):
                child.terminate()
            raise
    return passed, failed
