"""A scene with all that is asked about a key (its provider, Identity Toolkit, Google for this service's own token),
whose process's core image tests look into."""
import base64
import pathlib

from .core_image import CoreImage
from .frozen import states_of
from .google import Google
from .marked_walk import KEY
from .provider import Provider, provider_variables
from .scene import SceneTest
from .toolkit import Toolkit
from .waiting import eventually


class CoreImageTest(SceneTest):
    @classmethod
    def setUpClass(cls):
        cls.google, cls.provider, cls.toolkit = Google(), Provider(), Toolkit()
        for each in (cls.google, cls.provider, cls.toolkit):
            cls.addClassCleanup(each.close)
        cls.variables = {**cls.surroundings(), **cls.variables}
        super().setUpClass()

    @classmethod
    def surroundings(cls):
        return {'BYOT_KEY_CHECK': 'on', **provider_variables(cls.provider), 'GCE_METADATA_HOST': cls.google.host,
                'BYOT_REVOCATION_CHECK': 'on', 'BYOT_GENKIT_AUDIENCE': 'https://flows.example',
                'BYOT_IDENTITY_URL': f'http://{cls.toolkit.host}/identitytoolkit.googleapis.com'}

    def in_other_scene(self, **more):
        return super().in_other_scene(**{**self.surroundings(), **more})

    def secrets(self, user):
        """What is looked for: the key, and of a token what makes it one, its signature, as sent and as decoded.
        Tokens of Firebase's emulator have none; their claims are looked for."""
        _, claims, signature = user.token.split('.')
        yield 'the key', KEY
        yield 'the token', signature or claims
        if signature:
            yield 'the signature', base64.urlsafe_b64decode(signature + '==').decode('latin-1')

    def traces(self, user, image):
        return [f'{name}: {hit}' for name, secret in self.secrets(user) for hit in image.find(secret)]

    def image(self, scene=None):
        """Taken when every thread waits: what is being worked on in this very moment is no leak."""
        pid = (scene or self.scene).server.process.pid
        self.assertTrue(eventually(lambda: states_of(pid) == {'S'}), 'the server does not come to rest')
        return CoreImage(pid)

    def wait_until_read(self, wire, scene=None):
        """The server has taken all that was sent from its socket (proc_pid_net(5), rx_queue), and waits again."""
        ports = (scene or self.scene).server.port, wire.socket.getsockname()[1]

        def is_read():
            rows = [row.split() for row in pathlib.Path('/proc/net/tcp').read_text().splitlines()[1:]]
            return any(tuple(int(end.split(':')[1], 16) for end in row[1:3]) == ports and
                       row[4].endswith(':00000000') for row in rows)
        self.assertTrue(eventually(is_read))

    def wait_for_access_lines(self, user, count):
        """A request whose client left is over when its line is written."""
        def found():
            return [line for line in self.server.log_lines() if line.get('uid') == user.uid and 'httpRequest' in line]
        self.assertEqual(len(eventually(found, lambda lines: len(lines) >= count)), count)

    def assert_nothing_in_image(self, user, scene=None):
        """At rest, after the last answer."""
        self.assertEqual(self.traces(user, self.image(scene)), [])

    def assert_only_in_locked_memory(self, user, scene=None, of_token=False):
        """Where a key is in use it is in locked memory, and there it is found. So is the token of a request whose
        head is still needed (`of_token`), and else nowhere."""
        image = self.image(scene)
        hits = {name: image.find(secret) for name, secret in self.secrets(user)}
        self.assertEqual([f'{name}: {hit}' for name in hits for hit in hits[name] if not hit.is_locked], [])
        self.assertTrue(hits['the key'], 'the key is in use, and not found')
        if not of_token:
            self.assertEqual([str(hit) for hit in hits['the token']], [])
