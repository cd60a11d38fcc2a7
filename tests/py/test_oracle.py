# SPDX-License-Identifier: GPL-2.0-only
"""The second opinion: the rules of the comparison, and the port against tshark."""

import random
import shutil
import struct
from pathlib import Path
from typing import Any

import pytest

from redzone_tool import oracle, oracle_run
from redzone_tool.families.net_oracle import RULES
from redzone_tool.commands.oracle import LEAST_AGREEMENT, LEAST_COVERED

KERNEL = oracle.Kernel({
    "parsers/net/a.c": "/*\n * Modelled on: Linux 6.1 net/a.c (a_rcv)\n * Spec: RFC 1\n */",
    "parsers/net/own.c": "/*\n * Ours.\n */\n"})


def answer(**fields: Any) -> dict[str, Any]:
    base = {"frame.number": 1, "frame.len": 60, "frame.cap_len": 60, "frame.encap_type": 1,
            "frame.protocols": ["eth", "ethertype", "ipv6", "udp"]}
    return {**base, **{k.replace("__", "."): v for k, v in fields.items()}}


def port(*fields: tuple[str, Any], rejected: str | None = None, **more: Any) -> dict[str, Any]:
    return {"fields": [list(f) for f in fields], "effects": [], "rejected_by": rejected,
            "verdict": [["errno", -22 if rejected else 0], ["reason", 0]], **more}


def compare(expected: dict[str, Any], got: dict[str, Any]) -> oracle.Tally:
    return oracle.compare([expected], {1: got}, KERNEL, RULES, "file")


def outcome(tally: oracle.Tally) -> dict[str, int]:
    return {kind: count for kind, count in tally.kinds.items() if count}


def test_values_are_equal_across_spellings() -> None:
    got = port(("ipv6.flow", 0x12345), ("ipv6.src", "20010db8" + "0" * 23 + "1"),
               ("ipv6.fraghdr.more", 1), ("ipv6.nxt", 17), ("ipv6.tag", "000a"))
    tally = compare(answer(ipv6__flow="0x012345", ipv6__src="2001:db8::1",
                           ipv6__fraghdr__more=True, ipv6__nxt="17", ipv6__tag="0x000a"), got)
    assert outcome(tally) == {"equal": 5}
    assert tally.agreement == 1 and tally.covered == 1


def test_bytes_of_digits_are_no_number() -> None:
    digits = "20010470" + "0" * 23 + "1"
    assert outcome(compare(answer(ipv6__src="2001:470::1"), port(("ipv6.src", digits)))) == {
        "equal": 1}


def test_occurrences_count_one_by_one_outer_first() -> None:
    expected = answer(ipv6__nxt=[41, 17, 6])
    tally = compare(expected, port(("ipv6.nxt", 41), ("ipv6.nxt", 18)))
    assert outcome(tally) == {"equal": 1, "differs": 2}
    assert [f.got for f in tally.findings] == [18, None]


def test_what_only_the_port_reads_is_listed() -> None:
    tally = compare(answer(ipv6__nxt=17), port(("ipv6.nxt", 17), ("ipv6.nxt", 6)))
    assert outcome(tally) == {"equal": 1} and tally.extra["ipv6.nxt"] == 1


def test_a_rejected_packet_counts_as_a_difference() -> None:
    tally = compare(answer(ipv6__nxt=17), port(rejected="net/own.c:f:01234567"))
    assert outcome(tally) == {"differs": 1}


def test_unless_tshark_rejects_it_too() -> None:
    for reason in ({"_ws.malformed": True}, {"_ws.short": True}, {"frame.cap_len": 40}):
        tally = compare({**answer(ipv6__nxt=17), **reason}, port(rejected="net/own.c:f:01234567"))
        assert outcome(tally) == {"rejected": 1}, reason


def test_or_the_guard_is_the_modelled_kernels() -> None:
    tally = compare(answer(ipv6__nxt=17), port(rejected="net/a.c:a_rcv:01234567"))
    assert outcome(tally) == {"rejected": 1}
    assert "a_rcv() of net/a.c" in tally.findings[0].reason
    assert tally.covered == 0


def test_values_before_the_rejection_are_compared() -> None:
    tally = compare(answer(ipv6__nxt=[41, 17]),
                    port(("ipv6.nxt", 40), rejected="net/a.c:a_rcv:01234567"))
    assert outcome(tally) == {"differs": 1, "rejected": 1}


def test_values_behind_a_check_are_compared_and_counted_apart() -> None:
    got = port(("ipv6.nxt", 41), rejected="net/a.c:a_rcv:01234567",
               fields_behind=[["ipv6.nxt", 41], ["ipv6.nxt", 18]], ablated=["net/a.c:g"])
    tally = compare(answer(ipv6__nxt=[41, 17]), got)
    assert outcome(tally) == {"equal": 1, "differs": 1}
    assert tally.behind == {"net/a.c:g": 1}


def test_tunnels_over_udp_lie_beyond_the_port() -> None:
    expected = answer(ipv6__nxt=[17, 6])
    expected["frame.protocols"] = ["eth", "ethertype", "ipv6", "udp", "gtp", "ipv6", "tcp"]
    tally = compare(expected, port(("ipv6.nxt", 17)))
    assert outcome(tally) == {"equal": 1, "missing": 1}
    assert "inside gtp" in tally.findings[0].reason


def test_a_packet_read_too_little_is_a_difference() -> None:
    assert outcome(compare(answer(ipv6__nxt=17), port())) == {"differs": 1}


def test_other_link_types_and_packets_are_left_alone() -> None:
    assert not compare({**answer(ipv6__nxt=17), "frame.encap_type": 7}, port()).occurrences
    assert not compare(answer(ip__ttl=5), port()).packets


def test_length_checks_are_never_switched_off() -> None:
    for condition in ("!pskb_may_pull(skb, 8)", "optlen > len", "skb->len < 40", "len != 0",
                      "pkt_len + sizeof(struct ipv6hdr) > skb->len", "!hp", "padlen > 7",
                      "hdr->segments_left > n"):
        assert oracle_run.LENGTH_CHECK.search(condition), condition
    for condition in ("opt[i] != 0", "skb->pkt_type != PACKET_HOST", "hdr->version != 6",
                      "IP6CB(skb)->flags & IP6SKB_FRAGMENTED"):
        assert not oracle_run.LENGTH_CHECK.search(condition), condition


@pytest.mark.data
def test_the_port_reads_what_the_stored_answers_say(data: Path) -> None:
    tally = oracle_run.run_stored("net_ipv6", data)
    print(f"compared {tally.compared} equal {tally.kinds[oracle.EQUAL]} "
          f"missing {tally.kinds[oracle.MISSING]} rejected {tally.kinds[oracle.REJECTED]}")
    assert tally.compared > 0
    assert tally.agreement >= LEAST_AGREEMENT, tally.data()["differences"][:5]
    assert tally.covered >= LEAST_COVERED, tally.data()["reasons"]


@pytest.mark.full
@pytest.mark.data
@pytest.mark.parametrize("target", ["net_frame", "net_ipv4", "net_tcp"])
def test_other_targets_read_what_the_stored_answers_say(data: Path, target: str) -> None:
    """Their packets often end at a socket or tunnel that is not there: the page has the share."""
    tally = oracle_run.run_stored(target, data)
    print(f"compared {tally.compared} of {tally.occurrences}, equal {tally.kinds[oracle.EQUAL]}")
    assert tally.compared > 10_000
    assert tally.agreement >= LEAST_AGREEMENT, tally.data()["differences"][:5]


ICMPV6_CAPTURES = ("zeek--icmp6.pcap", "zeek--icmp6-mldv2.pcap", "zeek--icmp6-mld-query.pcap",
                   "pcapplusplus--IgmpPackets.pcap", "suricata--toobig.pcap")


@pytest.mark.full
@pytest.mark.data
@pytest.mark.skipif(not shutil.which("tshark"), reason="tshark is not installed")
def test_icmpv6_is_read_as_tshark_reads_it(data: Path) -> None:
    """The stored answers have none of its fields."""
    files = [data / "network" / "pcap" / name for name in ICMPV6_CAPTURES]
    tally = oracle_run.run_tshark("net_icmpv6", files)
    assert tally.compared > 250
    assert tally.agreement >= LEAST_AGREEMENT, tally.data()["differences"][:5]
    assert tally.covered >= LEAST_COVERED, tally.data()["reasons"]


def write_capture(path: Path, frames: list[bytes]) -> None:
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
    for frame in frames:
        out += struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame
    path.write_bytes(out)


def hold_out(rng: random.Random) -> bytes:
    """A packet nobody wrote down: a random chain of headers, by scapy."""
    from scapy.layers import inet6
    from scapy.layers.inet import TCP, UDP
    from scapy.layers.l2 import Dot1Q, Ether
    from scapy.packet import Raw

    def address() -> str:
        return ":".join(f"{rng.randrange(0x2000, 0x3FFF if i == 0 else 0xFFFF):x}"
                        for i in range(8))

    packet = Ether(src="02:00:00:00:00:02", dst="02:00:00:00:00:01")
    if rng.random() < 0.3:
        packet /= Dot1Q(vlan=rng.randrange(1, 4095))
    packet /= inet6.IPv6(src=address(), dst=address(), hlim=rng.randrange(2, 255),
                         fl=rng.randrange(1 << 20), tc=rng.randrange(256) & ~3)
    if rng.random() < 0.4:
        packet /= inet6.IPv6ExtHdrHopByHop(options=[inet6.RouterAlert(value=rng.randrange(9))])
    for _ in range(rng.randrange(4)):
        kind = rng.randrange(4)
        if kind == 0:
            packet /= inet6.IPv6ExtHdrDestOpt(options=[inet6.PadN(optdata=b"\0\0")])
        elif kind == 1:
            packet /= inet6.IPv6ExtHdrSegmentRouting(
                addresses=[address() for _ in range(rng.randrange(1, 4))], segleft=0)
        elif kind == 2:
            packet /= inet6.IPv6ExtHdrRouting(type=0, addresses=[address()], segleft=0)
        elif inet6.IPv6ExtHdrFragment not in packet:
            packet /= inet6.IPv6ExtHdrFragment(id=rng.randrange(1 << 32))
    transport = rng.choice([UDP(sport=40000, dport=9), TCP(sport=40000, dport=9),
                            inet6.ICMPv6EchoRequest(id=rng.randrange(65536))])
    return bytes(packet / transport / Raw(rng.randbytes(rng.randrange(8, 40))))


@pytest.mark.full
def test_hold_outs_agree_with_a_live_tshark(tmp_path: Path) -> None:
    if not shutil.which("tshark"):
        pytest.skip("tshark is not installed")
    pytest.importorskip("scapy.layers.inet6")
    seed = random.SystemRandom().randrange(1 << 32)
    rng = random.Random(seed)
    write_capture(tmp_path / "holdout.pcap", [hold_out(rng) for _ in range(300)])
    tally = oracle_run.run_tshark("net_ipv6", [tmp_path / "holdout.pcap"])
    assert tally.packets == 300, f"seed {seed}"
    assert tally.agreement >= LEAST_AGREEMENT, (seed, tally.data()["differences"][:5])
    assert tally.covered >= LEAST_COVERED, (seed, tally.data()["reasons"])
