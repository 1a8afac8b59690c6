"""The gateway's document, in the form that others' readers take: OpenAPI 2.0 with its places filled."""
import itertools
import json
import pathlib
import subprocess
import tempfile
import unittest

from harness.flows import environment_of_python, run
from harness.programs import installed
from harness.server import run_byot
from harness.settings import limit

VALIDATOR = 'openapi-spec-validator==0.7.2'
# Reads documents on standard input, one a line, and prints what is wrong with each as a line of JSON.
READER = '''
import json, sys
from openapi_spec_validator import OpenAPIV2SpecValidator
for line in sys.stdin:
    print(json.dumps([error.message for error in OpenAPIV2SpecValidator(json.loads(line)).iter_errors()]))
'''
LINTER = '@stoplight/spectral-cli@6.16.3'
RULES = '''
extends: ["spectral:oas"]
rules:
  oas2-api-host: off # the gateway has a host of its own
  info-contact: off  # the operator's, whom byot does not know
'''
FORMS = [('--gateway', '--backend-auth', backend, '--user-auth', users, *deadline, *quota)
         for backend, users, deadline, quota in itertools.product(
             ('jwt', 'none'), ('firebase', 'none'), ((), ('--deadline', '1h')), ((), ('--quota', '600/m')))]


def document(*words):
    """As Terraform fills it, with `{path}` for what strict readers do not know."""
    ended = run_byot('openapi', *words)
    assert ended.returncode == 0, ended.stderr
    text = ended.stdout.replace('{path=**}', '{path}')
    for place, value in (('keys_url', 'https://keys.example.com'), ('ai_url', 'https://ai.example.com'),
                         ('project', 'demo-project')):
        text = text.replace('${' + place + '}', value)
    return json.loads(text)


def complaints(documents):
    python = environment_of_python('openapi-spec-validator-0.7.2', VALIDATOR) / 'bin/python'
    ended = subprocess.run([python, '-c', READER], input='\n'.join(map(json.dumps, documents)), text=True,
                           capture_output=True, timeout=limit(120))
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def lint(documents):
    """Spectral's findings: the file's number and the rule, a line each."""
    packages = installed(f'spectral-{LINTER.rpartition("@")[2]}', lambda folder: run(
        'npm', 'install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error', LINTER, cwd=folder))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / 'rules.yaml').write_text(RULES)
        for number, one in enumerate(documents):
            (folder / f'{number}.json').write_text(json.dumps(one))
        files = [f'{number}.json' for number in range(len(documents))]
        ended = subprocess.run([packages / 'node_modules/.bin/spectral', 'lint', '--ruleset', 'rules.yaml', '--format', 'json',
                                '--quiet', '--fail-severity', 'hint', *files], cwd=folder, text=True, capture_output=True,
                               timeout=limit(120))
        assert ended.returncode in (0, 1), ended.stderr
        return [f"{pathlib.Path(one['source']).name} {one['code']}: {one['message']}" for one in json.loads(ended.stdout)]


class Documents(unittest.TestCase):
    def test_a_linter_finds_nothing_in_any_form(self):
        self.assertEqual(lint([document(*words) for words in FORMS]), [])

    def test_the_linter_would_tell(self):
        broken = document('--gateway')
        del broken['securityDefinitions']['firebase']['scopes']
        broken['securityDefinitions']['firebase']['authorizationUrl'] = ''
        self.assertNotEqual(lint([broken]), [])

    def test_a_validator_finds_nothing_in_any_form(self):
        found = complaints([document(*words) for words in FORMS])
        self.assertEqual(len(found), len(FORMS))
        for words, told in zip(FORMS, found):
            with self.subTest(words=words):
                self.assertEqual(told, [])

    def test_the_validator_would_tell(self):
        broken = document('--gateway')
        del broken['paths']['/api/key']['post']['responses']
        twice = document('--gateway')
        twice['paths']['/']['get']['operationId'] = 'saveKey'
        for told in complaints([broken, twice]):
            self.assertNotEqual(told, [])

    def test_without_options_it_is_for_private_services_and_firebases_users(self):
        asked = ('--backend-auth', 'jwt', '--user-auth', 'firebase', '--deadline', '900s')
        self.assertEqual(document('--gateway'), document('--gateway', *asked))

    def test_every_path_has_a_preflight_that_nobody_is_asked_a_token_or_an_api_key_for(self):
        for words in FORMS:
            for path, operations in document(*words)['paths'].items():
                with self.subTest(words=words, path=path):
                    self.assertEqual(operations['options']['security'], [])
                    self.assertNotIn('x-google-quota', operations['options'])
