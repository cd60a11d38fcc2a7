# SPDX-License-Identifier: GPL-2.0-only
"""The other side of a pairing: what it sends, what it expects, which keys come out.

A `Pairing` talks to the port through a `Port`, which plays the scenario so far and says what
the port has sent. It checks every value that the port sends against its own arithmetic
(`smp_toolbox`), so that a scenario that was written without an error is one whose keys agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import smp_toolbox as tb

DISPLAY_ONLY, DISPLAY_YESNO, KEYBOARD_ONLY, NO_INPUT_OUTPUT, KEYBOARD_DISPLAY = range(5)
REQUEST, RESPONSE, CONFIRM, RANDOM, FAILED, LTK, IDENT, IRK, ADDRESS, CSRK = range(1, 11)
SECURITY_REQUEST, PUBLIC_KEY, CHECK, KEYPRESS = range(11, 15)
NAMES = ["", "Pairing Request", "Pairing Response", "Pairing Confirm", "Pairing Random",
         "Pairing Failed", "Encryption Information", "Central Identification",
         "Identity Information", "Identity Address Information", "Signing Information",
         "Security Request", "Pairing Public Key", "Pairing DHKey Check", "Keypress Notification"]
BONDING, MITM, SC, KEYPRESSES, CT2 = 1, 4, 8, 16, 32
ENC_KEY, ID_KEY, SIGN_KEY, LINK_KEY = 1, 2, 4, 8
USER_PASSKEY = 123456
LOCAL = bytes.fromhex("001bdc073188")       # public
PEER = bytes.fromhex("c01bdc320002")        # static random
BREDR_PEER = bytes.fromhex("001bdc320001")
BREDR_KEY = bytes(range(0x10, 0x20))         # link key of the BR/EDR link


def number(name: str, size: int) -> bytes:
    """A number of the peer's, the same every time."""
    return hashlib.sha256(f"redzone smp {name}".encode()).digest()[:size]


@dataclass
class Model:
    """How the two sides convince each other (2.3.5.1)."""

    name: str                       # just-works, comparison, passkey, oob
    shows: str = ""                 # passkey: who displays it ("", "i", "r")


def model(initiator: int, responder: int, mitm: bool, sc: bool) -> Model:
    """Table 2.8: the association model of two sides' abilities."""
    pair = {initiator, responder}
    if not mitm or NO_INPUT_OUTPUT in pair:
        return Model("just-works")
    if pair <= {DISPLAY_ONLY, DISPLAY_YESNO}:
        both = pair == {DISPLAY_YESNO}
        return Model("comparison") if sc and both else Model("just-works")
    if KEYBOARD_ONLY in pair:
        if pair == {KEYBOARD_ONLY}:
            return Model("passkey")
        return Model("passkey", "r" if initiator == KEYBOARD_ONLY else "i")
    if DISPLAY_ONLY in pair:
        return Model("passkey", "i" if initiator == DISPLAY_ONLY else "r")
    if sc:
        return Model("comparison")
    return Model("passkey", "r" if responder == DISPLAY_YESNO else "i")


@dataclass
class Wanted:
    """One pairing to be played."""

    initiator: bool                 # the port is the central and begins
    sc: bool
    port_io: int = KEYBOARD_DISPLAY
    peer_io: int = NO_INPUT_OUTPUT
    auth: int = BONDING
    port_oob: bool = False          # the port has the peer's data
    peer_oob: bool = False          # the peer has the port's
    key_size: int = 16
    dist: int = ENC_KEY | ID_KEY | SIGN_KEY | LINK_KEY
    level: int = 2                  # what the port's user asks for
    debug: bool = False             # the peer uses the debug key
    bredr: bool = False             # over BR/EDR: keys alone
    ct2: bool = True                # the peer knows the newer derivation


@dataclass
class Result:
    """What both sides know in the end; numbers."""

    model: Model
    stk: bytes = b""
    ltk: bytes = b""
    link_key: bytes = b""
    peer_keys: dict[int, bytes] = field(default_factory=dict)
    port_keys: dict[int, bytes] = field(default_factory=dict)
    number: int = -1


class Port:
    """A scenario that grows, and what the port makes of it; see make_smp.py."""

    def pdu(self, code: int, body: bytes, note: str = "") -> None:
        raise NotImplementedError

    def act(self, text: str) -> None:
        raise NotImplementedError

    def event(self, text: str) -> None:
        raise NotImplementedError

    def begin(self, want: Wanted) -> None:
        """Open the link; as central make the port send its Pairing Request."""
        raise NotImplementedError

    def sent(self) -> list[tuple[int, bytes]]:
        """Commands that the port has sent so far."""
        raise NotImplementedError

    def effect(self, name: str) -> list[str]:
        """Values of an effect so far."""
        raise NotImplementedError

    def encrypt(self, key: bytes, initiator: bool) -> None:
        """The controller encrypts: a central has told it the key, else it asks for it."""
        raise NotImplementedError


class Pairing:
    """The peer's side of one pairing."""

    def __init__(self, port: Port, want: Wanted) -> None:
        self.port, self.want = port, want
        self.seen = 0
        self.result = Result(Model(""))
        self.request = self.response = b""      # as sent, with their codes
        self.key = tb.KeyPair(int.from_bytes(number("key", 32), "big") >> 1)
        if want.debug:
            self.key = tb.KeyPair(
                0x3f49f6d4a3c55f3874c9b3e3d2103f504aff607beb40b7995899b8a6cd3c1abd)
        self.port_x = b""
        self.dhkey = self.mackey = b""
        self.nonce = number("nonce", 16)
        self.port_nonce = b""
        self.oob_r = number("oob", 16)
        self.port_oob_r = self.port_oob_c = bytes(16)
        self.passkey = 0

    # What is sent and received

    def send(self, code: int, body: bytes, note: str = "") -> None:
        self.port.pdu(code, body, note)

    def receive(self, code: int) -> bytes:
        """The next command of the port, which must be this one."""
        sent = self.port.sent()
        assert self.seen < len(sent), f"the port did not send a {NAMES[code]}"
        got, body = sent[self.seen]
        assert got == code, f"the port sent a {NAMES[got]} {body.hex()}, not a {NAMES[code]}"
        self.seen += 1
        return body

    def address(self, who: str) -> bytes:
        """With its type in front, as a number."""
        return b"\0" + LOCAL if who == "port" else b"\1" + PEER

    # Phase 1

    def exchange_features(self) -> None:
        want = self.want
        if want.peer_oob:
            self.port.act("act_smp_oob_local")
            self.port_oob_c = tb.wire(bytes.fromhex(self.port.effect("smp.oob_hash")[-1]))
            self.port_oob_r = tb.wire(bytes.fromhex(self.port.effect("smp.oob_rand")[-1]))
        if want.port_oob:
            confirm = tb.f4(self.key.x, self.key.x, self.oob_r, 0)
            self.port.act("act op=0x71 { bdaddr BT_LE_LINK; u8 BDADDR_LE_RANDOM; "
                          f"hex {tb.wire(confirm).hex()}; hex {tb.wire(self.oob_r).hex()} }}")
        auth = want.auth | (SC if want.sc else 0) | (CT2 if want.sc and want.ct2 else 0)
        mine = bytes([want.peer_io, int(want.peer_oob), auth, want.key_size, want.dist,
                      want.dist])
        self.port.begin(want)
        if want.initiator:
            self.request = bytes([REQUEST]) + self.receive(REQUEST)
            mine = mine[:4] + bytes(a & b for a, b in zip(mine[4:], self.request[5:]))
            self.response = bytes([RESPONSE]) + mine
            self.send(RESPONSE, mine)
        else:
            self.request = bytes([REQUEST]) + mine
            self.send(REQUEST, mine)
            self.response = bytes([RESPONSE]) + self.receive(RESPONSE)
        both = self.request[3] & self.response[3]
        assert bool(both & SC) == want.sc
        mitm = bool((self.request[3] | self.response[3]) & MITM)
        if self.request[2] | self.response[2] and want.sc:
            self.result.model = Model("oob")
        else:
            self.result.model = model(self.request[1], self.response[1], mitm, want.sc)

    # Legacy pairing

    def port_shows(self) -> bool:
        return self.result.model.shows == ("i" if self.want.initiator else "r")

    def user(self) -> None:
        """The port's user does his part of the model; the passkey is known then."""
        if self.result.model.name != "passkey":
            self.passkey = 0
            if not self.want.sc:
                self.port.act("act_confirm bdaddr=BT_LE_LINK type=BDADDR_LE_RANDOM")
        elif self.port_shows():
            shown = bytes.fromhex(self.port.effect("mgmt.passkey_notify")[-1])
            self.passkey = int.from_bytes(shown[7:11], "little")
        else:
            self.passkey = USER_PASSKEY
            self.port.act("act_passkey bdaddr=BT_LE_LINK type=BDADDR_LE_RANDOM "
                          f"passkey={USER_PASSKEY}")

    def confirm_value(self, nonce: bytes) -> bytes:
        central, peripheral = self.ordered(self.address("port"), self.address("peer"))
        return tb.c1(self.passkey.to_bytes(16, "big"), nonce, tb.wire(self.request),
                     tb.wire(self.response), central[0], central[1:], peripheral[0],
                     peripheral[1:])

    def legacy(self) -> None:
        self.user()
        mine = self.confirm_value(self.nonce)
        if self.want.initiator:
            theirs = tb.wire(self.receive(CONFIRM))
            self.send(CONFIRM, tb.wire(mine))
            self.port_nonce = tb.wire(self.receive(RANDOM))
            self.send(RANDOM, tb.wire(self.nonce))
            first, second = self.nonce, self.port_nonce
        else:
            self.send(CONFIRM, tb.wire(mine))
            theirs = tb.wire(self.receive(CONFIRM))
            self.send(RANDOM, tb.wire(self.nonce))
            self.port_nonce = tb.wire(self.receive(RANDOM))
            first, second = self.port_nonce, self.nonce
        assert theirs == self.confirm_value(self.port_nonce), "the port's confirm value is wrong"
        stk = tb.s1(self.passkey.to_bytes(16, "big"), first, second)
        size = min(self.request[4], self.response[4])
        self.result.stk = bytes(16 - size) + stk[16 - size:]
        self.port.encrypt(self.result.stk, self.want.initiator)

    # Secure Connections

    def keys(self) -> None:
        """Public keys, the initiator's first."""
        if self.want.initiator:
            theirs = self.receive(PUBLIC_KEY)
            self.send(PUBLIC_KEY, self.key.public)
        else:
            self.send(PUBLIC_KEY, self.key.public)
            theirs = self.receive(PUBLIC_KEY)
        self.port_x = tb.wire(theirs[:32])
        self.dhkey = self.key.dhkey(self.port_x, tb.wire(theirs[32:]))
        if self.want.peer_oob:
            assert self.port_oob_c == tb.f4(self.port_x, self.port_x, self.port_oob_r, 0)

    def derive(self) -> None:
        """MacKey and LTK from the nonces."""
        na, nb = self.ordered(self.port_nonce, self.nonce)
        a, b = self.ordered(self.address("port"), self.address("peer"))
        self.mackey, self.result.ltk = tb.f5(self.dhkey, na, nb, a, b)

    def ordered(self, port: bytes, peer: bytes) -> tuple[bytes, bytes]:
        """Initiator first."""
        return (port, peer) if self.want.initiator else (peer, port)

    def comparison(self) -> None:
        """Numeric comparison and Just Works: the responder commits to its nonce."""
        if self.want.initiator:
            self.send(CONFIRM, tb.wire(tb.f4(self.key.x, self.port_x, self.nonce, 0)))
            self.port_nonce = tb.wire(self.receive(RANDOM))
            self.send(RANDOM, tb.wire(self.nonce))
        else:
            theirs = tb.wire(self.receive(CONFIRM))
            self.send(RANDOM, tb.wire(self.nonce))
            self.port_nonce = tb.wire(self.receive(RANDOM))
            assert theirs == tb.f4(self.port_x, self.key.x, self.port_nonce, 0)
        self.derive()
        pa, pb = self.ordered(self.port_x, self.key.x)
        na, nb = self.ordered(self.port_nonce, self.nonce)
        self.result.number = tb.g2(pa, pb, na, nb)
        shown = bytes.fromhex(self.port.effect("mgmt.user_confirm_request")[-1])
        assert int.from_bytes(shown[8:12], "little") == self.result.number, \
            "the port shows another number"
        self.port.act("act_confirm bdaddr=BT_LE_LINK type=BDADDR_LE_RANDOM")

    def rounds(self) -> None:
        """Passkey entry: a nonce and a commitment for each bit."""
        self.user()
        for i in range(20):
            bit = 0x80 | (self.passkey >> i & 1)
            self.nonce = number(f"nonce {i}", 16)
            mine = tb.f4(self.key.x, self.port_x, self.nonce, bit)
            if self.want.initiator:
                theirs = tb.wire(self.receive(CONFIRM))
                self.send(CONFIRM, tb.wire(mine), f"bit {i}")
                self.port_nonce = tb.wire(self.receive(RANDOM))
                self.send(RANDOM, tb.wire(self.nonce))
            else:
                self.send(CONFIRM, tb.wire(mine), f"bit {i}")
                theirs = tb.wire(self.receive(CONFIRM))
                self.send(RANDOM, tb.wire(self.nonce))
                self.port_nonce = tb.wire(self.receive(RANDOM))
            assert theirs == tb.f4(self.port_x, self.key.x, self.port_nonce, bit)
        self.derive()

    def oob(self) -> None:
        """Nonces alone: the commitments went another way."""
        if self.want.initiator:
            self.port_nonce = tb.wire(self.receive(RANDOM))
            self.send(RANDOM, tb.wire(self.nonce))
        else:
            self.send(RANDOM, tb.wire(self.nonce))
            self.port_nonce = tb.wire(self.receive(RANDOM))
        self.derive()

    def check_value(self, mine: bool) -> bytes:
        """Ea or Eb: whoever sends it proves what it knows."""
        r = {"passkey": self.passkey.to_bytes(16, "big")}.get(self.result.model.name, bytes(16))
        if self.result.model.name == "oob":
            # each side shows that it has the number of the other, if it has
            r = self.port_oob_r if mine else self.oob_r if self.want.port_oob else bytes(16)
        port_is_sender = not mine
        features = self.request if port_is_sender == self.want.initiator else self.response
        io_cap = tb.wire(features[1:4])
        n1, n2 = ((self.nonce, self.port_nonce) if mine else (self.port_nonce, self.nonce))
        a1, a2 = self.address("peer"), self.address("port")
        if not mine:
            a1, a2 = a2, a1
        return tb.f6(self.mackey, n1, n2, r, io_cap, a1, a2)

    def secure(self) -> None:
        self.keys()
        name = self.result.model.name
        {"just-works": self.comparison, "comparison": self.comparison, "passkey": self.rounds,
         "oob": self.oob}[name]()
        if self.want.initiator:
            theirs = self.receive(CHECK)
            self.send(CHECK, tb.wire(self.check_value(True)))
        else:
            self.send(CHECK, tb.wire(self.check_value(True)))
            theirs = self.receive(CHECK)
        assert tb.wire(theirs) == self.check_value(False), "the port's DHKey check is wrong"
        size = min(self.request[4], self.response[4])
        assert size == 16 or name in ("just-works",)
        self.result.ltk = bytes(16 - size) + self.result.ltk[16 - size:]
        if self.request[5] & self.response[5] & LINK_KEY or (
                self.request[6] & self.response[6] & LINK_KEY):
            ct2 = bool(self.request[3] & self.response[3] & CT2)
            self.result.link_key = tb.convert(self.result.ltk, tb.TMP1, tb.LEBR, ct2)
        self.port.encrypt(self.result.ltk, self.want.initiator)

    # Phase 3

    def dist(self) -> tuple[int, int]:
        """Keys that the port sends, and those that the peer sends."""
        init = self.request[5] & self.response[5]
        resp = self.request[6] & self.response[6]
        drop = (ENC_KEY | LINK_KEY) if self.want.sc else 0
        port, peer = (init, resp) if self.want.initiator else (resp, init)
        return port & ~drop, peer & ~drop

    def distribute(self) -> None:
        port, peer = self.dist()
        steps: list[Callable[[], None]] = [lambda: self.take_keys(port),
                                           lambda: self.give_keys(peer)]
        # the responder's go first
        for step in reversed(steps) if self.want.initiator else steps:
            step()

    def give_keys(self, keys: int) -> None:
        given = self.result.peer_keys
        if keys & ENC_KEY:
            given[LTK] = number("ltk", 16)
            given[IDENT] = number("ident", 10)
            self.send(LTK, tb.wire(given[LTK]))
            self.send(IDENT, given[IDENT])
        if keys & ID_KEY:
            given[IRK] = number("irk", 16)
            self.send(IRK, tb.wire(given[IRK]))
            self.send(ADDRESS, b"\0" + tb.wire(BREDR_PEER) if self.want.bredr else
                      b"\1" + tb.wire(PEER))
        if keys & SIGN_KEY:
            given[CSRK] = number("csrk", 16)
            self.send(CSRK, tb.wire(given[CSRK]))

    def take_keys(self, keys: int) -> None:
        taken = self.result.port_keys
        if keys & ENC_KEY:
            taken[LTK] = tb.wire(self.receive(LTK))
            taken[IDENT] = self.receive(IDENT)
        if keys & ID_KEY:
            taken[IRK] = tb.wire(self.receive(IRK))
            assert self.receive(ADDRESS) == b"\0" + tb.wire(LOCAL)
        if keys & SIGN_KEY:
            taken[CSRK] = tb.wire(self.receive(CSRK))

    def cross(self) -> Result:
        """Over BR/EDR: features, then keys; the one for LE follows from the link's."""
        want = self.want
        mine = bytes([0, 0, CT2 if want.ct2 else 0, 16, want.dist, want.dist])
        self.port.begin(want)
        if want.initiator:
            self.request = bytes([REQUEST]) + self.receive(REQUEST)
            self.response = bytes([RESPONSE]) + mine
            self.send(RESPONSE, mine)
        else:
            self.request = bytes([REQUEST]) + mine
            self.send(REQUEST, mine)
            self.response = bytes([RESPONSE]) + self.receive(RESPONSE)
        self.result.ltk = tb.convert(BREDR_KEY, tb.TMP2, tb.BRLE, want.ct2)
        self.distribute()
        return self.result

    def run(self) -> Result:
        """All of it."""
        if self.want.bredr:
            return self.cross()
        self.exchange_features()
        if self.want.sc:
            self.secure()
        else:
            self.legacy()
        self.distribute()
        return self.result
