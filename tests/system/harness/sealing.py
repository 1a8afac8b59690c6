"""What a browser does before it sends a key: libsodium's sealed boxes, through ctypes."""
import base64
import ctypes
import ctypes.util
import json

OVERHEAD = 48
_sodium = None


def sodium():
    global _sodium
    if _sodium is None:
        _sodium = ctypes.CDLL(ctypes.util.find_library('sodium') or 'libsodium.so.23')
        assert _sodium.sodium_init() >= 0
    return _sodium


def seal(public_key, message):
    box = ctypes.create_string_buffer(len(message) + OVERHEAD)
    code = sodium().crypto_box_seal(box, message, ctypes.c_ulonglong(len(message)), public_key)
    assert code == 0
    return box.raw


def sealed_body(published, uid, api_key, provider='googleai', **changes):
    """The body of POST /api/key for a key sealed under what GET /api/key/public-key gave."""
    payload = {'v': 1, 'uid': uid, 'provider': provider, 'keyId': published['keyId'], 'apiKey': api_key,
               **changes}
    box = seal(base64.b64decode(published['publicKey']), json.dumps(payload).encode())
    return {'sealedKey': base64.b64encode(box).decode(), 'keyId': published['keyId'], 'provider': provider}
