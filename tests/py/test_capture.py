# SPDX-License-Identifier: GPL-2.0-only
"""The capture reader: formats, byte orders, damage, link types; every file of the sample data."""

import json
import struct
from pathlib import Path

import pytest

from redzone_tool import capture

FRAME = bytes.fromhex("02000000000102000000000286dd") + b"\x60" + bytes(39)


def pcap(order: str, magic: int, packets: list[tuple[int, bytes]], link: int = 1,
         version: tuple[int, int] = (2, 4)) -> bytes:
    out = struct.pack(order + "IHHiIII", magic, *version, 0, 0, 65535, link)
    for orig, data in packets:
        out += struct.pack(order + "IIII", 1, 2, len(data), orig) + data
    return out


def block(order: str, kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    size = len(body) + 12
    return struct.pack(order + "II", kind, size) + body + struct.pack(order + "I", size)


def section(order: str) -> bytes:
    return block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(order: str, link: int, snap: int = 0) -> bytes:
    return block(order, 1, struct.pack(order + "HHI", link, 0, snap))


def enhanced(order: str, number: int, data: bytes, orig: int) -> bytes:
    return block(order, 6, struct.pack(order + "IIIII", number, 0, 0, len(data), orig) + data)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("magic", [0xA1B2C3D4, 0xA1B23C4D])
def test_pcap_orders_and_resolutions(order: str, magic: int) -> None:
    found = list(capture.packets(pcap(order, magic, [(60, FRAME), (1500, FRAME[:20])])))
    assert [(p.number, p.linktype, p.cap_len, p.orig_len) for p in found] == [
        (1, 1, 54, 60), (2, 1, 20, 1500)]
    assert found[0].data == FRAME


def test_the_modified_pcap_has_longer_packet_headers() -> None:
    data = struct.pack("<IHHiIII", 0xA1B2CD34, 2, 4, 0, 0, 65535, 1)
    data += struct.pack("<IIII", 0, 0, 54, 54) + bytes(8) + FRAME
    assert [p.data for p in capture.packets(data)] == [FRAME]


def test_old_versions_swap_the_lengths() -> None:
    data = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 2, 0, 0, 65535, 1)
    data += struct.pack("<IIII", 0, 0, 100, 54) + FRAME
    (packet,) = capture.packets(data)
    assert (packet.cap_len, packet.orig_len) == (54, 100)


@pytest.mark.parametrize("order", ["<", ">"])
def test_pcapng_blocks(order: str) -> None:
    data = section(order) + interface(order, 1, 30) + interface(order, 229)
    data += block(order, 4, bytes(4))                               # names: skipped
    data += enhanced(order, 1, FRAME[14:], 40)
    data += block(order, 3, struct.pack(order + "I", 54) + FRAME[:30])
    data += block(order, 2, struct.pack(order + "HHIIII", 0, 0, 0, 0, 54, 54) + FRAME)
    found = list(capture.packets(data))
    assert [(p.number, p.linktype, p.cap_len, p.orig_len) for p in found] == [
        (1, 229, 40, 40), (2, 1, 30, 54), (3, 1, 54, 54)]


def test_a_second_pcapng_section_has_its_own_order_and_interfaces() -> None:
    data = section("<") + interface("<", 1) + enhanced("<", 0, FRAME, 54)
    data += section(">") + interface(">", 101) + enhanced(">", 0, FRAME[14:], 40)
    assert [(p.number, p.linktype) for p in capture.packets(data)] == [(1, 1), (2, 101)]


def test_snoop() -> None:
    data = b"snoop\0\0\0" + struct.pack(">II", 2, 4)
    data += struct.pack(">IIIIII", 60, 54, 24 + 56, 0, 0, 0) + FRAME + bytes(2)
    (packet,) = capture.packets(data)
    assert (packet.linktype, packet.cap_len, packet.orig_len) == (1, 54, 60)


@pytest.mark.parametrize("data", [
    pcap("<", 0xA1B2C3D4, [(54, FRAME), (54, FRAME)]),
    section("<") + interface("<", 1) + enhanced("<", 0, FRAME, 54) * 2,
    b"snoop\0\0\0" + struct.pack(">II", 2, 4)
    + (struct.pack(">IIIIII", 54, 54, 80, 0, 0, 0) + FRAME + bytes(2)) * 2,
])
def test_every_cut_yields_what_came_before(data: bytes) -> None:
    for size in range(8, len(data)):
        if capture.is_capture(data[:size]):
            assert all(p.data == FRAME for p in capture.packets(data[:size]))
    assert len(list(capture.packets(data[:-1]))) == 1
    assert len(list(capture.packets(data))) == 2


def test_lengths_that_lie_end_the_file() -> None:
    for length in (0xFFFFFFFF, 1 << 21):
        data = pcap("<", 0xA1B2C3D4, [(54, FRAME)])
        data += struct.pack("<IIII", 0, 0, length, 54) + FRAME
        assert len(list(capture.packets(data))) == 1
    data = section("<") + interface("<", 1) + enhanced("<", 0, FRAME, 54)
    assert len(list(capture.packets(data + enhanced("<", 9, FRAME, 54)))) == 1
    assert len(list(capture.packets(data + struct.pack("<II", 6, 8)))) == 1


def test_what_is_no_capture(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(FRAME)
    with pytest.raises(capture.CaptureError, match="not a capture"):
        capture.read(tmp_path / "x")
    with pytest.raises(capture.CaptureError, match="No such file"):
        capture.read(tmp_path / "none")


def frame_of(link: int, data: bytes) -> bytes | None:
    return capture.ethernet_frame(capture.Packet(1, link, len(data), len(data), data))


def test_link_types_become_frames_or_notes() -> None:
    ip6, ip4 = FRAME[14:], b"\x45" + bytes(19)
    for link, head in ((capture.RAW, b""), (capture.IPV6, b""), (12, b""),
                       (capture.NULL, b"\x1e\0\0\0"), (capture.LOOP, b"\0\0\0\x18"),
                       (capture.PPP, b"\xff\x03\x00\x57"), (capture.PPP, b"\x00\x57"),
                       (capture.LINUX_SLL, bytes(14) + b"\x86\xdd"),
                       (capture.LINUX_SLL2, b"\x86\xdd" + bytes(18))):
        frame = frame_of(link, head + ip6)
        assert frame is not None and frame[12:] == b"\x86\xdd" + ip6, link
    frame = frame_of(capture.RAW, ip4)
    assert frame is not None and frame[12:14] == b"\x08\x00"
    assert frame_of(capture.ETHERNET, FRAME) == FRAME
    for link, data in ((105, FRAME), (capture.RAW, b""), (capture.LINUX_SLL, b"short"),
                       (capture.PPP, b"\xc0\x21"), (capture.RAW, b"\xff")):
        assert frame_of(link, data) is None


@pytest.mark.data
def test_frames_of_the_sample_data_are_those_of_tshark(data: Path) -> None:
    compared = 0
    for kind in ("pcap", "bench"):
        for answer in sorted((data / "network" / "oracle" / kind).glob("*.jsonl")):
            entries = [json.loads(line) for line in answer.read_text().splitlines()]
            expected = [e for e in entries if e.get("frame.encap_type") == 1]
            file = data / "network" / kind / answer.name.removesuffix(".jsonl")
            packets = {p.number: p for p in capture.read(file)}
            for entry in expected:
                packet = packets[entry["frame.number"]]
                assert packet.linktype == capture.ETHERNET
                assert packet.cap_len == entry["frame.cap_len"] == len(packet.data), file
                assert min(packet.orig_len, 0x7FFFFFFF) == entry["frame.len"], file
                compared += 1
    assert compared > 6000
