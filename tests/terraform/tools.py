"""The programs that the checks of terraform/ take, installed once into the user's cache: none of them is a Debian package."""
import functools
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TERRAFORM_FOLDER = ROOT / 'terraform'

sys.path.insert(0, str(ROOT / 'tests/system'))
from harness.flows import digest, environment_of_python, recent_go, run  # noqa: E402
from harness.programs import installed  # noqa: E402

SCHEMA_VERSION = '7.45.0'  # of the google-beta schema in provider/schema.json.gz
OLDEST_GO = (1, 26, 3)  # tflint's
TFLINT = 'v0.64.0'
CHECKOV = '3.3.30'
HCL2 = '8.1.4'


def go_environment(**more):
    return {**os.environ, 'CGO_ENABLED': '0', 'GOTOOLCHAIN': 'local', 'GOWORK': 'off', 'GOFLAGS': '-mod=readonly', **more}


@functools.cache
def terraform():
    """The machine's own, or nothing: no registry ships it as a program."""
    return shutil.which('terraform')


@functools.cache
def mirror():
    """A mirror that `terraform init` takes our schema-only provider from, under the names of Google's two."""
    source = HERE / 'provider'
    files = [source / name for name in ('main.go', 'go.mod', 'go.sum', 'schema.json.gz')]
    folder = installed(f'terraform-schema-{SCHEMA_VERSION}-{digest(*files)}', lambda fresh: build_provider(source, fresh))
    return folder / 'mirror'


def build_provider(source, folder):
    go = recent_go(OLDEST_GO)
    program = folder / 'provider'
    run(go, 'build', '-trimpath', '-buildvcs=false', '-ldflags=-s -w', '-o', program, '.', cwd=source,
        env=go_environment())
    platform = '_'.join(subprocess.run([go, 'env', 'GOOS', 'GOARCH'], capture_output=True, text=True,
                                       check=True).stdout.split())
    for name in ('google', 'google-beta'):
        place = folder / f'mirror/registry.terraform.io/hashicorp/{name}/{SCHEMA_VERSION}/{platform}'
        place.mkdir(parents=True)
        os.link(program, place / f'terraform-provider-{name}_v{SCHEMA_VERSION}')
    program.unlink()


@functools.cache
def tflint():
    def install(folder):
        run(recent_go(OLDEST_GO), 'install', f'github.com/terraform-linters/tflint@{TFLINT}',
            env=go_environment(GOBIN=str(folder), GOFLAGS='-mod=mod'))

    return installed(f'tflint-{TFLINT}', install) / 'tflint'


@functools.cache
def checkov():
    """The words to call it with. Its script in bin/ names the folder that the environment was made in."""
    folder = environment_of_python(f'checkov-{CHECKOV}', f'checkov=={CHECKOV}')
    return [folder / 'bin/python', '-m', 'checkov.main']


def take_hcl2():
    """Makes `import hcl2` work. Not from checkov's environment, whose own parser has the same name."""
    folder = environment_of_python(f'hcl2-{HCL2}', f'python-hcl2=={HCL2}')
    sys.path.insert(0, str(next(folder.glob('lib/python*/site-packages'))))
