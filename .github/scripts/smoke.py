#!/usr/bin/env python3
"""Signs a user of its own in and runs `byot smoke` as that user: smoke.py KEYS_URL [AI_URL].

SMOKE_ACCOUNT     the service account that signs the user's token; no key of it is stored anywhere
FIREBASE_API_KEY  the web API key of the Firebase project
SMOKE_OPTIONS     more options of `byot smoke`
BYOT_SMOKE_KEY    the provider key that is stored, asked with and removed; without one it is made up
"""
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

IDENTITY = os.environ.get('IDENTITY_URL', 'https://identitytoolkit.googleapis.com')
AUDIENCE = 'https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit'
USER = 'byot-smoke'
SECONDS = 600


def signed(account):
    """A custom token (RFC 7519) for the user."""
    now = int(time.time())
    claims = {'iss': account, 'sub': account, 'aud': AUDIENCE, 'iat': now, 'exp': now + SECONDS, 'uid': USER}
    with tempfile.TemporaryDirectory() as folder:
        source, made = pathlib.Path(folder, 'claims.json'), pathlib.Path(folder, 'token')
        source.write_text(json.dumps(claims))
        subprocess.run(['gcloud', 'iam', 'service-accounts', 'sign-jwt', source, made, f'--iam-account={account}', '--quiet'],
                       check=True, timeout=60)
        return made.read_text().strip()


def id_token(custom_token, api_key):
    request = urllib.request.Request(
        f'{IDENTITY}/v1/accounts:signInWithCustomToken',
        data=json.dumps({'token': custom_token, 'returnSecureToken': True}).encode(),
        headers={'Content-Type': 'application/json', 'x-goog-api-key': api_key})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)['idToken']


def main():
    keys, *ai = sys.argv[1:]
    try:
        token = id_token(signed(os.environ['SMOKE_ACCOUNT']), os.environ['FIREBASE_API_KEY'])
    except urllib.error.HTTPError as refused:
        sys.exit(f'the smoke test could not sign in: {refused.code} {refused.read(400).decode(errors="replace")}')
    # The user is there for this alone: a key that it has was left by a test that was killed.
    options = ['--replace', *(f'--ai-url={url}' for url in ai if url != keys), *shlex.split(os.environ.get('SMOKE_OPTIONS', ''))]
    os.environ['BYOT_SMOKE_TOKEN'] = token
    sys.stdout.flush()
    os.execvp('byot', ['byot', 'smoke', keys, *options])


if __name__ == '__main__':
    main()
