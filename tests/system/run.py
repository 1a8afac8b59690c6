#!/usr/bin/env python3
"""Runs the system tests, says each by name, and closes with the count.

    tests/system/run.py [--byot build/release/app/byot] [--only WORD] [--smoke] [--on-google] [--slower N] [FILE …]"""
import argparse
import pathlib
import signal
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from harness import settings  # noqa: E402

# What is run under the thread sanitizer: each way a request can take, with several reactors.
SMOKE = ('keys_test', 'identity_test', 'relay_unary_test', 'relay_stream_test', 'drain_test')

# What is not run on Google's emulators, and why.
NOT_ON_GOOGLE = {
    'commands_test': 'no server, or none that keeps keys',
    'core_image_test': 'what is asked about a key is scripted',
    'core_image_waiting_test': 'the same',
    'crash_test': 'of the process alone',
    'dev_test': 'byot dev embeds its own parts',
    'http1_test': 'decided before a store or an identity is asked',
    'google_tokens_test': 'the emulators take no tokens of a service',
    'memory_lock_test': 'of the process alone',
    'planted_leaks_test': 'the same; firestore_documents_test plants a document',
    'revocation_test': "a scripted Identity Toolkit; firebase_sessions_test asks the real emulator",
    'tampering_test': 'alters the SQLite file',
}
# What a sanitizer does not let be seen, and why: a file here is run with the release binary alone.
NOT_SANITIZED = {
    'core_image_test': 'it keeps what is freed, and its shadow is too large for an image',
    'core_image_waiting_test': 'the same',
    'crash_test': 'it catches signals',
    'memory_lock_test': 'it locks nothing',
    'planted_leaks_test': 'images again',
}
# What needs Google's emulators, and brings them itself.
ONLY_ON_GOOGLE = ('firestore_', 'firebase_')


class Spoken(unittest.TestResult):
    """Prints each test as a sentence, and a failure's reason beneath it."""

    def __init__(self):
        super().__init__()
        self.passed, self.refused = 0, []

    def startTest(self, test):
        super().startTest(test)
        self.begun = time.monotonic()

    def addSuccess(self, test):
        self.passed += 1
        print(f'  good  {sentence(test)} ({time.monotonic() - self.begun:.2f} s)', flush=True)

    def addFailure(self, test, error):
        self.refuse(test, error)

    def addError(self, test, error):
        self.refuse(test, error)

    def addSkip(self, test, reason):  # a test that did not run is no success
        self.refuse(test, None, f'did not run: {reason}')

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.refuse(subtest, error)

    def refuse(self, test, error, text=None):
        text = text or self._exc_info_to_string(error, test)
        self.refused.append(test)
        print(f'FAILED {sentence(test)}', flush=True)
        for line in text.rstrip().splitlines()[-40:]:
            print(f'        {line}', flush=True)

    def _is_relevant_tb_level(self, tb):
        return '__unittest' in tb.tb_frame.f_globals


def sentence(test):
    if not isinstance(test, unittest.TestCase):
        return str(test)
    words = test.id().split('.')
    about = f' {test._subDescription()}' if hasattr(test, '_subDescription') else ''
    method = getattr(test, 'test_case', test)._testMethodName
    return f"{words[0]}: {method.removeprefix('test_').replace('_', ' ')}{about}"


def each(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from each(test)
        else:
            yield test


def files_to_run(options):
    """Each file is run embedded or on Google; most are run on both."""
    if options.smoke:
        return SMOKE
    names = sorted(file.stem for file in HERE.glob('*_test.py'))
    if is_sanitized(settings.byot):
        names = [name for name in names if name not in NOT_SANITIZED]
    if options.on_google:
        return [name for name in names if name not in NOT_ON_GOOGLE]
    return [name for name in names if not name.startswith(ONLY_ON_GOOGLE)]


def is_sanitized(program):
    return any(f'__{kind}_init'.encode() in program.read_bytes() for kind in ('asan', 'tsan'))


def is_for_this(test):
    method = getattr(test, test._testMethodName, None)
    is_embedded_only = any(getattr(marked, 'is_embedded_only', False) for marked in (test, method))
    return not (settings.on_google and is_embedded_only)


def main():
    reader = argparse.ArgumentParser()
    reader.add_argument('--byot', type=pathlib.Path, default=settings.byot)
    reader.add_argument('--only', help='tests whose name contains this')
    reader.add_argument('--smoke', action='store_true')
    reader.add_argument('--on-google', action='store_true', help='with the emulators of Firestore and Firebase')
    reader.add_argument('--slower', type=float, default=1.0, help='stretches every time limit')
    reader.add_argument('files', nargs='*', help='test files; all of them otherwise')
    options = reader.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the emulators end with us
    settings.byot, settings.slower = options.byot.resolve(), options.slower
    settings.on_google = options.on_google
    if not settings.byot.exists():
        print(f'FAILED there is no {settings.byot}\n0 passed, 1 failed')
        return 1

    names = [pathlib.Path(file).stem for file in options.files] or files_to_run(options)
    suite = unittest.TestLoader().loadTestsFromNames(names)
    word = (options.only or '').replace(' ', '_')
    suite = unittest.TestLoader().suiteClass(test for test in each(suite) if word in test.id() and is_for_this(test))
    result = Spoken()
    begun = time.monotonic()
    suite.run(result)
    print(f'in {time.monotonic() - begun:.1f} s')
    print(f'{result.passed} passed, {len(result.refused)} failed')
    return 1 if result.refused or not result.passed else 0


if __name__ == '__main__':
    sys.exit(main())
