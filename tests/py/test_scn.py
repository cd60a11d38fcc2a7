# SPDX-License-Identifier: GPL-2.0-only
"""The scenario compiler: every statement, computed fields, errors, the layers, the command."""

import re
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from redzone_tool import paths, scn, scn_sums
from redzone_tool.scn_lang import ScnError

SEEDS = paths.root() / "seeds"


def made(text: str) -> bytes:
    return scn.compile_text(text)


def wrong(text: str) -> str:
    with pytest.raises(ScnError) as caught:
        scn.compile_text(text, "x.scn")
    return str(caught.value)


@pytest.mark.parametrize("text, expected", [
    ("01 02 a0ff", "0102a0ff"),
    ("ff", "ff"),
    ("hex beef ad", "beefad"),
    ("u8 1, 0x2, 255", "0102ff"),
    ("be16 258; le16 258", "01020201"),
    ("be24 1; be32 1; be48 1; be64 1", "000001" "00000001" "000000000001" "0000000000000001"),
    ("le24 1; le32 1; le64 1", "010000" "01000000" "0100000000000000"),
    ("u8 -1; be16 -2", "fffffe"),
    ('"a\\n\\x00\\""', "610a0022"),
    ("ip6 2001:db8::1, ::", "20010db8000000000000000000000001" + "00" * 16),
    ("2001:db8::1", "20010db8000000000000000000000001"),
    ("ip4 192.0.2.1; 192.0.2.2", "c0000201c0000202"),
    ("mac 02:00:00:00:00:01; 02:00:00:00:00:02", "020000000001020000000002"),
    ("bdaddr 00:aa:01:02:03:04", "04030201aa00"),
    ("le48 1", "010000000000"),
    ("zero 3; fill 2, 7", "0000000707"),
    ("count 3", "000102"),
    ("u8 1; pad 4", "01000000"),
    ("u8 1; pad 4, 0xee", "01eeeeee"),
    ("u8 1; optpad 4", "01010100"),
    ("u8 1, 2, 3; optpad 4", "01020300"),
    ("u8 (1 + 2) * 3, 7 / 2, 7 % 4, 1 << 3 | 1, 6 & 3, 6 ^ 3, ~0 & 15", "0903030902050f"),
    ("repeat 3 { u8 i }", "000102"),
    ("repeat 2 as n { u8 n * 16 }", "0010"),
    ("let N = 5; u8 N", "05"),
    ("record { 01 02 03 }; record { }", "03000102030000"),
    ("01 02 03\ncut 1", "0102"),
    ("record { 01 02 03; cut 2 }; ff", "010001ff"),
    ("@a { 01 02 }; u8 len(a), offset(a), end(a)", "0102020002"),
    ("u8 len(later); @later { zero 3 }", "03000000"),
    ("@x u8 9; u8 int(x)", "0909"),
    ("@out { @in { 01 } ; 02 }; u8 len(out.in), len(out)", "01020102"),
    ("bits { 4 6; 4 1; 8 0xff }", "61ff"),
    ("bits { ue 0; ue 1; ue 4; se 1; se -1 }", "a2a6"),
    ("bytes be16(1)", "0001"),
    ("bytes rev(be16(1)); bytes filled(2, 7); bytes part(\"abcd\", 1, 3)", "0100" "0707" "6263"),
    ("@a { u8 len(a); be16 1; trim 1 }", "0200"),
    ("u8 1, 2, 3; trim 2; ff", "01ff"),
    ("u8 min(3, 2), max(3, 2)", "0203"),
])
def test_statements(text: str, expected: str) -> None:
    assert made(text).hex() == expected


def test_comments_blank_lines_and_newlines_in_parentheses() -> None:
    assert made("# one\n\n  01 # two\nu8 max(1,\n 2)\n") == b"\x01\x02"


def test_internet_checksum_covers_itself_as_zero() -> None:
    data = made("@h { be16 0x4500, 0x0073, 0, 0x4000; u8 0x40, 0x11; csum16 h; "
                "ip4 192.168.0.1; ip4 192.168.0.199 }")
    assert data[10:12].hex() == "b861"
    assert scn_sums.csum16(data) == 0


def test_checksums_wait_for_one_another() -> None:
    data = made("@outer { be16 csum16(outer); @inner { be16 csum16(inner); 12 34 } }")
    inner = struct.unpack(">H", data[2:4])[0]
    assert inner == 0xFFFF - 0x1234
    assert scn_sums.csum16(data) == 0


def test_known_sums() -> None:
    assert scn_sums.crc16(b"123456789") == 0x29B1
    assert scn_sums.crc_x25(b"123456789") == 0x906E
    assert scn_sums.crc_arc(b"123456789") == 0xBB3D
    assert scn_sums.crc32c(b"123456789") == 0xE3069283
    assert made('le32 crc32c("123456789"); be32 crc32("123456789")').hex() == "839206e3cbf43926"
    assert scn_sums.udpsum(b"\xff\xff") == 0xFFFF


def test_layers_fill_in_lengths_links_and_sums() -> None:
    frame = made("eth\nipv6\nhopopts { router_alert }\nudp\n\"hi\"")
    assert frame[12:14].hex() == "86dd"
    assert frame[18:20].hex() == "0012" and frame[20] == 0     # payload length, Hop-by-Hop
    assert frame[54:62].hex() == "1100" "05020000" "0100"      # UDP, 8 bytes, PadN of two
    assert frame[66:68].hex() == "000a"
    pseudo = frame[22:54] + struct.pack(">II", 10, 17)
    assert scn_sums.csum16(pseudo + frame[62:]) == 0


def test_a_use_may_set_every_field_and_name_the_layers_parts() -> None:
    frame = made("eth\nipv6 plen=len(payload) + 8 hlim=1 nxt=6\nzero 4")
    assert frame[18:22].hex() == "000c" "06" "01"


def test_own_layers() -> None:
    text = """
    layer tlv8(type, len = len(body)) { u8 type, len; body }
    layer pdu(kind = next(pdutype, 0)) pdutype=7 { u8 kind }
    pdu
    pdu kind=9
    tlv8 type=3 { 01 02 }
    """
    assert made(text).hex() == "07" "09" "03020102"


WHOLE = """
layer item(n) whole { u8 n }
layer packet(kind, len = len(data)) whole { u8 kind, len; @data { body } }
layer outer(kind = 9, n = uses(items)) whole { packet kind=kind { u8 n; @items { body } } }
"""


@pytest.mark.parametrize("text, expected", [
    ("packet kind=1 { 0a }; packet kind=2", "01010a" "0200"),
    ("packet kind=1 { 0a 0b; trim 1 }; ff", "01010a" "ff"),
    ("packet kind=1 { 0a 0b; cut 1 }; ff", "01020a" "ff"),
    ("packet kind=1 { be32 len(data); trim 3 }", "010100"),
    ("outer { item n=5; item n=6 }; outer kind=8", "0903020506" "080100"),
    ("outer { item n=5; cut 1 }", "09" "02" "01"),
    ("outer n=7", "090107"),
])
def test_whole_layers_stand_beside_one_another(text: str, expected: str) -> None:
    assert made(WHOLE + text).hex() == expected


def test_the_trailer_is_what_the_harness_takes() -> None:
    data = made("01\ncontrol { layout=3, alloc_fail=0x102\n env=2 no_repair=1 }")
    assert len(data) == 13 and scn_sums.has_control_trailer(data)
    assert data[1:11].hex() == "f2525a9c" "01" "22" "0300" "0201"
    assert not scn_sums.has_control_trailer(made("01\ncontrol check=1"))
    header = (paths.root() / "harnesses" / "common" / "control.h").read_text(encoding="utf-8")
    assert r'"\xf2RZ\x9c"' in header
    for name, value in (("RZ_CONTROL_VERSION", 1), ("RZ_CTL_CRYPTO_REAL", 1),
                        ("RZ_CTL_NO_REPAIR", 2), ("RZ_CTL_ENV_SHIFT", 4)):
        found = re.search(rf"{name}\s*=\s*(\w+)", header)
        assert found and int(found.group(1), 0) == value, name


def test_include_is_relative(tmp_path: Path) -> None:
    (tmp_path / "part.scn").write_text("let N = 3\n01\n")
    (tmp_path / "main.scn").write_text('include "part.scn"\nu8 N\n')
    assert scn.compile_file(tmp_path / "main.scn") == b"\x01\x03"


@pytest.mark.parametrize("text, message", [
    ("01\nu8 256", "x.scn:2: 256 does not fit u8"),
    ("u8", "x.scn:1: expected a value"),
    ("01 0", "x.scn:1: not a run of hex bytes"),
    ("foo", "x.scn:1: unknown statement or layer 'foo'"),
    ("eth frob=1", "x.scn:1: layer 'eth' has no field 'frob' (it has dst, src, type)"),
    ("eth\n\nipv6 plen=70000", "x.scn:3:"),
    ("rpl", "x.scn:1: layer 'rpl' needs segleft="),
    ("eth { 01 }", "x.scn:1: layer 'eth' takes no braces"),
    ("u8 len(nothing)", "x.scn:1: unknown name 'nothing'"),
    ("u8 1 / 0", "x.scn:1: division by zero"),
    ("@a { u8 1", "x.scn:1: expected '}'"),
    ("u8 \"x\"", "x.scn:1: 'u8' needs a number"),
    ("ip6 5", "x.scn:1: 'ip6' needs an address of 16 bytes"),
    ("1::2::3", "x.scn:1: not an address: 1::2::3"),
    ("192.0.2.999", "x.scn:1: not an address"),
    ("control nosuch=1", "x.scn:1: the trailer has no field 'nosuch'"),
    ("control env=16", "x.scn:1: env=16 does not fit the trailer"),
    ("@a { control env=1 }", "x.scn:1: the control trailer belongs to the file"),
    ("zero 99999999999", "x.scn:1: 'zero' of 99999999999 bytes"),
    ("let A = B; let B = A; u8 A", "x.scn:1:"),
    ("layer a() { a }; a", "uses itself"),
    ("repeat 99999999 { zero 4096 }", "x.scn:1: the input grows past 16 MiB"),
    ("u8 nofunc(1)", "x.scn:1: unknown function nofunc()"),
    ("01; trim 2", "x.scn:1: 'file' has no 2 bytes to trim"),
    ("bytes part(\"ab\", 1, 3)", "x.scn:1: part(): 1 to 3 is no part of 2 bytes"),
    ("bytes rev(\"a\", \"b\")", "x.scn:1: rev() takes 1 values"),
    ("zero len(later); @later { 01 }", "x.scn:1: unknown name 'later'"),
    ("$", "x.scn:1: unexpected character '$'"),
    ('include "no.scn"', "x.scn:1: include"),
])
def test_errors_name_file_and_line(text: str, message: str) -> None:
    assert message in wrong(text)


def test_an_error_inside_a_template_names_the_use() -> None:
    assert wrong("eth\nipv6 hlim=300").startswith("x.scn:2:")


def test_all_seeds_compile_fast_and_the_same_twice(tmp_path: Path) -> None:
    start = time.process_time()
    first = scn.build([SEEDS], tmp_path / "a")
    assert time.process_time() - start < 2 + 0.004 * len(first)
    scn.build([SEEDS], tmp_path / "b")
    assert first
    for path in first:
        twin = tmp_path / "b" / path.relative_to(tmp_path / "a")
        assert path.read_bytes() == twin.read_bytes()


def test_every_scenario_says_what_it_is_or_is_plain() -> None:
    for path in SEEDS.rglob("*.scn"):
        assert path.read_text(encoding="utf-8").startswith("# SPDX-License-Identifier: "), path


def test_stale_outputs_go_with_clean(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.scn").write_text("01\n")
    out = tmp_path / "out"
    (out / "old").mkdir(parents=True)
    (out / "old" / "b.bin").write_bytes(b"x")
    scn.build([tmp_path / "in"], out, clean=True)
    assert [p.name for p in out.rglob("*")] == ["a.bin"]


def test_the_command_reports_every_bad_file(tmp_path: Path) -> None:
    (tmp_path / "a.scn").write_text("u8 300\n")
    (tmp_path / "b.scn").write_text("nonsense\n")
    (tmp_path / "c.scn").write_text("01\n")
    done = subprocess.run(
        [sys.executable, "-m", "redzone_tool.scn", "--out", str(tmp_path / "out"),
         *map(str, sorted(tmp_path.glob("*.scn")))],
        capture_output=True, text=True, check=False, timeout=60,
        env={"PYTHONPATH": str(paths.root() / "scripts")})
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 2 and "a.scn:1:" in lines[0] and "b.scn:1:" in lines[1]
    assert (tmp_path / "out" / "c.bin").read_bytes() == b"\x01"


def test_scapy_reads_our_layers_as_we_mean_them() -> None:
    inet6 = pytest.importorskip("scapy.layers.inet6")
    from scapy.layers.l2 import Ether
    frame = made("eth\nipv6 src=2001:db8::5\nhopopts { router_alert; jumbo size=70000 }\n"
                 "srh segleft=1 { 2001:db8::7; 2001:db8::8 }\nfraghdr ident=77\n"
                 "icmpv6 dst=2001:db8::7 { be16 5, 6 }\n\"payload\"")
    packet = Ether(frame)
    assert packet[inet6.IPv6].plen == len(frame) - 54
    assert packet[inet6.Jumbo].jumboplen == 70000
    assert packet[inet6.IPv6ExtHdrSegmentRouting].addresses == ["2001:db8::7", "2001:db8::8"]
    assert packet[inet6.IPv6ExtHdrFragment].id == 77
    echo = packet[inet6.ICMPv6EchoRequest]
    assert (echo.id, echo.seq, bytes(echo.data)) == (5, 6, b"payload")
    rebuilt = inet6.IPv6(src="2001:db8::5", dst="2001:db8::7") / inet6.ICMPv6EchoRequest(
        id=5, seq=6, data=b"payload")
    assert inet6.IPv6(bytes(rebuilt))[inet6.ICMPv6EchoRequest].cksum == echo.cksum
