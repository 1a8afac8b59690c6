#!/usr/bin/env python3
"""Fails on an #include between folders that the map of the house does not allow.

    check_includes.py [ROOT]      checks itself, then ROOT/lib and ROOT/app (default: this checkout)
    check_includes.py --self-test plants breaches in a temporary tree and expects to see each

One line a breach: FILE:LINE: FOLDER may not include "ROOM/FILE".
"""

import pathlib
import re
import sys
import tempfile

# What each room of lib may include; with a room comes what that room may include.
ARROWS = {
    "core": [],
    "config": ["core"],
    "telemetry": ["core"],
    "net": ["core", "telemetry"],
    "http": ["net"],
    "vault": ["core", "net"],
    "auth": ["http"],
    "google": ["vault", "http"],
    "providers": ["http"],
    "limits": ["core"],
    "relay": ["http", "vault"],
    "api": ["auth", "vault", "providers", "limits", "relay"],
}
# The composition root knows every part.
APP_MAY_INCLUDE = set(ARROWS)
# Libraries that stay in one room of lib: sockets are net's alone.
KEPT_IN = {"boost/asio": "net"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SUFFIXES = {".hpp", ".cpp", ".h", ".ipp"}


def reachable(room):
    """The rooms that files of `room` may include, itself among them."""
    seen, waiting = set(), [room]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += ARROWS[here]
    return seen


def sources(folder):
    return sorted(p for p in folder.rglob("*") if p.suffix in SUFFIXES and "node_modules" not in p.parts)


def includes(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if found := INCLUDE.match(line):
            yield number, found[1], found[2]


def quoted_breach(root, path, allowed, name):
    """What is wrong with `#include "name"`, or None."""
    if ".." in pathlib.PurePosixPath(name).parts:
        return f'"{name}" leaves its folder: name it from lib'
    room = name.split("/")[0]
    if "/" in name and room in ARROWS:
        return None if room in allowed else f'may not include "{name}"'
    if path.is_relative_to(root / "app") and is_of_app(root, path, name):
        return None
    return f'"{name}" is not of the form "room/file.hpp"'


def is_of_app(root, path, name):
    """A neighbour, or something of a folder of app, which the build may generate."""
    folder = name.split("/")[0]
    return (path.parent / name).exists() or ("/" in name and (root / "app" / folder).is_dir())


def kept_breach(room, name):
    for library, owner in KEPT_IN.items():
        if room and name.startswith(library) and room != owner:
            return f"may not include <{name}>: that stays in lib/{owner}"
    return None


def breaches_of(root, path, room, allowed):
    for number, kind, name in includes(path):
        wrong = quoted_breach(root, path, allowed, name) if kind == '"' else kept_breach(room, name)
        if wrong:
            folder = f"lib/{room}" if room else "app"
            yield f"{path.relative_to(root)}:{number}: {folder}: {wrong}"


def check(root):
    """All breaches below `root`, a line each."""
    found = []
    for folder in sorted(p for p in (root / "lib").iterdir() if p.is_dir()):
        if folder.name not in ARROWS:
            found.append(f"lib/{folder.name}: not a room of the table")
            continue
        allowed = reachable(folder.name)
        for path in sources(folder):
            found += breaches_of(root, path, folder.name, allowed)
    for path in sources(root / "app") if (root / "app").is_dir() else []:
        found += breaches_of(root, path, None, APP_MAY_INCLUDE)
    return found


GOOD = {
    "lib/core/a.hpp": "#include <string>\n",
    "lib/core/a.cpp": '#include "core/a.hpp"\n#include <fmt/format.h>\n',
    "lib/net/b.hpp": '#include "telemetry/log.hpp"\n#include <boost/asio/io_context.hpp>\n',
    "lib/api/c.cpp": '#include "core/a.hpp"\n#include "net/b.hpp"\n#include "http/d.hpp"\n',
    "lib/google/d.cpp": '#include "vault/key_store.hpp"\n// #include "api/c.hpp"\n',
    "app/byot/main.cpp": '#include "google/d.hpp"\n#include "api/c.hpp"\n#include "commands.hpp"\n#include "web/assets.hpp"\n',
    "app/web/page.html": "",
    "app/byot/commands.hpp": "",
}
BAD = {
    "lib/core/x.hpp": '#include "net/reactor.hpp"\n',
    "lib/telemetry/x.cpp": '#pragma once\n  #  include "config/configuration.hpp"\n',
    "lib/api/x.cpp": '#include "google/firestore.hpp"\n',
    "lib/http/x.hpp": '#include "vault/keyring.hpp"\n',
    "lib/vault/x.cpp": '#include "http/client.hpp"\n',
    "lib/limits/x.cpp": '#include "../net/reactor.hpp"\n',
    "lib/relay/x.cpp": '#include "auth/identity.hpp"\n',
    "lib/config/x.cpp": '#include "neighbour.hpp"\n',
    "lib/core/y.cpp": '#include "cellar/z.hpp"\n',
    "lib/auth/y.cpp": "#include <boost/asio/ip/tcp.hpp>\n",
    "app/byot/x.cpp": '#include "missing.hpp"\n',
    "lib/cellar/z.hpp": "\n",
}


def plant(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        plant(root, GOOD)
        if found := check(root):
            return [f"wrongly refused: {line}" for line in found]
        plant(root, BAD)
        found = check(root)
        missed = [name for name in BAD if not any(name.startswith(line.split(":")[0]) for line in found)]
        return [f"not seen: {name}" for name in missed] + (
            [] if len(found) == len(BAD) else [f"{len(found)} breaches for {len(BAD)} planted"]
        )


def main(arguments):
    if arguments == ["--self-test"]:
        problems = self_test()
    else:
        default = pathlib.Path(__file__).resolve().parents[2]
        root = pathlib.Path(arguments[0]).resolve() if arguments else default
        problems = self_test() + check(root)
    for line in problems:
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
