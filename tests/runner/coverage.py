"""How much of lib the parts under clang's address sanitizer run, from the profiles that they leave."""
import collections
import os
import re

from programs import rooms, system_tests, unit_tests
from tally import Tally
from workshop import BUILD, ROOT, run, say

PROFILES = BUILD / 'profiles'
LEAST_OF_LIB = 90  # per cent of lines
# Where a line that no test runs is a failure: what keeps keys, lets people in, and says where a message ends.
WHOLE = re.compile(r'(vault|auth)/|core/secret_json\.|http/(body_framing|check_head'
                   r'|request_head|response_head|head_cursor)\.')
_ran = set()


def measured(part, tests):
    """What `tests(env)` gives, its programs run so that they leave profiles; a process that is killed leaves none."""
    PROFILES.mkdir(parents=True, exist_ok=True)
    for old in PROFILES.glob(f'{part}-*.profraw'):
        old.unlink()
    _ran.add(part)
    return tests({'LLVM_PROFILE_FILE': str(PROFILES / f'{part}-%4m.profraw')})


def unit_clang():
    return measured('unit-clang', lambda env: unit_tests('asan', rooms(), env))


def system_asan():
    return measured('system-asan', lambda env: system_tests('asan', '--slower', '4', env=env))


def coverage():
    """Of what this run's parts did; alone, it runs those that need no emulator first."""
    tally = Tally()
    for name, part in (('unit-clang', unit_clang), ('system-asan', system_asan)):
        if name not in _ran:
            tally.add(part())
    lines = lines_of(export())
    if not tally.check(lines, 'the profiles can be read'):
        return tally
    print_table(lines)
    share = share_of(lines.values())
    tally.check(share >= LEAST_OF_LIB, f'{share:.1f} % of lib is run by tests, {LEAST_OF_LIB} % at least')
    missed = [f'lib/{file}:{line}' for file, counts in sorted(lines.items()) if WHOLE.match(file)
              for line, count in sorted(counts.items()) if not count]
    tally.check(not missed, f"every line of vault, auth and the framing is run by tests, but not {', '.join(missed)}")
    return tally


def export():
    """The count of each line, in lcov's format."""
    merged = PROFILES / 'merged.profdata'
    profiles = sorted(PROFILES.glob('*.profraw'))
    run('coverage-merge', ['llvm-profdata-19', 'merge', '-sparse', '-failure-mode=all', *profiles, '-o', merged])
    programs = [BUILD / 'asan/app/byot', *sorted((BUILD / 'asan/tests').glob('*_test'))]
    objects = [word for program in programs[1:] for word in ('-object', program)]
    return run('coverage-export', ['llvm-cov-19', 'export', '-format=lcov', f'-instr-profile={merged}',
                                   f'-compilation-dir={BUILD}/asan', programs[0], *objects]).text()


def lines_of(exported):
    """{file below lib: {line: times run}}"""
    lines = collections.defaultdict(collections.Counter)
    for key, value in re.findall(r'^(SF|DA):(.+)$', exported, re.M):
        if key == 'SF':
            file = os.path.relpath(value, ROOT / 'lib')
        elif not file.startswith('../'):
            line, count = map(int, value.split(',')[:2])
            lines[file][line] += count
    return lines


def share_of(counts):
    every = [count for of_file in counts for count in of_file.values()]
    return 100 * sum(map(bool, every)) / len(every)


def print_table(lines):
    by_room = collections.defaultdict(list)
    for file, counts in lines.items():
        by_room[file.split('/')[0]].append(counts)
    for room, counts in sorted(by_room.items()):
        say(f'    {room:<10} {share_of(counts):5.1f} % of {sum(map(len, counts))} lines')
    say(f'    {"lib":<10} {share_of(lines.values()):5.1f} % of {sum(map(len, lines.values()))} lines')
