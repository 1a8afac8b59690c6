"""Looks for a secret in bytes that must not have it, in every coat it may wear."""
import base64
import json
import urllib.parse

PIECE = 12  # a secret cut shorter than this by a log or an index would go unseen


def coats(piece):
    """The ways a piece of a secret may be written."""
    yield 'plain', piece
    yield 'hex', piece.hex().encode()
    yield 'HEX', piece.hex().upper().encode()
    yield 'backwards', piece[::-1]
    yield 'UTF-16', piece.decode('latin-1').encode('utf-16-le')
    yield 'URL', urllib.parse.quote(piece, safe='').encode()
    yield 'all of it URL', ''.join(f'%{byte:02x}' for byte in piece).encode()
    yield 'all of it URL in capitals', ''.join(f'%{byte:02X}' for byte in piece).encode()
    yield 'JSON', json.dumps(piece.decode('latin-1'))[1:-1].encode()
    for shift in range(3):  # where in a longer text the piece may begin
        for name, encode in (('base64', base64.b64encode), ('base64url', base64.urlsafe_b64encode)):
            text = encode(b'\0' * shift + piece).rstrip(b'=')
            yield f'{name} at {shift}', text[-(-shift * 8 // 6):-1]


def find(secret, data):
    """The first piece of the secret that the data holds, and its coat; nothing when it is clean."""
    for begin in range(0, len(secret) - PIECE + 1):
        piece = secret[begin:begin + PIECE].encode()
        for coat, text in coats(piece):
            if text in data:
                return f'{coat}: …{piece.decode()}…'
    return None
