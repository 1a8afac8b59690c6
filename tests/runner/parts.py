"""What a test run consists of, in the order it is run. A part that should run and cannot is a failure."""
import os
import re
import sys

from tally import Tally, of_boost_junit, of_output
from workshop import BUILD, LOGS, ROOT, build, configure, run

FUZZ_SECONDS = int(os.environ.get('FUZZ_SECONDS', '10'))
# Rooms whose tests run several reactors or threads.
THREADED_ROOMS = ('net', 'vault', 'auth', 'google')
# The google room again, against the real Firestore emulator.
EMULATED_ROOM = 'firestore'


def rooms():
    return sorted({file.parent.name for file in ROOT.glob('tests/*/*_test.cpp')} - {EMULATED_ROOM})


def unit_tests(preset, these, limit=600, env=None):
    """Every case of the rooms' test programs, built by that preset."""
    tally = Tally()
    build(preset, *(f'{room}_test' for room in these))
    for room in these:
        name = f'{preset}/{room}'
        program = BUILD / preset / 'tests' / f'{room}_test'
        if not program.exists():
            tally.fail(f'{name} was not built')
            continue
        report = LOGS / f'{preset}-{room}.xml'
        report.unlink(missing_ok=True)
        ended = run(name, [program, f'--logger=HRF,error,stdout:JUNIT,error,{report}', '--report_level=short'],
                    limit, env)
        tally.add(of_boost_junit(report, name, ended.exit_code))
    if not these:
        tally.fail(f'{preset}: there are no unit tests')
    return tally


def release():
    tally = Tally()
    tally.check(build('release', 'byot'), 'the release binary builds')
    return tally


def structure():
    tally = Tally()
    configure('asan')  # whose compile_commands.json they read
    for check in ('check_includes.py', 'check_coroutines.py', 'check_headers.py'):
        script = ROOT / 'tests/structure' / check
        if not script.exists():
            tally.fail(f'tests/structure/{check} is missing')
            continue
        ended = run(f'structure-{check}', ['python3', '-B', script], 900)
        tally.add(of_output(ended.text(), check, ended.exit_code))
    return tally


def layout():
    """clang-format has nothing to change."""
    files = [file for folder in ('lib', 'app', 'tests', 'bench')
             for kind in ('cpp', 'hpp') for file in sorted((ROOT / folder).rglob(f'*.{kind}'))
             if 'node_modules' not in file.parts]
    ended = run('clang-format', ['clang-format-19', '--dry-run', '-Werror', *files])
    tally = Tally()
    tally.check(ended.is_good and files, 'clang-format-19 has nothing to change')
    return tally


def reference():
    """README's table of variables is the program's."""
    tally = Tally()
    byot = BUILD / 'release/app/byot'
    readme = ROOT / 'README.md'
    if not (build('release', 'byot') and readme.exists()):
        tally.fail('README.md was not compared: it, or the release binary, is missing')
        return tally
    table = run('config-reference', [byot, 'config-reference'])
    is_same = table.is_good and table.text().strip() and table.text().strip() in readme.read_text()
    tally.check(is_same, "README.md's table of variables is what `byot config-reference` prints")
    return tally


def fuzzing():
    tally = Tally()
    sources = sorted((ROOT / 'tests/fuzz').glob('*_fuzz.cpp'))
    if not sources:
        tally.fail('there are no fuzz targets in tests/fuzz')
    build('fuzz', *(source.stem for source in sources))
    for source in sources:
        tally.add(fuzz_target(source.stem))
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
    dictionary = [f'-dict={file}' for file in dictionaries_of(name) if file.exists()][:1]
    ended = run(name, [program, f'-max_total_time={FUZZ_SECONDS}', '-timeout=10', '-print_final_stats=1',
                       f'-artifact_prefix={LOGS}/{name}-', *dictionary, found,
                       *([seeds] if seeds.is_dir() else [])], FUZZ_SECONDS * 3 + 60)
    tally.check(ended.is_good, f'{name} finds nothing in {FUZZ_SECONDS} s')
    return tally


def dictionaries_of(name):
    """The words of the rooms whose headers a target includes."""
    source = (ROOT / 'tests/fuzz' / f'{name}.cpp').read_text()
    return [ROOT / 'tests/fuzz' / f'{room}.dict' for room in re.findall(r'^#include "([a-z]+)/', source, re.M)]


def system_tests(preset, *options, limit=900):
    """tests/system against real processes of that preset's binary."""
    tally = Tally()
    if not build(preset, 'byot'):
        tally.fail(f'system tests did not run: {preset}/app/byot was not built')
        return tally
    name = f"system-{preset}{''.join(option for option in options if option == '--on-google')}"
    ended = run(name, ['python3', '-B', ROOT / 'tests/system/run.py', '--byot', BUILD / preset / 'app/byot',
                       *options], limit)
    return of_output(ended.text(), name, ended.exit_code)


def browser():
    """The console and the docs reader in Chromium."""
    tally = Tally()
    if not build('release', 'byot'):
        tally.fail('the browser tests did not run: release/app/byot was not built')
        return tally
    ended = run('browser', ['python3', '-B', ROOT / 'tests/system/browser.py'], 900)
    return of_output(ended.text(), 'browser', ended.exit_code)


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
    tally = Tally()
    emulator = harness().Emulator()
    try:
        for preset in ('asan', 'gcc-asan'):
            tally.add(unit_tests(preset, [EMULATED_ROOM], env={'FIRESTORE_EMULATOR_HOST': emulator.host}))
    finally:
        emulator.stop()
    return tally


def google():
    """The main job with Firestore's and Firebase's emulators in place of the embedded parts, and what is
    Google's alone."""
    return system_tests('release', '--on-google', limit=1200)


def packages():
    """The npm packages' own tests (app/client, app/genkit), by node's runner."""
    tally = Tally()
    files = [file for file in sorted((ROOT / 'app').rglob('*_test.mjs')) if 'node_modules' not in file.parts]
    for file in files:
        name = str(file.relative_to(ROOT))
        ended = run(name, ['node', '--test', '--test-reporter=tap', file], 300)
        tally.add(of_output(ended.text(), name, ended.exit_code))
    return tally


PARTS = {
    'release': release,
    'format': layout,
    'structure': structure,
    'reference': reference,
    'unit-clang': lambda: unit_tests('asan', rooms()),
    'system': lambda: system_tests('release'),
    'firestore': with_emulator(firestore),
    'google': with_emulator(google),
    'browser': browser,
    'system-asan': lambda: system_tests('asan', '--slower', '4', limit=1200),
    'unit-gcc': lambda: unit_tests('gcc-asan', rooms()),
    # The unit tests never run a whole session: what g++ made of those coroutines shows only here.
    'system-gcc': lambda: system_tests('gcc-asan', '--smoke', '--slower', '6', limit=1200),
    'unit-tsan': lambda: unit_tests('tsan', [room for room in THREADED_ROOMS if room in rooms()]),
    'system-tsan': lambda: system_tests('tsan', '--smoke', '--slower', '6'),
    'fuzz': fuzzing,
}
if any((ROOT / 'app' / package).is_dir() for package in ('client', 'genkit')):
    PARTS['packages'] = packages
