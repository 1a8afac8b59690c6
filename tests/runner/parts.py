"""What a test run consists of, in the order it is run. A part that should run and cannot is a failure."""
import os
import re

from bare import SUITES, bare
from container import image, image_from_scratch
from coverage import coverage, system_asan, unit_clang
from emulated import firestore, google, with_emulator
from fuzzing import fuzzing
from programs import rooms, system_tests, threaded_rooms, unit_tests
from tally import Tally, of_output
from workshop import BUILD, ROOT, build, configure, run


def release():
    tally = Tally()
    tally.check(build('release', 'byot'), 'the release binary builds')
    return tally


def structure():
    tally = Tally()
    configure('asan')  # whose compile_commands.json they read
    for check in ('check_includes.py', 'check_coroutines.py', 'check_headers.py', 'check_documents.py'):
        script = ROOT / 'tests/structure' / check
        if not script.exists():
            tally.fail(f'tests/structure/{check} is missing')
            continue
        ended = run(f'structure-{check}', ['python3', '-B', script], 900)
        tally.add(of_output(ended.text(), check, ended.exit_code))
    return tally.add(of_this_run())


def of_this_run():
    """What the run itself stands on."""
    ended = run('workshop_test', ['python3', '-B', ROOT / 'tests/runner/workshop_test.py'])
    tally = Tally()
    tally.check(ended.is_good, 'no two commands run in a build folder at once')
    return tally


def tidy():
    """clang-tidy finds nothing in lib and app, each source of which compiles without the precompiled header too."""
    folder = BUILD / 'tidy'
    configured = run('configure-tidy', ['cmake', '--preset', 'asan', '-B', folder, '-DBYOT_PRECOMPILED_HEADERS=OFF'], 300)
    tally = Tally()
    if not tally.check(configured.is_good, 'a build without the precompiled header can be configured'):
        return tally
    ended = run('clang-tidy', ['python3', '-B', ROOT / 'tests/structure/check_tidy.py', folder], 1800)
    return tally.add(of_output(ended.text(), 'clang-tidy', ended.exit_code))


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


def browser():
    """The console and the docs reader in Chromium."""
    tally = Tally()
    if not build('release', 'byot'):
        tally.fail('the browser tests did not run: release/app/byot was not built')
        return tally
    ended = run('browser', ['python3', '-B', ROOT / 'tests/system/browser.py'], 900)
    return of_output(ended.text(), 'browser', ended.exit_code)


def public_asio():
    """The way over Asio's public interface, which versions of Boost take that nobody tested."""
    tally = unit_tests('public-asio', ('net', 'http'))
    return tally.add(system_tests('public-asio', '--smoke', '--slower', '4'))


def packages():
    """The npm packages' own tests (app/client, app/genkit), by node's runner."""
    tally = Tally()
    files = [file for file in sorted((ROOT / 'app').rglob('*_test.mjs')) if 'node_modules' not in file.parts]
    for file in files:
        name = str(file.relative_to(ROOT))
        ended = run(name, ['node', '--test', '--test-reporter=tap', file], 300)
        tally.add(of_output(ended.text(), name, ended.exit_code))
    return tally


def terraform():
    """What terraform/ holds, without a cloud."""
    ended = run('terraform', ['python3', '-B', ROOT / 'tests/terraform/run.py'], 1200)
    tally = of_output(ended.text(), 'terraform', ended.exit_code)
    tally.did_not_run += re.findall(r'^DID NOT RUN: (.+)$', ended.text(), re.M)
    if tally.did_not_run and os.environ.get('CI'):
        tally.fail(tally.did_not_run[0])
    return tally


def pipeline():
    """.github's workflows under their linters, its scripts against fakes."""
    ended = run('pipeline', ['python3', '-B', ROOT / 'tests/pipeline/run.py'], 1200)
    return of_output(ended.text(), 'pipeline', ended.exit_code)


PARTS = {
    'release': release,
    'format': layout,
    'structure': structure,
    'tidy': tidy,
    'reference': reference,
    'unit-clang': unit_clang,
    'system': lambda: system_tests('release'),
    'firestore': with_emulator(firestore),
    'google': with_emulator(google),
    'browser': browser,
    'terraform': terraform,
    'pipeline': pipeline,
    'image': image,
    'system-asan': system_asan,
    'coverage': coverage,
    'unit-gcc': lambda: unit_tests('gcc-asan', rooms()),
    # The unit tests never run a whole session: what g++ made of those coroutines shows only here.
    'system-gcc': lambda: system_tests('gcc-asan', '--smoke', '--slower', '6'),
    'public-asio': public_asio,
    'unit-tsan': lambda: unit_tests('tsan', threaded_rooms()),
    'system-tsan': lambda: system_tests('tsan', '--slower', '6'),
    'fuzz': fuzzing,
}
if any((ROOT / 'app' / package).is_dir() for package in ('client', 'genkit')):
    PARTS['packages'] = packages
# Only where they are named.
ON_DEMAND = {**{name: bare(name) for name in SUITES}, 'image-from-scratch': image_from_scratch}
