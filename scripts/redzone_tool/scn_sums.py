# SPDX-License-Identifier: GPL-2.0-only
"""Checksums of the scenario language, and the control trailer of control.h."""

from __future__ import annotations

import struct
import zlib
from typing import Callable

CONTROL_MAGIC = b"\xf2RZ\x9c"
CONTROL_SIZE = 12
CONTROL_VERSION = 1
CRYPTO_REAL = 0x01
NO_REPAIR = 0x02
ENV_SHIFT = 4

# Fields of `control { ... }` and the largest value of each.
CONTROL_FIELDS = {
    "flags": 0xFF, "crypto_real": 1, "no_repair": 1, "env": 15, "layout": 0xFFFF,
    "alloc_fail": 0xFFFF, "version": 0xFF, "check": 0xFFFF,
}


def csum16(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total = sum(int(word) for word in struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def udpsum(data: bytes) -> int:
    """The Internet checksum as UDP writes it: 0 becomes 0xffff."""
    return csum16(data) or 0xFFFF


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE, the check of the control trailer."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def crc_x25(data: bytes) -> int:
    """CRC-16/X-25, which CALIPSO (RFC 5570) and PPP use."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x8408 if crc & 1 else crc >> 1
    return crc ^ 0xFFFF


def crc_arc(data: bytes) -> int:
    """CRC-16/ARC, the frame check sequence of L2CAP."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def _crc32c_table() -> list[int]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


_CRC32C = _crc32c_table()


def crc32c(data: bytes) -> int:
    """CRC-32C (Castagnoli): SCTP, NVMe/TCP digests."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC32C[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


SUMS: dict[str, Callable[[bytes], int]] = {
    "csum16": csum16, "udpsum": udpsum, "crc16": crc16, "crc_x25": crc_x25, "crc_arc": crc_arc,
    "crc32": zlib.crc32, "crc32c": crc32c,
}


def _filled(size: int, byte: int) -> bytes:
    if not (0 <= size <= 1 << 20 and 0 <= byte <= 255):
        raise ValueError(f"cannot make {size} bytes of {byte}")
    return bytes([byte]) * size


def _part(data: bytes, start: int, end: int) -> bytes:
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"{start} to {end} is no part of {len(data)} bytes")
    return data[start:end]


# Functions that give bytes, and what they take
BYTES: dict[str, tuple[Callable[..., bytes], tuple[type, ...]]] = {
    "rev": (lambda data: data[::-1], (bytes,)),
    "filled": (_filled, (int, int)),
    "part": (_part, (bytes, int, int)),
}


def control_trailer(flags: int = 0, crypto_real: int = 0, no_repair: int = 0, env: int = 0,
                    layout: int = 0, alloc_fail: int = 0, version: int = CONTROL_VERSION,
                    check: int = -1) -> bytes:
    """The 12 bytes that may end an input; @check overrides the right one."""
    flags |= crypto_real * CRYPTO_REAL | no_repair * NO_REPAIR | env << ENV_SHIFT
    head = struct.pack("<4sBBHH", CONTROL_MAGIC, version, flags, layout, alloc_fail)
    return head + struct.pack("<H", crc16(head) if check < 0 else check)


def has_control_trailer(data: bytes) -> bool:
    """True if a harness would take the last 12 bytes of @data for a trailer."""
    tail = data[-CONTROL_SIZE:]
    return (len(tail) == CONTROL_SIZE and tail[:5] == CONTROL_MAGIC + bytes([CONTROL_VERSION])
            and crc16(tail[:10]) == int.from_bytes(tail[10:], "little"))
