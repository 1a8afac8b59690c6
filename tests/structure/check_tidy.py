#!/usr/bin/env python3
"""Runs clang-tidy over each source of lib and app, with .clang-tidy's checks and without the precompiled header, so that each
source compiles with what it includes itself, and with it each header that its source includes first (what has no such source is
check_headers.py's). Prints what it finds and closes with the count.

    check_tidy.py BUILD_DIR [SOURCE …]   with the flags of BUILD_DIR/compile_commands.json, which names no precompiled header

The program is PyPI's: Debian's clang-tidy-19 looks at the headers of Boost and of the standard library too (7 to 13 s a source),
which it does no more since version 22 (2 s).
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLANG_TIDY = '23.1.4'

sys.path.insert(0, str(ROOT / 'tests/system'))
from harness.flows import environment_of_python  # noqa: E402


def program():
    folder = environment_of_python(f'clang-tidy-{CLANG_TIDY}', f'clang-tidy=={CLANG_TIDY}')
    # Not bin/clang-tidy: a script that names the folder in which it was installed, before that had its name.
    return next(folder.glob('lib/python*/site-packages/clang_tidy/data/bin/clang-tidy'))


def sources():
    """All but the one that only makes the precompiled header."""
    return sorted(file for folder in ('lib', 'app') for file in (ROOT / folder).rglob('*.cpp') if file.name != 'precompiled.cpp')


def findings(tidy, build, source):
    """What is found in it, and in the headers of lib and app that it includes."""
    ended = subprocess.run([tidy, '--quiet', '--warnings-as-errors=*', '-p', build, source], cwd=ROOT, capture_output=True,
                           text=True, check=False, timeout=600)
    return '' if ended.returncode == 0 else ended.stdout or ended.stderr


def main(arguments):
    build, *named = arguments
    files = [pathlib.Path(name).resolve() for name in named] or sources()
    tidy = program()
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        found = list(pool.map(lambda source: findings(tidy, build, source), files))
    shown = set()
    for text in found:
        if text not in shown:
            print(text)
        shown.add(text)
    wrong = sum(map(bool, found))
    print(f'{len(files) - wrong} passed, {wrong} failed')
    return 1 if wrong or not files else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
