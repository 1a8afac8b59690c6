"""What there is under terraform/, and a copy of it to work in: a run leaves nothing behind in the checkout."""
import atexit
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field

import tools

TIME_LIMIT = 300
RUN = re.compile(r'^  run "(.+)"\.\.\. (\w+)$', re.M)


def folders(root):
    """Every folder that Terraform can be run in: the root, the modules, their submodules and examples."""
    return sorted({file.parent for file in root.rglob('*.tf') if '.terraform' not in file.parts})


def modules(root):
    """Those that are modules of ours: not the root, not an example."""
    return [folder for folder in folders(root) if folder != root and folder.parent.name != 'examples']


def tests(folder):
    return sorted(folder.glob('tests/*.tftest.hcl'))


class Copy:
    """terraform/ in a folder of its own, gone at the end. `of` is what is copied: the checkout's, or another copy with
    what `init` has left in it."""

    def __init__(self, of=tools.TERRAFORM_FOLDER):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='byot-terraform-'))
        atexit.register(self.remove)
        self.root = self.place / 'terraform'
        left_out = shutil.ignore_patterns('.terraform', '.terraform.lock.hcl') if of == tools.TERRAFORM_FOLDER else None
        shutil.copytree(of, self.root, symlinks=True, ignore=left_out)
        self.configuration = self.place / 'terraform.tfrc'
        self.configuration.write_text(f'''disable_checkpoint = true
provider_installation {{
  filesystem_mirror {{
    path = "{tools.mirror()}"
  }}
}}
''')

    def remove(self):
        atexit.unregister(self.remove)
        shutil.rmtree(self.place, ignore_errors=True)

    def terraform(self, folder, *words):
        """Exit code and what was said."""
        ended = subprocess.run([tools.terraform(), *words, '-no-color'], cwd=folder, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=TIME_LIMIT,
                               env={**os.environ, 'TF_CLI_CONFIG_FILE': str(self.configuration),
                                    'TF_IN_AUTOMATION': '1', 'CHECKPOINT_DISABLE': '1'})
        return ended.returncode, ended.stdout

    def test(self, folder, *files):
        """`terraform test` of a folder that `init` was run in, all of its files or those named. In the root a file of
        tests is an environment's, with that environment's values."""
        if folder == self.root:
            return self.test_environments(folder, files or tests(folder))
        code, said = self.terraform(folder, 'test', *(f'-filter={file.relative_to(folder)}' for file in files))
        return Tested(code, said, dict(RUN.findall(said)))

    def test_environments(self, folder, files):
        whole = Tested(0, '')
        for file in files:
            values = f"environments/{file.name.removesuffix('.tftest.hcl')}.tfvars"
            code, said = self.terraform(folder, 'test', f'-var-file={values}', f'-filter={file.relative_to(folder)}')
            whole = Tested(whole.exit_code or code, whole.said + said, {**whole.runs, **dict(RUN.findall(said))})
        return whole


@dataclass
class Tested:
    exit_code: int
    said: str
    runs: dict = field(default_factory=dict)  # name of the run → pass, fail or skip
