#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes scenarios of bt_smp and bt_stack in which both sides pair to the end, crypto real.

    make_smp.py OUT [--target bt_smp|bt_stack]

Writes OUT/pair-NAME.scn, one for each association model and role. The peer (`smp_peer`)
answers what the port says, so the port's build `native-guards` must be there; the port's
random numbers are the same for every input, and so are the files.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
sys.path.insert(0, str(ROOT / "scripts" / "seeds"))

from redzone_tool import replay, scn  # noqa: E402
import smp_peer as peer  # noqa: E402
import smp_toolbox as tb  # noqa: E402

HEAD = """# SPDX-License-Identifier: GPL-2.0-only
# {title}
# Written by scripts/seeds/make_smp.py: the peer's values follow from the port's, so that
# all checks hold. What the port answers stands in the comments.
"""


class ScenarioPort(peer.Port):
    """The port behind a scenario that is played anew for each question."""

    target = ""

    def __init__(self, title: str) -> None:
        self.title = title
        self.lines: list[str] = []
        self.played: tuple[int, list[tuple[str, Any]]] | None = None
        self.noted = 0
        self.trailer = "control crypto_real=1"

    def pdu(self, code: int, body: bytes, note: str = "") -> None:
        self._note_sent()
        name = peer.NAMES[code] + (f", {note}" if note else "")
        self.lines.append(self.wrap(f"{code:02x} {body.hex()}", f"  # {name}"))

    def act(self, text: str) -> None:
        self._note_sent()
        self.lines.append(self.wrap_act(text))

    def event(self, text: str) -> None:
        self._note_sent()
        self.lines.append(self.wrap_event(text))

    def wrap(self, text: str, note: str) -> str:
        raise NotImplementedError

    def wrap_act(self, text: str) -> str:
        raise NotImplementedError

    def wrap_event(self, text: str) -> str:
        raise NotImplementedError

    def text(self) -> str:
        """The scenario so far."""
        return HEAD.format(title=self.title) + "\n".join(self.lines) + f"\n{self.trailer}\n"

    def effects(self) -> list[tuple[str, Any]]:
        """All effects so far, in order."""
        if self.played is None or self.played[0] != len(self.lines):
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "input"
                file.write_bytes(scn.compile_text(self.text()))
                (document,) = replay.decode(self.target, [file])
            found = []
            for packet in document.get("packets", []) or [document]:
                found += [(name, value) for name, value in packet["effects"]]
            self.played = len(self.lines), found
        return self.played[1]

    def sent(self) -> list[tuple[int, bytes]]:
        found = self.effects()
        return [(int(value), bytes.fromhex(found[i + 1][1]))
                for i, (name, value) in enumerate(found) if name == "btsmp.opcode"]

    def effect(self, name: str) -> list[str]:
        return [value for found, value in self.effects() if found == name]

    def encrypt(self, key: bytes, initiator: bool) -> None:
        if initiator:
            self.act("act_run")
            found = self.commands(0x2019)
            self.event("ev_cmd_status opcode=HCI_OP_LE_START_ENC")
        else:
            self.event("ev_le_ltk_req")
            self.act("act_run")
            found = self.commands(0x201a)
            self.event("ev_cmd_complete opcode=HCI_OP_LE_LTK_REPLY "
                       "{ u8 0; le16 BT_LE_HANDLE }")
        assert found and found[-1].endswith(tb.wire(key).hex()), \
            "the port encrypts with another key"
        self.event("ev_encrypt_change handle=BT_LE_HANDLE")

    def commands(self, opcode: int) -> list[str]:
        """Parameters of a command to the controller, each time that it was sent."""
        found = self.effects()
        return [found[i + 1][1] for i, (name, value) in enumerate(found)
                if name == "bthci_cmd.opcode" and value == opcode]

    def _note_sent(self) -> None:
        """What the port said goes into the scenario as a comment."""
        if not self.lines:
            return
        sent = self.sent()
        for code, body in sent[self.noted:]:
            shown = body.hex()
            self.lines.append(f"#   {peer.NAMES[code]}: {shown[:64]}"
                              + ("..." if len(shown) > 64 else ""))
        self.noted = len(sent)


class SmpPort(ScenarioPort):
    """bt_smp: records."""

    target = "bt_smp"

    def wrap(self, text: str, note: str) -> str:
        return f"record {{ {text} }}{note}"

    def wrap_act(self, text: str) -> str:
        return f"record {{ {text} }}"

    def wrap_event(self, text: str) -> str:
        return f"record {{ u8 0xff; {text} }}"

    def begin(self, want: peer.Wanted) -> None:
        env = (not want.initiator) * 1 + want.sc * 2 + want.bredr * 4 + 8
        self.trailer = f"control crypto_real=1 env={env}"
        if want.bredr:
            secure_bredr(self)
            return
        if want.port_io != peer.KEYBOARD_DISPLAY:
            self.act(f"act_smp_io_cap capability={want.port_io}")
        if want.initiator:
            self.act(f"act_security handle=BT_LE_HANDLE level={want.level}")


def secure_bredr(port: ScenarioPort) -> None:
    """A BR/EDR link is paired and encrypted; a central begins with LE keys by itself."""
    port.event("ev_remote_ext_features")
    port.event("hci_event code=HCI_EV_LINK_KEY_NOTIFY { bdaddr BT_LINK; "
               f"hex {tb.wire(peer.BREDR_KEY).hex()}; u8 HCI_LK_AUTH_COMBINATION_P256 }}")
    port.event("ev_encrypt_change encrypt=2")
    port.act("act_run")
    port.event("ev_cmd_complete opcode=HCI_OP_READ_ENC_KEY_SIZE "
               "{ u8 0; le16 BT_HANDLE; u8 16 }")
    # what L2CAP asks: features, fixed channels
    port.event("l2cap handle=BT_HANDLE flags=2 cid=L2CAP_CID_SIGNALING "
               "{ 0b01 0800 0200 0000 80000000 }")
    port.event("l2cap handle=BT_HANDLE flags=2 cid=L2CAP_CID_SIGNALING "
               "{ 0b02 0c00 0300 0000 82 00000000000000 }")


def wanted() -> dict[str, peer.Wanted]:
    """Every association model, by name."""
    mitm = peer.BONDING | peer.MITM
    models = {
        "legacy-just-works": dict(sc=False),
        "legacy-passkey-port-shows": dict(sc=False, auth=mitm, peer_io=peer.KEYBOARD_ONLY),
        "legacy-passkey-port-enters": dict(sc=False, auth=mitm, peer_io=peer.DISPLAY_ONLY),
        "legacy-passkey-both-enter": dict(sc=False, auth=mitm, peer_io=peer.KEYBOARD_ONLY,
                                          port_io=peer.KEYBOARD_ONLY),
        "legacy-short-key": dict(sc=False, key_size=7),
        "sc-just-works": dict(sc=True),
        "sc-comparison": dict(sc=True, auth=mitm, peer_io=peer.DISPLAY_YESNO),
        "sc-passkey-port-shows": dict(sc=True, auth=mitm, peer_io=peer.KEYBOARD_ONLY),
        "sc-passkey-port-enters": dict(sc=True, auth=mitm, peer_io=peer.DISPLAY_ONLY),
        "sc-oob-both": dict(sc=True, auth=mitm, peer_io=peer.DISPLAY_YESNO, port_oob=True,
                            peer_oob=True),
        "sc-oob-port-has": dict(sc=True, auth=mitm, peer_io=peer.DISPLAY_YESNO, port_oob=True),
        "sc-oob-peer-has": dict(sc=True, auth=mitm, peer_io=peer.DISPLAY_YESNO, peer_oob=True),
        "sc-debug-key": dict(sc=True, debug=True),
        "sc-older-derivation": dict(sc=True, ct2=False),
        "bredr": dict(sc=True, bredr=True),
        "bredr-older-derivation": dict(sc=True, bredr=True, ct2=False),
    }
    found = {}
    for name, fields in models.items():
        for role in ("central", "peripheral"):
            found[f"{name}-{role}"] = peer.Wanted(initiator=role == "central",
                                                  **fields)  # type: ignore[arg-type]
    return found


class StackPort(ScenarioPort):
    """bt_stack: an H4 stream, from a controller without links."""

    target = "bt_stack"
    bredr = False

    def wrap(self, text: str, note: str) -> str:
        layer = "smp_bredr" if self.bredr else "smp"
        return f"{layer} {{ {text} }}{note}"

    def wrap_act(self, text: str) -> str:
        return text

    def wrap_event(self, text: str) -> str:
        return text

    def begin(self, want: peer.Wanted) -> None:
        self.bredr = want.bredr
        self.trailer = "control crypto_real=1 env=BT_ENV_MITM"
        self.act("act_flag flag=HCI_RPA_RESOLVING")
        self.act(f"act_flag flag=HCI_SC_ENABLED on={int(want.sc)}")
        self.act(f"act_smp_io_cap capability={want.port_io}")
        if want.bredr:
            self.begin_bredr(want)
            return
        link = "bdaddr=BT_LE_LINK bdaddr_type=1"
        if want.initiator:
            self.act("act_connect_le bdaddr=BT_LE_LINK type=BDADDR_LE_RANDOM")
            self.act("bt_taken opcode=HCI_OP_LE_CREATE_CONN")
        self.event(f"ev_le_conn_complete role={int(not want.initiator)} {link}")
        self.act("bt_taken opcode=HCI_OP_LE_READ_REMOTE_FEATURES")
        self.event("ev_le_remote_feat_complete")
        if want.initiator:
            self.act(f"act_security handle=BT_LE_HANDLE level={want.level}")

    def begin_bredr(self, want: peer.Wanted) -> None:
        way = "out" if want.initiator else "in"
        self.act(f"bt_acl_{way} bdaddr=BT_LINK")
        secure_bredr(self)


PORTS: dict[str, type[ScenarioPort]] = {"bt_smp": SmpPort, "bt_stack": StackPort}


def make(target: str, name: str, want: peer.Wanted) -> tuple[ScenarioPort, peer.Result]:
    """Play one pairing to the end."""
    role = "we are the central" if want.initiator else "we are the peripheral"
    kind = "Secure Connections" if want.sc else "legacy pairing"
    port = PORTS[target](f"{name}: {kind}, {role}")
    return port, peer.Pairing(port, want).run()


def main() -> int:
    """Write them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--target", choices=sorted(PORTS), default="bt_smp")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for name, want in wanted().items():
        if args.only in name:
            port, _ = make(args.target, name, want)
            (args.out / f"pair-{name}.scn").write_text(port.text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
