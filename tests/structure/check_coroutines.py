#!/usr/bin/env python3
"""Fails on statements with co_await that g++ 12 is known to miscompile without a warning (seen at run time: a
session that ended in an illegal instruction, a connection that was never given back).

    check_coroutines.py [ROOT]      checks itself, then ROOT/lib and ROOT/app (default: this checkout)

Refused: co_await in the condition of an if or a while, behind && or ||, in a ?:, and beside a braced temporary or
a lambda. The cure is always a local with a name. An await_suspend whose answer is dropped is refused too, under
every compiler: false says that nobody will resume the one who waits. One line a breach: FILE:LINE: WHY."""

import pathlib
import re
import sys

NOISE = re.compile(r'//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'')


def blank(text):
    """The text with comments and literals blanked out, every line where it was."""
    return NOISE.sub(lambda found: ' ' * len(found[0]), text)


def condition_after(text, begin):
    """What stands between the parenthesis at `begin` and the one that closes it."""
    depth = 0
    for at in range(begin, len(text)):
        depth += {'(': 1, ')': -1}.get(text[at], 0)
        if depth == 0:
            return text[begin:at]
    return text[begin:]


def breaches(text):
    """(offset, why) of each."""
    text = blank(text)
    for found in re.finditer(r'\b(if|while|switch)\s*(?:constexpr\s*)?\(', text):
        if 'co_await' in condition_after(text, found.end() - 1):
            yield found.start(), f'co_await in the condition of {found[1]}'
    for found in re.finditer(r'(?:&&|\|\|)\s*!?\s*co_await\b', text):
        yield found.start(), 'co_await behind && or ||'
    for found in re.finditer(r'(?:[;{}]|\bvoid\s*>?\s*\(|\(void\))\s*[\w.()\[\]*]*?(?:->|\.)await_suspend\s*\(', text):
        yield found.start(), 'an await_suspend whose answer is dropped'
    for found in re.finditer(r'\bco_await\b', text):
        rest = text[found.end():]
        statement = rest[:rest.index(';')] if ';' in rest else rest
        if re.search(r'[(,]\s*\{|\b[A-Za-z_]\w*\s*\{[^}]', statement):
            yield found.start(), 'co_await beside a braced temporary'
        if re.search(r'\[[&=\w, ]*\]\s*(?:\(|\{|mutable)', statement):
            yield found.start(), 'co_await beside a lambda'
        head = text[:found.start()]
        before = head[max(head.rfind(';'), head.rfind('{'), head.rfind('}')) + 1:]
        if re.search(r'[^?]\?[^?]', before + statement) and ':' in statement + before:
            yield found.start(), 'co_await in a ?:'


PLANTED = {
    'while (co_await next()) go();': 1,
    'if (!co_await sent) return;': 1,
    'const bool good = is_empty || co_await send();': 1,
    'if (a && !co_await b()) c();': 2,
    'x = co_await (c ? f() : g());': 1,
    'x = c ? co_await f() : 0;': 1,
    'co_await f({a, b});': 1,
    'co_await f(T{a});': 1,
    'co_await f([x] { return x; });': 1,
    '{ sending_.await_suspend(waiter); }': 1,
    'wipe(); inner->await_suspend(waiter);': 1,
    'void await_suspend(handle waiter) { (*inner).await_suspend(waiter); }': 1,
    'static_cast<void>(inner.await_suspend(waiter));': 1,
    'bool await_suspend(handle waiter) { return inner.await_suspend(waiter); }': 0,
    'const bool waits = inner.await_suspend(waiter);': 0,
    'bool connection::send_awaiter::await_suspend(handle waiter) noexcept {': 0,
    'if (c) co_await f();': 0,
    'const auto outcome = co_await peer.receive(); if (outcome != arrived) break;': 0,
    'while (waits) co_await all[i].wait();': 0,
    '// while (co_await next())\nconst auto text = "if (co_await x)";': 0,
}


def check_itself():
    for text, number in PLANTED.items():
        found = list(breaches(text))
        assert len(found) == number, (text, found)


def main():
    check_itself()
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2])
    number = 0
    for folder in ('lib', 'app'):
        for path in sorted((root / folder).rglob('*.?pp')):
            if 'node_modules' in path.parts:
                continue
            text = path.read_text(encoding='utf-8')
            for offset, why in breaches(text):
                number += 1
                print(f'{path.relative_to(root)}:{text.count(chr(10), 0, offset) + 1}: {why}')
    print('ok coroutines' if not number else f'not ok coroutines: {number} statements')
    return 1 if number else 0


if __name__ == '__main__':
    sys.exit(main())
