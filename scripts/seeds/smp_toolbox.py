# SPDX-License-Identifier: GPL-2.0-only
"""The pairing arithmetic of the Core Specification (Vol 3 Part H 2.2), apart from the port's.

Numbers are byte strings with the most significant byte first, as the specification writes
them; what goes over the air is the reverse (`wire()`). AES and P-256 are OpenSSL's.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

_F5_SALT = bytes.fromhex("6c888391aaf5a53860370bdb5a6083be")
TMP1, TMP2, LEBR, BRLE = b"tmp1", b"tmp2", b"lebr", b"brle"


def wire(number: bytes) -> bytes:
    """A number as it is sent, or a sent one as a number."""
    return number[::-1]


def aes(key: bytes, block: bytes) -> bytes:
    """Security function e."""
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return encryptor.update(block) + encryptor.finalize()


def cmac(key: bytes, message: bytes) -> bytes:
    """AES-CMAC."""
    mac = CMAC(algorithms.AES(key))
    mac.update(message)
    return mac.finalize()


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


def c1(k: bytes, r: bytes, preq: bytes, pres: bytes, iat: int, ia: bytes, rat: int,
       ra: bytes) -> bytes:
    """Confirm value of legacy pairing; @preq and @pres as numbers."""
    p1 = pres + preq + bytes([rat, iat])
    p2 = bytes(4) + ia + ra
    return aes(k, _xor(aes(k, _xor(r, p1)), p2))


def s1(k: bytes, r1: bytes, r2: bytes) -> bytes:
    """Short-term key."""
    return aes(k, r1[8:] + r2[8:])


def ah(k: bytes, r: bytes) -> bytes:
    """Hash of a resolvable private address."""
    return aes(k, bytes(13) + r)[13:]


def f4(u: bytes, v: bytes, x: bytes, z: int) -> bytes:
    """Confirm value of Secure Connections."""
    return cmac(x, u + v + bytes([z]))


def f5(w: bytes, n1: bytes, n2: bytes, a1: bytes, a2: bytes) -> tuple[bytes, bytes]:
    """MacKey and LTK."""
    t = cmac(_F5_SALT, w)
    rest = b"btle" + n1 + n2 + a1 + a2 + (256).to_bytes(2, "big")
    return cmac(t, b"\0" + rest), cmac(t, b"\1" + rest)


def f6(w: bytes, n1: bytes, n2: bytes, r: bytes, io_cap: bytes, a1: bytes, a2: bytes) -> bytes:
    """DHKey check."""
    return cmac(w, n1 + n2 + r + io_cap + a1 + a2)


def g2(u: bytes, v: bytes, x: bytes, y: bytes) -> int:
    """The number that users compare."""
    return int.from_bytes(cmac(x, u + v + y)[-4:], "big") % 1000000


def h6(w: bytes, key_id: bytes) -> bytes:
    """Key conversion."""
    return cmac(w, key_id)


def h7(salt: bytes, w: bytes) -> bytes:
    """Key conversion with a salt."""
    return cmac(salt, w)


def convert(key: bytes, tmp: bytes, key_id: bytes, ct2: bool) -> bytes:
    """A key of one transport from that of the other (2.4.2.4, 2.4.2.5)."""
    return h6(h7(bytes(12) + tmp, key) if ct2 else h6(key, tmp), key_id)


class KeyPair:
    """A P-256 key pair with a given private number."""

    def __init__(self, private: int) -> None:
        self._key = ec.derive_private_key(private, ec.SECP256R1())
        numbers = self._key.public_key().public_numbers()
        self.x = numbers.x.to_bytes(32, "big")
        self.y = numbers.y.to_bytes(32, "big")

    @property
    def public(self) -> bytes:
        """As in a Pairing Public Key."""
        return wire(self.x) + wire(self.y)

    def dhkey(self, x: bytes, y: bytes) -> bytes:
        """Shared secret with the owner of a public key (not on the curve: ValueError)."""
        numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(x, "big"),
                                                int.from_bytes(y, "big"), ec.SECP256R1())
        return self._key.exchange(ec.ECDH(), numbers.public_key())
