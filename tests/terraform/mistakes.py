"""Deliberate mistakes: each is made in a copy of terraform/, where the named test must turn red for it.

mistakes/*.toml is the table; a file there holds the mistakes of one module:

    [[mistake]]
    says   = "the keys service may read the ai secret"     # a sentence
    file   = "modules/service/main.tf"                     # under terraform/
    before = '''…'''                                       # text that stands there once
    after  = '''…'''
    folder = "modules/service"                             # where the test runs; left out for a check of the text
    test   = "tests/roles.tftest.hcl"
    run    = "each_account_reads_its_own_secret"           # the run block that must fail
    # or, in place of folder, test and run:
    text   = "modules/service: … has prevent_destroy"      # the sentence of text_checks.py that must fail

    mistakes.py [WORD …]    tries those whose sentence or file holds a word, or all
"""
import re
import sys
import tomllib

import text_checks
import tools
from modules import Copy

TABLES = tools.HERE / 'mistakes'


def table():
    return [mistake for file in sorted(TABLES.glob('*.toml')) for mistake in tomllib.loads(file.read_text())['mistake']]


def tried(mistake, initialised):
    """Nothing when the named test turns red, or else why that shows nothing. `initialised` is a Copy that `terraform
    init` was run in."""
    try:
        copy = Copy(initialised.root)
        try:
            return make(copy, mistake) or noticed(copy, mistake)
        finally:
            copy.remove()
    except KeyError as missing:
        return f'the table says no {missing}'


def make(copy, mistake):
    file = copy.root / mistake['file']
    if not file.is_file():
        return f"there is no {mistake['file']}"
    text = file.read_text()
    count = text.count(mistake['before'])
    if count != 1:
        return f"what it changes stands {count} times in {mistake['file']}"
    file.write_text(text.replace(mistake['before'], mistake['after']))
    return None


def noticed(copy, mistake):
    if 'text' in mistake:
        if mistake['text'] not in [check.sentence for check in text_checks.CHECKS]:
            return f"text_checks.py has no check {mistake['text']!r}"
        return None if mistake['text'] in text_checks.failures(copy.root) else 'the check of the text holds all the same'
    folder = copy.root / mistake['folder']
    keep_run(folder / mistake['test'], mistake['run'])
    tested = copy.test(folder, folder / mistake['test'])
    verdict = tested.runs.get(mistake['run'])
    if verdict == 'fail':
        return None
    if verdict is None:
        return f"{mistake['test']} did not get to run {mistake['run']!r}:\n{tested.said}"
    return f"run {mistake['run']!r} says {verdict}; of all runs: {tested.runs}"


def keep_run(file, name):
    """Leaves a test file this run alone: the others' time would be spent for nothing. One that reads another's output
    keeps them all."""
    text = file.read_text()
    runs = {found[1]: found[0] for found in re.finditer(r'^run "(\w+)" \{\n.*?^\}\n', text, re.M | re.S)}
    if name not in runs or re.search(r'\brun\.\w', runs[name]):
        return
    for other, block in runs.items():
        if other != name:
            text = text.replace(block, '')
    file.write_text(text)


def main():
    words = sys.argv[1:]
    chosen = [one for one in table() if not words or any(word in one['says'] + one['file'] for word in words)]
    initialised = Copy()
    for folder in sorted({one['folder'] for one in chosen if 'folder' in one}):
        code, said = initialised.terraform(initialised.root / folder, 'init', '-backend=false')
        if code:
            print(said)
            return 1
    wrong = 0
    for one in chosen:
        why = tried(one, initialised)
        wrong += bool(why)
        print(f"{'FAILED' if why else 'ok'} {one['says']}{': ' + why if why else ''}", flush=True)
    return 1 if wrong or not chosen else 0


if __name__ == '__main__':
    sys.exit(main())
