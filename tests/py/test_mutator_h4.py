# SPDX-License-Identifier: GPL-2.0-only
"""Mutation of H4 streams: where packets are cut, which lengths and sums are put right."""

import ctypes

import pytest

import mutator_lib
from mutator_lib import mutate, repair


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return mutator_lib.load("mutators/bt_l2cap.c", tmp_path_factory.mktemp("mutator"))


def crc_arc(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def acl(payload: bytes, handle: int = 0x2001) -> bytes:
    return b"\x02" + handle.to_bytes(2, "little") + len(payload).to_bytes(2, "little") + payload


def frame(cid: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(2, "little") + cid.to_bytes(2, "little") + payload


def with_fcs(cid: int, payload: bytes) -> bytes:
    head = (len(payload) + 2).to_bytes(2, "little") + cid.to_bytes(2, "little")
    return head + payload + crc_arc(head + payload).to_bytes(2, "little")


def packets(stream: bytes) -> list[bytes]:
    """The packets of a stream by their own lengths; stops at what begins none."""
    found = []
    while stream:
        head = {1: 4, 2: 5, 3: 4, 4: 3, 5: 5, 0xF0: 3}.get(stream[0])
        if head is None or len(stream) < head:
            break
        body = int.from_bytes(stream[3:5], "little") if head == 5 else stream[head - 1]
        found.append(stream[:head + body])
        stream = stream[head + body:]
    return found


CONF = bytes.fromhex("04020f00 4000 0000 0409 033f03d007e02ef103")
STREAM = (acl(frame(1, bytes.fromhex("02010400 01005000"))) + acl(frame(1, CONF)) +
          bytes.fromhex("f0010219 00") + acl(with_fcs(0x40, b"\x00\x00abc")) +
          bytes.fromhex("04050400010013") + acl(b"tail", 0x1001))


def test_repair_leaves_a_right_stream_alone(library: ctypes.CDLL) -> None:
    assert repair(library, STREAM) == STREAM


def test_repair_puts_nested_lengths_right(library: ctypes.CDLL) -> None:
    command = bytearray(CONF)
    command[2] = 9          # the command ends within its options
    short = acl(frame(1, bytes(command)))
    assert repair(library, short) != short
    assert repair(library, repair(library, short)) == repair(library, short)
    cut = STREAM[:-2]       # the last packet lacks two bytes
    assert packets(repair(library, cut))[-1] == acl(b"ta", 0x1001)


def test_a_wrong_fcs_is_not_taken_for_one(library: ctypes.CDLL) -> None:
    wrong = bytearray(acl(with_fcs(0x40, b"\x00\x00abc")))
    wrong[-1] ^= 1
    assert repair(library, bytes(wrong)) == bytes(wrong)


def test_mutated_frames_mostly_keep_right_lengths_and_sums(library: ctypes.CDLL) -> None:
    whole = lengths = sums = seen = 0
    for seed in range(2000):
        stream = mutate(library, STREAM, seed, STREAM)
        found = packets(stream)
        whole += sum(map(len, found)) == len(stream)
        for packet in found:
            body = packet[5:]
            if packet[0] != 2 or packet[2] >> 4 & 3 == 1 or len(body) < 10:
                continue
            seen += 1
            lengths += int.from_bytes(body[:2], "little") == len(body) - 4
            if int.from_bytes(body[2:4], "little") == 0x40:
                sums += crc_arc(body[:-2]) == int.from_bytes(body[-2:], "little")
    assert whole > 1200 and lengths > 0.8 * seen and sums > 1000
    # ... and broken ones are tried, too
    assert whole < 2000 and lengths < seen


def test_mutations_reach_every_kind_of_packet(library: ctypes.CDLL) -> None:
    kinds = set()
    for seed in range(1500):
        for packet in packets(mutate(library, STREAM, seed)):
            kinds.add(packet[0])
            if packet[0] == 0xF0:
                kinds.add(0xF000 | packet[1])
    assert {2, 4, 0xF0, 0xF040, 0xF041, 0xF044, 0xF000, 0xF001} <= kinds
