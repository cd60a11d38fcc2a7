# SPDX-License-Identifier: GPL-2.0-only
"""How the network ports' reading of Ethernet captures is held against tshark's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from redzone_tool.oracle import DIFFERS, MISSING, Kernel, Rules, as_list, refusal, rejected

ETHERNET_ENCAP = 1

# Protocols that carry packets inside UDP: handed over by an IPv6 port, not parsed.
UDP_TUNNELS = ("gtp", "teredo", "geneve", "vxlan", "vxlan_gpe", "gtpu", "lisp", "ayiya", "capwap")
OTHER_TUNNELS = ("gre", "l2tp", "nsh", "etag", "erspan", "ipip", "wlan", "pflog", "juniper")


class Why:
    """The reason why a value of one packet is not there."""

    def __init__(self, answer: Mapping[str, Any], port: Mapping[str, Any],
                 kernel: Kernel) -> None:
        self.protocols = [str(p) for p in as_list(answer.get("frame.protocols", []))]
        self.fault = str(port.get("fault", ""))
        self.refusal = refusal(answer, port, kernel) if rejected(port) else None
        self.refused_by = str(port.get("rejected_by") or "")
        self.forwarded = any(name == "xmit.dev" for name, _ in port.get("effects", ()))
        self.reassembly = ["handover.proto", 44] in port.get("effects", ())

    def tunnel(self, index: int) -> str:
        """The tunnel before the @index-th IPv6 header in which the port has no part."""
        seen = -1
        for place, protocol in enumerate(self.protocols):
            if protocol != "ipv6":
                continue
            seen += 1
            if seen >= index:
                before = self.protocols[:place]
                for tunnel in UDP_TUNNELS + OTHER_TUNNELS:
                    if tunnel in before:
                        return tunnel
                return ""
        return ""

    def missing(self, name: str, index: int, count: int) -> tuple[str, str]:
        if self.fault:
            return DIFFERS, f"the input ends in a fault: {self.fault}"
        headers = self.protocols.count("ipv6")
        tunnel = self.tunnel(index if count == headers else headers - count + index)
        if tunnel in UDP_TUNNELS:
            return MISSING, f"inside {tunnel}: a tunnel over UDP, beyond the hand-over"
        if tunnel:
            return MISSING, f"inside {tunnel}: another port's protocol"
        if self.refusal:
            return self.refusal
        if self.reassembly:
            return MISSING, "inside a fragment that is handed over for reassembly"
        if self.forwarded:
            return MISSING, "behind the header by which the packet was forwarded"
        if "icmpv6" in self.protocols and self.protocols.index("icmpv6") < len(
                self.protocols) - 1 and index > 0 or headers > 1:
            return MISSING, "in the packet that an ICMPv6 error quotes: skipped over, not read"
        return DIFFERS, "the port accepted the packet without reading it"


# Layers that a packet may be wrapped in before net_ipv4 sees it, and what IPv4 carries of its
OUTER = frozenset({"eth", "ethertype", "vlan", "mpls", "pwethheuristic", "pppoes", "pppoed", "ppp",
                   "llc", "ip", "arp", "icmp", "igmp", "eth_maybefcs", "snap"})


class Why4(Why):
    """The same for an IPv4 node without tunnels."""

    def missing(self, name: str, index: int, count: int) -> tuple[str, str]:
        if self.fault:
            return DIFFERS, f"the input ends in a fault: {self.fault}"
        wrapped = name.startswith("arp.") or self.protocols.count("ip") > 1 or (
            index > 0 and self.protocols.count("ip") > 0)
        for protocol in self.protocols:
            if protocol not in OUTER:
                if wrapped or protocol in ("ipv6", "ieee8021ah", "wlan", "cmd", "nsh"):
                    return MISSING, f"inside {protocol}: another port's protocol"
                break
        if self.refusal:
            if not self.refused_by:
                return MISSING, "behind a link type that nobody takes"
            return self.refusal
        if "icmp" in self.protocols and index > 0:
            return MISSING, "in the packet that a quoted ICMP message quotes: not read"
        return DIFFERS, "the port accepted the packet without reading it"


class WhyFrame(Why):
    """The same for a node with every layer, which takes one frame alone."""

    def missing(self, name: str, index: int, count: int) -> tuple[str, str]:
        if self.fault:
            return DIFFERS, f"the input ends in a fault: {self.fault}"
        for protocol in self.protocols:
            if protocol in UDP_TUNNELS + OTHER_TUNNELS:
                return MISSING, f"inside {protocol}: another port's protocol"
        if self.refusal:
            if not self.refused_by:
                return MISSING, "behind a link type that nobody takes"
            return self.refusal
        if self.reassembly:
            return MISSING, "inside a fragment that is handed over for reassembly"
        if self.forwarded:
            return MISSING, "behind the header by which the packet was forwarded"
        if {"icmp", "icmpv6"} & set(self.protocols) and index > 0:
            return MISSING, "in the packet that an ICMP error quotes: not read"
        return DIFFERS, "the port accepted the packet without reading it"


class WhyTcp(WhyFrame):
    """The same for a node that takes segments in IP in Ethernet, and nothing in between."""

    AROUND = ("eth", "ethertype", "ip", "ipv6")

    def missing(self, name: str, index: int, count: int) -> tuple[str, str]:
        before = self.protocols[:self.protocols.index("tcp")] if "tcp" in self.protocols else []
        for protocol in before:
            if protocol not in self.AROUND:
                return MISSING, f"inside {protocol}: another port's protocol"
        if before.count("ip") + before.count("ipv6") > 1:
            return MISSING, "inside a tunnel of IP in IP: another port's protocol"
        return super().missing(name, index, count)


PREFERENCES = (
    "ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE",
    "tcp.relative_sequence_numbers:FALSE", "ip.check_checksum:TRUE",
    "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE")

_IPV4 = (
    "ip.version", "ip.hdr_len", "ip.dsfield", "ip.len", "ip.id", "ip.flags", "ip.frag_offset",
    "ip.ttl", "ip.proto", "ip.src", "ip.dst", "ip.opt.type", "ip.opt.len", "icmp.type",
    "icmp.code", "igmp.type", "arp.hw.type", "arp.proto.type", "arp.hw.size", "arp.proto.size",
    "arp.opcode")

IPV4_RULES = Rules(
    area="network",
    prefixes=_IPV4,
    names=_IPV4,
    why=Why4,
    preferences=PREFERENCES,
    encapsulations=frozenset({ETHERNET_ENCAP}),
    first_packets=200,
)

_TCP = (
    "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw", "tcp.hdr_len", "tcp.flags",
    "tcp.window_size_value", "tcp.urgent_pointer", "tcp.len", "tcp.option_kind",
    "tcp.option_len")

_LINK = (
    "eth.type", "eth.len", "ieee8021ad.id", "vlan.id", "vlan.etype", "llc.dsap", "llc.ssap",
    "mpls.label", "mpls.bottom", "mpls.ttl", "pppoe.code", "pppoe.session_id",
    "pppoe.payload_length", "ppp.protocol")

_IPV6 = (
    "ipv6.version", "ipv6.plen", "ipv6.nxt", "ipv6.hlim", "ipv6.flow", "ipv6.src", "ipv6.dst",
    "ipv6.fraghdr.nxt", "ipv6.fraghdr.offset", "ipv6.fraghdr.more", "ipv6.fraghdr.ident",
    "ipv6.hopopts.nxt", "ipv6.hopopts.len", "ipv6.routing.nxt", "ipv6.routing.type",
    "ipv6.routing.segleft", "ipv6.dstopts.nxt", "ipv6.dstopts.len")

RULES = Rules(
    area="network",
    prefixes=("ipv6.",),
    names=_IPV6,
    why=Why,
    preferences=PREFERENCES,
    encapsulations=frozenset({ETHERNET_ENCAP}),
    first_packets=200,
)

# tshark shows ip.version for IPv6 headers too
_FRAME = tuple(n for n in _LINK + _IPV4 + _IPV6 + _TCP if n != "ip.version")
FRAME_RULES = replace(RULES, prefixes=_FRAME, names=_FRAME, why=WhyFrame)
TCP_RULES = replace(RULES, prefixes=_TCP, names=_TCP, why=WhyTcp)


class Why6(Why):
    """The same for ICMPv6, Neighbour Discovery and MLD, from the ICMPv6 header on."""

    def __init__(self, answer: Mapping[str, Any], port: Mapping[str, Any],
                 kernel: Kernel) -> None:
        super().__init__(answer, port, kernel)
        self.violated = [str(guard) for guard in port.get("violated", ())]

    def missing(self, name: str, index: int, count: int) -> tuple[str, str]:
        if self.fault:
            return DIFFERS, f"the input ends in a fault: {self.fault}"
        for protocol in self.protocols:
            if protocol not in OUTER6:
                if protocol != "data":
                    return MISSING, f"inside {protocol}: another port's protocol"
                break
        if self.refusal:
            return self.refusal
        # Linux drops a message of Neighbour Discovery or MLD without an error
        if self.violated:
            return MISSING, f"refused by {self.violated[-1].rpartition(':')[0]}"
        if index > 0:
            return MISSING, "in the packet that an ICMPv6 error quotes: skipped over, not read"
        return DIFFERS, "the port accepted the packet without reading it"


# What net_icmpv6 is given directly: headers that it skips over
OUTER6 = frozenset({"eth", "ethertype", "ipv6", "ipv6.hopopts", "ipv6.fraghdr", "icmpv6"})

_ICMPV6 = (
    "icmpv6.type", "icmpv6.code", "icmpv6.checksum", "icmpv6.mtu", "icmpv6.echo.identifier",
    "icmpv6.echo.sequence_number", "icmpv6.nd.ra.cur_hop_limit", "icmpv6.nd.ra.flag.m",
    "icmpv6.nd.ra.flag.o", "icmpv6.nd.ra.flag.prf", "icmpv6.nd.ra.router_lifetime",
    "icmpv6.nd.ra.reachable_time", "icmpv6.nd.ra.retrans_timer", "icmpv6.nd.ns.target_address",
    "icmpv6.nd.na.flag.r", "icmpv6.nd.na.flag.s", "icmpv6.nd.na.flag.o",
    "icmpv6.nd.na.target_address", "icmpv6.nd.rd.target_address",
    "icmpv6.rd.na.destination_address", "icmpv6.opt.type", "icmpv6.opt.length",
    "icmpv6.opt.linkaddr", "icmpv6.opt.mtu", "icmpv6.opt.nonce", "icmpv6.opt.prefix.flag.l",
    "icmpv6.opt.prefix.flag.a", "icmpv6.opt.prefix.valid_lifetime",
    "icmpv6.opt.prefix.preferred_lifetime", "icmpv6.opt.rdnss.lifetime", "icmpv6.opt.rdnss",
    "icmpv6.mld.maximum_response_delay", "icmpv6.mld.maximum_response_code",
    "icmpv6.mld.multicast_address", "icmpv6.mld.flag.s", "icmpv6.mld.flag.qrv",
    "icmpv6.mld.qqi", "icmpv6.mld.nb_sources", "icmpv6.mld.source_address")

ICMPV6_RULES = Rules(
    area="network",
    prefixes=_ICMPV6,
    names=_ICMPV6,
    why=Why6,
    preferences=PREFERENCES,
    encapsulations=frozenset({ETHERNET_ENCAP}),
    first_packets=200,
)
