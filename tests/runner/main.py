"""Runs the parts one after the other, says what each took, and closes with the count of all."""
import argparse
import resource
import signal
import sys
import time
import traceback

from ahead import build_ahead
from parts import ON_DEMAND, PARTS
from tally import Tally
from workshop import end_all, say


def main():
    options = arguments()
    if options.list:
        say('\n'.join([*PARTS, *(f'{name} (only where it is named)' for name in ON_DEMAND)]))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what runs is ended with us
    begun = time.monotonic()
    whole = Tally()
    try:
        if not options.only:
            build_ahead()
        for name in options.only or PARTS:
            whole.add(run_part(name))
    finally:
        end_all()
    for reason in whole.did_not_run:
        say(f'DID NOT RUN: {reason}')
    for failure in whole.failures:
        say(f'FAILED {failure}')
    say(f'in {minutes(time.monotonic() - begun)}, of processors {minutes(processor_seconds())}')
    say(f'{whole.passed} passed, {whole.failed} failed')
    return 1 if whole.failed or not whole.passed else 0


def arguments():
    reader = argparse.ArgumentParser(prog='tests/run')
    reader.add_argument('--only', nargs='+', choices=[*PARTS, *ON_DEMAND], metavar='PART')
    reader.add_argument('--list', action='store_true')
    return reader.parse_args()


def run_part(name):
    begun = time.monotonic()
    say(f'== {name}')
    try:
        tally = {**PARTS, **ON_DEMAND}[name]()
    except Exception:  # a fault of the run itself must be counted, not end it
        traceback.print_exc()
        tally = Tally()
        tally.fail(f'part {name} broke')
    tally.did_not_run = [f'part {name}: {reason}' for reason in tally.did_not_run]
    for reason in tally.did_not_run:
        say(f'DID NOT RUN: {reason}')
    if tally.passed + tally.failed == 0 and not tally.did_not_run:
        tally.fail(f'part {name} ran nothing')
    verdict = f'{tally.failed} FAILED' if tally.failed else 'not all ran' if tally.did_not_run else 'all good'
    say(f'== {name}: {tally.passed} good, {verdict}, {minutes(time.monotonic() - begun)}')
    return tally


def processor_seconds():
    """Of all that was started and has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def minutes(seconds):
    return f'{int(seconds // 60)} min {seconds % 60:.1f} s'


if __name__ == '__main__':
    sys.exit(main())
