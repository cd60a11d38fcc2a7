# SPDX-License-Identifier: GPL-2.0-only
"""Bluetooth captures as inputs: what a host receives, and what its peers receive from it.

A capture holds both directions of one host. Each session of a controller becomes two inputs of
`bt_stack`, so that all of it is read by the ports:

  the host's half     events, data from the controller, and the host's commands (0x01)
  the peers' half     the data that the host sent, as the nodes at the other end receive it

What a node sent itself it does not receive; requests among it are played as acts of its local
side (connect, ask for security), so that its state lets the answers in. A peer's links
are opened by events made up from the host's own (the LE role changed); so are links that were
up before the capture began. After every packet the node runs the work that is due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from redzone_tool import capture, catalogue, hci, scn_sums
from redzone_tool.families import bluetooth_oracle
from redzone_tool.inputs import Frame, Input, record

CAPTURE_FORMS = ("h4", "records")
# Files of single PDUs that a target takes, by name without suffix
UNITS = {"bt_hci_event": ("hci_evt",), "bt_l2cap": ("l2cap_sig", "smp"), "bt_smp": ("smp",),
         "bt_stack": ("hci_evt", "l2cap_sig", "smp")}
RULES = bluetooth_oracle.RULES

# include/redzone/bt.h
ACT_RUN, ACT_CONFIRM, ACT_PASSKEY, ACT_IO_CAP = 0x00, 0x10, 0x11, 0x13
ACT_CONNECT, ACT_SECURITY = 0x20, 0x27
ACT_L2CAP_LISTEN, ACT_L2CAP_CONNECT = 0x40, 0x41
RUN = bytes([hci.ACT, ACT_RUN, 1, 0])
LEVEL_SDP, LEVEL_MEDIUM, LEVEL_HIGH = 0, 2, 3
BDADDR_BREDR, BDADDR_LE_PUBLIC = 0, 1
AUTH_NO_BONDING, AUTH_GENERAL_BONDING = 0, 4

SMP_PAIRING_REQ, SMP_PAIRING_RSP, SMP_CONFIRM = 0x01, 0x02, 0x03
SMP_SECURITY_REQ, SMP_DHKEY_CHECK = 0x0B, 0x0D
SMP_AUTH_MITM = 0x04

# Signalling commands that ask for a channel, and the mode of the channel
L2CAP_REQUESTS = {0x02: 0x00, 0x14: 0x80, 0x17: 0x81}
SOCK_STREAM = 1

# The target's bit for SMP over BR/EDR, and the start of a frame that may be flushed
SMP_ENV_BREDR = 4
ACL_START = 2

# Handles of the links that bt_l2cap has from its start
L2CAP_HANDLES = {False: 0x0001, True: 0x0002}

SENT, RECEIVED = "sent", "received"

Sources = dict[int, capture.Packet]


@dataclass
class Half:
    """One node's input while it is built."""

    packets: list[hci.Packet]
    mirrored: bool
    max_len: int = 0
    at: int = 0                 # the packet in hand
    data: bytearray = field(default_factory=bytearray)
    frames: list[Frame] = field(default_factory=list)
    links: dict[int, hci.Link] = field(default_factory=dict)
    announced: set[bytes] = field(default_factory=set)
    listening: set[tuple[bool, int]] = field(default_factory=set)
    done: list[Input] = field(default_factory=list)

    def open(self, link: hci.Link) -> None:
        self.links[link.handle] = link
        self.data += self.capability(link) + hci.connect(link, self.mirrored) + RUN

    def capability(self, link: hci.Link) -> bytes:
        return capability_act(islice(self.packets, self.at, None), link.handle, self.mirrored)

    def need(self, packet: hci.Packet) -> None:
        """Open the link of a data packet, if the capture began when it was up."""
        if packet.handle not in self.links:
            self.open(hci.guess(packet))

    def add(self, packet: hci.Packet, source: capture.Packet) -> None:
        if self.max_len and len(self.data) + 1 + len(packet.data) + len(RUN) > self.max_len:
            self.close()
            for link in list(self.links.values()):
                self.open(link)
        about = {"direction": SENT if packet.sent else RECEIVED}
        self.frames.append(Frame(packet.number, len(self.data), source.cap_len, source.orig_len,
                                 source.linktype_name, about))
        self.data += packet.h4 + RUN

    def data_packet(self, packet: hci.Packet, sources: Sources) -> None:
        """An ACL packet: received, or sent by this node itself."""
        self.need(packet)
        if packet.sent == self.mirrored:
            self.data += self.listen(packet)
            self.add(packet, sources[packet.number])
        else:
            self.data += local_act(packet, self.links[packet.handle])

    def listen(self, packet: hci.Packet) -> bytes:
        """A listener on the port that a peer asks for, unless there is one."""
        le = self.links[packet.handle].le
        asked = channel_request(packet)
        if asked is None or (le, asked[1]) in self.listening:
            return b""
        self.listening.add((le, asked[1]))
        kind = BDADDR_LE_PUBLIC if le else BDADDR_BREDR
        return act(ACT_L2CAP_LISTEN, bytes([kind]) + sock_options(*asked))

    def close(self) -> None:
        """The input so far is one; the node starts anew."""
        if self.frames:
            self.done.append(Input(self.frames[0].number, bytes(self.data), len(self.data),
                                   len(self.data), self.frames[0].linktype,
                                   frames=tuple(self.frames)))
        self.data, self.frames, self.listening = bytearray(), [], set()


def act(op: int, params: bytes) -> bytes:
    return bytes([hci.ACT, op, len(params)]) + params


def smp_of(packet: hci.Packet) -> bytes:
    """The SMP PDU that begins in a data packet; empty if there is none."""
    cid = int.from_bytes(packet.data[6:8], "little")
    if packet.kind == hci.ACL and packet.boundary != 1 and cid in (hci.CID_SMP, hci.CID_SMP_BREDR):
        return packet.data[8:]
    return b""


def channel_request(packet: hci.Packet) -> tuple[int, int] | None:
    """(mode, port) of the channel that a data packet asks for."""
    cid = int.from_bytes(packet.data[6:8], "little")
    pdu = packet.data[8:]
    if (packet.kind != hci.ACL or packet.boundary == 1 or len(pdu) < 6
            or cid not in (hci.CID_SIGNALING, hci.CID_LE_SIGNALING)
            or pdu[0] not in L2CAP_REQUESTS):
        return None
    return L2CAP_REQUESTS[pdu[0]], int.from_bytes(pdu[4:6], "little")


def sock_options(mode: int, psm: int) -> bytes:
    """Options of an L2CAP socket: port, channel, type, mode; all else at its default."""
    return psm.to_bytes(2, "little") + bytes([0, 0, SOCK_STREAM, mode]) + bytes(8)


def local_act(packet: hci.Packet, link: hci.Link | None = None) -> bytes:
    """What the local side did that made a node send this packet; empty if nothing known."""
    address = hci.announced(packet)
    if packet.kind == hci.COMMAND and address is not None:
        return act(ACT_CONNECT, address + bytes([BDADDR_BREDR, LEVEL_SDP, AUTH_NO_BONDING]))
    asked = channel_request(packet)
    if asked is not None:
        return act(ACT_L2CAP_CONNECT, packet.handle.to_bytes(2, "little") + sock_options(*asked))
    pdu = smp_of(packet)
    if pdu[:1] == bytes([SMP_PAIRING_REQ]) and len(pdu) > 3:
        return _security(packet, pdu[3])
    if pdu[:1] == bytes([SMP_SECURITY_REQ]) and len(pdu) > 1:
        return _security(packet, pdu[1])
    if link is not None and pdu[:1] in (bytes([SMP_CONFIRM]), bytes([SMP_DHKEY_CHECK])):
        # If a user was asked, this is what the answer led to
        kind = BDADDR_LE_PUBLIC + (link.bdaddr_type & 1) if link.le else BDADDR_BREDR
        who = link.bdaddr + bytes([kind, 1])
        return act(ACT_CONFIRM, who) if pdu[0] == SMP_DHKEY_CHECK else act(
            ACT_PASSKEY, who + bytes(4))
    return b""


def _security(packet: hci.Packet, auth_req: int) -> bytes:
    level = LEVEL_HIGH if auth_req & SMP_AUTH_MITM else LEVEL_MEDIUM
    return act(ACT_SECURITY, packet.handle.to_bytes(2, "little")
               + bytes([level, AUTH_GENERAL_BONDING]))


def capability_act(packets: Iterable[hci.Packet], handle: int, mirrored: bool) -> bytes:
    """The IO capability that a node will claim on a link: it takes it on when the link opens."""
    for packet in packets:
        pdu = smp_of(packet)
        if (packet.sent != mirrored and len(pdu) > 1 and packet.handle == handle
                and pdu[0] in (SMP_PAIRING_REQ, SMP_PAIRING_RSP)):
            return act(ACT_IO_CAP, pdu[1:2])
    return b""


def host_half(session: hci.Session, sources: Sources, max_len: int) -> list[Input]:
    """What the host of a session receives."""
    half = Half(session.packets, False, max_len)
    for half.at, packet in enumerate(session.packets):
        if packet.kind == hci.ACL:
            half.data_packet(packet, sources)
        elif packet.kind in (hci.COMMAND, hci.EVENT) or not packet.sent:
            half.data += local_act(packet)
            _announce(half, packet)
            half.add(packet, sources[packet.number])
            _follow(half, packet)
    half.close()
    return half.done


def _announce(half: Half, packet: hci.Packet) -> None:
    """A node refuses a BR/EDR link that nobody asked for: if the capture lacks it, ask."""
    link, address = hci.opened(packet), hci.announced(packet)
    if address is not None:
        half.announced.add(address)
    if link is not None:
        half.data += half.capability(link)
        if not link.le and link.bdaddr not in half.announced:
            half.data += hci.request(link) + RUN


def _follow(half: Half, packet: hci.Packet) -> None:
    """Keep the table of links, which the packet itself changes in the node."""
    link, gone = hci.opened(packet), hci.closed(packet)
    if link is not None:
        half.links[link.handle] = link
        half.announced.discard(link.bdaddr)
    if gone is not None:
        half.links.pop(gone, None)


def peer_half(session: hci.Session, sources: Sources, max_len: int) -> list[Input]:
    """What the peers of a session's host receive from it, as if they were one node."""
    half = Half(session.packets, True, max_len)
    for half.at, packet in enumerate(session.packets):
        if packet.kind == hci.EVENT:
            link, gone = hci.opened(packet), hci.closed(packet)
            if link is not None:
                half.open(link)
            if gone is not None and gone in half.links:
                del half.links[gone]
                half.data += packet.h4 + RUN
        elif packet.kind == hci.ACL:
            half.data_packet(packet, sources)
    half.close()
    return half.done


def stack(session: hci.Session, sources: Sources, max_len: int) -> list[Input]:
    return host_half(session, sources, max_len) + peer_half(session, sources, max_len)


def events(session: hci.Session, sources: Sources, max_len: int) -> list[Input]:
    """Events and commands alone."""
    kept = [p for p in session.packets if p.kind in (hci.COMMAND, hci.EVENT)]
    return host_half(hci.Session(session.adapter, kept), sources, max_len)


def _per_link(session: hci.Session) -> Iterator[tuple[hci.Link, list[hci.Packet]]]:
    """The ACL packets of each link from its start to its end."""
    links: dict[int, hci.Link] = {}
    found: dict[int, list[hci.Packet]] = {}
    for packet in session.packets:
        link, gone = hci.opened(packet), hci.closed(packet)
        for ended in (gone, link.handle if link is not None else None):
            if ended is not None and ended in found:
                yield links.pop(ended), found.pop(ended)
        if link is not None:
            links[link.handle] = link
        if packet.kind == hci.ACL:
            links.setdefault(packet.handle, hci.guess(packet))
            found.setdefault(packet.handle, []).append(packet)
    for handle, packets in found.items():
        yield links[handle], packets


def channels(session: hci.Session, sources: Sources, max_len: int) -> list[Input]:
    """The data of each link, over the links that bt_l2cap has from its start."""
    done: list[Input] = []
    for link, packets in _per_link(session):
        handle = L2CAP_HANDLES[link.le]
        for mirrored in (False, True):
            moved = [_moved(packet, handle) for packet in packets]
            half = Half(moved, mirrored, max_len)
            half.links[handle] = replace(link, handle=handle)
            for half.at, packet in enumerate(moved):
                half.data_packet(packet, sources)
            half.close()
            done += half.done
    return done


def _moved(packet: hci.Packet, handle: int) -> hci.Packet:
    flags = packet.data[1] & 0xF0
    head = bytes([handle & 0xFF, flags | handle >> 8])
    return hci.Packet(packet.number, packet.kind, packet.sent, head + packet.data[2:])


def pairings(session: hci.Session, sources: Sources, max_len: int) -> list[Input]:
    """The SMP PDUs of each link and direction, one a record; frames cut over packets are not
    put together."""
    done: list[Input] = []
    for _, packets in _per_link(session):
        for sent in (False, True):
            data, frames = b"", []
            for packet in packets:
                cid = int.from_bytes(packet.data[6:8], "little")
                size = int.from_bytes(packet.data[4:6], "little")
                pdu = packet.data[8:]
                if (packet.sent == sent and packet.boundary != 1 and size == len(pdu)
                        and cid in (hci.CID_SMP, hci.CID_SMP_BREDR)):
                    source = sources[packet.number]
                    about = {"direction": SENT if sent else RECEIVED}
                    frames.append(Frame(packet.number, len(data), source.cap_len,
                                        source.orig_len, source.linktype_name, about))
                    data += record(pdu)
            if frames:
                done.append(Input(frames[0].number, data, len(data), len(data),
                                  frames[0].linktype, frames=tuple(frames)))
    return done


def unit(target: catalogue.Target, kind: str, data: bytes,
         entry: Mapping[str, Any]) -> bytes | None:
    """One PDU as an input: an event, or a frame on a link that is up; None if it is not whole."""
    if kind == "hci_evt":
        return bytes([hci.EVENT]) + data if hci.whole(hci.EVENT, data) else None
    cid = int(entry.get("cid", hci.CID_SMP))
    le = cid in (hci.CID_LE_SIGNALING, hci.CID_SMP)
    if target.form == "records":
        return record(data) + (b"" if le else scn_sums.control_trailer(env=SMP_ENV_BREDR))
    frame = len(data).to_bytes(2, "little") + cid.to_bytes(2, "little") + data
    handle = L2CAP_HANDLES[le] | (0 if le else ACL_START) << 12
    packet = (bytes([hci.ACL]) + handle.to_bytes(2, "little")
              + len(frame).to_bytes(2, "little") + frame)
    link = hci.connect(hci.Link(L2CAP_HANDLES[le], le)) if target.name == "bt_stack" else b""
    return link + packet + RUN


CUTTERS: dict[str, Callable[[hci.Session, Sources, int], list[Input]]] = {
    "bt_hci_event": events, "bt_l2cap": channels, "bt_smp": pairings, "bt_stack": stack,
}


def inputs(target: catalogue.Target, packets: Iterable[capture.Packet],
           max_len: int = 0) -> Iterator[Input]:
    """Captured packets as inputs of a target; what no input holds is skipped with a note."""
    sources = {packet.number: packet for packet in packets}
    records = [hci.from_packet(packet) for packet in sources.values()]
    cutter = CUTTERS.get(target.name, stack)
    made = [item for session in hci.sessions(records)
            for item in cutter(session, sources, max_len)]
    held = {frame.number for item in made for frame in item.frames}
    for skipped in records:
        if skipped.number not in held:
            packet = sources[skipped.number]
            note = (skipped.note if isinstance(skipped, hci.Skipped)
                    else f"not what {target.name} takes")
            yield Input(packet.number, None, packet.cap_len, packet.orig_len,
                        packet.linktype_name, note)
    yield from made
