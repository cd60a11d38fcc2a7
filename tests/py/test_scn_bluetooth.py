# SPDX-License-Identifier: GPL-2.0-only
"""The Bluetooth layers of the scenario language: framing, values, scapy as a second reader."""

import re

import pytest

from redzone_tool import paths, scn

H4_LENGTHS = {1: (3, 1), 2: (3, 2), 3: (3, 1), 4: (2, 1), 5: (3, 2), 0xF0: (2, 1)}


def made(text: str) -> bytes:
    return scn.compile_text(text)


def packets(stream: bytes) -> list[bytes]:
    """An H4 stream cut into its packets, which must fill it."""
    found = []
    while stream:
        at, size = H4_LENGTHS[stream[0]]
        end = at + size + int.from_bytes(stream[at:at + size], "little")
        assert end <= len(stream)
        found.append(stream[:end])
        stream = stream[end:]
    return found


def defaults(name: str) -> str:
    return name + "".join(f" {param}=1" for param, value in scn.layers()[name].params
                          if value is None)


FAMILY = sorted(name for name, layer in scn.layers().items()
                if layer.where.file == "layers/bluetooth.scn")
PACKETS = [n for n in FAMILY if n.startswith(("hci_", "ev_", "act"))] + [
    "l2cap", "l2cap_sig", "l2cap_le_sig", "l2cap_iframe", "l2cap_iframe_start", "l2cap_sframe",
    "l2cap_iframe_nofcs", "l2cap_sframe_nofcs", "l2cap_ext_iframe", "l2cap_ext_sframe",
    "l2cap_connless", "l2cap_kframe", "l2cap_kframe_start", "smp", "smp_bredr"]


@pytest.mark.parametrize("name", FAMILY)
def test_every_layer_stands_alone(name: str) -> None:
    assert scn.layers()[name].whole
    once = made(defaults(name))
    assert once and made(f"{defaults(name)}\n{defaults(name)}") == once * 2


@pytest.mark.parametrize("name", PACKETS)
def test_packets_are_framed_and_take_more_or_less(name: str) -> None:
    assert len(packets(made(defaults(name)))) == 1
    more = packets(made(f"{defaults(name)} {{ 01 02 03 }}; hci_event code=1"))
    assert len(more) == 2 and b"\1\2\3" in more[0]
    less = packets(made(f"{defaults(name)} {{ 01 02 03; trim 2 }}; hci_event code=1"))
    filled = 2 if name == "ev_remote_name" else 0
    assert len(less) == 2 and len(less[0]) == len(more[0]) - 2 + filled


@pytest.mark.parametrize("text, expected", [
    ("ev_conn_complete", "04030b" "00" "0100" "00000101aa00" "01" "00"),
    ("ev_cmd_complete opcode=HCI_OP_RESET { u8 0 }", "040e04" "01" "030c" "00"),
    ("ev_le_advertising_report { le_adv_info { eir_flags } }",
     "043e0f" "02" "01" "0000" "00000101aa00" "03" "020106" "c4"),
    ("ev_le_create_big_complete { le16 1, 2 }",
     "043e17" "1b0000" "000000" "000000" "0201010001" "2800" "0800" "02" "0100" "0200"),
    ("ev_num_comp_pkts { comp_pkts; comp_pkts handle=2 }", "041309" "02" "01000100" "02000100"),
    ("l2cap_sig { l2cap_conf_req { conf_mtu; conf_fcs } }",
     "02" "0120" "1300" "0f00" "0100" "0401" "0b00" "4000" "0000" "0102a002" "050101"),
    ("smp { smp_pairing_req }", "02" "0200" "0b00" "0700" "0600" "01030001100707"),
    ("hci_command opcode=HCI_OP_INQUIRY { 33 8b 9e 08 00 }", "01" "0104" "05" "338b9e0800"),
])
def test_bytes(text: str, expected: str) -> None:
    assert made(text).hex() == expected


def test_frame_check_sequences() -> None:
    # The two examples of the Core Specification (volume 3, part A, 3.3.5)
    frame = made("l2cap_iframe txseq=1 { count 10 }")
    assert frame[5:].hex() == "0e0040000200" "00010203040506070809" "3861"
    assert made("l2cap_sframe reqseq=1")[5:].hex() == "040040000101" "d414"


def test_scapy_reads_our_layers_as_we_mean_them() -> None:
    bluetooth = pytest.importorskip("scapy.layers.bluetooth")
    packet = bluetooth.HCI_Hdr(made("l2cap_sig { l2cap_conn_req ident=7 psm=25 scid=0x41 }"))
    assert packet[bluetooth.HCI_ACL_Hdr].handle == 1
    assert packet[bluetooth.L2CAP_CmdHdr].id == 7
    assert (packet[bluetooth.L2CAP_ConnReq].psm, packet[bluetooth.L2CAP_ConnReq].scid) == (25, 65)
    packet = bluetooth.HCI_Hdr(made("smp { smp_pairing_rsp io_capability=4 auth_req=9 }"))
    pairing = packet[bluetooth.SM_Pairing_Response]
    assert (pairing.iocap, pairing.authentication, pairing.max_key_size) == (4, 9, 16)
    packet = bluetooth.HCI_Hdr(made("ev_le_conn_complete handle=0x0b"))
    assert packet[bluetooth.HCI_LE_Meta_Connection_Complete].handle == 0x0B
    assert packet[bluetooth.HCI_LE_Meta_Connection_Complete].paddr == "00:aa:01:01:00:00"


def test_the_examples_of_the_manual_compile() -> None:
    text = (paths.root() / "seeds" / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```\n(.*?)```", text.split("## Bluetooth")[1], re.S)
    assert len(examples) == 2
    assert len(packets(made(examples[0]))) == 6
    assert made(examples[1])
