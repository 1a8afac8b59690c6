"""The API gateway's document in terraform/, held against what byot prints."""
import re
import unittest

from harness import settings
from harness.server import run_byot

FILE = settings.ROOT / 'terraform/modules/edge/api_gateway/openapi.json'


class Document(unittest.TestCase):
    def test_terraform_has_what_byot_prints(self):
        printed = run_byot('openapi', '--gateway').stdout
        self.assertTrue(FILE.read_text() == printed, f'byot openapi --gateway > {FILE.relative_to(settings.ROOT)}')

    def test_terraform_finds_three_places_to_fill_and_nothing_else_that_it_would_read(self):
        text = FILE.read_text()
        self.assertEqual(set(re.findall(r'[$%]\{(\w*)', text)), {'keys_url', 'ai_url', 'project'})
