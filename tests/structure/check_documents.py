#!/usr/bin/env python3
"""Fails on a document that speaks of what is not there: a link to no file, a source or a test that is named and does not exist, a
citation of a text that is not in the repository.

    check_documents.py [ROOT]      checks itself, then every Markdown file and comment of ROOT (default: this checkout)
    check_documents.py --self-test plants breaches in a temporary tree and expects to see each
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

LINK = re.compile(r'\[[^\]\n]*\]\(([^)\s#]+)(?:#[^)]*)?\)')
NAMED = re.compile(r'`([\w./-]+\.(?:cpp|hpp|py|mjs|json|tf|md|dict))`')
ABSENT_TEXT = re.compile(r'DESIGN(?:\.md)?,? §|\bDESIGN\b')
SOURCES = ('.cpp', '.hpp', '.py', '.mjs', '.js')


def files_of(root):
    """Those that are in the repository, or all where there is none."""
    listed = subprocess.run(['git', '-C', root, 'ls-files', '-co', '--exclude-standard'], capture_output=True, text=True, check=False)
    if listed.returncode:
        return [file for file in sorted(root.rglob('*')) if file.is_file()]
    return [root / name for name in listed.stdout.splitlines() if (root / name).is_file()]


def broken_links(document, text, root):
    for target in LINK.findall(text):
        if '://' not in target and not target.startswith('mailto:') and not (document.parent / target).exists():
            yield f'{document.relative_to(root)}: links to {target}, which is not there'


def absent_files(document, text, root, names):
    """A name is one of a file here, from the top, from the document's folder, from lib or tests, or by its last parts."""
    for name in sorted(set(NAMED.findall(text))):
        is_there = (document.parent / name).exists() or any(known == name or known.endswith('/' + name) for known in names)
        if not is_there:
            yield f'{document.relative_to(root)}: names {name}, which is not there'


def check(root):
    files = files_of(root)
    names = [str(file.relative_to(root)) for file in files]
    problems = []
    for file in files:
        if file.suffix == '.md':
            text = file.read_text(encoding='utf-8')
            problems += broken_links(file, text, root)
            if {'lib', 'app', 'tests'} & set(file.relative_to(root).parts[:1]):
                problems += absent_files(file, text, root, names)
        elif file.suffix not in SOURCES or file.name == pathlib.Path(__file__).name:
            continue
        else:
            text = file.read_text(encoding='utf-8', errors='replace')
        if ABSENT_TEXT.search(text):
            problems.append(f'{file.relative_to(root)}: cites a design that is not in the repository')
    return problems


def self_test():
    files = {
        'README.md': '[a](lib/README.md) [b](lib/none.md) [c](https://example.org/none.md)\n',
        'lib/README.md': '`core/json.hpp` and `json_test.cpp` and `core/gone.hpp`\n',
        'lib/core/json.hpp': '/// As DESIGN §1.2 has it.\n',
        'tests/core/json_test.cpp': '// designed\n',
    }
    expected = {'README.md: links to lib/none.md, which is not there', 'lib/README.md: names core/gone.hpp, which is not there',
                'lib/core/json.hpp: cites a design that is not in the repository'}
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding='utf-8')
        found = set(check(root))
    return [] if found == expected else [f'found {sorted(found)}, expected {sorted(expected)}']


def main(arguments):
    problems = self_test()
    if arguments != ['--self-test']:
        problems += check(pathlib.Path(arguments[0] if arguments else os.path.join(os.path.dirname(__file__), '../..')).resolve())
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
