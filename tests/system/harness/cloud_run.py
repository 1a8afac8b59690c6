"""Starts byot's image as Cloud Run does: in the image's files alone, which cannot be written, as its user without
privileges, with a secret mounted as a volume, names from DNS, and PORT and K_SERVICE set."""
import shutil

# $0 is the unpacked image, $1 the folder with the secret, $2 that of what is kept; then byot's own name and its words.
# exec all the way, so that a signal reaches byot itself.
INSIDE = '''set -e
mount --bind "$0" "$0"
mount -t proc -o nosuid,nodev,noexec proc "$0/proc"
mount --bind "$1" "$0/secrets"
mount -o remount,bind,ro "$0/secrets"
mount --bind "$2" "$0/data"
mount -o remount,bind,ro "$0"
root=$0
shift 3
exec setpriv --no-new-privs chroot --userspec=65532:65532 --groups=65532 "$root" /byot "$@"'''


class Container:
    """`under` is what harness.server.Server takes. `environment` is the runtime's; no SSL_CERT_… is in it, so that the
    certificates are the image's."""

    environment = {'PORT': '8080', 'K_SERVICE': 'byot', 'K_REVISION': 'byot-00001-abc', 'K_CONFIGURATION': 'byot'}

    def __init__(self, image, folder, name_server, hosts):
        self.root, self.secrets, self.kept = folder / 'root', folder / 'secrets', folder / 'data'
        self.secrets.mkdir()
        self.kept.mkdir()
        shutil.chown(self.kept, 65532, 65532)
        image.unpack(self.root)
        for made_by_runtime in ('proc', 'secrets'):
            (self.root / made_by_runtime).mkdir()
        (self.root / 'etc/resolv.conf').write_text(f'nameserver {name_server}\noptions timeout:1 attempts:2\n')
        (self.root / 'etc/hosts').write_text(''.join(f'{address} {name}\n' for name, address in hosts.items()))
        self.under = ('unshare', '--mount', '--propagation', 'private', 'sh', '-c', INSIDE, self.root, self.secrets, self.kept)

    def trust(self, certificate, hash_of_subject):
        """One more authority, put where an operator would mount it."""
        shutil.copy(certificate, self.root / f'etc/ssl/certs/{hash_of_subject}.0')

    def keep_secret(self, name, content):
        """As a secret's volume has it: root's, for everybody to read."""
        file = self.secrets / name
        file.write_text(content)
        file.chmod(0o444)
        return f'/secrets/{name}'
