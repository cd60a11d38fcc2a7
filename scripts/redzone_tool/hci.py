# SPDX-License-Identifier: GPL-2.0-only
"""Bluetooth captures as a host sees them: packets with direction, sessions, open links.

Nothing here reads a packet for its own sake; what is looked at is what an H4 stream needs: where
packets end, which controller they belong to, which links are open, and who sent what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from redzone_tool import capture

COMMAND, ACL, SCO, EVENT, ISO = 1, 2, 3, 4, 5
ACT = 0xF0
# H4 kind: length of the header, and where and how long its length field is
HEADERS = {COMMAND: (3, 2, 1), ACL: (4, 2, 2), SCO: (3, 2, 1), EVENT: (2, 1, 1), ISO: (4, 2, 2)}

OP_CREATE_CONN = 0x0405
OP_RESET = 0x0C03
EV_CONN_COMPLETE, EV_CONN_REQUEST, EV_DISCONN_COMPLETE = 0x03, 0x04, 0x05
EV_REMOTE_FEATURES = 0x0B
EV_LE_META = 0x3E
LE_CONN_COMPLETE, LE_REMOTE_FEATURES, LE_ENHANCED_CONN_COMPLETE = 0x01, 0x04, 0x0A

CID_SIGNALING, CID_ATT, CID_LE_SIGNALING, CID_SMP, CID_SMP_BREDR = 1, 4, 5, 6, 7

# Opcodes of the Linux monitor that carry packets: kind, sent
MONITOR = {2: (COMMAND, True), 3: (EVENT, False), 4: (ACL, True), 5: (ACL, False),
           6: (SCO, True), 7: (SCO, False), 18: (ISO, True), 19: (ISO, False)}
MONITOR_NEW_INDEX = 0


@dataclass(frozen=True)
class Packet:
    """One packet between host and controller."""

    number: int                 # as the capture counts
    kind: int
    sent: bool                  # by the host
    data: bytes                 # behind the H4 indicator
    adapter: int = 0

    @property
    def h4(self) -> bytes:
        return bytes([self.kind]) + self.data

    @property
    def handle(self) -> int:
        """Of a data packet."""
        return int.from_bytes(self.data[:2], "little") & 0x0FFF

    @property
    def boundary(self) -> int:
        """Packet boundary flag of an ACL packet: 1 continues a frame."""
        return self.data[1] >> 4 & 3 if len(self.data) > 1 else 0


@dataclass(frozen=True)
class Skipped:
    """A record of a capture that is no packet to play, and why."""

    number: int
    note: str
    new_index: int = -1         # a controller appeared: its sessions begin anew


def whole(kind: int, data: bytes) -> bool:
    """Whether a packet's own length field says where it ends."""
    header, at, size = HEADERS[kind]
    return (len(data) >= header
            and len(data) == header + int.from_bytes(data[at:at + size], "little"))


def from_packet(packet: capture.Packet) -> Packet | Skipped:
    """A captured record as a packet, or why it is none."""
    data, adapter = packet.data, 0
    if packet.linktype == capture.HCI_MONITOR:
        adapter, opcode = (int.from_bytes(data[i:i + 2], "big") for i in (0, 2))
        if opcode not in MONITOR:
            new = adapter if opcode == MONITOR_NEW_INDEX else -1
            return Skipped(packet.number, f"monitor opcode {opcode} is no packet", new)
        (kind, sent), data = MONITOR[opcode], data[4:]
    elif packet.linktype in (capture.HCI_H4, capture.HCI_H4_DIRECTION):
        has_direction = packet.linktype == capture.HCI_H4_DIRECTION
        body = data[4:] if has_direction else data
        if not body or body[0] not in HEADERS:
            return Skipped(packet.number, "not an H4 packet that Linux knows")
        kind, data = body[0], body[1:]
        sent = not packet.data[3] & 1 if has_direction else kind == COMMAND
    else:
        return Skipped(packet.number, f"link type {packet.linktype_name} has no HCI packet")
    if kind == COMMAND and not sent:
        return Skipped(packet.number, "a command from the controller")
    if kind == EVENT and sent:
        return Skipped(packet.number, "an event from the host")
    if not whole(kind, data):
        return Skipped(packet.number, "cut short, or longer than its own length")
    return Packet(packet.number, kind, sent, data, adapter)


def packets(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """(offset, packet with its indicator) of an H4 stream, acts included; the last may be cut."""
    at = 0
    while at < len(stream):
        header, where, size = HEADERS.get(stream[at], (2, 1, 1))
        if stream[at] not in HEADERS and stream[at] != ACT:
            at += 1
            continue
        length = int.from_bytes(stream[at + 1 + where:at + 1 + where + size], "little")
        end = min(at + 1 + header + length, len(stream))
        yield at, stream[at:end]
        at = end


@dataclass
class Session:
    """The packets of one controller from its start (or the capture's) on."""

    adapter: int
    packets: list[Packet] = field(default_factory=list)


def sessions(records: Iterable[Packet | Skipped]) -> list[Session]:
    """Cut a capture where a controller starts anew: at its Reset, or when it appears."""
    found: list[Session] = []
    open_: dict[int, Session] = {}
    for record in records:
        if isinstance(record, Skipped):
            if record.new_index >= 0:
                open_.pop(record.new_index, None)
            continue
        reset = record.kind == COMMAND and _u16(record.data, 0) == OP_RESET
        if record.adapter not in open_ or (reset and open_[record.adapter].packets):
            open_[record.adapter] = Session(record.adapter)
            found.append(open_[record.adapter])
        open_[record.adapter].packets.append(record)
    return found


@dataclass(frozen=True)
class Link:
    """A link that a session opens."""

    handle: int
    le: bool
    bdaddr: bytes = bytes.fromhex("00000101aa00")       # as on the wire
    bdaddr_type: int = 0
    central: bool = True


def opened(packet: Packet) -> Link | None:
    """The link that an event says is up now."""
    data = packet.data
    if packet.kind != EVENT or len(data) < 3:
        return None
    if data[0] == EV_CONN_COMPLETE and len(data) >= 13 and not data[2] and data[11] == 1:
        return Link(_handle(data, 3), False, data[5:11])
    if data[0] == EV_LE_META and data[2] in (LE_CONN_COMPLETE, LE_ENHANCED_CONN_COMPLETE):
        if len(data) >= 14 and not data[3]:
            return Link(_handle(data, 4), True, data[8:14], data[7], not data[6])
    return None


def announced(packet: Packet) -> bytes | None:
    """The address to which a BR/EDR link is under way: the peer's request, or the host's own."""
    if packet.kind == EVENT and packet.data[:1] == bytes([EV_CONN_REQUEST]):
        return packet.data[2:8]
    if packet.kind == COMMAND and _u16(packet.data, 0) == OP_CREATE_CONN:
        return packet.data[3:9]
    return None


def closed(packet: Packet) -> int | None:
    """The handle that an event says is gone."""
    data = packet.data
    if packet.kind == EVENT and data[:1] == bytes([EV_DISCONN_COMPLETE]) and len(data) >= 5:
        return None if data[2] else _handle(data, 3)
    return None


def _u16(data: bytes, at: int) -> int:
    return int.from_bytes(data[at:at + 2], "little")


def _handle(data: bytes, at: int) -> int:
    return _u16(data, at) & 0x0FFF


def guess(packet: Packet) -> Link:
    """What kind of link the ACL packet of an unknown handle comes over."""
    cid = int.from_bytes(packet.data[6:8], "little")
    le = packet.boundary != 1 and cid in (CID_ATT, CID_LE_SIGNALING, CID_SMP)
    return Link(packet.handle, le)


def event(code: int, params: bytes) -> bytes:
    """An event with its H4 indicator."""
    return bytes([EVENT, code, len(params)]) + params


def connect(link: Link, mirrored: bool = False) -> bytes:
    """The events that open a link from the other side, as a controller sends them.

    The peer has no features to ask for further, so that the link is up at once; a BR/EDR link is
    requested first; @mirrored gives an LE link the other role.
    """
    handle = link.handle.to_bytes(2, "little")
    if link.le:
        role = bytes([link.central if mirrored else not link.central])
        return event(EV_LE_META, bytes([LE_CONN_COMPLETE, 0]) + handle + role
                     + bytes([link.bdaddr_type & 1]) + link.bdaddr
                     + bytes.fromhex("18000000" "2a00" "00")) + event(
                         EV_LE_META, bytes([LE_REMOTE_FEATURES, 0]) + handle + bytes(8))
    return (request(link)
            + event(EV_CONN_COMPLETE, b"\0" + handle + link.bdaddr + b"\x01\0")
            + event(EV_REMOTE_FEATURES, b"\0" + handle + bytes(8)))


def request(link: Link) -> bytes:
    """The event by which a peer asks for a BR/EDR link."""
    return event(EV_CONN_REQUEST, link.bdaddr + b"\x04\x04\x20\x01")
