"""The parts that need Google's emulators."""
import os
import sys

from coverage import measured
from programs import EMULATED_ROOM, system_tests, unit_tests
from tally import Tally
from workshop import ROOT


def harness():
    """What the system tests stand on, for the parts that need its servers."""
    sys.path.insert(0, str(ROOT / 'tests/system'))
    from harness import firestore
    return firestore


def with_emulator(tests):
    """A part that needs the Firestore emulator, which only gcloud brings. Where it is missing nothing is counted,
    and the run says so in its end too; with gcloud here, or in CI, that is a failure: a part that never runs
    anywhere proves nothing."""
    def part():
        if harness().emulator_program():
            return tests()
        tally = Tally()
        missing = 'the Firestore emulator is not installed (gcloud components install cloud-firestore-emulator)'
        tally.did_not_run.append(missing)
        if harness().has_gcloud() or os.environ.get('CI'):
            tally.fail(f'part {tests.__name__} did not run: {missing}')
        return tally
    return part


def firestore():
    """The contract of every key store and the client, on the real emulator, built by both compilers."""
    emulator = harness().Emulator()
    on_emulator = {'FIRESTORE_EMULATOR_HOST': emulator.host}
    try:
        tally = measured('firestore', lambda env: unit_tests('asan', [EMULATED_ROOM], {**env, **on_emulator}))
        return tally.add(unit_tests('gcc-asan', [EMULATED_ROOM], on_emulator))
    finally:
        emulator.stop()


def google():
    """The main job with Firestore's and Firebase's emulators in place of the embedded parts, and what is
    Google's alone."""
    return system_tests('release', '--on-google')
