#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes seeds of net_ipv6 with scapy: what its layers know and scenarios would only repeat.

    make_scapy.py OUT

Writes OUT/scapy-NAME.bin. The same version of scapy writes the same bytes.
"""

from __future__ import annotations

import logging
import random
import sys
from pathlib import Path

logging.getLogger("scapy.runtime").setLevel(logging.ERROR)

from scapy.layers.dhcp6 import (  # noqa: E402
    DHCP6_Solicit, DHCP6OptClientId, DHCP6OptElapsedTime, DHCP6OptIA_NA, DUID_LL)
from scapy.layers.dns import DNS, DNSQR  # noqa: E402
from scapy.layers.inet import IP, TCP, UDP  # noqa: E402
from scapy.layers.inet6 import (  # noqa: E402
    HAO, ICMPv6EchoRequest, ICMPv6MLReport2, ICMPv6MLDMultAddrRec, ICMPv6ND_NA, ICMPv6ND_RA,
    ICMPv6NDOptPrefixInfo, ICMPv6NDOptSrcLLAddr, ICMPv6ParamProblem, ICMPv6TimeExceeded, IPv6,
    IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, IPv6ExtHdrRouting,
    IPv6ExtHdrSegmentRouting, IPv6ExtHdrSegmentRoutingTLVPadN, PadN, RouterAlert,
    fragment6)
from scapy.layers.l2 import Dot1AD, Dot1Q, Dot3, Ether, LLC, SNAP  # noqa: E402
from scapy.layers.ppp import PPP, PPPoE  # noqa: E402
from scapy.contrib.mpls import MPLS  # noqa: E402
from scapy.packet import Packet, Raw  # noqa: E402

HERE, LOCAL, FAR = "2001:db8::2", "fd72:6564:7a6f:6e65::1", "2001:db8:1::7"


def ether(**fields: str) -> Packet:
    return Ether(src="02:00:00:00:00:02", dst=fields.get("dst", "02:00:00:00:00:01"))


def frames() -> dict[str, Packet]:
    """The frames by name."""
    ip = IPv6(src=HERE, dst=LOCAL)
    link = IPv6(src="fe80::2", dst="ff02::1", hlim=255)
    group = ether(dst="33:33:00:00:00:01")
    quoted = IPv6(src=LOCAL, dst=HERE) / IPv6ExtHdrHopByHop(
        options=[RouterAlert()]) / UDP(sport=40000, dport=53)
    whole = ip / IPv6ExtHdrFragment(id=77) / UDP(sport=40000, dport=9) / Raw(bytes(range(200)))
    made = {
        "dns": ether() / ip / UDP(sport=40000) / DNS(rd=1, qd=DNSQR(qname="example.org")),
        "tcp-options": ether() / ip / TCP(sport=40000, dport=443, flags="PA", options=[
            ("NOP", None), ("NOP", None), ("Timestamp", (1, 2))]) / Raw(b"GET / HTTP/1.0\r\n\r\n"),
        "dhcpv6": group / IPv6(src="fe80::2", dst="ff02::1:2") / UDP(sport=546, dport=547)
        / DHCP6_Solicit(trid=5) / DHCP6OptClientId(duid=DUID_LL(lladdr="02:00:00:00:00:02"))
        / DHCP6OptElapsedTime() / DHCP6OptIA_NA(iaid=1),
        "router-advertisement": group / link / ICMPv6ND_RA() / ICMPv6NDOptPrefixInfo(
            prefix="2001:db8:5::", prefixlen=64) / ICMPv6NDOptSrcLLAddr(
                lladdr="02:00:00:00:00:02"),
        "neighbour-advertisement": ether() / IPv6(src=HERE, dst=LOCAL, hlim=255) / ICMPv6ND_NA(
            tgt=HERE),
        "mld-two-groups": group / IPv6(src="fe80::2", dst="ff02::16", hlim=1)
        / IPv6ExtHdrHopByHop(options=[RouterAlert(), PadN()]) / ICMPv6MLReport2(records=[
            ICMPv6MLDMultAddrRec(dst="ff05::1"), ICMPv6MLDMultAddrRec(dst="ff05::2")]),
        "home-address": ether() / ip / IPv6ExtHdrDestOpt(
            options=[HAO(hoa="2001:db8::3")]) / ICMPv6EchoRequest(data=b"mobile"),
        "segment-routing": ether() / ip / IPv6ExtHdrSegmentRouting(
            addresses=[FAR, LOCAL], segleft=1, lastentry=1,
            tlv_objects=[IPv6ExtHdrSegmentRoutingTLVPadN(padding=bytes(6))]) / UDP(dport=9),
        "routing-0-finished": ether() / ip / IPv6ExtHdrRouting(
            type=0, addresses=[FAR, HERE], segleft=0) / ICMPv6EchoRequest(),
        "fragment-first": ether() / fragment6(whole, 144)[0],
        "fragment-last": ether() / fragment6(whole, 144)[-1],
        "parameter-problem": ether() / ip / ICMPv6ParamProblem(code=2, ptr=42) / quoted,
        "time-exceeded-vlan": ether() / Dot1Q(vlan=9) / ip / ICMPv6TimeExceeded() / quoted,
        "vlan-stack": ether() / Dot1AD(vlan=3) / Dot1Q(vlan=4, prio=6) / ip / UDP(dport=9),
        "pppoe": ether() / PPPoE(sessionid=7) / PPP(proto=0x57) / ip / UDP(dport=9),
        "mpls-stack": ether() / MPLS(label=1001, s=0, ttl=9) / MPLS(label=1002, s=1, ttl=9)
        / ip / UDP(dport=9),
        "sit": ether() / IP(src="192.0.2.2", dst="192.0.2.1", id=1) / ip / UDP(dport=9),
        "tunnel-in-tunnel": ether() / ip / IPv6(src="2001:db8::5", dst=LOCAL)
        / IPv6(src="2001:db8::6", dst=LOCAL) / UDP(dport=9),
        "snap": Dot3(src="02:00:00:00:00:02", dst="02:00:00:00:00:01") / LLC(
            dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(OUI=0, code=0x86DD) / ip / UDP(dport=9),
    }
    return made


def main(out: Path) -> int:
    random.seed(1)
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in frames().items():
        (out / f"scapy-{name}.bin").write_bytes(bytes(frame))
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} OUT")
    sys.exit(main(Path(sys.argv[1])))
