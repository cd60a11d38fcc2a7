# SPDX-License-Identifier: GPL-2.0-only
"""The structure-aware mutator: stays in bounds, repairs, opts out, varies trailers."""

import ctypes
import shutil
import subprocess
from collections import Counter

import pytest

from redzone_tool import paths, scn, scn_sums

HARNESSES = paths.root() / "harnesses"
SOURCES = ["common/mutator.c", "common/mutator_afl.c", "mutators/net_ipv6.c"]
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
MAX = 4096


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    compiler = shutil.which("clang-19") or shutil.which("gcc")
    if not compiler:
        pytest.skip("no C compiler")
    out = tmp_path_factory.mktemp("mutator") / "mutator.so"
    subprocess.run([compiler, "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared",
                    f"-I{HARNESSES / 'common'}", *(str(HARNESSES / s) for s in SOURCES),
                    "-o", str(out)], check=True, timeout=120)
    loaded = ctypes.CDLL(str(out))
    loaded.rz_target_mutate.restype = loaded.rz_target_repair.restype = ctypes.c_size_t
    loaded.rz_target_mutate.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t,
                                        ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint32]
    loaded.rz_target_repair.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t]
    return loaded


def buffer(data: bytes, room: int = MAX) -> "ctypes.Array[ctypes.c_char]":
    return ctypes.create_string_buffer(data, max(room, len(data)) + 64)


def mutate(library: ctypes.CDLL, data: bytes, seed: int, other: bytes = b"",
           room: int = MAX) -> bytes:
    block = buffer(data + bytes(max(room - len(data), 0)) + b"\xa5" * 16, room)
    size = library.rz_target_mutate(block, len(data), room, other or None, len(other), seed)
    assert size <= room
    assert block.raw[room:room + 16] == b"\xa5" * 16, "wrote past the buffer"
    return bytes(block.raw[:size])


def repair(library: ctypes.CDLL, data: bytes) -> bytes:
    block = buffer(data)
    size = library.rz_target_repair(block, len(data), MAX)
    return bytes(block.raw[:size])


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


def test_the_same_seed_gives_the_same_bytes(library: ctypes.CDLL) -> None:
    first = [mutate(library, CHAIN, seed, CHAIN[:40]) for seed in range(500)]
    assert first == [mutate(library, CHAIN, seed, CHAIN[:40]) for seed in range(500)]
    assert len(set(first)) > 400


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


def test_the_afl_module_mutates_too(library: ctypes.CDLL) -> None:
    library.afl_custom_init.restype = ctypes.c_void_p
    library.afl_custom_init.argtypes = [ctypes.c_void_p, ctypes.c_uint]
    library.afl_custom_fuzz.restype = ctypes.c_size_t
    library.afl_custom_fuzz.argtypes = [
        ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t,
        ctypes.POINTER(ctypes.POINTER(ctypes.c_uint8)), ctypes.c_void_p, ctypes.c_size_t,
        ctypes.c_size_t]
    library.afl_custom_deinit.argtypes = [ctypes.c_void_p]
    state = library.afl_custom_init(None, 5)
    made = set()
    for _ in range(300):
        out = ctypes.POINTER(ctypes.c_uint8)()
        size = library.afl_custom_fuzz(state, CHAIN, len(CHAIN), ctypes.byref(out), CHAIN,
                                       len(CHAIN), MAX)
        assert 0 < size <= MAX
        made.add(bytes(out[:size]))
    library.afl_custom_deinit(state)
    assert len(made) > 250


def test_the_dictionary_is_one_that_both_engines_read() -> None:
    import re
    names = set()
    for line in (paths.root() / "dictionaries" / "net_ipv6.dict").read_text().splitlines():
        if line and not line.startswith("#"):
            match = re.fullmatch(r'([a-z0-9_]+)="((?:\\x[0-9a-f]{2})+)"', line)
            assert match, line
            assert match.group(1) not in names
            names.add(match.group(1))
            assert len(match.group(2)) // 4 <= 32      # AFL++ cuts longer tokens
    assert len(names) > 50
