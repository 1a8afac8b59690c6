"""The image that is deployed."""
import os
import pathlib
import re

from emulated import with_emulator
from tally import Tally, of_output
from workshop import BUILD, ROOT, build, run, say


def image():
    """Made of the release build, and started as Cloud Run does; and the machine that container/compose.yaml describes."""
    tally = Tally()
    if os.geteuid() != 0:
        tally.fail('the image was not tested: buildah and a root folder of its own take root')
        return tally
    if not build('release', 'byot', 'byot-static'):
        tally.fail('the image was not tested: release/container/byot-static was not built')
        return tally
    files = ['image_running_test', 'compose_test']
    if is_base():
        files.insert(0, 'image_test')
    else:
        tally.did_not_run.append('image_test: size, digest and bill are those of the Debian that the Dockerfile builds on')
    tally.add(system_files('image', *files))
    return tally.add(with_emulator(machine)())


def is_base():
    """Whether this machine is of the release that the Dockerfile builds on: others' libraries make another image."""
    release = re.search(r'^VERSION_ID="?(\d+)', pathlib.Path('/etc/os-release').read_text(), re.M)
    base = re.search(r'^ARG BASE=.*debian:(\d+)', (ROOT / 'container/Dockerfile').read_text(), re.M)
    return bool(release and base and release[1] == base[1])


def machine():
    """All that container/compose.yaml describes."""
    return system_files('compose', 'compose_running_test')


def system_files(name, *files):
    ended = run(name, ['python3', '-B', ROOT / 'tests/system/run.py', '--byot', BUILD / 'release/app/byot', *files], 900)
    say(''.join(f'    {line}\n' for line in ended.text().splitlines() if line.startswith('image: ')))
    return of_output(ended.text(), name, ended.exit_code)


def image_from_scratch():
    """The whole Dockerfile, with a base that is made where none can be pulled: once, as it takes minutes."""
    tally = Tally()
    ended = run('image-from-scratch', [ROOT / 'container/build', '--into', BUILD / 'image-from-scratch', '--tag',
                                       'localhost/byot:from-scratch'], 3600)
    digest = ended.text().splitlines()[-1] if ended.is_good else ''
    say(f'    {digest}')
    tally.check(re.fullmatch('sha256:[0-9a-f]{64}', digest), 'container/build makes the image from nothing')
    return tally
