#!/usr/bin/env python3
"""Runs console_test.mjs in a real browser against a `byot dev` of its own; says what that script says.

    tests/system/browser.py [--byot build/release/app/byot]"""
import argparse
import collections
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from harness import settings  # noqa: E402
from harness.dev import start_dev  # noqa: E402
from harness.provider import BROKEN, EXHAUSTED, GOOD, REFUSED, Provider, provider_variables  # noqa: E402

MODULES = settings.ROOT / 'build/browser/node_modules'
PLAYWRIGHT = '1.65.1'


def install():
    package = MODULES / 'playwright-core/package.json'
    if not (package.exists() and f'"version": "{PLAYWRIGHT}"' in package.read_text()):
        MODULES.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(['npm', 'install', '--prefix', MODULES.parent, '--no-save', '--no-package-lock', '--no-audit',
                        '--no-fund', '--loglevel=error', f'playwright-core@{PLAYWRIGHT}'], check=True, timeout=600,
                       stdout=subprocess.DEVNULL)


def answers_in_turn():
    """A provider that takes every key, but changes its mind about one that says so: taken, refused, used up, silent."""
    asked = collections.Counter()

    def says(question):
        if b'refused-key' in question.raw:
            return REFUSED['openai']
        if b'changing-key' not in question.raw:
            return GOOD
        key = question.head.get('authorization')
        asked[key] += 1
        return (GOOD, REFUSED['openai'], EXHAUSTED, BROKEN)[(asked[key] - 1) % 4]
    return says


def main():
    reader = argparse.ArgumentParser()
    reader.add_argument('--byot', type=pathlib.Path, default=settings.byot)
    settings.byot = reader.parse_args().byot.resolve()
    install()
    provider = Provider()
    provider.says = answers_in_turn()
    server = start_dev(variables={'BYOT_RATE_PER_USER': 'off', 'BYOT_RATE_PER_IP': 'off', 'BYOT_KEY_CHECK': 'on',
                                  **provider_variables(provider)})
    try:
        ended = subprocess.run(['node', HERE / 'console_test.mjs'], timeout=600, env={
            **os.environ, 'BYOT_URL': f'http://127.0.0.1:{server.port}', 'BYOT_NODE_MODULES': str(MODULES)})
        server.stop()
        return ended.returncode
    finally:
        server.discard()
        provider.close()
        shutil.rmtree(server.data, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main())
