"""An ELF core file, taken apart."""
import struct
from dataclasses import dataclass

PT_LOAD, PT_NOTE = 1, 4
PAGE, BLOCK = 4096, 1024 * 1024


@dataclass(frozen=True)
class Run:
    """Bytes of the image that lie in one piece; without an address when they are no memory."""
    data: bytes
    address: int | None = None


def read_runs(data):
    """Memory and registers of an ELF64 core, little-endian (elf(5)), without pages of zeros."""
    assert data[:6] == b'\x7fELF\x02\x01', 'no ELF64 of this machine'
    table, = struct.unpack_from('<Q', data, 32)
    size, count = struct.unpack_from('<HH', data, 54)
    for index in range(count):
        kind, _, offset, address, _, length = struct.unpack_from('<IIQQQQ', data, table + index * size)
        if kind == PT_NOTE:
            yield Run(data[offset:offset + length])
        elif kind == PT_LOAD:
            yield from without_zeros(data[offset:offset + length], address)


def without_zeros(data, address):
    """Most of a process is zeros: looked at by large blocks first."""
    for block in range(0, len(data), BLOCK):
        part = data[block:block + BLOCK]
        if part.count(0) < len(part):
            yield from pages_of(part, address + block)


def pages_of(data, address):
    zeros, begin = bytes(PAGE), None
    for page in range(0, len(data) + PAGE, PAGE):
        is_empty = data[page:page + PAGE] in (zeros, b'')
        if is_empty and begin is not None:
            yield Run(data[begin:page], address + begin)
            begin = None
        elif not is_empty and begin is None:
            begin = page
