# SPDX-License-Identifier: GPL-2.0-only
"""The second opinion on Bluetooth: its rules, and the ports against tshark in both directions."""

import random
import shutil
import struct
from pathlib import Path
from typing import Any

import pytest

from redzone_tool import capture, hci, oracle, oracle_run, paths
from redzone_tool.commands.oracle import LEAST_AGREEMENT, LEAST_COVERED
from redzone_tool.families import bluetooth_oracle
from redzone_tool.families.bluetooth_oracle import RULES

TARGET = "bt_stack"
KERNEL = oracle.Kernel({
    "parsers/bluetooth/a.c": "/*\n * Modelled on: Linux 6.1 net/bluetooth/a.c (a_rcv)\n */",
    "parsers/bluetooth/hci_cc_a.c": "/* */ HCI_CC_STATUS(HCI_OP_RESET, hci_cc_reset),\n"})


def compare(fields: dict[str, Any], *got: tuple[str, Any], **port: Any) -> oracle.Tally:
    answer = {"frame.number": 1, "frame.len": 9, "frame.cap_len": 9, "frame.encap_type": 99,
              **fields}
    line = {"fields": [list(f) for f in got], "effects": [], "rejected_by": None,
            "verdict": [["errno", 0]], **port}
    return oracle.compare([answer], {1: line}, KERNEL, RULES, "file")


def outcome(tally: oracle.Tally) -> dict[str, int]:
    return {kind: count for kind, count in tally.kinds.items() if count}


def test_addresses_are_shown_backwards() -> None:
    fields = {"bthci_evt.bd_addr": "00:aa:01:02:03:04"}
    assert outcome(compare(fields, ("bthci_evt.bd_addr", "04030201aa00"))) == {"equal": 1}
    assert outcome(compare(fields, ("bthci_evt.bd_addr", "00aa01020304"))) == {"differs": 1}


def test_keys_are_bytes_even_if_all_are_digits() -> None:
    key = "01020304050607080102030405060708"
    assert outcome(compare({"btsmp.long_term_key": key}, ("btsmp.long_term_key", key))) == {
        "equal": 1}
    assert outcome(compare({"btsmp.long_term_key": key},
                           ("btsmp.long_term_key", key[::-1]))) == {"differs": 1}


def test_numbers_in_any_base() -> None:
    assert outcome(compare({"btl2cap.cid": "0x0040", "btl2cap.length": 12, "btsmp.ediv": "7"},
                           ("btl2cap.cid", 64), ("btl2cap.length", 12),
                           ("btsmp.ediv", 8))) == {"equal": 2, "differs": 1}


def test_both_directions_and_every_link_type_count() -> None:
    tally = compare({"btl2cap.cid": "0x0004"}, skipped="link type PPI has no HCI packet")
    assert outcome(tally) == {"missing": 1} and not tally.covered
    assert not compare({"btatt.opcode": 1}).packets


def test_what_tshark_knows_from_other_packets_is_missing() -> None:
    assert outcome(compare({"btl2cap.psm": 1, "btl2cap.cmd_code": "0x06"},
                           ("btl2cap.cmd_code", 6))) == {"missing": 1, "equal": 1}
    assert outcome(compare({"btl2cap.psm": 1, "btl2cap.cmd_code": "0x02"},
                           ("btl2cap.cmd_code", 2))) == {"differs": 1, "equal": 1}


@pytest.mark.parametrize("opcode, kind", [(0x0C03, "differs"), (0x040C, "missing")])
def test_return_parameters_of_a_command_without_handler(opcode: int, kind: str) -> None:
    tally = compare({"bthci_evt.code": "0x0e", "bthci_evt.opcode": hex(opcode),
                     "bthci_evt.bd_addr": "00:aa:01:02:03:04"},
                    ("bthci_evt.code", 14), ("bthci_evt.opcode", opcode))
    assert outcome(tally) == {"equal": 2, kind: 1}


@pytest.mark.parametrize("result, kind", [("0x0000", "missing"), ("0x0001", "differs")])
def test_options_of_a_granted_configuration(result: str, kind: str) -> None:
    tally = compare({"btl2cap.cmd_code": "0x05", "btl2cap.conf_result": result,
                     "btl2cap.option_mtu": 672},
                    ("btl2cap.cmd_code", 5), ("btl2cap.conf_result", int(result, 16)))
    assert outcome(tally) == {"equal": 2, kind: 1}


def test_the_handlers_are_read_from_the_ports() -> None:
    handled = bluetooth_oracle.handled(oracle_run.kernel(TARGET))
    assert {0x0C03, 0x1009, 0x2002} <= handled and 0x040C not in handled
    assert len(handled) > 30


def test_a_fault_is_a_difference() -> None:
    assert outcome(compare({"btl2cap.cid": 4}, fault="redzone-leak")) == {"differs": 1}


@pytest.mark.parametrize("verdict", [[], [["errno", 0]], [["errno", -42], ["errno", 0]]])
def test_the_last_guard_rejects_what_a_taken_frame_carries(verdict: list[Any]) -> None:
    port = {"verdict": verdict, "rejected_by": "bluetooth/a.c:a_rcv:01234567"}
    assert outcome(compare({"btl2cap.psm": 4, "btl2cap.cmd_code": 2},
                           ("btl2cap.cmd_code", 2), **port)) == {"equal": 1, "rejected": 1}
    own = {**port, "rejected_by": "bluetooth/b.c:b_rcv:01234567"}
    assert outcome(compare({"btl2cap.cid": 4}, **own)) == {"differs": 1}


def test_an_accepted_event_must_be_read_whole() -> None:
    port = {"rejected_by": "bluetooth/a.c:a_rcv:01234567"}
    assert outcome(compare({"bthci_evt.code": 5, "bthci_evt.status": 0}, ("bthci_evt.code", 5),
                           **port)) == {"equal": 1, "differs": 1}


def report(tally: oracle.Tally) -> str:
    return (f"compared {tally.compared} of {tally.occurrences} ({tally.covered:.2%}) "
            + " ".join(f"{kind} {tally.kinds[kind]}" for kind in (
                oracle.EQUAL, oracle.DIFFERS, oracle.MISSING, oracle.REJECTED)))


@pytest.mark.data
def test_the_ports_read_what_the_stored_answers_say(data: Path) -> None:
    tally = oracle_run.run_stored(TARGET, data)
    print(report(tally))
    assert tally.compared > 0
    assert tally.agreement >= LEAST_AGREEMENT, tally.data()["differences"][:5]
    assert tally.covered >= LEAST_COVERED, tally.data()["reasons"]
    for prefix in RULES.prefixes:
        counts = [c for name, c in tally.names.items() if name.startswith(prefix)]
        equal = sum(c[oracle.EQUAL] for c in counts)
        assert equal >= 0.9 * sum(c[oracle.EQUAL] + c[oracle.DIFFERS] for c in counts) > 0


# Hold-outs: captures that nobody looked at


def btsnoop(packets: list[tuple[bool, bytes]]) -> bytes:
    """An H4 log; True: sent by the host."""
    out = b"btsnoop\0" + struct.pack(">II", 1, capture.BTSNOOP_H4)
    for number, (sent, data) in enumerate(packets):
        flags = int(not sent) | (2 if data[0] in (hci.COMMAND, hci.EVENT) else 0)
        out += struct.pack(">IIIIQ", len(data), len(data), flags, 0, number) + data
    return out


def changed(rng: random.Random, packet: hci.Packet) -> bytes:
    """A captured packet with other values in some places behind its headers."""
    data = bytearray(packet.h4)
    # what frames it stays: event, command and ACL headers; length, channel and code of a PDU
    first = {hci.EVENT: 3, hci.COMMAND: len(data), hci.ACL: 10}.get(packet.kind, len(data))
    if packet.kind == hci.ACL and int.from_bytes(data[7:9], "little") in (
            hci.CID_SIGNALING, hci.CID_LE_SIGNALING):
        first = 13
    if packet.kind == hci.EVENT and data[1] in (0x0E, 0x0F, 0x13, hci.EV_LE_META):
        first = len(data)       # tshark's way through these hangs on what they say
    for at in range(first, len(data)):
        if rng.random() < 0.15:
            data[at] = rng.randrange(256)
    return bytes(data)


def mutated(rng: random.Random, file: Path, share: float) -> list[tuple[bool, bytes]]:
    found = [hci.from_packet(p) for p in capture.read(file)]
    packets = [p for p in found if isinstance(p, hci.Packet)]
    return [(p.sent, changed(rng, p) if rng.random() < share else p.h4) for p in packets]


def dissected(rng: random.Random) -> list[tuple[bool, bytes]]:
    """A session by scapy: a link, signalling and pairing with values at random."""
    from scapy.layers import bluetooth as bt
    from scapy.packet import Raw
    handle = rng.randrange(1, 0xEFF)
    address = ":".join(f"{rng.randrange(256):02x}" for _ in range(6))
    up = bt.HCI_Hdr() / bt.HCI_Event_Hdr() / bt.HCI_Event_LE_Meta() / (
        bt.HCI_LE_Meta_Connection_Complete(handle=handle, role=rng.randrange(2), paddr=address,
                                           interval=24, latency=0, supervision=42))
    features = bytes([4, 0x3E, 12, 4, 0]) + handle.to_bytes(2, "little") + bytes(8)
    packets = [(False, bytes(up)), (False, features)]
    for _ in range(rng.randrange(4, 12)):
        sent = rng.random() < 0.5
        if rng.random() < 0.5:
            pdu = rng.choice([
                bt.SM_Pairing_Request(iocap=rng.randrange(5), authentication=rng.randrange(2),
                                      max_key_size=rng.randrange(7, 17)),
                bt.SM_Failed(reason=rng.randrange(1, 9))])
            frame = bt.L2CAP_Hdr(cid=6) / bt.SM_Hdr() / pdu
        else:
            pdu = rng.choice([
                bt.L2CAP_Connection_Parameter_Update_Request(
                    min_interval=rng.randrange(6, 30), max_interval=rng.randrange(30, 60),
                    slave_latency=0, timeout_mult=rng.randrange(60, 3200)),
                bt.L2CAP_Connection_Parameter_Update_Response(move_result=rng.randrange(2)),
                bt.L2CAP_DisconnReq(dcid=rng.randrange(64, 80), scid=rng.randrange(64, 80)),
                bt.L2CAP_CmdRej(reason=0)])
            frame = bt.L2CAP_Hdr(cid=5) / bt.L2CAP_CmdHdr(id=rng.randrange(1, 256)) / pdu
        body = bytes(frame / Raw(b""))
        flags = 0 if sent else 2
        packets.append((sent, bytes([2]) + (handle | flags << 12).to_bytes(2, "little")
                        + len(body).to_bytes(2, "little") + body))
    return packets


def agrees(file: Path, seed: int) -> oracle.Tally:
    tally = oracle_run.run_tshark(TARGET, [file])
    print(f"seed {seed}: {report(tally)}")
    assert tally.compared > 0
    assert tally.agreement >= LEAST_AGREEMENT, (seed, tally.data()["differences"][:5])
    return tally


@pytest.fixture
def seed() -> int:
    if not shutil.which("tshark"):
        pytest.skip("tshark is not installed")
    return random.SystemRandom().randrange(1 << 32)


@pytest.mark.full
@pytest.mark.data
def test_changed_captures_agree_with_a_live_tshark(tmp_path: Path, data: Path,
                                                   seed: int) -> None:
    rng = random.Random(seed)
    files = sorted((data / "bluetooth" / "generated").glob("gen-*.btsnoop"))
    files = [f for f in files if "monitor" not in f.name]
    packets = [p for file in rng.sample(files, 40) for p in mutated(rng, file, 0.2)]
    (tmp_path / "holdout.log").write_bytes(btsnoop(packets))
    agrees(tmp_path / "holdout.log", seed)


@pytest.mark.full
def test_made_up_sessions_agree_with_a_live_tshark(tmp_path: Path, seed: int) -> None:
    pytest.importorskip("scapy.layers.bluetooth")
    rng = random.Random(seed)
    reset = bytes.fromhex("01030c00")
    packets = [p for _ in range(60) for p in [(True, reset), *dissected(rng)]]
    (tmp_path / "holdout.log").write_bytes(btsnoop(packets))
    tally = agrees(tmp_path / "holdout.log", seed)
    assert tally.covered >= LEAST_COVERED, (seed, tally.data()["reasons"])


def test_the_area_is_there_or_the_data_is_not(data: Path) -> None:
    pairs = oracle.stored_pairs(data, RULES.area)
    assert len(pairs) > 100 and paths.root() not in pairs[0][0].parents
