"""The fuzz targets, some at a time."""
import os

from tally import Tally
from workshop import BUILD, CPUS, LOGS, ROOT, build, run, side_by_side

# For each target. A developer who waits gets less of it than what runs unattended.
FUZZ_SECONDS = int(os.environ.get('FUZZ_SECONDS') or (60 if os.environ.get('CI') else 10))
# Their time is the wall's: one more than there are processors takes a third off the part's and off each one's inputs.
AT_A_TIME = CPUS + 1


def targets():
    return tuple(sorted(file.stem for file in (ROOT / 'tests/fuzz').glob('*_fuzz.cpp')))


def fuzzing():
    tally = Tally()
    if not targets():
        tally.fail('there are no fuzz targets in tests/fuzz')
    build('fuzz', *targets())
    for of_target in side_by_side(fuzz_target, targets(), AT_A_TIME):
        tally.add(of_target)
    return tally


def fuzz_target(name):
    tally = Tally()
    program = BUILD / 'fuzz/tests/fuzz' / name
    if not program.exists():
        tally.fail(f'{name} was not built')
        return tally
    found = BUILD / 'fuzz/found' / name
    found.mkdir(parents=True, exist_ok=True)
    seeds = ROOT / 'tests/fuzz/seeds' / name.removesuffix('_fuzz')
    dictionary = BUILD / f"fuzz/tests/fuzz/corpus/{name.removesuffix('_fuzz')}.dict"  # made by CMake
    ended = run(name, [program, f'-max_total_time={FUZZ_SECONDS}', '-timeout=10', '-print_final_stats=1',
                       f'-artifact_prefix={LOGS}/{name}-', f'-dict={dictionary}', found,
                       *([seeds] if seeds.is_dir() else [])], FUZZ_SECONDS * 3 + 60)
    tally.check(ended.is_good, f'{name} finds nothing in {FUZZ_SECONDS} s')
    return tally
