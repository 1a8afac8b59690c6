"""What .github holds: workflows that linters find nothing in, and scripts that are run against fakes. Prints a line for each
check that fails and closes with the count.

    run.py [WORD …]    the checks whose name holds a word, or all
"""
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GITHUB = ROOT / '.github'

sys.path.insert(0, str(ROOT / 'tests/system'))
from harness.flows import environment_of_python, recent_go, run  # noqa: E402
from harness.programs import installed  # noqa: E402

ACTIONLINT, OLDEST_GO = 'v1.7.12', (1, 24)
ZIZMOR = '1.32.0'


def workflows():
    return sorted((GITHUB / 'workflows').glob('*.yml'))


def said_by(words, environment=None):
    """Nothing when the command found nothing, or what it said."""
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=300, env=environment)
    return '' if ended.returncode == 0 else ended.stdout + ended.stderr or f'ended with {ended.returncode}'


def actionlint():
    """It has the scripts in the workflows read by shellcheck."""
    def install(folder):
        run(recent_go(OLDEST_GO), 'install', f'github.com/rhysd/actionlint/cmd/actionlint@{ACTIONLINT}',
            env={**os.environ, 'GOBIN': str(folder), 'GOFLAGS': '-mod=mod', 'GOTOOLCHAIN': 'local', 'CGO_ENABLED': '0'})

    return said_by([installed(f'actionlint-{ACTIONLINT}', install) / 'actionlint', '-shellcheck=shellcheck', *workflows()])


def zizmor():
    program = environment_of_python(f'zizmor-{ZIZMOR}', f'zizmor=={ZIZMOR}') / 'bin/zizmor'
    return said_by([program, '--offline', '--no-progress', '--persona=pedantic', GITHUB])


def shellcheck():
    scripts = [file for file in sorted((GITHUB / 'scripts').iterdir()) if file.read_text().startswith('#!/usr/bin/env bash')]
    return said_by(['shellcheck', *scripts]) if scripts else 'there are no scripts'


def actions_are_pinned():
    """By a commit, with the version that a person can read. A tag can be moved, and was (tj-actions/changed-files, 2025)."""
    good = re.compile(r'uses: (\./\.github/workflows/\w+\.yml|[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$')
    lines = [(file.name, line.strip()) for file in workflows() for line in file.read_text().splitlines() if 'uses:' in line]
    versions = {}
    for _, line in lines:
        versions.setdefault(line.partition('@')[0], set()).add(line)
    wrong = [f'{name}: {line}' for name, line in lines if not good.search(line)]
    wrong += [f'more than one version of {action}' for action, found in versions.items() if len(found) > 1]
    return '\n'.join(wrong) if lines else 'no workflow uses an action'


def jobs_are_bounded():
    """No rights but those that a job names, no event that strangers set off with our rights, an end to each job."""
    wrong = []
    for file in workflows():
        text = file.read_text()
        jobs = re.split(r'^  (?=[\w-]+:$)', text.partition('\njobs:\n')[2], flags=re.M)[1:]
        checks = {'permissions: {} at its top': re.search(r'^permissions: \{\}$', text, re.M),
                  'no pull_request_target, workflow_run or issue_comment': not re.search(
                      r'^  (pull_request_target|workflow_run|issue_comment):', text, re.M),
                  'credentials that do not stay in the checkout': text.count('actions/checkout@') == text.count(
                      'persist-credentials: false'),
                  'a time limit for each job': jobs and all('timeout-minutes:' in job or 'uses: ./' in job for job in jobs),
                  'permissions for each job': jobs and all('\n    permissions:\n' in job for job in jobs)}
        wrong += [f'{file.name} lacks {what}' for what, is_good in checks.items() if not is_good]
    return '\n'.join(wrong)


def a_fork_gets_no_credentials():
    """GitHub gives a fork's job no identity; nor is one asked for."""
    plan = (GITHUB / 'workflows/plan.yml').read_text()
    job, _, comment = plan.partition('\n  comment:\n')
    is_good = ('    if: github.event.pull_request.head.repo.full_name == github.repository' in job
               and 'pull-requests: write' not in job and 'id-token' not in comment)
    return '' if is_good else 'plan.yml plans for forks, or one job both plans and writes comments'


def terraform_tells_what_is_read():
    """Each output of Terraform that a workflow or a script reads is there."""
    def outputs(folder):
        return re.findall(r'^output "(\w+)"', (ROOT / folder / 'outputs.tf').read_text(), re.M)

    readers = [*workflows(), GITHUB / 'scripts/rollout.py']
    text = '\n'.join(file.read_text() for file in readers)
    of_root = set(re.findall(r"deployment\['(\w+)'\]", text)) | set(re.findall(r'DEPLOYMENT\)\.(\w+)', text))
    of_pipeline = set(re.findall(r"\.pipeline\.(\w+)|\['pipeline'\]\['(\w+)'\]", text))
    of_pipeline = {first or second for first, second in of_pipeline}
    accounts = set(re.findall(r'\.accounts\.(\w+)', text))
    known = re.findall(r'^    (\w+) += ', (ROOT / 'terraform/modules/pipeline/outputs.tf').read_text(), re.M)
    missing = [of_root - set(outputs('terraform')), of_pipeline - set(outputs('terraform/modules/pipeline')), accounts - set(known)]
    if not (of_root and of_pipeline and accounts):
        return 'nothing was found that is read'
    return '' if not any(missing) else f'no output of the root, of the pipeline, no account: {missing}'


CHECKS = [actionlint, zizmor, shellcheck, actions_are_pinned, jobs_are_bounded, a_fork_gets_no_credentials,
          terraform_tells_what_is_read]


def tests(words):
    """The counts of the scripts' own tests."""
    passed = failed = 0
    for file in sorted(HERE.glob('*_test.py')):
        if words and not any(word in file.name for word in words):
            continue
        ended = subprocess.run([sys.executable, '-B', file], capture_output=True, text=True, timeout=900)
        count = re.search(r'^(\d+) passed, (\d+) failed$', ended.stdout, re.M)
        if not count or ended.returncode:
            print(ended.stdout + ended.stderr)
        passed += int(count[1]) if count else 0
        failed += int(count[2]) if count else 1
    return passed, failed


def main():
    words = sys.argv[1:]
    passed, failed = tests(words)
    for check in CHECKS:
        name = check.__name__
        if words and not any(word in name for word in words):
            continue
        try:
            wrong = check()
        except (OSError, RuntimeError, subprocess.SubprocessError) as problem:
            wrong = f'it did not run: {problem}'
        passed += not wrong
        failed += bool(wrong)
        if wrong:
            print(f'FAILED {name}\n{wrong}', flush=True)
    print(f'{passed} passed, {failed} failed')
    return bool(failed)


if __name__ == '__main__':
    sys.exit(main())
