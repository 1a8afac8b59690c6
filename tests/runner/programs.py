"""Unit test programs and the system tests, as a preset builds them."""
from tally import Tally, of_boost_junit, of_output
from workshop import BUILD, CPUS, LOGS, ROOT, build, run, side_by_side

# The google room again, against the real Firestore emulator.
EMULATED_ROOM = 'firestore'
# Rooms whose tests run several reactors or threads.
THREADED_ROOMS = ('net', 'vault', 'auth', 'google', 'relay')
# System test files at a time: each waits for most of its time.
JOBS = CPUS + 2


def rooms():
    return sorted({file.parent.name for file in ROOT.glob('tests/*/*_test.cpp')} - {EMULATED_ROOM})


def threaded_rooms():
    return [room for room in THREADED_ROOMS if room in rooms()]


def programs_of(these):
    return tuple(f'{room}_test' for room in these)


def unit_tests(preset, these, env=None):
    """Every case of the rooms' test programs, built by that preset."""
    tally = Tally()
    if not build(preset, *programs_of(these)):
        tally.fail(f'{preset}: not every test program was built')  # what is there may be an older one
    for of_room in side_by_side(lambda room: room_tests(preset, room, env), these):
        tally.add(of_room)
    if not these:
        tally.fail(f'{preset}: there are no unit tests')
    return tally


def room_tests(preset, room, env):
    tally = Tally()
    name = f'{preset}/{room}'
    program = BUILD / preset / 'tests' / f'{room}_test'
    if not program.exists():
        tally.fail(f'{name} was not built')
        return tally
    report = LOGS / f'{preset}-{room}.xml'
    report.unlink(missing_ok=True)
    ended = run(name, [program, f'--logger=HRF,error,stdout:JUNIT,error,{report}', '--report_level=short'], 600, env)
    return of_boost_junit(report, name, ended.exit_code)


def system_tests(preset, *options, env=None):
    """tests/system against real processes of that preset's binary."""
    tally = Tally()
    if not build(preset, 'byot'):
        tally.fail(f'system tests did not run: {preset}/app/byot was not built')
        return tally
    name = f"system-{preset}{''.join(option for option in options if option == '--on-google')}"
    ended = run(name, ['python3', '-B', ROOT / 'tests/system/run.py', '--byot', BUILD / preset / 'app/byot',
                       '--jobs', JOBS, *options], 1200, env)
    return of_output(ended.text(), name, ended.exit_code)
