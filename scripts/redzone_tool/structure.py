# SPDX-License-Identifier: GPL-2.0-only
"""Inputs as the parts they are made of: records, packets, the control trailer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redzone_tool import decode, hci, scn_sums
from redzone_tool.inputs import RECORD_MAX, record


@dataclass(frozen=True)
class Parts:
    """An input cut at its parts; join() puts it together again with right lengths."""

    form: str                       # records, h4 or whole
    bodies: tuple[bytes, ...]       # without lengths, of a packet with its header
    trailer: bytes = b""

    def join(self) -> bytes:
        """The input's bytes."""
        if self.form == "records":
            made = b"".join(record(body) for body in self.bodies if len(body) <= RECORD_MAX)
        elif self.form == "h4":
            made = b"".join(_with_length(body) for body in self.bodies)
        else:
            made = b"".join(self.bodies)
        return made + self.trailer

    def without(self, start: int, end: int) -> Parts:
        """Some bodies left out."""
        return Parts(self.form, self.bodies[:start] + self.bodies[end:], self.trailer)

    def with_body(self, at: int, body: bytes) -> Parts:
        """One body replaced."""
        return Parts(self.form, (*self.bodies[:at], body, *self.bodies[at + 1:]), self.trailer)


def cut(data: bytes, form: str) -> Parts:
    """Cut an input of a target's form; what has no such parts is one whole."""
    trailer = b""
    if scn_sums.has_control_trailer(data):
        data, trailer = data[:-scn_sums.CONTROL_SIZE], data[-scn_sums.CONTROL_SIZE:]
    if form == "records":
        found = decode.records(data)
        if found is not None:
            return Parts("records", tuple(found), trailer)
    if form == "h4":
        packets = [packet for _, packet in hci.packets(data)]
        made = Parts("h4", tuple(packets), trailer)
        if packets and _same(made, data + trailer):
            return made
    return Parts("whole", (data,), trailer)


def _same(parts: Parts, data: bytes) -> bool:
    return parts.join() == data


def head(form: str, body: bytes) -> int:
    """Bytes at a body's start that its length does not count."""
    if form != "h4" or not body:
        return 0
    return 1 + hci.HEADERS.get(body[0], (2, 1, 1))[0]


def _with_length(packet: bytes) -> bytes:
    header, at, size = hci.HEADERS.get(packet[0], (2, 1, 1)) if packet else (0, 0, 0)
    length = len(packet) - 1 - header
    if length < 0 or length >= 1 << 8 * size:
        return packet
    at += 1
    return packet[:at] + length.to_bytes(size, "little") + packet[at + size:]


def blocks(size: int) -> Sequence[int]:
    """Sizes of what is cut out, from halves down to one."""
    found = []
    block = size // 2
    while block > 1:
        found.append(block)
        block //= 2
    return [*found, 1] if size else []
