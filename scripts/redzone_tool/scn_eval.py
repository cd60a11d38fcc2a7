# SPDX-License-Identifier: GPL-2.0-only
"""The back end of the scenario compiler: syntax tree to bytes.

Two passes. Layout walks the statements, fixes where everything lies and leaves a patch for
every computed field; then patches are resolved on demand, so that a length may name a block
that follows and a checksum may cover another one.
"""

from __future__ import annotations

from typing import Union

from . import scn_sums
from .scn_lang import (
    ADDRESSES, INTEGERS, Binary, Bits, Block, Body, Call, Const, Control, Emit, Expr, LayerDef,
    Let, Name, Raw, Record, Repeat, ScnError, Sized, Stmt, Unary, Use, Value, Where)
from .scn_model import Context, Patch, Region, Thunk, arithmetic, encode

MAX_SIZE = 1 << 24
MAX_DEPTH = 40


class Compiler:
    """Compiles one file; @layers are the templates already known."""

    def __init__(self, file: str, layers: dict[str, LayerDef],
                 names: dict[str, Union[Value, Thunk]]) -> None:
        self.layers = dict(layers)
        self.out = bytearray()
        self.patches: list[Patch] = []
        self.root = Region("file", 0, None, "file")
        self.globals = dict(names)
        self.trailer = b""
        self.file = file
        self.depth = 0
        self.uses: list[tuple[Use, Context]] = []

    def compile(self, body: list[Stmt]) -> bytes:
        self.layout(body, self.globals, self.root)
        self.root.end = len(self.out)
        for patch in self.patches:
            self.resolve(patch)
        cuts = [(region.end, region.cut) for region in [self.root, *self.root.descendants()]
                if region.cut and region.end is not None]
        for end, size in sorted(cuts, reverse=True):
            del self.out[end - size:end]
        return bytes(self.out) + self.trailer

    # Layout

    def layout(self, body: list[Stmt], names: dict[str, Union[Value, Thunk]],
               region: Region) -> None:
        opened: list[Region] = []
        for stmt in body:
            context = Context(names, region, len(self.out))
            if isinstance(stmt, Use):
                layer, payload = self.use(stmt, context)
                if payload is None:
                    layer.end = len(self.out)
                else:
                    opened += [layer, payload]
                    region = payload
            else:
                getattr(self, f"lay_{type(stmt).__name__.lower()}")(stmt, context)
            if len(self.out) > MAX_SIZE:
                stmt.where.fail("the input grows past 16 MiB")
        for part in opened:
            part.end = len(self.out)

    def open(self, name: str, parent: Region, kind: str) -> Region:
        region = Region(name, len(self.out), parent, kind)
        parent.children.append(region)
        return region

    def block(self, name: str, kind: str, body: list[Stmt], context: Context) -> Region:
        region = self.open(name, context.region, kind)
        self.layout(body, context.names, region)
        region.end = len(self.out)
        return region

    def lay_emit(self, stmt: Emit, context: Context) -> None:
        size = ADDRESSES.get(stmt.kind) or INTEGERS[stmt.kind][0]
        for expr in stmt.values:
            at = Context(context.names, context.region, len(self.out))
            self.patches.append(Patch(len(self.out), size, stmt.kind, expr, at))
            self.out += bytes(size)

    def lay_raw(self, stmt: Raw, context: Context) -> None:
        self.out += stmt.data

    def lay_sized(self, stmt: Sized, context: Context) -> None:
        if stmt.kind == "bytes":
            self.out += self.bytes_of(stmt.args[0], context)
            return
        size = self.int_of(stmt.args[0], context)
        if not 0 <= size <= MAX_SIZE:
            stmt.where.fail(f"'{stmt.kind}' of {size} bytes")
        filler = self.int_of(stmt.args[1], context) if len(stmt.args) > 1 else 0
        if not 0 <= filler <= 255:
            stmt.where.fail(f"{filler} is not a byte")
        if stmt.kind in ("zero", "fill"):
            self.out += bytes([filler]) * size
        elif stmt.kind == "count":
            self.out += bytes(i & 0xFF for i in range(size))
        elif stmt.kind == "cut":
            context.region.packet().cut = size
        elif stmt.kind == "trim":
            self.trim(size, stmt, context)
        else:
            if size == 0:
                stmt.where.fail("cannot align to 0 bytes")
            gap = -(len(self.out) - context.region.start) % size
            if stmt.kind == "optpad" and gap > 1:
                self.out += bytes([1, gap - 2]) + bytes(gap - 2)
            else:
                self.out += bytes([filler]) * gap

    def trim(self, size: int, stmt: Sized, context: Context) -> None:
        """Take back the last @size bytes; lengths and sums are made without them."""
        packet = context.region.packet()
        end = len(self.out) - size
        if end < packet.start:
            stmt.where.fail(f"'{packet.name}' has no {size} bytes to trim")
        del self.out[end:]
        for region in packet.descendants():
            region.start = min(region.start, end)
            if region.end is not None:
                region.end = min(region.end, end)
        while self.patches and self.patches[-1].start >= end:
            self.patches.pop()
        if self.patches:
            last = self.patches[-1]
            last.kept = min(last.size, end - last.start)

    def lay_bits(self, stmt: Bits, context: Context) -> None:
        bits = ""
        for width, expr in stmt.fields:
            value = self.int_of(expr, context)
            if isinstance(width, str):
                if width == "se":
                    value = 2 * value - 1 if value > 0 else -2 * value
                if value < 0:
                    expr.where.fail("ue cannot write a negative number")
                digits = f"{value + 1:b}"
                bits += "0" * (len(digits) - 1) + digits
                continue
            size = self.int_of(width, context)
            if size < 0 or value < 0 or value >> size:
                expr.where.fail(f"{value} does not fit {size} bits")
            bits += f"{value:0{size}b}" if size else ""
        bits += "0" * (-len(bits) % 8)
        self.out += bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))

    def lay_block(self, stmt: Block, context: Context) -> None:
        self.block(stmt.name, "label", stmt.body, context)

    def lay_repeat(self, stmt: Repeat, context: Context) -> None:
        times = self.int_of(stmt.times, context)
        if times < 0:
            stmt.where.fail("cannot repeat a negative number of times")
        for i in range(times):
            self.layout(stmt.body, {**context.names, stmt.var: i}, context.region)

    def lay_record(self, stmt: Record, context: Context) -> None:
        start = len(self.out)
        self.out += bytes(2)
        region = self.block("record", "record", stmt.body, context)
        size = len(self.out) - region.start - region.cut
        if not 0 <= size <= 0xFFFF:
            stmt.where.fail(f"a record of {size} bytes does not fit its 16-bit length")
        self.out[start:start + 2] = size.to_bytes(2, "little")

    def lay_let(self, stmt: Let, context: Context) -> None:
        context.names[stmt.name] = Thunk(stmt.value, Context(
            dict(context.names), context.region, context.pos))

    def lay_layerdef(self, stmt: LayerDef, context: Context) -> None:
        self.layers[stmt.name] = stmt

    def lay_control(self, stmt: Control, context: Context) -> None:
        if context.region.enclosing("file", "record", "label") is not self.root:
            stmt.where.fail("the control trailer belongs to the file, not into a block")
        if self.trailer:
            stmt.where.fail("an input has one control trailer")
        values: dict[str, int] = {}
        for name, expr in stmt.fields:
            if name not in scn_sums.CONTROL_FIELDS:
                known = ", ".join(sorted(scn_sums.CONTROL_FIELDS))
                stmt.where.fail(f"the trailer has no field '{name}' (it has {known})")
            values[name] = self.int_of(expr, context)
            if not 0 <= values[name] <= scn_sums.CONTROL_FIELDS[name]:
                stmt.where.fail(f"{name}={values[name]} does not fit the trailer")
        self.trailer = scn_sums.control_trailer(**values)

    def lay_body(self, stmt: Body, context: Context) -> None:
        if not self.uses:
            stmt.where.fail("'body' stands in layer definitions only")
        # In the braces `body` is that of the layer whose definition the use stands in
        use, caller = self.uses.pop()
        self.block("body", "body", use.body or [],
                   Context(caller.names, context.region, context.pos))
        self.uses.append((use, caller))

    def use(self, stmt: Use, context: Context) -> tuple[Region, Region | None]:
        layer = self.layers.get(stmt.name)
        if layer is None:
            stmt.where.fail(f"unknown statement or layer '{stmt.name}'")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            stmt.where.fail(f"layer '{stmt.name}' uses itself")
        region = self.open(stmt.name, context.region, "layer")
        region.keys, region.used, region.whole = layer.keys, stmt.where, layer.whole
        names = self.arguments(stmt, layer, context, region)
        if stmt.body is not None and not _takes_body(layer.body):
            stmt.where.fail(f"layer '{stmt.name}' takes no braces")
        self.uses.append((stmt, context))
        try:
            header = self.block("header", "header", layer.body,
                                Context(names, region, len(self.out)))
        except ScnError as error:
            raise self.at_use(error, region) from error
        self.uses.pop()
        self.depth -= 1
        assert header.end is not None
        return region, None if layer.whole else self.open("payload", region, "payload")

    def arguments(self, stmt: Use, layer: LayerDef, context: Context,
                  region: Region) -> dict[str, Union[Value, Thunk]]:
        names = dict(self.globals)
        inner = Context(names, region, region.start)
        for name, default in layer.params:
            if default is not None:
                names[name] = Thunk(default, inner)
        known = [name for name, _ in layer.params]
        for name, expr in stmt.args:
            if name not in known:
                stmt.where.fail(f"layer '{stmt.name}' has no field '{name}' "
                                f"(it has {', '.join(known) or 'none'})")
            names[name] = Thunk(expr, Context(context.names, region, region.start))
        for name in known:
            if name not in names:
                stmt.where.fail(f"layer '{stmt.name}' needs {name}=")
        return names

    # Evaluation

    def resolve(self, patch: Patch) -> None:
        if patch.state:
            return
        patch.state = 1
        try:
            self.fill(patch)
        except ScnError as error:
            raise self.at_use(error, patch.context.region) from error
        patch.state = 2

    def at_use(self, error: ScnError, region: Region | None) -> ScnError:
        """Errors in templates name the line of the scenario that uses the template."""
        message = str(error)
        while region and not message.startswith(f"{self.file}:"):
            if region.used and region.used.file == self.file:
                where = region.used
                return ScnError(f"{where.file}:{where.line}: in '{region.name}': {message}")
            region = region.parent
        return error

    def fill(self, patch: Patch) -> None:
        where = patch.expr.where
        value = self.eval(patch.expr, patch.context)
        if patch.kind in ADDRESSES:
            if not isinstance(value, bytes) or len(value) != patch.size:
                where.fail(f"'{patch.kind}' needs an address of {patch.size} bytes")
            data = value[::-1] if patch.kind == "bdaddr" else value
        else:
            if isinstance(value, bytes):
                where.fail(f"'{patch.kind}' needs a number, not bytes")
            data = encode(patch.kind, value, where)
        kept = patch.size if patch.kept < 0 else patch.kept
        self.out[patch.start:patch.start + kept] = data[:kept]

    def region_bytes(self, region: Region, where: Where) -> bytes:
        end = self.end_of(region, where)
        for patch in self.patches:
            if patch.state == 0 and patch.start < end and patch.start + patch.size > region.start:
                self.resolve(patch)
        return bytes(self.out[region.start:end])

    def end_of(self, region: Region, where: Where) -> int:
        if region.end is None:
            where.fail(f"the size of '{region.name}' is not known yet at this place")
        return region.end

    def find(self, name: str, context: Context, where: Where) -> Region:
        """The region a label means, seen from @context; dots go inwards."""
        first, _, rest = name.partition(".")
        found = self.lookup(first, context)
        if found is None:
            where.fail(f"unknown name '{first}'")
        if rest:
            inner = Context(context.names, found, found.start)
            return self.find(rest, inner, where)
        return found

    @staticmethod
    def lookup(name: str, context: Context) -> Region | None:
        if name in ("header", "payload", "body", "self"):
            layer = context.region.enclosing("layer")
            if name == "self":
                return layer
            for child in layer.children:
                if child.kind == name:
                    return child
            return next((r for r in layer.descendants() if r.kind == name), None)
        region: Region | None = context.region
        while region:
            if region.name == name:
                return region
            matches = [r for r in region.descendants() if r.name == name]
            if matches:
                after = [r for r in matches if r.start >= context.pos]
                return after[0] if after else matches[-1]
            region = region.parent
        return None

    def eval(self, expr: Expr, context: Context) -> Value:
        if isinstance(expr, Const):
            return expr.value
        if isinstance(expr, Name):
            return self.eval_name(expr, context)
        if isinstance(expr, Unary):
            operand = self.int_of(expr.operand, context)
            return -operand if expr.op == "-" else ~operand
        if isinstance(expr, Binary):
            return arithmetic(expr, self.int_of(expr.left, context),
                              self.int_of(expr.right, context))
        return self.eval_call(expr, context)

    def eval_name(self, expr: Name, context: Context) -> Value:
        bound = context.names.get(expr.name)
        if bound is None:
            return self.region_bytes(self.find(expr.name, context, expr.where), expr.where)
        if not isinstance(bound, Thunk):
            return bound
        self.depth += 1
        if self.depth > MAX_DEPTH:
            expr.where.fail(f"'{expr.name}' depends on itself")
        value = self.eval(bound.expr, bound.context)
        self.depth -= 1
        return value

    def int_of(self, expr: Expr, context: Context) -> int:
        value = self.eval(expr, context)
        if isinstance(value, bytes):
            expr.where.fail("expected a number here, not bytes")
        return value

    def bytes_of(self, expr: Expr, context: Context) -> bytes:
        value = self.eval(expr, context)
        if isinstance(value, int):
            expr.where.fail("expected bytes here, not a number (use be16(...) or the like)")
        return value

    def eval_call(self, expr: Call, context: Context) -> Value:
        if expr.func in INTEGERS:
            return b"".join(encode(expr.func, self.int_of(arg, context), expr.where)
                            for arg in expr.args)
        if expr.func in ("len", "offset", "end"):
            if len(expr.args) != 1 or not isinstance(expr.args[0], Name):
                expr.where.fail(f"{expr.func}() takes the name of one block")
            return self.measure(expr.func, expr.args[0], context)
        if expr.func == "next":
            return self.eval_next(expr, context)
        if expr.func in scn_sums.SUMS:
            data = b"".join(self.bytes_of(arg, context) for arg in expr.args)
            return scn_sums.SUMS[expr.func](data)
        if expr.func in scn_sums.BYTES:
            return self.eval_bytes(expr, context)
        if expr.func == "uses" and len(expr.args) == 1 and isinstance(expr.args[0], Name):
            block = self.find(expr.args[0].name, context, expr.where)
            return sum(child.kind == "layer" for child in block.descendants()
                       if child.parent is block or child.parent and child.parent.kind == "body"
                       and child.parent.parent is block)
        if expr.func == "int" and len(expr.args) == 1:
            return int.from_bytes(self.bytes_of(expr.args[0], context), "big")
        if expr.func in ("min", "max") and expr.args:
            numbers = [self.int_of(arg, context) for arg in expr.args]
            return min(numbers) if expr.func == "min" else max(numbers)
        expr.where.fail(f"unknown function {expr.func}() of {len(expr.args)} value(s)")

    def eval_bytes(self, expr: Call, context: Context) -> bytes:
        """Functions of fixed arguments that give bytes."""
        function, kinds = scn_sums.BYTES[expr.func]
        if len(expr.args) != len(kinds):
            expr.where.fail(f"{expr.func}() takes {len(kinds)} values")
        args = [self.bytes_of(arg, context) if kind is bytes else self.int_of(arg, context)
                for arg, kind in zip(expr.args, kinds)]
        try:
            return function(*args)
        except ValueError as error:
            expr.where.fail(f"{expr.func}(): {error}")

    def measure(self, func: str, name: Name, context: Context) -> int:
        bound = context.names.get(name.name)
        if isinstance(bound, (bytes, Thunk)) and func == "len":
            return len(self.bytes_of(name, context))
        region = self.find(name.name, context, name.where)
        if func == "len":
            return self.end_of(region, name.where) - region.start
        base = region.enclosing("record", "file")
        start = base.start if base is not region else 0
        return (region.start if func == "offset" else self.end_of(region, name.where)) - start

    def eval_next(self, expr: Call, context: Context) -> int:
        if not expr.args or not isinstance(expr.args[0], Name):
            expr.where.fail("next() takes a numbering and a default")
        key = expr.args[0].name
        layer = context.region.enclosing("layer")
        payload = next((r for r in layer.children if r.kind == "payload"), None)
        for region in payload.descendants() if payload else ():
            if key in region.keys:
                return region.keys[key]
        if len(expr.args) < 2:
            expr.where.fail(f"no layer with {key} follows")
        return self.int_of(expr.args[1], context)


def _takes_body(body: list[Stmt]) -> bool:
    for stmt in body:
        if isinstance(stmt, Body):
            return True
        inner = getattr(stmt, "body", None)
        if isinstance(inner, list) and _takes_body(inner):
            return True
    return False
