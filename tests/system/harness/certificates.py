"""RSA keys and certificates made by the openssl command, and RS256 by plain arithmetic."""
import hashlib
import re
import subprocess


def openssl(*words):
    return subprocess.run(['openssl', *map(str, words)], check=True, capture_output=True, timeout=60).stdout


class RsaKey:
    """An RSA key with a self-signed certificate, for tokens."""

    def __init__(self, folder, name):
        key, certificate = folder / f'{name}.key', folder / f'{name}.pem'
        openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate,
                '-days', '2', '-subj', f'/CN={name}')
        self.certificate = certificate.read_text()
        text = openssl('rsa', '-in', key, '-noout', '-text').decode()
        self.modulus, self.p, self.q, self.dp, self.dq, self.qinv = (
            number(text, name) for name in ('modulus', 'prime1', 'prime2', 'exponent1', 'exponent2',
                                            'coefficient'))

    def sign(self, message):
        """RS256 (RFC 8017 §8.2), by the Chinese remainder theorem."""
        size = (self.modulus.bit_length() + 7) // 8
        digest = bytes.fromhex('3031300d060960864801650304020105000420') + hashlib.sha256(message).digest()
        padded = b'\0\1' + b'\xff' * (size - len(digest) - 3) + b'\0' + digest
        value = int.from_bytes(padded, 'big')
        a, b = pow(value, self.dp, self.p), pow(value, self.dq, self.q)
        return (b + self.q * ((self.qinv * (a - b)) % self.p)).to_bytes(size, 'big')


def number(text, name):
    digits = re.search(rf'^{name}:\s*((?:\s+[0-9a-f:]+\n)+)', text, re.M).group(1)
    return int(re.sub(r'[\s:]', '', digits), 16)


def make_tls_server(folder, host='localhost', *more_hosts):
    """A certification authority and a server certificate of it: paths of authority, certificate, key."""
    authority, authority_key = folder / 'authority.pem', folder / 'authority.key'
    certificate, key, request, options = (folder / f'server.{end}' for end in ('pem', 'key', 'csr', 'ext'))
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', authority_key, '-out', authority,
            '-days', '2', '-subj', '/CN=authority of a test', '-addext', 'basicConstraints=critical,CA:TRUE',
            '-addext', 'keyUsage=critical,keyCertSign')
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', request, '-subj', f'/CN={host}')
    names = ','.join(f'DNS:{name}' for name in (host, *more_hosts))
    options.write_text(f'subjectAltName={names}\nextendedKeyUsage=serverAuth\n')
    openssl('x509', '-req', '-in', request, '-CA', authority, '-CAkey', authority_key, '-CAcreateserial',
            '-days', '2', '-extfile', options, '-out', certificate)
    return authority, certificate, key
