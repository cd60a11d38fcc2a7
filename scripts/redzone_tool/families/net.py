# SPDX-License-Identifier: GPL-2.0-only
"""Network captures as inputs: one frame each, a record where the target takes records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from redzone_tool import capture, catalogue
from redzone_tool.families import net_oracle
from redzone_tool.inputs import Frame, Input, record

CAPTURE_FORMS = ("frame", "records")
RULES = net_oracle.RULES
RULES_OF = {"net_frame": net_oracle.FRAME_RULES, "net_ipv4": net_oracle.IPV4_RULES,
            "net_tcp": net_oracle.TCP_RULES, "net_icmpv6": net_oracle.ICMPV6_RULES}


def from_packet(packet: capture.Packet) -> Input:
    """A captured packet as an Ethernet frame, or a note why it is none."""
    frame = capture.ethernet_frame(packet)
    note = "" if frame is not None else f"link type {packet.linktype_name} has no frame to take"
    return Input(packet.number, frame, packet.cap_len, packet.orig_len, packet.linktype_name, note)


def inputs(target: catalogue.Target, packets: Iterable[capture.Packet],
           max_len: int = 0) -> Iterator[Input]:
    items = map(from_packet, packets)
    return map(_as_record, items) if target.form == "records" else items


def _as_record(item: Input) -> Input:
    if item.data is None:
        return item
    frame = Frame(item.number, 0, item.cap_len, item.orig_len, item.linktype)
    return replace(item, data=record(item.data), frames=(frame,))
