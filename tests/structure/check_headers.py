#!/usr/bin/env python3
"""Fails on a header under lib that does not compile alone, without the precompiled header. A header that its source includes
first is left to check_tidy.py, which compiles each source so.

    check_headers.py [BUILD_DIR [HEADER…]]  checks itself, then those headers, or all under lib, with the
                                            flags of BUILD_DIR/compile_commands.json (default: build/asan)
    check_headers.py --self-test            plants good and bad headers in a temporary tree
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

AT_ONCE = 2
# Flags of a command that speak of its own source, or of the precompiled header; with a value or without.
DROPPED_WITH_VALUE = {"-o", "-c", "-MF", "-MT", "-MQ", "-include", "-include-pch"}
DROPPED = {"-MD", "-MMD", "-Winvalid-pch", "-fpch-instantiate-templates", "-fno-pch-timestamp"}
LAUNCHERS = {"ccache", "sccache", "distcc"}


def words_of(entry):
    return list(entry["arguments"]) if "arguments" in entry else shlex.split(entry["command"])


def without_xclang(words):
    """Drops `-Xclang X` pairs whose X is about the precompiled header."""
    kept, at = [], 0
    while at < len(words):
        if words[at] != "-Xclang":
            kept.append(words[at])
            at += 1
            continue
        value = words[at + 1]
        about_pch = value in DROPPED | DROPPED_WITH_VALUE or "pch" in value
        kept += [] if about_pch else [words[at], value]
        at += 2
    return kept


def flags_of(entry):
    """Compiler and flags of a compile command, without its files and without the precompiled header."""
    words = without_xclang(words_of(entry))
    while pathlib.Path(words[0]).name in LAUNCHERS:
        words.pop(0)
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in DROPPED_WITH_VALUE:
            skip = True
        elif word not in DROPPED and "cmake_pch" not in word:
            kept.append(word)
    return kept


def room_of(path):
    parts = pathlib.PurePath(path).parts
    return parts[parts.index("lib") + 1] if "lib" in parts[:-2] else None


def flags_by_room(build):
    """The flags of one source of each room, and under None those of any, for rooms without a source."""
    flags = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        room = room_of(entry["file"])
        if room:
            flags.setdefault(room, (flags_of(entry), entry["directory"]))
            flags.setdefault(None, flags[room])
    return flags


def compile_alone(header, lib, flags):
    """The compiler's words when it refuses `header` as the only thing included, else None."""
    command, directory = flags.get(room_of(header), flags[None])
    source = f'#include "{header.relative_to(lib)}"\n'
    run = subprocess.run(
        command + ["-I", str(lib), "-fsyntax-only", "-x", "c++", "-"],
        input=source, capture_output=True, text=True, cwd=directory, check=False,
    )
    return f"{header.relative_to(lib.parent)}: does not compile alone\n{run.stderr}" if run.returncode else None


def check(build, lib, headers):
    flags = flags_by_room(build)
    if not flags:
        return [f"{build}/compile_commands.json names no source under lib"]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(lambda header: compile_alone(header, lib, flags), headers)
        return [answer for answer in answers if answer]


def is_first_in_its_source(header, lib):
    """Whether the source of its name includes it before anything else: to compile that source is to compile it alone."""
    source = header.with_suffix(".cpp")
    if not source.exists():
        return False
    first = re.search(r'^\s*#\s*include\s*[<"]([^>"]+)', source.read_text(encoding="utf-8"), re.M)
    return bool(first) and first.group(1) == str(header.relative_to(lib))


def all_headers(lib):
    """Those that no compilation of a source without the precompiled header (check_tidy.py's) proves already."""
    return sorted(p for p in lib.rglob("*.hpp") if p.name != "precompiled.hpp" and not is_first_in_its_source(p, lib))


def self_test():
    files = {
        "lib/core/good.hpp": "#pragma once\n#include <string>\nstd::string name();\n",
        "lib/core/leaning.hpp": "#pragma once\nstd::string name();\n",
        "lib/core/wrong.hpp": '#pragma once\n#include "core/missing.hpp"\n',
        "lib/core/good.cpp": '#include "core/good.hpp"\n',
        # Its source is compiled apart; and one whose source includes something before it, which may be what it lacks.
        "lib/core/proven.hpp": "#pragma once\nstd::string name();\n",
        "lib/core/proven.cpp": '#include "core/proven.hpp"\n#include <string>\n',
        "lib/core/hidden.hpp": "#pragma once\nstd::string name();\n",
        "lib/core/hidden.cpp": '#include <string>\n#include "core/hidden.hpp"\n',
        # What the precompiled header would hide: it names std::string for everybody.
        "build/cmake_pch.hxx": "#include <string>\n",
    }
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        compiler = os.environ.get("CXX", "c++")
        source = root / "lib/core/good.cpp"
        command = f"ccache {compiler} -std=c++20 -include {root}/build/cmake_pch.hxx -o x.o -c {source}"
        entry = {"directory": str(root), "file": str(source), "command": command}
        (root / "build/compile_commands.json").write_text(json.dumps([entry]), encoding="utf-8")
        found = check(root / "build", root / "lib", all_headers(root / "lib"))
        refused = [line.split(":")[0] for line in found]
        expected = ["lib/core/hidden.hpp", "lib/core/leaning.hpp", "lib/core/wrong.hpp"]
        return [] if refused == expected else [f"refused {refused}, expected {expected}"]


def main(arguments):
    root = pathlib.Path(__file__).resolve().parents[2]
    problems = self_test()
    if arguments != ["--self-test"]:
        build = pathlib.Path(arguments[0]).resolve() if arguments else root / "build/asan"
        headers = [pathlib.Path(name).resolve() for name in arguments[1:]] or all_headers(root / "lib")
        problems += check(build, root / "lib", headers)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
