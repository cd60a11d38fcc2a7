# SPDX-License-Identifier: GPL-2.0-only
"""Pairing against an implementation of its own: sample data, then every association model."""
import sys

from redzone_tool import paths

sys.path.insert(0, str(paths.root() / "scripts" / "seeds"))

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
