# SPDX-License-Identifier: GPL-2.0-only
"""What the scenario compiler works on: regions of the output, open values, integers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterator, Union

from .scn_lang import INTEGERS, Binary, Expr, Value, Where


@dataclass
class Region:
    """A labelled stretch of the output."""

    name: str
    start: int
    parent: Region | None
    kind: str = "label"  # file, record, label, layer, header, payload, body
    end: int | None = None
    cut: int = 0
    keys: dict[str, int] = field(default_factory=dict)
    used: Where | None = None  # where a layer's use stands
    whole: bool = False  # a layer without payload, of which `cut` may take bytes
    children: list[Region] = field(default_factory=list)

    def descendants(self) -> Iterator[Region]:
        for child in self.children:
            yield child
            yield from child.descendants()

    def enclosing(self, *kinds: str) -> "Region":
        region = self
        while region.kind not in kinds and region.parent:
            region = region.parent
        return region

    def packet(self) -> "Region":
        """The whole layer, record or file that this is a part of."""
        region = self
        while region.parent and not (region.whole or region.kind == "record"):
            region = region.parent
        return region


@dataclass
class Thunk:
    """An argument of a layer: evaluated when a field needs it."""

    expr: Expr
    context: "Context"


@dataclass
class Context:
    """Where an expression stands: its variables, its region and its offset."""

    names: dict[str, Union[Value, Thunk]]
    region: Region
    pos: int


@dataclass
class Patch:
    start: int
    size: int
    kind: str
    expr: Expr
    context: Context
    state: int = 0  # 0 open, 1 being resolved, 2 done
    kept: int = -1  # bytes that `trim` left of it (-1: all)


def encode(kind: str, value: int, where: Where) -> bytes:
    """One integer of type @kind; negative values as two's complement."""
    size, order = INTEGERS[kind]
    limit = 1 << 8 * size
    if not -limit // 2 <= value < limit:
        where.fail(f"{value} does not fit {kind}")
    return (value % limit).to_bytes(size, "little" if order == "little" else "big")


def arithmetic(expr: Binary, left: int, right: int) -> int:
    if expr.op in ("/", "%"):
        if right == 0:
            expr.where.fail("division by zero")
        return left // right if expr.op == "/" else left % right
    if expr.op in ("<<", ">>") and not 0 <= right <= 1 << 12:
        expr.where.fail(f"shift by {right}")
    operations = {
        "+": left + right, "-": left - right, "*": left * right,
        "&": left & right, "|": left | right, "^": left ^ right,
    }
    if expr.op == "<<":
        return left << right
    if expr.op == ">>":
        return left >> right
    return operations[expr.op]
