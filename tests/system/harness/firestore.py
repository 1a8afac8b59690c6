"""The real Firestore emulator, as gcloud ships it, and what tests read and write in it past byot."""
import functools
import json
import os
import pathlib
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from .programs import Program, free_port
from .settings import ROOT

RULES = ROOT / 'terraform/firestore.rules'
PROGRAM = 'platform/cloud-firestore-emulator/cloud_firestore_emulator'


def has_gcloud():
    return shutil.which('gcloud') is not None


@functools.cache
def emulator_program():
    """Where the emulator is, or nothing where gcloud or this component of it is not installed."""
    if not has_gcloud():
        return None
    beside = pathlib.Path(shutil.which('gcloud')).resolve().parents[1] / PROGRAM
    if beside.exists():  # as in Google's archives and packages; asking gcloud itself takes seconds
        return beside
    root = subprocess.run(['gcloud', 'info', '--format=value(installation.sdk_root)'], capture_output=True, text=True,
                          timeout=60).stdout.strip()
    program = pathlib.Path(root) / PROGRAM
    return program if root and program.exists() else None


class Emulator:
    """Starts an emulator, or speaks to the one that FIRESTORE_EMULATOR_HOST names."""

    def __init__(self):
        self.host = os.environ.get('FIRESTORE_EMULATOR_HOST')
        self.program = None
        if not self.host:
            self._start()

    def _start(self):
        program = emulator_program()
        assert program, 'the Firestore emulator is not installed (gcloud components: cloud-firestore-emulator)'
        port = free_port()
        self.host = f'127.0.0.1:{port}'
        self.program = Program('firestore', [program, 'start', '--host=127.0.0.1', f'--port={port}',
                                             f'--rules={RULES}'], f'http://{self.host}/')
        # Its first call of each kind loads classes for seconds: not at the expense of a test's deadline.
        name = f'{documents_of("demo-warm")}/things/one'
        for _ in range(3):
            self.call('POST', f'{documents_of("demo-warm")}:commit', {'writes': [{'update': {'name': name}}]})
            self.call('POST', f'{documents_of("demo-warm")}:batchGet', {'documents': [name]})

    def stop(self):
        if self.program:
            self.program.stop()

    def call(self, method, path, body=None, token='owner'):
        """Status and JSON of a REST call below /v1/; without a token as nobody."""
        fields = {'Content-Type': 'application/json'}
        if token:
            fields['Authorization'] = f'Bearer {token}'
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f'http://{self.host}/v1/{path}', data, fields, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b'null')

    def documents(self, project, collection='byotUsers'):
        """Every document of a root collection, by id."""
        found, page = {}, ''
        while True:
            status, answer = self.call('GET', f'{documents_of(project)}/{collection}?pageSize=300&pageToken={page}')
            assert status == 200, answer
            for document in answer.get('documents', []):
                found[document['name'].rsplit('/', 1)[1]] = document
            page = answer.get('nextPageToken')
            if not page:
                return found

    def record(self, project, uid, provider='googleai'):
        """The fields of one stored key, or nothing."""
        status, document = self.call('GET', f'{documents_of(project)}/byotUsers/{urllib.parse.quote(uid)}')
        keys = document.get('fields', {}).get('keys', {}).get('mapValue', {}).get('fields', {}) if status == 200 else {}
        return keys.get(provider, {}).get('mapValue', {}).get('fields')


def documents_of(project):
    return f'projects/{project}/databases/(default)/documents'


@functools.cache
def emulator():
    """One for the whole run; tests are kept apart by their projects."""
    return Emulator()
