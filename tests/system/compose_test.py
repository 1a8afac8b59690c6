"""container/compose.yaml is good, and opens nothing that need not be open."""
import json
import unittest

from harness.compose import project
from harness.flows import PACKAGES
from harness.server import run_byot
from harness.settings import ROOT


class Compose(unittest.TestCase):
    def each(self):
        for name, service in project()['services'].items():
            with self.subTest(name):
                yield name, service

    def test_docker_composes_own_reader_takes_it(self):
        self.assertEqual(set(project()['services']), {'keyring', 'byot', 'genkit', 'firestore', 'auth'})

    def test_no_service_can_write_its_root_or_gain_rights(self):
        for _, service in self.each():
            self.assertTrue(service['read_only'])
            self.assertEqual(service['cap_drop'], ['ALL'])
            self.assertEqual(service['security_opt'], ['no-new-privileges:true'])
            self.assertFalse(service.get('privileged'))

    def test_what_is_published_is_this_machines_alone(self):
        published = {}
        for name, service in self.each():
            for port in service.get('ports', []):
                self.assertEqual(port['host_ip'], '127.0.0.1')
                published[name] = port['target']
        self.assertEqual(published, {'byot': 8080, 'auth': 9099})

    def test_every_service_that_stays_has_a_probe_without_a_shell_and_is_waited_for(self):
        waited = project()['services']['byot']['depends_on']
        for name, service in self.each():
            if name == 'keyring':
                self.assertEqual(waited[name]['condition'], 'service_completed_successfully')
                continue
            self.assertEqual(service['healthcheck']['test'][0], 'CMD')
            if name != 'byot':
                self.assertEqual(waited[name]['condition'], 'service_healthy')

    def test_every_image_says_which_one_it_is(self):
        for _, service in self.each():
            if 'build' not in service:
                self.assertRegex(service['image'], r':[\w.-]*\d[\w.-]*$')

    def test_byot_takes_its_configuration(self):
        """But for the keyring, which the volume has; a typo in a name is a problem too."""
        checked = run_byot('check-config', variables=project()['services']['byot']['environment'])
        self.assertEqual(checked.returncode, 78)
        self.assertEqual([line.split(':')[0] for line in checked.stderr.splitlines()], ['BYOT_KEYRING'], checked.stderr)

    def test_its_flows_are_built_with_what_they_are_tested_with(self):
        wanted, tested = (json.loads(file.read_text())['dependencies'] for file in (ROOT / 'container/genkit/package.json', PACKAGES))
        self.assertEqual(wanted, {name: tested[name] for name in wanted})
