#!/usr/bin/env python3
"""Runs the system tests, says each by name, and closes with the count.

    tests/system/run.py [--byot build/release/app/byot] [--only WORD] [--smoke] [--on-google] [--slower N] [--jobs N]
                        [FILE …]"""
import argparse
import os
import pathlib
import signal
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from harness import settings  # noqa: E402
from harness.side_by_side import run_side_by_side  # noqa: E402
from harness.spoken import Spoken  # noqa: E402

# Each way that a request can take, where all files would say no more.
SMOKE = ('keys_test', 'identity_test', 'relay_unary_test', 'relay_stream_test', 'drain_test')

# What is not run on Google's emulators, and why.
NOT_ON_GOOGLE = {
    'body_limits_test': 'decided before a store is asked',
    'commands_test': 'no server, or none that keeps keys',
    'core_image_test': 'what is asked about a key is scripted',
    'core_image_waiting_test': 'the same',
    'crash_test': 'of the process alone',
    'crowd_test': 'one user, whose key is in memory',
    'dev_test': 'byot dev embeds its own parts',
    'drain_states_test': 'each state is made with parts of its own',
    'flows_test': 'about what is behind byot, and nothing that is stored',
    'gateway_document_test': 'no server',
    'greedy_clients_test': 'about connections, and nothing that is stored',
    'http1_test': 'decided before a store or an identity is asked',
    'google_tokens_test': 'the emulators take no tokens of a service',
    'memory_lock_test': 'of the process alone',
    'openapi_gateway_test': 'no server',
    'planted_leaks_test': 'the same; firestore_documents_test plants a document',
    'rate_limits_test': 'decided before a store is asked',
    'restarts_test': 'a file is what a restart could lose',
    'sudden_end_test': 'of the process alone',
    'token_cost_test': "the emulator's tokens have no signature",
    'token_field_test': 'the same, and the emulator is refused where K_SERVICE is set',
    'revocation_test': "a scripted Identity Toolkit; firebase_sessions_test asks the real emulator",
    'slow_clients_test': 'about connections too',
    'smoke_test': 'it asks endpoints alone, whatever they stand on',
    'start_refusals_test': 'of files and the environment',
    'tampering_test': 'alters the SQLite file',
}
# What a sanitizer does not let be seen, and why: a file here is run with the release binary alone.
NOT_SANITIZED = {
    'core_image_test': 'it keeps what is freed, and its shadow is too large for an image',
    'core_image_waiting_test': 'the same',
    'crash_test': 'it catches signals',
    'crowd_test': 'its memory is not given back as ours is',
    'flows_test': 'its relay is, over a scripted upstream; the servers here are what takes the time',
    'memory_lock_test': 'it locks nothing',
    'openapi_gateway_test': 'the document is the same',
    'planted_leaks_test': 'images again',
}
# What needs Google's emulators, and brings them itself.
ONLY_ON_GOOGLE = ('firestore_', 'firebase_')
# What takes root and other tools, and is a part of its own (tests/runner/container.py).
APART = ('image_test', 'image_running_test', 'compose_test', 'compose_running_test')


# Those that take longest, so that none of them is left running alone.
BEGUN_FIRST = ('flows_test', 'crowd_test', 'rotation_test', 'google_tokens_test', 'firestore_outage_test',
               'relay_blocked_test', 'faults_memory_test', 'process_test', 'drain_test', 'genkit_test')


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
    names = sorted(file.stem for file in HERE.glob('*_test.py') if file.stem not in APART)
    if is_sanitized(settings.byot):
        names = [name for name in names if name not in NOT_SANITIZED]
    if options.on_google:
        return [name for name in names if name not in NOT_ON_GOOGLE]
    return [name for name in names if not name.startswith(ONLY_ON_GOOGLE)]


def is_sanitized(program):
    content = program.read_bytes()
    return b'__asan_init' in content or b'__tsan_init' in content


def is_for_this(test):
    method = getattr(test, test._testMethodName, None)
    is_embedded_only = any(getattr(marked, 'is_embedded_only', False) for marked in (test, method))
    is_release_only = getattr(test, 'is_release_only', False)
    return not (settings.on_google and is_embedded_only) and not (settings.is_sanitized and is_release_only)


def arguments():
    reader = argparse.ArgumentParser()
    reader.add_argument('--byot', type=pathlib.Path, default=settings.byot)
    reader.add_argument('--only', help='tests whose name contains this')
    reader.add_argument('--smoke', action='store_true')
    reader.add_argument('--on-google', action='store_true', help='with the emulators of Firestore and Firebase')
    reader.add_argument('--slower', type=float, default=1.0, help='stretches every time limit')
    reader.add_argument('--jobs', type=int, default=1, help='files at a time, each in a process of its own')
    reader.add_argument('files', nargs='*', help='test files; all of them otherwise')
    return reader.parse_args()


def run_here(names, word):
    suite = unittest.TestLoader().loadTestsFromNames(names)
    suite = unittest.TestLoader().suiteClass(test for test in each(suite) if word in test.id() and is_for_this(test))
    result = Spoken()
    suite.run(result)
    return result.passed, len(result.refused)


def run_apart(names, options):
    """The emulators are started once, here, and named to the files' processes as Google's libraries name them."""
    if options.on_google:
        from harness.auth_emulator import auth_emulator
        from harness.firestore import emulator
        os.environ['FIRESTORE_EMULATOR_HOST'] = emulator().host
        os.environ['FIREBASE_AUTH_EMULATOR_HOST'] = auth_emulator().host
    first = [name for name in BEGUN_FIRST if name in names]
    command = [sys.executable, '-B', __file__, '--byot', options.byot, '--slower', options.slower,
               *(['--on-google'] if options.on_google else []), *(['--only', options.only] if options.only else [])]
    return run_side_by_side(command, first + [name for name in names if name not in first], options.jobs)


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the emulators end with us
    settings.byot, settings.slower = options.byot.resolve(), options.slower
    settings.on_google = options.on_google
    settings.is_sanitized = settings.byot.exists() and is_sanitized(settings.byot)
    if not settings.byot.exists():
        print(f'FAILED there is no {settings.byot}\n0 passed, 1 failed')
        return 1

    names = [pathlib.Path(file).stem for file in options.files] or files_to_run(options)
    begun = time.monotonic()
    if options.jobs > 1:
        passed, failed = run_apart(names, options)
    else:
        passed, failed = run_here(names, (options.only or '').replace(' ', '_'))
    print(f'in {time.monotonic() - begun:.1f} s')
    print(f'{passed} passed, {failed} failed')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
