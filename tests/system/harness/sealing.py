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


def opens(public_key, secret_key, box):
    """Whether that pair of keys opens the box."""
    message = ctypes.create_string_buffer(max(len(box) - OVERHEAD, 1))
    return sodium().crypto_box_seal_open(message, box, ctypes.c_ulonglong(len(box)), public_key, secret_key) == 0


def signing_key(seed):
    """Ed25519: the 64 bytes of the private half that comes of 32."""
    public, private = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
    assert sodium().crypto_sign_seed_keypair(public, private, seed) == 0
    return private.raw


def record_signature(private, uid, provider, credential_id, key_id, sealed, created_at):
    """The signature of a stored record that does not expire."""
    fields = [text.encode() if isinstance(text, str) else text
              for text in (uid, provider, credential_id, key_id, sealed, str(created_at), '')]
    message = b'byot-record-v1' + b''.join(len(field).to_bytes(8, 'big') + field for field in fields)
    signature = ctypes.create_string_buffer(64)
    code = sodium().crypto_sign_detached(signature, None, message, ctypes.c_ulonglong(len(message)), private)
    assert code == 0
    return signature.raw
