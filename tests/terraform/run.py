"""Every check of terraform/ that needs no cloud. Prints a line for each that fails and closes with the count.

    run.py                    all
    run.py --only WORD …      folders whose name holds a word, without what is checked of the whole
"""
import argparse
import json
import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import tools
from modules import Copy, folders, modules, tests

AT_A_TIME = len(os.sched_getaffinity(0))


class Count:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.lock = threading.Lock()

    def check(self, is_good, name, said=''):
        with self.lock:
            self.passed += bool(is_good)
            if not is_good:
                self.failed.append(name)
                print('\n'.join([f'FAILED {name}', *(f'    {line}' for line in said.splitlines())]), flush=True)
        return is_good


def check_folder(count, copy, folder):
    """init, validate, and each run block of its tests."""
    name = str(folder.relative_to(copy.place))
    code, said = copy.terraform(folder, 'init', '-backend=false')
    if code:
        return count.check(False, f'{name}: init', said)
    code, said = copy.terraform(folder, 'validate')
    count.check(code == 0 and 'Warning:' not in said, f'{name}: validate', said)
    if not tests(folder):
        return None
    tested = copy.test(folder)
    for run, verdict in tested.runs.items():
        count.check(verdict == 'pass', f'{name}: {run} ({verdict})', tested.said if verdict == 'fail' else '')
    if tested.exit_code and 'fail' not in tested.runs.values() or not tested.runs:
        count.check(False, f'{name}: test ended with {tested.exit_code}', tested.said)
    return None


def check_by_terraform(count, only):
    copy = Copy()
    chosen = [folder for folder in folders(copy.root)
              if not only or any(word in str(folder.relative_to(copy.place)) for word in only)]
    # The longest first.
    chosen.sort(key=lambda folder: sum(file.stat().st_size for file in tests(folder)), reverse=True)
    side_by_side(lambda folder: check_folder(count, copy, folder), chosen)
    if not only:
        check_format(count)
        check_mistakes(count, copy)


def check_mistakes(count, copy):
    import mistakes

    def one(mistake):
        why = mistakes.tried(mistake, copy)
        count.check(why is None, f"mistake not noticed: {mistake['says']}", why or '')

    side_by_side(one, mistakes.table())


MODULE_FILES = ('main.tf', 'variables.tf', 'outputs.tf', 'versions.tf', 'README.md')


def check_shape(count):
    """Each module has the same files, tests and examples, and each example is planned by one of the tests."""
    for module in modules(tools.TERRAFORM_FOLDER):
        name = module.relative_to(tools.ROOT)
        missing = [file for file in MODULE_FILES if not (module / file).is_file()]
        count.check(not missing, f"{name} has {', '.join(missing or MODULE_FILES)}")
        if not missing:
            count.check('required_version' in (module / 'versions.tf').read_text(), f'{name} says its required_version')
        text = '\n'.join(file.read_text() for file in tests(module))
        examples = sorted(folder for folder in module.glob('examples/*') if folder.is_dir())
        count.check(text and examples, f'{name} has tests and an example')
        for example in examples:
            # Terraform takes an import in a root alone, and a test's run is none: such an example is validated only.
            imports = re.search(r'^import {', (example / 'main.tf').read_text(), re.M)
            count.check(imports or f'"./examples/{example.name}"' in text,
                        f'{name}: a test plans examples/{example.name}')


def check_format(count):
    ended = said_by([tools.terraform(), 'fmt', '-check', '-diff', '-recursive', tools.TERRAFORM_FOLDER])
    count.check(ended.returncode == 0, 'terraform fmt changes nothing', ended.stdout)


def check_text(count):
    import docs
    import text_checks

    stale = docs.failures()
    count.check(not stale, "the READMEs' tables are what the HCL says", '\n'.join(stale))
    wrong = text_checks.failures()
    for check in text_checks.CHECKS:
        count.check(check.sentence not in wrong, check.sentence)


def check_tflint(count):
    ended = said_by([tools.tflint(), f'--config={tools.HERE}/tflint.hcl', '--recursive', '--format=compact'],
                    cwd=tools.TERRAFORM_FOLDER)
    count.check(ended.returncode == 0, 'tflint finds nothing', ended.stdout)


def check_checkov(count):
    """Each check that it has of our resources; an exception stands with its reason in the resource."""
    ended = said_by([*tools.checkov(), '--directory', tools.TERRAFORM_FOLDER, '--framework', 'terraform', '--output', 'json',
                     '--skip-download', '--quiet', '--compact'])
    try:
        answer = json.loads(ended.stdout)
    except json.JSONDecodeError:
        return count.check(False, 'checkov answers', ended.stdout[-3000:])
    for report in answer if isinstance(answer, list) else [answer]:
        if 'results' not in report:  # it found no resource to speak of
            continue
        for failed in report['results'].get('failed_checks', []):
            count.check(False, f"checkov {failed['check_id']} {failed['check_name']}: {failed['file_path']}"
                               f":{failed['file_line_range'][0]} {failed['resource']}")
        unread = report['results'].get('parsing_errors', [])
        count.check(not unread, 'checkov reads every file', '\n'.join(map(str, unread)))
        count.passed += report['summary']['passed']
    for file in sorted(tools.TERRAFORM_FOLDER.rglob('*.tf')):
        for skip in re.findall(r'checkov:skip=.*', file.read_text()):
            count.check(re.fullmatch(r'checkov:skip=CKV\w+: ?\S.{15,}', skip),
                        f'{file.relative_to(tools.ROOT)} gives a reason for its exception', skip)
    return None


def said_by(command, cwd=None):
    return subprocess.run([str(word) for word in command], cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE if 'json' in command else subprocess.STDOUT, text=True, timeout=600,
                          env={**os.environ, 'LOG_LEVEL': 'ERROR', 'CHECKPOINT_DISABLE': '1'})


def side_by_side(work, items):
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        list(pool.map(work, items))


def main():
    reader = argparse.ArgumentParser()
    reader.add_argument('--only', nargs='+', default=[], metavar='WORD')
    only = reader.parse_args().only
    count = Count()
    if tools.terraform():
        check_by_terraform(count, only)
    else:
        print('DID NOT RUN: terraform\'s own checks and tests, since there is no program `terraform` here (1.11 or newer)')
    if not only:
        check_shape(count)
        check_text(count)
        check_tflint(count)
        check_checkov(count)
    print(f'{count.passed} passed, {len(count.failed)} failed')
    return 1 if count.failed or not count.passed else 0


if __name__ == '__main__':
    sys.exit(main())
