"""What is done to a token after it was signed: the steps of `mutate` in tests/auth/token_cases.json."""
import base64
import json

from .identity import base64url

ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'


def decoded(segment):
    return base64.urlsafe_b64decode(segment + '=' * (-len(segment) % 4))


def mutate(forge, token, step):
    """Applies one step."""
    name, _, rest = step.partition(':')
    if name == 'literal':
        return rest
    if name == 'insert_space_middle':
        return insert(token, ' ')
    if name == 'huge':
        return forge.token(claims=forge.claims(more=f'"padding":{json.dumps("x" * int(rest))}'))
    parts = token.split('.')
    if name == 'json_flattened':
        return json.dumps(dict(zip(('protected', 'payload', 'signature'), parts)), separators=(',', ':'))
    if name == 'borrow_sig':
        parts[2] = forge.token(claims=forge.claims(more='"admin":true')).split('.')[2]
    elif name == 'sigbytes':
        parts[2] = base64url(other_signature(decoded(parts[2]), rest, forge.good.modulus))
    else:
        which, _, argument = rest.partition(':')
        parts[int(which)] = SEGMENT_CHANGES[name](parts[int(which)], argument)
    assert '.'.join(parts) != token, f'{step} changed nothing'
    return '.'.join(parts)


def other_signature(signature, what, modulus):
    size, value = len(signature), int.from_bytes(signature, 'big')
    if what in ('n', 's+n'):
        value = modulus if what == 'n' else value + modulus
        return value.to_bytes(max(size, (value.bit_length() + 7) // 8), 'big')
    return {'prepend0': b'\0' + signature, 'append0': signature + b'\0', 'zero': bytes(size)}[what]


def insert(text, what):
    return text[:len(text) // 2] + what + text[len(text) // 2:]


def flip(segment, at):
    data = bytearray(decoded(segment))
    data[int(at)] ^= 1
    return base64url(bytes(data))


def cut(segment, left):
    """Until its length leaves that remainder by four."""
    while len(segment) % 4 != int(left):
        segment = segment[:-1]
    return segment


SEGMENT_CHANGES = {
    'pad': lambda segment, _: segment + '=',
    'insert': insert,
    'nul': lambda segment, _: insert(segment, '\0'),
    'std_b64': lambda segment, _: base64.b64encode(decoded(segment)).decode(),
    # The last character's bits that stand for nothing.
    'unused_bits': lambda segment, _: segment[:-1] + ALPHABET[ALPHABET.index(segment[-1]) | 1],
    'drop': lambda *_: '',
    'flip': flip,
    'trunc': cut,
}
