"""A marked key and a marked token through every path, then a search wherever they could have been left."""
import base64
import socket
import unittest
import urllib.parse
import urllib.request

from harness.marked_walk import KEY, MarkedWalk
from harness.scene import Scene, needs_sqlite
from harness.traces import find


class Finder(unittest.TestCase):
    """The search itself: it must find what it looks for."""

    def test_it_finds_a_piece_in_every_coat(self):
        inner = KEY[5:25]
        for hidden in (inner.encode(), inner.encode().hex().encode(), urllib.parse.quote(inner, safe='').encode(),
                       *(base64.b64encode(b'x' * n + KEY.encode()) for n in range(3)),
                       *(base64.urlsafe_b64encode(b'x' * n + KEY.encode()) for n in range(3))):
            self.assertIsNotNone(find(KEY, b'before ' + hidden + b' after'), hidden)
        self.assertIsNone(find(KEY, b'nothing here but the hint =zQ' * 100))


class Leaks(unittest.TestCase):
    """One long walk, then a test for each place."""

    @classmethod
    def setUpClass(cls):
        with socket.create_server(('127.0.0.1', 0)) as free:
            cls.admin_port = free.getsockname()[1]
        cls.scene = Scene(BYOT_LOG_LEVEL='debug', BYOT_KEY_CACHE_TTL='0s', BYOT_FIRST_BYTE_TIMEOUT='400ms',
                          BYOT_ALLOWED_ORIGINS='https://app.example', BYOT_ADMIN_PORT=str(cls.admin_port))
        cls.addClassCleanup(cls.scene.close)
        walk = MarkedWalk(cls.scene)
        walk.walk()
        cls.token, cls.responses = walk.token, walk.responses

    def assert_clean(self, data, where):
        self.assertTrue(data, f'{where}: there is nothing to search')
        _, claims, signature = self.token.split('.')
        for name, secret in (('key', KEY), ('token', signature or claims)):  # Firebase's emulator signs nothing
            self.assertIsNone(find(secret, data), f'the {name} is in {where}')

    def test_the_key_did_go_the_way_it_should(self):
        seen = [exchange.head.get('x-byot-api-key') for exchange in self.scene.upstream.seen]
        self.assertGreater(len(seen), 8)
        self.assertEqual(set(seen), {KEY})

    @needs_sqlite  # firestore_documents_test looks into documents
    def test_the_database_is_clean(self):
        files = sorted(self.scene.folder.glob('keys.db*'))
        self.assertGreaterEqual(len(files), 2)  # the write-ahead log too
        for file in files:
            if file.stat().st_size:
                self.assert_clean(file.read_bytes(), file.name)

    def test_the_log_is_clean(self):
        self.assert_clean(self.scene.server.log().encode(), 'the log')

    def test_no_answer_says_it_back(self):
        self.assertGreater(len(self.responses), 70)
        for response in self.responses:
            self.assert_clean(response, f'an answer: {response[:300]!r}')

    def test_the_metrics_are_clean(self):
        text = urllib.request.urlopen(f'http://127.0.0.1:{self.admin_port}/metrics', timeout=5).read()
        self.assert_clean(text, 'the metrics')

    def test_the_command_line_and_the_environment_are_clean(self):
        for name in ('cmdline', 'environ'):
            with open(f'/proc/{self.scene.server.process.pid}/{name}', 'rb') as file:
                self.assert_clean(file.read(), name)
