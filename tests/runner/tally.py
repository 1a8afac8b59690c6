"""Counts of what passed and failed, and how they are read from each kind of test program."""
import re
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field


@dataclass
class Tally:
    passed: int = 0
    failed: int = 0
    failures: list = field(default_factory=list)  # a sentence each
    did_not_run: list = field(default_factory=list)  # why, for each part that could not

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.failures += other.failures
        self.did_not_run += other.did_not_run
        return self

    def check(self, is_good, name):
        """One check that is its own test."""
        self.passed += bool(is_good)
        if not is_good:
            self.fail(name)
        return is_good

    def fail(self, name):
        self.failed += 1
        self.failures.append(name)


def of_boost_junit(file, program, exit_code):
    """The cases of a Boost.Test JUNIT log; a program that ended badly without saying which case failed is
    one failure more."""
    tally = Tally()
    try:
        cases = list(xml.parse(file).getroot().iter('testcase'))
    except (OSError, xml.ParseError):
        tally.fail(f'{program} ended with {exit_code} before it reported its cases')
        return tally
    for case in cases:
        name = f"{program}: {case.get('name')}"
        if case.find('skipped') is not None:
            tally.fail(f'{name} (skipped)')
        else:
            tally.check(case.find('failure') is None and case.find('error') is None, name)
    if not cases:
        tally.fail(f'{program} ran no case')
    elif exit_code != 0 and not tally.failed:
        tally.fail(f'{program} ended with {exit_code}')
    return tally


CLOSING = re.compile(r'^(?:\w+: )?(\d+) passed, (\d+) failed(?:, \d+ skipped)?$', re.M)
TAP_PASS, TAP_FAIL = (re.compile(rf'^(?:#|ℹ) {word} (\d+)$', re.M) for word in ('pass', 'fail'))


def of_output(text, program, exit_code):
    """The closing line of our own runners or of node's, or else lines `ok …` and `not ok …`; a program that
    prints none of these is a single check."""
    closing = CLOSING.findall(text)
    node = TAP_PASS.findall(text), TAP_FAIL.findall(text)
    lines = re.findall(r'^(ok|not ok) ', text, re.M)
    tally = Tally()
    if closing:
        passed, failed = map(int, closing[-1])
    elif all(node):
        passed, failed = int(node[0][-1]), int(node[1][-1])
    elif lines:
        passed, failed = lines.count('ok'), lines.count('not ok')
    else:
        tally.check(exit_code == 0, f'{program} ended with {exit_code}')
        return tally
    tally.passed = passed
    for name in (failed_names(text) + ['one more'] * failed)[:failed]:
        tally.fail(f'{program}: {name}')
    if failed == 0 and exit_code != 0:
        tally.fail(f'{program} counted no failure and ended with {exit_code}')
    if passed + failed == 0:
        tally.fail(f'{program} ran no test')
    return tally


def failed_names(text):
    return re.findall(r'^\s*(?:FAILED|not ok(?: \d+ -)?) (.+)$', text, re.M)
