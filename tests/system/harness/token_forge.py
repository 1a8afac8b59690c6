"""Builds the tokens that tests/auth/token_cases.json describes, as tests/auth/case_forge.hpp does, for a server
whose clock is the real one."""
import hashlib
import hmac
import json
import re
import time

from .certificates import RsaKey, openssl
from .identity import KID, base64url
from .token_mutations import mutate

SECOND_KID = '89abcdef0123456789abcdef0123456789abcdef'
UID = 'kRw1cXJ0bGVzQW5kRmlzaDEy'


class TokenForge:
    """Signs with the identity's key, which it adds a second published one to, and with keys of others."""

    def __init__(self, folder, identity):
        self.folder, self.project = folder, identity.project
        self.good, self.second, self.attacker = (
            RsaKey(folder, name) for name in ('good', 'second', 'attacker'))
        openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', folder / 'elliptic.key')
        identity.key = self.good
        identity.published = {KID: self.good.certificate, SECOND_KID: self.second.certificate}
        self.ahead = 0  # seconds that $NOW is ahead of the clock

    def authorization(self, row):
        """The Authorization field of a row."""
        made = self.token(self.bytes_of(row.get('header', self._header())), self._claims_of(row),
                          row.get('sign', 'rsa_good:RS256'))
        for step in row.get('mutate', ()):
            made = mutate(self, made, step)
        return row.get('authorization', 'Bearer $TOKEN').replace('$TOKEN', made)

    def token(self, header=None, claims=None, sign='rsa_good:RS256'):
        header = self._header().encode() if header is None else header
        signed = f'{base64url(header)}.{base64url(claims or self.claims())}'
        return f'{signed}.{base64url(self._sign(sign, signed.encode()))}'

    def claims(self, without=(), more=''):
        """The honest ones, without some and with more."""
        now = self._now()
        honest = {'iss': f'https://securetoken.google.com/{self.project}', 'aud': self.project, 'sub': UID,
                  'user_id': UID, 'auth_time': now - 100, 'iat': now - 60, 'exp': now + 3540,
                  'firebase': {'identities': {}, 'sign_in_provider': 'password'}}
        text = json.dumps({name: value for name, value in honest.items() if name not in without})
        return (f'{text[:-1]},{more}}}' if more else text).encode()

    def bytes_of(self, text):
        if text.startswith('RAWHEX:'):
            return bytes.fromhex(text.removeprefix('RAWHEX:'))
        if text.startswith('RAW:'):
            return text.removeprefix('RAW:').replace('$GOODTOKEN', self.token()).encode()
        if text.startswith('NESTED:'):
            kind, depth = text.removeprefix('NESTED:')[0], int(text.split(':')[2])
            return (b'{"a":' * depth + b'1' + b'}' * depth) if kind == '{' else b'[' * depth + b']' * depth
        return self._fill(text).encode()

    def _claims_of(self, row):
        if 'claims' in row:
            return self.bytes_of(row['claims'])
        return self.claims(row.get('without', ()), self._fill(row.get('and', '')))

    @staticmethod
    def _header():
        return json.dumps({'alg': 'RS256', 'kid': KID, 'typ': 'JWT'})

    def _now(self):
        return int(time.time()) + self.ahead

    def _fill(self, text):
        names = {'$SECOND_KID': SECOND_KID, '$KID': KID, '$PROJECT': self.project, '$UID': UID,
                 '$ISS': f'https://securetoken.google.com/{self.project}'}
        for name, value in names.items():
            text = text.replace(name, value)
        return re.sub(r'\$NOW([+-]\d+)?', lambda found: str(self._now() + int(found[1] or 0)), text)

    def _sign(self, recipe, text):
        """`recipe`: rsa_good|rsa_second|rsa_attacker:RS256|RS384|RS512|PS256, ec:ES256, hmac:WHICH, zeros:N, none."""
        who, _, what = recipe.partition(':')
        if who == 'none':
            return b''
        if who == 'zeros':
            return bytes(int(what))
        if who == 'hmac':
            return hmac.digest(self._hmac_key(what), text, hashlib.sha256)
        name = 'elliptic' if who == 'ec' else who.removeprefix('rsa_')
        if what == 'RS256':
            return getattr(self, name).sign(text)
        padding = ('-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest') if what[0] == 'P' else ()
        (self.folder / 'text').write_bytes(text)
        return openssl('dgst', f'-sha{what[2:]}', '-sign', self.folder / f'{name}.key', *padding, self.folder / 'text')

    def _hmac_key(self, which):
        der = openssl('rsa', '-in', self.folder / 'good.key', '-pubout', '-outform', 'DER')
        return {'cert_pem': self.good.certificate.encode(), 'spki_der': der, 'zero': b'\0', 'empty': b''}[which]
