"""README's two commands, in README's order, on a machine that has nothing: what debootstrap's minbase makes of a folder,
with git, and a clone of what is committed here. Takes root, and no part in a run that names no parts."""
import os
import pathlib
import re
import signal
import subprocess
import time

from tally import Tally, of_output
from workshop import BUILD, ROOT, run, say

SUITES = {'debian12': 'bookworm', 'debian13': 'trixie'}
# Of the parts of a run: all that is not about sanitizers, fuzzing or Google.
PARTS = ('release', 'format', 'structure', 'reference', 'unit-clang', 'system', 'browser', 'unit-gcc', 'system-gcc',
         'public-asio')
# In a mount namespace of its own, so that nothing of it is left; $0 is the machine's folder.
INSIDE = '''set -e
mount --bind "$0" "$0" # a root that is a mount, as ip(8) wants it for namespaces
mount -t proc proc "$0/proc"
mount -t sysfs sys "$0/sys"
mount --rbind /dev "$0/dev"
cp /etc/resolv.conf "$0/etc/resolv.conf"
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root NODE_EXTRA_CA_CERTS=$2 PIP_CERT=$2 \\
    chroot "$0" sh -c "cd /srv/byot && exec $1"'''
# What this machine trusts beside Debian's own, a proxy's certificate say: its network is the bare one's too.
TRUSTED = pathlib.Path('/usr/local/share/ca-certificates')
TRUSTED_THERE = '/etc/ssl/certs/ca-certificates.crt'  # where ca-certificates puts all when it is installed


def bare(name):
    def part():
        tally = Tally()
        if os.geteuid() != 0:
            tally.fail(f'{name} did not run: making a machine takes root')
            return tally
        machine = BUILD / name
        if tally.check(make(name, machine), f'a bare {name} is made'):
            tally.check(answers(machine), f'app/dev builds and answers on a bare {name}')
            tally.add(test(name, machine))
        return tally
    return part


def make(name, machine):
    packages = ('debootstrap', 'util-linux')
    if not run(f'{name}-packages', ['apt-get', 'install', '-y', '-qq', *packages]).is_good:
        return False
    if machine.exists():
        run(f'{name}-remove', ['rm', '-rf', '--one-file-system', machine])
    return (run(f'{name}-debootstrap', ['debootstrap', '--variant=minbase', '--include=git', SUITES[name], machine],
                1200).is_good
            and run(f'{name}-trust', ['cp', '-rT', TRUSTED, machine / TRUSTED.relative_to('/')]).is_good
            and run(f'{name}-clone', ['git', 'clone', '-q', ROOT, machine / 'srv/byot']).is_good)


def command(machine, words):
    return ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', INSIDE, machine, words, TRUSTED_THERE]


def answers(machine):
    """app/dev, from nothing to an answer from the address that it prints, and its end by SIGTERM."""
    begun = time.monotonic()
    log = BUILD / 'test-logs' / f'{machine.name}-dev.log'
    with log.open('wb') as sink:
        server = subprocess.Popen(command(machine, 'app/dev --port 0'), stdout=subprocess.PIPE, stderr=sink,
                                  stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        for line in server.stdout:
            said = re.match(rb'byot listening on (http://\S+)', line)
            if not said:
                continue
            say(f'    app/dev listens after {time.monotonic() - begun:.0f} s')
            health = [machine / 'srv/byot/build/release/app/byot', 'health', said[1].decode()]
            answered = run(f'{machine.name}-health', ['chroot', machine, '/' + str(health[0].relative_to(machine)),
                                                      *health[1:]]).is_good
            server.send_signal(signal.SIGTERM)
            return answered and server.wait(30) == 0
        say(f'    app/dev ended with {server.wait()}: {log.read_text()[-3000:]}')
        return False
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        server.stdout.close()


def test(name, machine):
    ended = run(f'{name}-tests', command(machine, f'tests/run --only {" ".join(PARTS)}'), 7200)
    say(''.join(f'    {line}\n' for line in ended.text().splitlines() if re.match('==|FAILED|DID NOT RUN|in ', line)))
    return of_output(ended.text(), name, ended.exit_code)
