"""The small scripts, against a gh and a skopeo that keep what they are asked."""
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / '.github/scripts'
GH = '''#!/bin/sh
echo "$@" >>"$FAKES/calls"
case "$*" in
*--jq*) cat "$FAKES/comments" ;;
*) for word; do case $word in body=@*) cp "${word#body=@}" "$FAKES/body" ;; esac; done ;;
esac
'''
SKOPEO = '''#!/bin/sh
echo "$@" >>"$FAKES/calls"
case "$1" in
login) cat >"$FAKES/token" ;;
inspect) cat "$FAKES/digest" ;;
esac
'''


class Scripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.fakes = pathlib.Path(folder.name)
        for name, text in (('gh', GH), ('skopeo', SKOPEO)):
            (self.fakes / name).write_text(text)
            (self.fakes / name).chmod(0o755)
        (self.fakes / 'comments').write_text('')
        (self.fakes / 'manifest.json').write_text('{}')
        self.digest = 'sha256:' + hashlib.sha256(b'{}').hexdigest()
        self.image = f'europe-west1-docker.pkg.dev/a-project/byot/byot:abc123-{self.digest[7:19]}'

    def run_script(self, name, *words):
        environment = {**os.environ, 'PATH': f'{self.fakes}:{os.environ["PATH"]}', 'FAKES': str(self.fakes),
                       'GITHUB_REPOSITORY': 'example/my-app', 'REGISTRY_TOKEN': 'a-token'}
        return subprocess.run([SCRIPTS / name, *words], env=environment, capture_output=True, text=True, timeout=60)

    def calls(self):
        return (self.fakes / 'calls').read_text().splitlines()

    def push(self):
        return self.run_script('push_image', self.fakes, 'europe-west1-docker.pkg.dev/a-project/byot/byot', 'abc123')

    def test_an_image_is_pushed_with_its_digest(self):
        ended = self.push()  # skopeo finds no such tag: it fails for want of the file
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(self.calls()[-1], f'copy --preserve-digests dir:{self.fakes} docker://{self.image}')
        self.assertEqual(self.calls()[0], 'login --username oauth2accesstoken --password-stdin europe-west1-docker.pkg.dev')
        self.assertEqual((self.fakes / 'token').read_text(), 'a-token\n')
        self.assertTrue(ended.stdout.endswith(f'byot@{self.digest}\n'))

    def test_a_tag_that_is_there_with_the_same_digest_is_left(self):
        (self.fakes / 'digest').write_text(self.digest + '\n')
        self.assertEqual(self.push().returncode, 0)
        self.assertFalse([call for call in self.calls() if call.startswith('copy')])

    def test_another_build_of_the_same_commit_gets_a_tag_of_its_own(self):
        self.assertEqual(self.push().returncode, 0)
        (self.fakes / 'manifest.json').write_text('{ }')
        self.assertEqual(self.push().returncode, 0)
        tags = {call.rpartition(':')[2] for call in self.calls() if call.startswith('copy')}
        self.assertEqual(len(tags), 2, tags)

    def test_a_tag_that_is_there_with_another_digest_is_a_failure(self):
        (self.fakes / 'digest').write_text('sha256:' + 'b' * 64)
        self.assertEqual(self.push().returncode, 1)
        self.assertFalse([call for call in self.calls() if call.startswith('copy')])

    def comment(self, plan):
        file = self.fakes / 'staging.txt'
        file.write_text(plan)
        ended = self.run_script('comment_plan', '7', file)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return (self.fakes / 'body').read_text()

    def test_a_plan_becomes_a_comment(self):
        body = self.comment('  + google_x.y\n\nPlan: 1 to add, 0 to change, 0 to destroy.\n')
        self.assertIn('<summary>staging: Plan: 1 to add, 0 to change, 0 to destroy.</summary>', body)
        self.assertIn('  + google_x.y\n', body)
        self.assertIn('--method POST repos/example/my-app/issues/7/comments', self.calls()[-1])

    def test_the_next_plan_takes_its_place(self):
        (self.fakes / 'comments').write_text('11\n12\n')
        self.comment('No changes. Your infrastructure matches the configuration.\n')
        self.assertIn('--method PATCH repos/example/my-app/issues/comments/12', self.calls()[-1])

    def test_nothing_in_a_plan_ends_its_fence_or_is_read_as_html(self):
        body = self.comment('~~~~~~~~~~~~~~\n@somebody <b>\nError: <img> & more\n')
        self.assertEqual(body.count('~~~~~~~~~~~~'), 2)
        self.assertIn('<summary>staging: Error: &lt;img> &amp; more</summary>', body)

    def test_a_plan_that_failed_says_so_and_one_that_is_too_long_is_cut(self):
        self.assertIn('<summary>staging: no plan</summary>', self.comment('nothing'))
        self.assertIn('│ Error: Invalid value', self.comment('│ Error: Invalid value for variable\n'))
        self.assertLess(len(self.comment('x' * 100000)), 30000)


if __name__ == '__main__':
    ran = unittest.main(exit=False).result
    failed = len(ran.failures + ran.errors)
    for each, _ in ran.failures + ran.errors:
        print('FAILED', each)
    print(f'{ran.testsRun - failed} passed, {failed} failed')
    sys.exit(bool(failed))
