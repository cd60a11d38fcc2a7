# SPDX-License-Identifier: GPL-2.0-only
"""Bluetooth captures: reading them, cutting them into sessions and into the inputs of nodes."""

import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from redzone_tool import capture, catalogue, decode, families, hci, paths, scn, scn_sums
from redzone_tool.errors import ToolError
from redzone_tool.families import bluetooth
from redzone_tool.inputs import Input

RESET = scn.compile_text("hci_command opcode=HCI_OP_RESET")
DONE = scn.compile_text("ev_cmd_complete opcode=HCI_OP_RESET { u8 0 }")
UP = scn.compile_text("ev_conn_complete handle=0x2a")
LE_UP = scn.compile_text("ev_le_conn_complete handle=0x2b role=1")
ASKED = scn.compile_text("ev_conn_request")
DOWN = scn.compile_text("ev_disconn_complete handle=0x2a")
GET = scn.compile_text("l2cap_sig handle=0x2a { l2cap_info_req }")
PUT = scn.compile_text("l2cap_sig handle=0x2a flags=0 { l2cap_feat_mask }")
PAIR = scn.compile_text("smp handle=0x2b { smp_pairing_req auth_req=5 }")
PAIR_LEGACY = scn.compile_text("smp handle=0x2b { smp_pairing_req auth_req=1 }")
ANSWER = scn.compile_text("smp handle=0x2b { smp_pairing_rsp }")


def btsnoop(link: int, records: list[tuple[int, bytes]]) -> bytes:
    out = b"btsnoop\0" + struct.pack(">II", 1, link)
    for flags, data in records:
        out += struct.pack(">IIIIQ", len(data), len(data), flags, 0, 0) + data
    return out


def pcap(link: int, records: list[bytes]) -> bytes:
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link)
    return out + b"".join(struct.pack("<IIII", 0, 0, len(r), len(r)) + r for r in records)


def h4(*packets: tuple[bool, bytes]) -> bytes:
    """A btsnoop file; True: received."""
    return btsnoop(capture.BTSNOOP_H4, [(int(got), data) for got, data in packets])


def read(data: bytes) -> list[hci.Packet | hci.Skipped]:
    return [hci.from_packet(packet) for packet in capture.packets(data)]


FORMS = {
    "h4": btsnoop(1002, [(0, RESET), (1, DONE), (1, GET), (0, PUT)]),
    "bare": btsnoop(1001, [(2, RESET[1:]), (3, DONE[1:]), (1, GET[1:]), (0, PUT[1:])]),
    "monitor": btsnoop(2001, [(2, RESET[1:]), (3, DONE[1:]), (5, GET[1:]), (4, PUT[1:])]),
    "pcap": pcap(201, [b"\0\0\0\0" + RESET, b"\0\0\0\1" + DONE, b"\0\0\0\1" + GET,
                       b"\0\0\0\0" + PUT]),
    "pcap-monitor": pcap(254, [b"\0\0\0\2" + RESET[1:], b"\0\0\0\3" + DONE[1:],
                               b"\0\0\0\5" + GET[1:], b"\0\0\0\4" + PUT[1:]]),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_the_same(form: str) -> None:
    found = read(FORMS[form])
    assert all(isinstance(p, hci.Packet) for p in found)
    assert [p.h4 for p in found] == [RESET, DONE, GET, PUT]         # type: ignore[union-attr]
    assert [p.sent for p in found] == [True, False, False, True]    # type: ignore[union-attr]
    assert [p.number for p in found] == [1, 2, 3, 4]


def test_without_direction_the_kind_tells() -> None:
    found = read(pcap(187, [RESET, DONE, GET]))
    assert [p.sent for p in found] == [True, False, False]          # type: ignore[union-attr]


def test_the_captured_length_is_the_files(tmp_path: Path) -> None:
    for data in (FORMS["bare"], FORMS["monitor"]):
        assert [p.cap_len for p in capture.packets(data)] == [
            len(RESET) - 1, len(DONE) - 1, len(GET) - 1, len(PUT) - 1]


def test_a_cut_file_yields_what_came_before() -> None:
    data = FORMS["h4"]
    for end in range(len(data) - 24 - len(PUT), len(data)):
        assert len(list(capture.packets(data[:end]))) == 3


@pytest.mark.parametrize("got, packet, note", [
    (True, GET[:-1], "cut short"),
    (True, GET + b"\0", "cut short"),
    (True, RESET, "a command from the controller"),
    (False, DONE, "an event from the host"),
    (True, b"\x07\0", "not an H4 packet"),
    (True, b"", "not an H4 packet"),
])
def test_what_cannot_be_played_says_why(got: bool, packet: bytes, note: str) -> None:
    found = read(h4((got, packet)))[0]
    assert isinstance(found, hci.Skipped) and note in found.note


def test_a_stream_is_cut_as_the_harness_cuts_it() -> None:
    act = b"\xf0\0\1\0"
    stream = RESET + act + b"\xff" + GET + DONE[:-1]
    assert list(hci.packets(stream)) == [
        (0, RESET), (4, act), (9, GET), (9 + len(GET), DONE[:-1])]


def test_sessions_begin_with_a_reset_or_a_new_adapter() -> None:
    found = hci.sessions(read(h4((False, RESET), (True, DONE), (False, RESET), (True, UP))))
    assert [[p.number for p in s.packets] for s in found] == [[1, 2], [3, 4]]
    monitor = btsnoop(2001, [(3, UP[1:]), (0x10003, DONE[1:]), (0x10000, b"x" * 16),
                             (0x10003, UP[1:]), (3, DOWN[1:])])
    found = hci.sessions(read(monitor))
    assert [[p.number for p in s.packets] for s in found] == [[1, 5], [2], [4]]


def target(name: str, form: str = "h4", max_len: int = 4096) -> catalogue.Target:
    return catalogue.Target(name, "bluetooth", "", (), max_len, "", "", form)


def cut(name: str, data: bytes, form: str = "h4", max_len: int = 0) -> list[Input]:
    return list(families.inputs(target(name, form), capture.packets(data), max_len))


def played(item: Input) -> list[tuple[int, bytes]]:
    """The packets of an input with their frame number, 0 if it was made up."""
    assert item.data is not None
    numbers = {frame.offset: frame.number for frame in item.frames}
    found = [(numbers.pop(at, 0), packet) for at, packet in hci.packets(item.data)]
    assert not numbers, "a frame begins where no packet does"
    return [(n, p) for n, p in found if p != bluetooth.RUN]


def test_both_sides_of_a_link_are_inputs() -> None:
    host, peer = cut("bt_stack", h4((True, UP), (True, GET), (False, PUT), (True, DOWN)))
    asked = played(host)[0]
    assert asked[0] == 0 and asked[1][1] == hci.EV_CONN_REQUEST     # the capture lacks it
    assert played(host)[1:] == [(1, UP), (2, GET), (4, DOWN)]
    made_up, got, down = played(peer)[:-2], played(peer)[-2], played(peer)[-1]
    assert got == (3, PUT) and down == (0, DOWN)
    assert [n for n, _ in made_up] == [0, 0, 0]
    assert [p[1] for _, p in made_up] == [hci.EV_CONN_REQUEST, hci.EV_CONN_COMPLETE, 0x0B]
    assert host.frames[1].about == {"direction": "received"}
    assert peer.frames[0].about == {"direction": "sent"}


def test_a_link_from_before_the_capture_is_opened_first() -> None:
    host, = cut("bt_stack", h4((True, GET), (True, GET)))
    assert [n for n, _ in played(host)] == [0, 0, 0, 1, 2]
    opened = hci.opened(hci.Packet(0, hci.EVENT, False, played(host)[1][1][1:]))
    assert opened is not None and opened.handle == 0x2A and not opened.le
    pairing, = cut("bt_stack", h4((True, ANSWER)))
    assert [n for n, _ in played(pairing)] == [0, 0, 1]
    link = hci.opened(hci.Packet(0, hci.EVENT, False, played(pairing)[0][1][1:]))
    assert link is not None and link.le and link.handle == 0x2B


def test_a_peer_has_the_other_role() -> None:
    _, peer = cut("bt_stack", h4((True, LE_UP), (False, ANSWER)))
    mine = hci.opened(hci.Packet(0, hci.EVENT, False, LE_UP[1:]))
    opening = next(p for _, p in played(peer) if p[0] == hci.EVENT)
    its = hci.opened(hci.Packet(0, hci.EVENT, False, opening[1:]))
    assert mine is not None and its is not None
    assert not mine.central and its.central and mine.bdaddr == its.bdaddr


@pytest.mark.parametrize("pdu, level", [(PAIR, 3), (PAIR_LEGACY, 2)])
def test_a_sent_pairing_request_is_an_act(pdu: bytes, level: int) -> None:
    host, peer = cut("bt_stack", h4((True, LE_UP), (False, pdu), (True, ANSWER)))
    capability, act = b"\xf0\x13\1\3", bytes([0xF0, 0x27, 4, 0x2B, 0, level, 4])
    assert played(host) == [(0, capability), (1, LE_UP), (0, act), (3, ANSWER)]
    assert played(peer)[-1] == (2, pdu)
    assert [p for _, p in played(peer) if p[0] == 0xF0] == [capability]


def test_a_host_that_creates_a_link_has_its_act() -> None:
    create = scn.compile_text(
        "hci_command opcode=HCI_OP_CREATE_CONN { bdaddr BT_PEER; zero 7 }")
    host, = cut("bt_stack", h4((False, create), (True, UP)))
    act = b"\xf0\x20\x09" + UP[6:12] + b"\0\0\0"
    assert played(host) == [(0, act), (1, create), (2, UP)]


def test_users_answers_come_before_what_they_led_to() -> None:
    confirm = scn.compile_text("smp handle=0x2b { smp_pairing_confirm }")
    check = scn.compile_text("smp handle=0x2b { smp_dhkey_check }")
    host, _ = cut("bt_stack", h4((True, LE_UP), (False, confirm), (False, check)))
    who = LE_UP[9:15] + b"\1\1"
    assert [p for n, p in played(host) if not n] == [
        b"\xf0\x11\x0c" + who + bytes(4), b"\xf0\x10\x08" + who]


def test_events_alone() -> None:
    item, *skipped = sorted(cut("bt_hci_event", h4((False, RESET), (True, UP), (True, GET))),
                            key=lambda i: i.data is None)
    assert played(item) == [(1, RESET), (0, ASKED), (2, UP)]
    assert [(i.number, i.note) for i in skipped] == [(3, "not what bt_hci_event takes")]


def test_channels_lie_on_the_links_that_are_open() -> None:
    data = h4((True, UP), (True, LE_UP), (True, GET), (True, ANSWER), (False, PUT), (True, DOWN))
    items = [i for i in cut("bt_l2cap", data) if i.data is not None]
    packets = {n: p for i in items for n, p in played(i)}
    assert {n: p[1] | (p[2] & 15) << 8 for n, p in packets.items()} == {3: 1, 4: 2, 5: 1}
    assert packets[3][5:] == GET[5:] and packets[3][2] >> 4 == GET[2] >> 4


def test_pairings_are_records() -> None:
    data = h4((True, LE_UP), (False, PAIR), (True, ANSWER), (True, GET))
    items = [i for i in cut("bt_smp", data, "records") if i.data is not None]
    assert [i.data for i in items] == [b"\7\0" + ANSWER[9:], b"\7\0" + PAIR[9:]]


def test_long_sessions_are_cut_and_links_opened_again() -> None:
    data = h4((True, UP), *[(True, GET)] * 40)
    items = cut("bt_stack", data, max_len=200)
    assert len(items) > 2
    assert all(i.data is not None and len(i.data) <= 200 for i in items)
    assert [f.number for i in items for f in i.frames] == list(range(1, 42))
    for item in items[1:]:
        assert [p[1] for _, p in played(item)[:3]] == [4, 3, 0x0B]


def test_families_without_captures_say_so() -> None:
    nvme = catalogue.Target("nvme_tcp", "nvme", "", (), 4096, "", "", "records")
    assert not families.takes_captures(nvme)
    assert not families.takes_captures(target("bt_eir", "file"))


@pytest.mark.data
def test_numbers_and_lengths_are_tsharks(data: Path) -> None:
    if not shutil.which("tshark"):
        pytest.skip("tshark is not installed")
    folder = data / "bluetooth"
    for file in (folder / "generated" / "gen-monitor2001-smp_tester_all.btsnoop",
                 folder / "generated" / "gen-mgmt._pair.31-Pair_Device_LE_SC_Success_1.btsnoop",
                 folder / "pcap" / "BLETools--btsnoop_hci.log"):
        done = subprocess.run(["tshark", "-n", "-r", file, "-T", "fields", "-e", "frame.number",
                               "-e", "frame.cap_len", "-e", "frame.len"],
                              capture_output=True, text=True, check=True)
        theirs = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
        assert theirs == [(p.number, p.cap_len, p.orig_len) for p in capture.read(file)]


@pytest.mark.data
def test_captures_are_held_whole(data: Path) -> None:
    for file in sorted((data / "bluetooth" / "generated").glob("*.btsnoop"))[:20]:
        items = cut("bt_stack", file.read_bytes())
        held = [f.number for i in items for f in i.frames] + [
            i.number for i in items if i.data is None]
        assert sorted(held) == [p.number for p in capture.read(file)], file
        for item in items:
            if item.data is not None:
                played(item)


LINES = ['{"hex": "0e0401030c00"}', '{"hex": "0e0501030c00"}']
SMP = ['{"hex": "0b01"}', '{"hex": "0b01", "cid": 7}']


def test_single_pdus_are_inputs_too() -> None:
    event, cut_short = families.units(target("bt_hci_event"), "hci_evt", LINES)
    assert event.data == b"\x04" + bytes.fromhex("0e0401030c00")
    assert cut_short.data is None and cut_short.note == "not a whole PDU"
    le, bredr = families.units(target("bt_smp", "records"), "smp", SMP)
    assert le.data == b"\2\0\x0b\1"
    assert bredr.data is not None and bredr.data[:4] == le.data
    assert scn_sums.has_control_trailer(bredr.data)
    frame, = families.units(target("bt_l2cap"), "l2cap_sig", ['{"cid": 1, "hex": "0a01020003 00"}'])
    assert frame.data == bytes.fromhex("020120" "0a00" "0600" "0100" "0a0102000300") + bluetooth.RUN
    item, = families.units(target("bt_stack"), "smp", SMP[:1])
    assert item.data is not None
    assert [p[0] for _, p in hci.packets(item.data)] == [4, 4, 2, 0xF0]


def test_files_of_pdus_go_by_their_name(tmp_path: Path) -> None:
    assert families.takes_units(target("bt_stack"), "smp")
    assert not families.takes_units(target("bt_smp", "records"), "hci_evt")
    assert not families.takes_units(catalogue.Target(
        "nvme_tcp", "nvme", "", (), 9, "", "", "records"), "smp")
    (tmp_path / "smp.jsonl").write_text("\n".join(SMP))
    assert len(list(decode.split(tmp_path / "smp.jsonl", target("bt_smp", "records")))) == 2
    (tmp_path / "smp.jsonl").write_text("nonsense")
    with pytest.raises(ToolError, match="line 1 is no PDU"):
        list(decode.split(tmp_path / "smp.jsonl", target("bt_smp", "records")))


@pytest.mark.data
def test_imported_seeds_come_from_generated_captures(data: Path) -> None:
    sys.path.insert(0, str(paths.root() / "scripts" / "seeds"))
    import import_bluetooth
    assert not import_bluetooth.GENERATED.search("pcap/BLETools--btsnoop_hci.log")
    seen = 0
    for info in catalogue.targets():
        if info.name not in import_bluetooth.TARGETS:
            continue
        made = {content for _, content in import_bluetooth.inputs(info, data / "bluetooth")}
        for file in (paths.root() / info.seeds / "valid").glob("gen-*.bin"):
            seen += 1
            assert file.read_bytes() in made, f"{file}: not cut from a generated capture"
    assert seen > 100
