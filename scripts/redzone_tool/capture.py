# SPDX-License-Identifier: GPL-2.0-only
"""Reads packet captures: pcap (both byte orders, us and ns), pcapng, snoop, btsnoop.

An own reader: scapy's is a hundred times slower, gives up on damaged files where a packet
analyser still shows the packets before the damage, and hides the captured length. Packets are
numbered from 1 as tshark numbers them; a damaged or cut file yields what came before.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from .errors import ToolError

# Link types (LINKTYPE_* of the pcap format)
NULL = 0
ETHERNET = 1
PPP = 9
RAW_OLD = (12, 14)  # DLT_RAW as different systems wrote it
PPP_HDLC = 50
RAW = 101
LOOP = 108
LINUX_SLL = 113
IPV4 = 228
IPV6 = 229
LINUX_SLL2 = 276
HCI_H4 = 187                # Bluetooth packets with their H4 indicator
HCI_H4_DIRECTION = 201      # four bytes before it: 0 sent by the host, 1 received
HCI_MONITOR = 254           # adapter and opcode of the Linux monitor, two bytes each
LINK_NAMES = {
    NULL: "NULL", ETHERNET: "ETHERNET", PPP: "PPP", PPP_HDLC: "PPP_HDLC", RAW: "RAW",
    LOOP: "LOOP", LINUX_SLL: "LINUX_SLL", IPV4: "IPV4", IPV6: "IPV6", LINUX_SLL2: "LINUX_SLL2",
    12: "RAW", 14: "RAW", 105: "IEEE802_11", 104: "C_HDLC", 127: "IEEE802_11_RADIOTAP",
    147: "USER0", HCI_H4: "BLUETOOTH_HCI_H4", HCI_H4_DIRECTION: "BLUETOOTH_HCI_H4_WITH_PHDR",
    192: "PPI", 239: "NFLOG", HCI_MONITOR: "BLUETOOTH_LINUX_MONITOR",
    256: "BLUETOOTH_LE_LL_WITH_PHDR",
}

# Link types of snoop files (RFC 1761) that have a pcap twin
SNOOP_LINKS = {4: ETHERNET, 9: ETHERNET}

# Data links of btsnoop files
BTSNOOP_HCI = 1001          # packets without indicator: the flags tell their kind
BTSNOOP_H4 = 1002
BTSNOOP_MONITOR = 2001

MAX_PACKET = 1 << 20
ETHERTYPE_IP = 0x0800
ETHERTYPE_IPV6 = 0x86DD
# Local addresses of the made-up header in front of link types without one
SYNTHETIC_ADDRESSES = bytes.fromhex("020000000001020000000002")


@dataclass(frozen=True)
class Packet:
    """One captured packet; @data has the form of its pcap link type, whatever the file's is."""

    number: int
    linktype: int
    cap_len: int
    orig_len: int
    data: bytes

    @property
    def linktype_name(self) -> str:
        return LINK_NAMES.get(self.linktype, str(self.linktype))


class CaptureError(ToolError):
    """Not a capture, or damaged where nothing can be read any more."""


class _Cursor:
    """Reads from a buffer and never past its end."""

    def __init__(self, data: bytes, pos: int = 0, end: int | None = None) -> None:
        self.data = data
        self.pos = pos
        self.end = len(data) if end is None else end

    def left(self) -> int:
        return self.end - self.pos

    def take(self, size: int) -> bytes | None:
        """The next @size bytes, or None if fewer are left."""
        if size < 0 or self.left() < size:
            return None
        self.pos += size
        return self.data[self.pos - size:self.pos]

    def unpack(self, form: str) -> tuple[int, ...] | None:
        raw = self.take(struct.calcsize(form))
        return None if raw is None else struct.unpack(form, raw)


PCAP_MAGICS = {
    b"\xa1\xb2\xc3\xd4": ">", b"\xd4\xc3\xb2\xa1": "<",     # microseconds
    b"\xa1\xb2\x3c\x4d": ">", b"\x4d\x3c\xb2\xa1": "<",     # nanoseconds
    b"\xa1\xb2\xcd\x34": ">", b"\x34\xcd\xb2\xa1": "<",     # modified, longer packet header
}
PCAPNG_MAGIC = b"\x0a\x0d\x0d\x0a"
SNOOP_MAGIC = b"snoop\0\0\0"
BTSNOOP_MAGIC = b"btsnoop\0"
FORMATS = "pcap, pcapng, snoop or btsnoop"


def is_capture(data: bytes) -> bool:
    """True if @data begins like a capture file of a kind read here."""
    return (data[:4] in PCAP_MAGICS or data[:4] == PCAPNG_MAGIC
            or data[:8] in (SNOOP_MAGIC, BTSNOOP_MAGIC))


def read(path: Path) -> Iterator[Packet]:
    """Packets of a capture file; CaptureError if it is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CaptureError(f"{path}: {error.strerror}") from error
    if not is_capture(data):
        raise CaptureError(f"{path}: not a capture ({FORMATS})")
    return packets(data)


def packets(data: bytes) -> Iterator[Packet]:
    """Packets of the capture in @data."""
    if data[:4] == PCAPNG_MAGIC:
        return _pcapng(data)
    if data[:8] == SNOOP_MAGIC:
        return _snoop(data)
    if data[:8] == BTSNOOP_MAGIC:
        return _btsnoop(data)
    return _pcap(data)


def _pcap(data: bytes) -> Iterator[Packet]:
    order = PCAP_MAGICS[data[:4]]
    extra = 8 if data[:4] in (b"\xa1\xb2\xcd\x34", b"\x34\xcd\xb2\xa1") else 0
    cursor = _Cursor(data, 4)
    header = cursor.unpack(order + "HHiIII")
    if header is None:
        return
    major, minor, linktype = header[0], header[1], header[5] & 0x03FFFFFF
    number = 0
    while True:
        record = cursor.unpack(order + "IIII")
        if record is None or cursor.take(extra) is None:
            return
        cap_len, orig_len = record[2], record[3]
        # Old versions wrote the two lengths the other way round
        if (major, minor) < (2, 3) or ((major, minor) == (2, 3) and cap_len > orig_len):
            cap_len, orig_len = orig_len, cap_len
        if cap_len > MAX_PACKET:
            return
        packet = cursor.take(cap_len)
        if packet is None:
            return
        number += 1
        yield Packet(number, linktype, cap_len, orig_len, packet)


def _snoop(data: bytes) -> Iterator[Packet]:
    cursor = _Cursor(data, 8)
    header = cursor.unpack(">II")
    if header is None:
        return
    linktype = SNOOP_LINKS.get(header[1], header[1] + 0x10000)
    number = 0
    while True:
        record = cursor.unpack(">IIIIII")
        if record is None:
            return
        orig_len, cap_len, record_len = record[:3]
        if cap_len > MAX_PACKET or record_len < 24 + cap_len:
            return
        packet = cursor.take(cap_len)
        if packet is None or cursor.take(record_len - 24 - cap_len) is None:
            return
        number += 1
        yield Packet(number, linktype, cap_len, orig_len, packet)


def _btsnoop(data: bytes) -> Iterator[Packet]:
    """Packets of a Bluetooth log, in the form of the pcap link type that says the same."""
    cursor = _Cursor(data, 8)
    header = cursor.unpack(">II")
    if header is None:
        return
    number = 0
    while True:
        record = cursor.unpack(">IIIIQ")
        if record is None:
            return
        orig_len, cap_len, flags = record[:3]
        packet = cursor.take(cap_len) if cap_len <= MAX_PACKET else None
        if packet is None:
            return
        number += 1
        link, packet = _btsnoop_packet(header[1], flags, packet)
        yield Packet(number, link, cap_len, orig_len, packet)


def _btsnoop_packet(link: int, flags: int, packet: bytes) -> tuple[int, bytes]:
    direction = (flags & 1).to_bytes(4, "big")
    if link == BTSNOOP_H4:
        return HCI_H4_DIRECTION, direction + packet
    if link == BTSNOOP_HCI:
        # Bit 1: command or event; bit 0: received
        kind = {0: 2, 1: 2, 2: 1, 3: 4}[flags & 3]
        return HCI_H4_DIRECTION, direction + bytes([kind]) + packet
    if link == BTSNOOP_MONITOR:
        return HCI_MONITOR, flags.to_bytes(4, "big") + packet
    return 0x20000 + link, packet


@dataclass
class _Section:
    """One pcapng section: its byte order and interfaces (link type, snap length)."""

    order: str
    interfaces: list[tuple[int, int]]


def _pcapng(data: bytes) -> Iterator[Packet]:
    section = _Section("<", [])
    cursor = _Cursor(data)
    number = 0
    while cursor.left() >= 12:
        start = cursor.pos
        if data[start:start + 4] == PCAPNG_MAGIC:
            order = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}.get(
                data[start + 8:start + 12])
            if order is None:
                return
            section = _Section(order, [])
        head = cursor.unpack(section.order + "II")
        if head is None:
            return
        kind, size = head
        if size < 12 or size % 4 or size > cursor.left() + 8:
            return
        block = _Cursor(data, cursor.pos, start + size - 4)
        cursor.pos = start + size
        if kind == 1:
            info = block.unpack(section.order + "HHI")
            if info is None:
                return
            section.interfaces.append((info[0], info[2]))
            continue
        try:
            found = _pcapng_packet(kind, block, section)
        except ValueError:
            return
        if found is not None:
            number += 1
            yield Packet(number, *found)


def _pcapng_packet(kind: int, block: _Cursor,
                   section: _Section) -> tuple[int, int, int, bytes] | None:
    """(link type, captured, original length, bytes) of a packet block; None if another kind."""
    order = section.order
    if kind == 6:
        head = block.unpack(order + "IIIII")
        interface, cap_len, orig_len = (head[0], head[3], head[4]) if head else (0, -1, 0)
    elif kind == 2:
        head = block.unpack(order + "HHIIII")
        interface, cap_len, orig_len = (head[0], head[4], head[5]) if head else (0, -1, 0)
    elif kind == 3:
        head = block.unpack(order + "I")
        interface, orig_len = 0, head[0] if head else 0
        cap_len = min(orig_len, block.left()) if head else -1
        if section.interfaces and section.interfaces[0][1]:
            cap_len = min(cap_len, section.interfaces[0][1])
    else:
        return None
    packet = block.take(cap_len)
    if packet is None or interface >= len(section.interfaces):
        raise ValueError("damaged packet block")
    return section.interfaces[interface][0], cap_len, orig_len, packet


def ethernet_frame(packet: Packet) -> bytes | None:
    """The packet as an Ethernet frame, behind a made-up header if its link layer is another.

    None if there is no such frame (the note is `skipped(packet)`).
    """
    data, link = packet.data, packet.linktype
    if link == ETHERNET:
        return data
    if link in (RAW, *RAW_OLD, IPV4, IPV6):
        return _framed(_ip_type(data), data)
    if link in (NULL, LOOP):
        # The address family differs between systems: the version tells the protocol
        return _framed(_ip_type(data[4:]), data[4:])
    if link == LINUX_SLL:
        return _framed(int.from_bytes(data[14:16], "big"), data[16:]) if len(data) >= 16 else None
    if link == LINUX_SLL2:
        return _framed(int.from_bytes(data[:2], "big"), data[20:]) if len(data) >= 20 else None
    if link in (PPP, PPP_HDLC):
        body = data[2:] if data[:2] == b"\xff\x03" else data
        wire = {0x0021: ETHERTYPE_IP, 0x0057: ETHERTYPE_IPV6}.get(int.from_bytes(body[:2], "big"))
        return _framed(wire, body[2:])
    return None


def _ip_type(data: bytes) -> int | None:
    return {4: ETHERTYPE_IP, 6: ETHERTYPE_IPV6}.get(data[0] >> 4) if data else None


def _framed(ethertype: int | None, payload: bytes) -> bytes | None:
    if ethertype is None:
        return None
    return SYNTHETIC_ADDRESSES + ethertype.to_bytes(2, "big") + payload
