# SPDX-License-Identifier: GPL-2.0-only
"""The mutator of net_ipv6: repairs, opts out, varies trailers (all: test_mutators.py)."""

import ctypes
from collections import Counter

import pytest
from redzone_tool import scn, scn_sums

import mutator_lib
from mutator_lib import mutate, repair

CHAIN = scn.compile_text("""
    eth
    ipv6
    hopopts { router_alert; padn size=2; ioam_trace { zero 8 } }
    srh segleft=1 { 2001:db8::7; fd72:6564:7a6f:6e65::1 }
    fraghdr
    dstopts { home_address }
    udp
    "payload"
""")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return mutator_lib.load("mutators/net_ipv6.c", tmp_path_factory.mktemp("mutator"))


def test_a_sound_packet_stays_as_it_is(library: ctypes.CDLL) -> None:
    for text in ("eth\nipv6\nudp", "eth\nvlan\nipv6\nhopopts { router_alert }\ntcp { 01 01 }",
                 "eth\nip\nipv6\nicmpv6 { zero 4 }", "eth\npppoes\nppp\nipv6\nudp",
                 "eth\nmpls bottom=0\nmpls\nipv6\nah { zero 12 }\nudp",
                 "eth\nipv6\nrpl segleft=0 { 01 02 03 }\nudp"):
        data = scn.compile_text(text)
        assert repair(library, data).hex() == data.hex(), text


def test_lengths_links_and_sums_are_put_right(library: ctypes.CDLL) -> None:
    good = scn.compile_text("eth\nipv6\nhopopts { router_alert }\nudp\ncount 9")
    bad = bytearray(good)
    bad[18:20] = b"\x12\x34"        # payload length
    bad[20 + 48:20 + 49] = b"\x99"  # UDP checksum
    bad[12:14] = b"\x86\xdd"
    assert repair(library, bytes(bad)) == good


def test_bounds_hold_for_every_size(library: ctypes.CDLL) -> None:
    other = scn.compile_text("eth\nipv6\nrpl segleft=1 { count 40 }\nudp\ncontrol layout=9")
    for seed in range(4000):
        data = CHAIN[:seed % (len(CHAIN) + 1)]
        mutate(library, data, seed, other, room=max(len(data), seed % 300))
    mutate(library, CHAIN + bytes(200_000), 1, room=300_000)


def test_mutants_are_mostly_sound_and_differ_in_structure(library: ctypes.CDLL) -> None:
    kinds: Counter[str] = Counter()
    for seed in range(3000):
        data = mutate(library, CHAIN, seed)
        if scn_sums.has_control_trailer(data):
            data = data[:-scn_sums.CONTROL_SIZE]
        if len(data) >= 54 and data[12:14] == b"\x86\xdd":
            right = int.from_bytes(data[18:20], "big") == len(data) - 54
            kinds["length right" if right else "length wrong"] += 1
            kinds[f"next {data[20]}"] += 1
    assert kinds["length right"] > kinds["length wrong"] > 100
    assert len([k for k in kinds if k.startswith("next")]) > 5


def test_trailers_come_go_and_vary(library: ctypes.CDLL) -> None:
    with_trailer = CHAIN + scn_sums.control_trailer(layout=7, env=2)
    added = [mutate(library, CHAIN, seed) for seed in range(2000)]
    count = sum(scn_sums.has_control_trailer(data) for data in added)
    assert 100 < count < 500
    kept = [mutate(library, with_trailer, seed) for seed in range(2000)]
    valid = [data[-12:] for data in kept if scn_sums.has_control_trailer(data)]
    assert 1700 < len(valid) < 2000 and len(set(valid)) > 50


def test_a_trailer_opts_out_of_repair(library: ctypes.CDLL) -> None:
    broken = bytearray(CHAIN)
    broken[18:20] = b"\x00\x01"
    plain, opted = bytes(broken), bytes(broken) + scn_sums.control_trailer(no_repair=1)

    def repaired(data: bytes) -> int:
        made = [mutate(library, data, seed) for seed in range(1000)]
        return sum(m[:14] == CHAIN[:14] and m[18:20] not in (b"\x00\x01", b"") for m in made)

    assert repaired(plain) > 300
    assert repaired(opted) < repaired(plain) / 2
