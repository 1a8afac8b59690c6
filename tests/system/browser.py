#!/usr/bin/env python3
"""Runs console_test.mjs in a real browser against a `byot dev` of its own; says what that script says.

    tests/system/browser.py [--byot build/release/app/byot]"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from harness import settings  # noqa: E402
from harness.dev import start_dev  # noqa: E402

MODULES = settings.ROOT / 'build/browser/node_modules'
PLAYWRIGHT = '1.65.1'


def install():
    package = MODULES / 'playwright-core/package.json'
    if not (package.exists() and f'"version": "{PLAYWRIGHT}"' in package.read_text()):
        MODULES.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(['npm', 'install', '--prefix', MODULES.parent, '--no-save', '--no-package-lock', '--no-audit',
                        '--no-fund', '--loglevel=error', f'playwright-core@{PLAYWRIGHT}'], check=True, timeout=600,
                       stdout=subprocess.DEVNULL)


def main():
    reader = argparse.ArgumentParser()
    reader.add_argument('--byot', type=pathlib.Path, default=settings.byot)
    settings.byot = reader.parse_args().byot.resolve()
    install()
    server = start_dev(variables={'BYOT_RATE_PER_USER': 'off', 'BYOT_RATE_PER_IP': 'off'})
    try:
        ended = subprocess.run(['node', HERE / 'console_test.mjs'], timeout=600, env={
            **os.environ, 'BYOT_URL': f'http://127.0.0.1:{server.port}', 'BYOT_NODE_MODULES': str(MODULES)})
        server.stop()
        return ended.returncode
    finally:
        server.discard()
        shutil.rmtree(server.data, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main())
