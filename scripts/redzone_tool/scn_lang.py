# SPDX-License-Identifier: GPL-2.0-only
"""The scenario language: syntax tree and words (seeds/README.md describes it)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import NoReturn, Union

from .errors import ToolError

Value = Union[int, bytes]


@dataclass(frozen=True)
class Where:
    """A place in a scenario file, for error messages."""

    file: str
    line: int

    def fail(self, message: str) -> NoReturn:
        raise ScnError(f"{self.file}:{self.line}: {message}")


class ScnError(ToolError):
    """A scenario that cannot be compiled; the message starts with file:line."""


# Expressions


@dataclass(frozen=True)
class Const:
    value: Value
    where: Where


@dataclass(frozen=True)
class Name:
    name: str
    where: Where


@dataclass(frozen=True)
class Call:
    func: str
    args: tuple["Expr", ...]
    where: Where


@dataclass(frozen=True)
class Unary:
    op: str
    operand: "Expr"
    where: Where


@dataclass(frozen=True)
class Binary:
    op: str
    left: "Expr"
    right: "Expr"
    where: Where


Expr = Union[Const, Name, Call, Unary, Binary]


# Statements


@dataclass
class Emit:
    """Integers of a fixed size, or addresses: `be16 1, 2`, `ip6 ::1`."""

    kind: str
    values: list[Expr]
    where: Where


@dataclass
class Raw:
    data: bytes
    where: Where


@dataclass
class Sized:
    """`zero N`, `fill N B`, `count N`, `pad N [B]`, `optpad N`, `cut N`, `trim N`, `bytes E`."""

    kind: str
    args: list[Expr]
    where: Where


@dataclass
class Bits:
    """`bits { width value; ue value; ... }`, filled up with zero bits."""

    fields: list[tuple[Union[Expr, str], Expr]]
    where: Where


@dataclass
class Block:
    name: str
    body: list["Stmt"]
    where: Where


@dataclass
class Repeat:
    times: Expr
    var: str
    body: list["Stmt"]
    where: Where


@dataclass
class Record:
    body: list["Stmt"]
    where: Where


@dataclass
class Control:
    fields: list[tuple[str, Expr]]
    where: Where


@dataclass
class Let:
    name: str
    value: Expr
    where: Where


@dataclass
class Body:
    """`body` inside a layer definition: what the use has between its braces."""

    where: Where


@dataclass
class LayerDef:
    name: str
    params: list[tuple[str, Expr | None]]
    keys: dict[str, int]
    body: list["Stmt"]
    where: Where
    whole: bool = False     # ends with its braces: what follows is not its payload


@dataclass
class Use:
    name: str
    args: list[tuple[str, Expr]]
    body: list["Stmt"] | None
    where: Where


Stmt = Union[Emit, Raw, Sized, Bits, Block, Repeat, Record, Control, Let, Body, LayerDef, Use]

INTEGERS = {
    "u8": (1, "big"), "be16": (2, "big"), "be24": (3, "big"), "be32": (4, "big"),
    "be48": (6, "big"), "be64": (8, "big"), "le16": (2, "little"), "le24": (3, "little"),
    "le32": (4, "little"), "le48": (6, "little"), "le64": (8, "little"),
}
ADDRESSES = {"ip6": 16, "ip4": 4, "mac": 6, "bdaddr": 6}
SIZED = {"zero": (1, 1), "fill": (2, 2), "count": (1, 1), "pad": (1, 2), "optpad": (1, 1),
         "cut": (1, 1), "trim": (1, 1), "bytes": (1, 1)}
KEYWORDS = {"hex", "bits", "repeat", "record", "control", "let", "layer", "body", "include",
            "csum16", *INTEGERS, *ADDRESSES, *SIZED}

PRECEDENCE = {"|": 1, "^": 2, "&": 3, "<<": 4, ">>": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}

TOKEN = re.compile(r"""
    (?P<space>[ \t\r]+|\#[^\n]*)
  | (?P<newline>\n|;)
  | (?P<string>"(?:[^"\\\n]|\\.)*")
  | (?P<addr>[0-9A-Fa-f]*:[0-9A-Fa-f:.]*[0-9A-Fa-f:.])
  | (?P<ip4>\d+\.\d+\.\d+\.\d+)
  | (?P<word>\w[\w.]*)
  | (?P<op><<|>>|[-+*/%&|^~(){}=,@])
""", re.VERBOSE)
STRING_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|(.))")
PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "\\": "\\", '"': '"'}


@dataclass
class Token:
    kind: str
    text: str
    where: Where
    value: Value = field(default=0)


def _address(text: str, where: Where) -> bytes:
    if re.fullmatch(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}", text):
        return bytes.fromhex(text.replace(":", ""))
    try:
        return ipaddress.IPv6Address(text).packed
    except ValueError:
        where.fail(f"not an address: {text}")


def _string(text: str, where: Where) -> bytes:
    def escape(match: "re.Match[str]") -> str:
        if match.group(1):
            return chr(int(match.group(1), 16))
        if match.group(2) not in PLAIN_ESCAPES:
            where.fail(f"unknown escape \\{match.group(2)}")
        return PLAIN_ESCAPES[match.group(2)]

    raw = text[1:-1]
    if raw.isascii():
        return STRING_ESCAPE.sub(escape, raw).encode("latin-1")
    return raw.encode("utf-8")


def tokens(text: str, file: str) -> list[Token]:
    """Cut a scenario into words; newlines inside parentheses are dropped."""
    result: list[Token] = []
    pos, line, depth = 0, 1, 0
    while pos < len(text):
        match = TOKEN.match(text, pos)
        where = Where(file, line)
        if not match:
            where.fail(f"unexpected character {text[pos]!r}")
        kind, word = str(match.lastgroup), match.group()
        pos = match.end()
        line += word.count("\n")
        if kind == "space" or (kind == "newline" and depth):
            continue
        token = Token(kind, word, where)
        if kind == "addr":
            token.value = _address(word, where)
        elif kind == "ip4":
            try:
                token.value = ipaddress.IPv4Address(word).packed
            except ValueError:
                where.fail(f"not an address: {word}")
        elif kind == "string":
            token.value = _string(word, where)
        elif word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
        result.append(token)
    result.append(Token("end", "end of file", Where(file, line)))
    return result
