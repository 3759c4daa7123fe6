"""Compressed texts that are put together without being compressed anew.

Compressing a page costs more than everything else that a page made before needs. So its parts are
compressed once, each so that it may stand after any other (RFC 1951: blocks that look back into no other
part), and an answer is those bytes one after the other, under one head and one foot (RFC 1952).

The token of the forms, of which a page has one under every button, is another at each request and always
as long. At its first place in a part it is put in as it is; the others only say how far back that one
stands. So no token is ever compressed with what stands beside it (the BREACH attack).

The check sum of the whole (CRC-32) is worked out from those of the parts: the remainder of a text followed
by n bytes is its remainder times x^8n, among the polynomials over GF(2) modulo that of the standard.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import xor

_LEVEL = 6
_WINDOW = 32_768  # how far a block may look back
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # no name, no time
_END = b"\x03\x00"  # an empty last block
_POLYNOMIAL = 0xEDB88320
_ONE = 1 << 31  # x^0


@dataclass(frozen=True, slots=True)
class Packed:
    """A text in compressed blocks; between each two of them, the token as it is."""

    blocks: tuple[bytes, ...]
    length: int  # of the text, in bytes
    crc: int  # with zeros for the token
    shift: int  # x^8n, for the n bytes of this text
    spots: int  # the sum of x^8n over the places of the token, n bytes before the end
    token: int  # the length of the token; 0 where there is none

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return sum(map(len, self.blocks))


def pack(text: str, token: str = "") -> Packed:
    """Compress a text once.

    :param token: what stands for the token in it: 3 to 258 letters, as many as every token has.
    """
    pieces = [piece.encode() for piece in (text.split(token) if token else [text])]
    if len(pieces) == 1:
        token = ""
    zeros = bytes(len(token))
    whole = zeros.join(pieces)
    return Packed(
        blocks=tuple(_blocks(pieces, zeros)),
        length=len(whole),
        crc=zlib.crc32(whole),
        shift=_power(len(whole)),
        spots=_spots(pieces, len(token)),
        token=len(token),
    )


def _blocks(pieces: list[bytes], zeros: bytes) -> Iterable[bytes]:
    """What stands before, between and after the tokens that are put in as they are."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(pieces[0]) + packer.flush(zlib.Z_SYNC_FLUSH)
    before = _WINDOW  # from the place before to this one
    for piece in pieces[1:]:
        # The packer knows of the token, so that what follows may look back beyond it; text holds no zero.
        packer.compress(zeros)
        packer.flush(zlib.Z_SYNC_FLUSH)
        if before < _WINDOW:
            block += _same_as(len(zeros), before)
        else:
            yield block
            block = b""
        block += packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
        before = len(piece) + len(zeros)
    yield block


def _same_as(length: int, back: int) -> bytes:
    """A block that repeats this many bytes (3 to 258) of those that stand so far back (5 to 32768)."""
    code, extra, bits = _length_code(length)
    said = [(0b010, 3)]  # one more block, with the codes of the standard
    said += [
        (_mirrored(code, 7), 7) if code < 24 else (_mirrored(0b11000000 + code - 24, 8), 8),
        (extra, bits),
    ]
    code, extra, bits = _distance_code(back)
    said += [(_mirrored(code, 5), 5), (extra, bits), (0, 7)]
    said.append((0, 3))  # an empty block as it is: what follows it begins with a whole byte
    number = place = 0
    for value, wide in said:
        number |= value << place
        place += wide
    return number.to_bytes((place + 7) // 8, "little") + b"\x00\x00\xff\xff"


def _length_code(length: int) -> tuple[int, int, int]:
    """Number of the code less 256, what is added to it, and in how many bits."""
    if length < 11:
        return length - 2, 0, 0
    if length == 258:
        return 29, 0, 0
    bits = (length - 3).bit_length() - 3
    step = (length - 3) >> bits
    return 4 * bits + step + 1, (length - 3) & ((1 << bits) - 1), bits


def _distance_code(back: int) -> tuple[int, int, int]:
    bits = (back - 1).bit_length() - 2
    step = (back - 1) >> bits
    return 2 * bits + step, (back - 1) & ((1 << bits) - 1), bits


def _mirrored(code: int, wide: int) -> int:
    return int(f"{code:0{wide}b}"[::-1], 2)


def _spots(pieces: list[bytes], token: int) -> int:
    spots = after = 0
    for piece in reversed(pieces[1:]):
        after += len(piece)
        spots ^= _power(after)
        after += token
    return spots


def plain(words: bytes) -> Packed:
    """A short text as it is: for what is another at each request (at most 65535 bytes)."""
    return Packed((_stored(words),), len(words), zlib.crc32(words), _power(len(words)), 0, 0)


def _stored(words: bytes) -> bytes:
    return struct.pack("<BHH", 0, len(words), len(words) ^ 0xFFFF) + words


def join(parts: Iterable[Packed], token: str) -> bytes:
    """The parts as one compressed file, with this token in them.

    :raises ValueError: the token is not as long as the one they were compressed with.
    """
    said = token.encode()
    put_in, changed = _stored(said), zlib.crc32(said) ^ _crc_of_zeros(len(said))
    found, crc, length = [_HEAD], 0, 0
    for part in parts:
        if part.token:
            if part.token != len(said):
                raise ValueError("a token of another length")
            found.append(put_in.join(part.blocks))
            crc = _by(part.shift, crc) ^ part.crc ^ _by(part.spots, changed)
        else:
            found.append(part.blocks[0])
            crc = _by(part.shift, crc) ^ part.crc
        length += part.length
    return b"".join([*found, _END, struct.pack("<II", crc, length & 0xFFFFFFFF)])


@lru_cache(maxsize=8)
def _crc_of_zeros(length: int) -> int:
    return zlib.crc32(bytes(length))


@lru_cache(maxsize=4_096)
def _table(one: int) -> array[int]:
    """The products of a polynomial with each four bits of another, at each of their eight places."""
    powers = [one]
    for _place in range(31):
        last = powers[-1]
        powers.append((last >> 1) ^ _POLYNOMIAL if last & 1 else last >> 1)
    found = array("I")
    for place in range(8):
        # The highest bit is the lowest power.
        of_bits = [powers[31 - 4 * place - bit] for bit in range(4)]
        found.extend(
            reduce(xor, (product for bit, product in enumerate(of_bits) if four & (1 << bit)), 0)
            for four in range(16)
        )
    return found


def _by(one: int, other: int) -> int:
    """The same as :func:`_times`, for a polynomial that others are multiplied by again and again."""
    table = _table(one)
    return (
        table[other & 15]
        ^ table[16 + (other >> 4 & 15)]
        ^ table[32 + (other >> 8 & 15)]
        ^ table[48 + (other >> 12 & 15)]
        ^ table[64 + (other >> 16 & 15)]
        ^ table[80 + (other >> 20 & 15)]
        ^ table[96 + (other >> 24 & 15)]
        ^ table[112 + (other >> 28)]
    )


def _times(one: int, other: int) -> int:
    """The product of two polynomials, the highest bit first, modulo that of the check sum."""
    product = 0
    while other:
        if other & _ONE:
            product ^= one
        other = (other << 1) & 0xFFFFFFFF
        one = (one >> 1) ^ _POLYNOMIAL if one & 1 else one >> 1
    return product


@lru_cache(maxsize=256)  # lengths of compressed parts seldom come twice, those of plain ones often
def _power(count: int) -> int:
    """x^8n for n bytes."""
    found = _ONE
    for place in range(count.bit_length()):
        if count >> place & 1:
            found = _by(_squared(place), found)
    return found


@lru_cache(maxsize=64)
def _squared(times: int) -> int:
    """x^8, squared so many times."""
    found = _ONE >> 8
    for _time in range(times):
        found = _times(found, found)
    return found
