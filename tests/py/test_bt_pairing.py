# SPDX-License-Identifier: GPL-2.0-only
"""Pairing against an implementation of its own: sample data, then every association model."""
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from redzone_tool import paths, replay, scn, scn_sums

sys.path.insert(0, str(paths.root() / "scripts" / "seeds"))

import make_smp  # noqa: E402
import smp_peer  # noqa: E402
import smp_toolbox as tb  # noqa: E402

U = bytes.fromhex("20b003d2f297be2c5e2c83a7e9f9a5b9eff49111acf4fddbcc0301480e359de6")
V = bytes.fromhex("55188b3d32f6bb9a900afcfbeed4e72a59cb9ac2f19d7cfb6b4fdd49f47fc5fd")
X = bytes.fromhex("d5cb8454d177733effffb2ec712baeab")
Y = bytes.fromhex("a6e8e7cc25a75f6e216583f7ff3dc4cf")
W = bytes.fromhex("ec0234a357c8ad05341010a60a397d9b99796b13b4f866f1868d34f373bfa698")
A1 = bytes.fromhex("0056123737bfce")
A2 = bytes.fromhex("00a713702dcfc1")


# The toolbox against the specification: Vol 3 Part H 2.2 and appendix D.

def test_sample_data() -> None:
    assert tb.f4(U, V, X, 0).hex() == "f2c916f107a9bd1cf1eda1bea974872d"
    mackey, ltk = tb.f5(W, X, Y, A1, A2)
    assert mackey.hex() == "2965f176a1084a02fd3f6a20ce636e20"
    assert ltk.hex() == "6986791169d7cd23980522b594750a38"
    assert tb.f6(mackey, X, Y, bytes.fromhex("12a3343bb453bb5408da42d20c2d0fc8"),
                 bytes.fromhex("010102"), A1, A2).hex() == "e3c473989cd0e8c5d26c0b09da958f61"
    assert tb.g2(U, V, X, Y) == 0x2f9ed5ba % 1000000
    assert tb.c1(bytes(16), bytes.fromhex("5783d52156ad6f0e6388274ec6702ee0"),
                 bytes.fromhex("07071000000101"), bytes.fromhex("05000800000302"), 1,
                 bytes.fromhex("a1a2a3a4a5a6"), 0,
                 bytes.fromhex("b1b2b3b4b5b6")).hex() == "1e1e3fef878988ead2a74dc5bef13b86"
    assert tb.s1(bytes(16), bytes.fromhex("000f0e0d0c0b0a091122334455667788"),
                 bytes.fromhex("010203040506070899aabbccddeeff00")
                 ).hex() == "9a1fe1f0e8b0f49b5b4216ae796da062"
    assert tb.ah(W[:16], bytes.fromhex("708194")).hex() == "0dfbaa"
    key = bytes.fromhex("05040302010009080706050403020100")
    assert tb.convert(key, tb.TMP2, tb.BRLE, False).hex() == "a813fb72f1a3dfa18a2c9a43f10d0a30"
    assert tb.convert(key, tb.TMP2, tb.BRLE, True).hex() == "e85e09eb5eccb3e269418a133211bc79"
    pair = tb.KeyPair(0x3f49f6d4a3c55f3874c9b3e3d2103f504aff607beb40b7995899b8a6cd3c1abd)
    assert pair.x == U
    assert pair.dhkey(
        bytes.fromhex("1ea1f0f01faf1d9609592284f19e4c0047b58afd8615a69f559077b22faaa190"),
        bytes.fromhex("4c55f33e429dad377356703a9ab85160472d1130e28e36765f89aff915b1214a")) == W


# Scenarios of both targets, written by scripts/seeds/make_smp.py, played once each: the peer
# answers what the port said, and must come to the bytes that stand in the scenario.

@dataclass(frozen=True)
class Played:
    """A scenario's own commands, and what the port did."""

    pdus: list[tuple[int, bytes]]
    effects: list[tuple[str, Any]]

    def sent(self) -> list[tuple[int, bytes]]:
        return [(int(value), bytes.fromhex(self.effects[i + 1][1]))
                for i, (name, value) in enumerate(self.effects) if name == "btsmp.opcode"]

    def commands(self, opcode: int) -> list[str]:
        return [self.effects[i + 1][1] for i, (name, value) in enumerate(self.effects)
                if name == "bthci_cmd.opcode" and value == opcode]

    def keys(self, event: str, at: int) -> list[bytes]:
        return [bytes.fromhex(value)[at:at + 16] for name, value in self.effects
                if name == f"mgmt.{event}"]


class Recorded(smp_peer.Port):
    """A port that has said already all that it is going to say."""

    def __init__(self, played: Played) -> None:
        self.played = played
        self.next = 0

    def pdu(self, code: int, body: bytes, note: str = "") -> None:
        assert self.next < len(self.played.pdus), "the scenario ends too early"
        assert self.played.pdus[self.next] == (code, body), f"not what the peer sends ({note})"
        self.next += 1

    def act(self, text: str) -> None:
        pass

    def event(self, text: str) -> None:
        pass

    def begin(self, want: smp_peer.Wanted) -> None:
        pass

    def sent(self) -> list[tuple[int, bytes]]:
        return self.played.sent()

    def effect(self, name: str) -> list[str]:
        return [value for found, value in self.played.effects if found == name]

    def encrypt(self, key: bytes, initiator: bool) -> None:
        found = self.played.commands(0x2019 if initiator else 0x201a)
        assert found and found[-1].endswith(tb.wire(key).hex())


def pdus_of(target: str, data: bytes) -> list[tuple[int, bytes]]:
    """Commands of the peer in an input, by their places."""
    return [(data[at], data[at + 1:end]) for at, end in places(target, data)]


def places(target: str, data: bytes) -> list[tuple[int, int]]:
    """Where commands of the Security Manager lie."""
    found = []
    pos, stop = 0, len(data) - scn_sums.CONTROL_SIZE
    while pos < stop:
        if target == "bt_smp":
            end = pos + 2 + int.from_bytes(data[pos:pos + 2], "little")
            if data[pos + 2] < 0xf0:
                found.append((pos + 2, end))
        elif data[pos] == 2:
            end = pos + 5 + int.from_bytes(data[pos + 3:pos + 5], "little")
            if data[pos + 7] in (6, 7):
                found.append((pos + 9, end))
        else:
            end = pos + 3 + data[pos + 2]
        pos = end
    return found


def play(target: str, inputs: list[bytes], folder: Path) -> list[Played]:
    files = []
    for i, data in enumerate(inputs):
        files.append(folder / f"{i:04}")
        files[-1].write_bytes(data)
    return [Played(pdus_of(target, data),
                   [(n, v) for part in document["packets"] + [document]
                    for n, v in part["effects"]])
            for data, document in zip(inputs, replay.decode(target, files), strict=True)]


WANTED = make_smp.wanted()
TARGETS = ("bt_smp", "bt_stack")


@pytest.fixture(scope="session", params=TARGETS)
def pairings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
             ) -> dict[str, tuple[smp_peer.Wanted, Played]]:
    target = request.param
    data = [scn.compile_file(paths.root() / "seeds" / target / "valid" / f"pair-{name}.scn")
            for name in WANTED]
    played = play(target, data, tmp_path_factory.mktemp(target))
    return {name: (WANTED[name], one) for name, one in zip(WANTED, played, strict=True)}


@pytest.mark.parametrize("name", list(WANTED))
def test_the_keys_are_those_of_both_sides(
        name: str, pairings: dict[str, tuple[smp_peer.Wanted, Played]]) -> None:
    want, played = pairings[name]
    port = Recorded(played)
    result = smp_peer.Pairing(port, want).run()
    assert port.next == len(played.pdus)
    assert smp_peer.FAILED not in [code for code, _ in played.sent()]

    size = want.key_size
    if want.sc:
        ltks = [tb.wire(result.ltk)]
    else:
        ltks = [tb.wire(key)[:size].ljust(16, b"\0") for key in (
            result.peer_keys[smp_peer.LTK], result.port_keys[smp_peer.LTK])]
    assert sorted(played.keys("new_ltk", 21)) == sorted(ltks)
    links = [tb.wire(result.link_key)] if want.sc and not want.bredr else []
    assert played.keys("new_link_key", 9)[-1:] == (links or (
        [tb.wire(smp_peer.BREDR_KEY)] if want.bredr else []))
    assert played.keys("new_irk", 14) == [tb.wire(result.peer_keys[smp_peer.IRK])]
    assert sorted(played.keys("new_csrk", 9)) == sorted(
        tb.wire(keys[smp_peer.CSRK]) for keys in (result.peer_keys, result.port_keys))


def test_every_model_is_there() -> None:
    for initiator in (True, False):
        names = [n for n, w in WANTED.items() if w.initiator == initiator]
        for model in ("legacy-just-works", "legacy-passkey-port-shows",
                      "legacy-passkey-port-enters", "sc-just-works", "sc-comparison",
                      "sc-passkey-port-shows", "sc-passkey-port-enters", "sc-oob"):
            assert any(n.startswith(model) for n in names), model


def test_one_wrong_bit_ends_the_pairing(tmp_path: Path) -> None:
    """Of each value that is checked: the last one of its kind in each scenario."""
    broken, names = [], []
    for name, want in WANTED.items():
        data = scn.compile_file(paths.root() / "seeds/bt_smp/valid" / f"pair-{name}.scn")
        last = {data[at]: at for at, _ in places("bt_smp", data)}
        for code in (smp_peer.CONFIRM, smp_peer.RANDOM, smp_peer.CHECK, smp_peer.PUBLIC_KEY):
            if code in last:
                bad = bytearray(data)
                bad[last[code] + 5] ^= 0x10
                broken.append(bytes(bad))
                names.append(f"{name}, {smp_peer.NAMES[code]}")
    assert len(broken) > 60
    for name, played in zip(names, play("bt_smp", broken, tmp_path), strict=True):
        sent = played.sent()
        assert sent[-1][0] == smp_peer.FAILED, name
        assert not played.keys("new_ltk", 21), name
