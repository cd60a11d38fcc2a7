# SPDX-License-Identifier: GPL-2.0-only
"""The parser of the scenario language: text to syntax tree."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Sequence, Union

from .scn_lang import (
    ADDRESSES, INTEGERS, KEYWORDS, PRECEDENCE, SIZED, Binary, Bits, Block, Body, Call, Const,
    Control, Emit, Expr, LayerDef, Let, Name, Raw, Record, Repeat, Sized, Stmt, Token, Unary,
    Use, Where, tokens)


def _is_hex(word: str, first: bool) -> bool:
    """A run of byte pairs. The first of a line starts with a digit or is one pair."""
    if len(word) % 2 or not re.fullmatch(r"[0-9A-Fa-f]+", word):
        return False
    return not first or len(word) == 2 or word[0].isdigit()


class Parser:
    """Recursive descent over one file."""

    def __init__(self, text: str, file: str, folder: Path | None = None) -> None:
        self.items = tokens(text, file)
        self.pos = 0
        self.file = file
        self.folder = folder

    def peek(self) -> Token:
        return self.items[self.pos]

    def take(self) -> Token:
        token = self.items[self.pos]
        self.pos += 1
        return token

    def accept(self, text: str) -> bool:
        if self.peek().kind in ("op", "word") and self.peek().text == text:
            self.pos += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        token = self.take()
        if token.text != text or token.kind not in ("op", "word"):
            token.where.fail(f"expected '{text}', not {self._shown(token)}")
        return token

    @staticmethod
    def _shown(token: Token) -> str:
        return "the end of the line" if token.kind == "newline" else f"'{token.text}'"

    def word(self, what: str) -> str:
        token = self.take()
        if token.kind != "word" or token.text[0].isdigit():
            token.where.fail(f"expected {what}, not {self._shown(token)}")
        return token.text

    # Statements

    def file_body(self) -> list[Stmt]:
        body = self.statements()
        if self.peek().kind != "end":
            self.peek().where.fail(f"unexpected {self._shown(self.peek())}")
        return body

    def statements(self) -> list[Stmt]:
        result: list[Stmt] = []
        while True:
            token = self.peek()
            if token.kind == "newline":
                self.take()
            elif token.kind == "end" or token.text == "}" and token.kind == "op":
                return result
            else:
                result.extend(self.statement())
                after = self.peek()
                if after.kind not in ("newline", "end") and after.text != "}":
                    after.where.fail(f"unexpected {self._shown(after)} after a statement")

    def braces(self) -> list[Stmt]:
        self.expect("{")
        body = self.statements()
        self.expect("}")
        return body

    def statement(self) -> Sequence[Stmt]:
        token = self.peek()
        where = token.where
        if token.kind == "string":
            self.take()
            return [Raw(bytes(token.value), where)]
        if token.kind in ("addr", "ip4"):
            self.take()
            return [Raw(bytes(token.value), where)]
        if self.accept("@"):
            name = self.word("a label")
            if self.peek().text == "{":
                return [Block(name, self.braces(), where)]
            return [Block(name, list(self.statement()), where)]
        if token.kind != "word":
            where.fail(f"unexpected {self._shown(token)}")
        if _is_hex(token.text, True):
            return [self.hex_line()]
        name = self.word("a statement")
        if name in INTEGERS or name in ADDRESSES:
            return [Emit(name, self.values(), where)]
        if name in SIZED:
            args = self.values()
            low, high = SIZED[name]
            if not low <= len(args) <= high:
                where.fail(f"'{name}' takes {low if low == high else f'{low} or {high}'} value(s)")
            return [Sized(name, args, where)]
        handler = getattr(self, f"stmt_{name}", None) if name in KEYWORDS else None
        if handler:
            return list(handler(where))
        return [self.use(name, where)]

    def hex_line(self) -> Raw:
        where = self.peek().where
        data = b""
        while self.peek().kind == "word" and _is_hex(self.peek().text, False):
            data += bytes.fromhex(self.take().text)
        if not data or self.peek().kind == "word":
            self.peek().where.fail(f"not a run of hex bytes: {self._shown(self.peek())}")
        return Raw(data, where)

    def values(self) -> list[Expr]:
        result = [self.expr()]
        while self.accept(","):
            result.append(self.expr())
        return result

    def stmt_hex(self, where: Where) -> list[Stmt]:
        return [self.hex_line()]

    def stmt_csum16(self, where: Where) -> list[Stmt]:
        return [Emit("be16", [Call("csum16", tuple(self.values()), where)], where)]

    def stmt_repeat(self, where: Where) -> list[Stmt]:
        times = self.expr()
        var = "i"
        if self.accept("as"):
            var = self.word("a name")
        return [Repeat(times, var, self.braces(), where)]

    def stmt_record(self, where: Where) -> list[Stmt]:
        return [Record(self.braces(), where)]

    def stmt_body(self, where: Where) -> list[Stmt]:
        return [Body(where)]

    def stmt_let(self, where: Where) -> list[Stmt]:
        name = self.word("a name")
        self.expect("=")
        return [Let(name, self.expr(), where)]

    def stmt_include(self, where: Where) -> list[Stmt]:
        token = self.take()
        if token.kind != "string" or self.folder is None:
            where.fail("include needs the name of a file in quotes")
        path = self.folder / bytes(token.value).decode()
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            where.fail(f"cannot include {path.name}: {error.strerror}")
        shown = str(Path(self.file).parent / path.name)
        return Parser(text, shown, path.parent).file_body()

    def stmt_control(self, where: Where) -> list[Stmt]:
        braces = self.accept("{")
        fields: list[tuple[str, Expr]] = []
        while True:
            while self.peek().text == "," or (braces and self.peek().kind == "newline"):
                self.take()
            if self.peek().kind != "word":
                break
            name = self.word("a field of the trailer")
            self.expect("=")
            fields.append((name, self.expr()))
        if braces:
            self.expect("}")
        return [Control(fields, where)]

    def stmt_bits(self, where: Where) -> list[Stmt]:
        self.expect("{")
        fields: list[tuple[Union[Expr, str], Expr]] = []
        while not self.accept("}"):
            if self.peek().kind == "newline":
                self.take()
            elif self.peek().text in ("ue", "se"):
                kind = self.take().text
                fields.append((kind, self.expr()))
            else:
                width = self.expr()
                fields.append((width, self.expr()))
        return [Bits(fields, where)]

    def stmt_layer(self, where: Where) -> list[Stmt]:
        name = self.word("the layer's name")
        if name in KEYWORDS:
            where.fail(f"'{name}' is a statement, not a name for a layer")
        params: list[tuple[str, Expr | None]] = []
        if self.accept("("):
            while not self.accept(")"):
                param = self.word("a field name")
                params.append((param, self.expr() if self.accept("=") else None))
                if self.peek().text != ")":
                    self.expect(",")
        keys: dict[str, int] = {}
        whole = False
        while self.peek().text != "{":
            if self.peek().kind == "newline":
                self.take()
                continue
            key = self.word("a numbering such as ipproto, or {")
            if key == "whole" and self.peek().text != "=":
                whole = True
                continue
            self.expect("=")
            value = self.expr()
            if not isinstance(value, Const) or not isinstance(value.value, int):
                where.fail(f"'{key}' of a layer must be a number")
            keys[key] = value.value
        return [LayerDef(name, params, keys, self.braces(), where, whole)]

    def use(self, name: str, where: Where) -> Use:
        args: list[tuple[str, Expr]] = []
        while self.peek().kind == "word":
            key = self.word("a field")
            self.expect("=")
            args.append((key, self.expr()))
        body = self.braces() if self.peek().text == "{" else None
        return Use(name, args, body, where)

    # Expressions

    def expr(self, level: int = 1) -> Expr:
        left = self.operand()
        while True:
            token = self.peek()
            if token.kind != "op" or PRECEDENCE.get(token.text, 0) < level:
                return left
            self.take()
            right = self.expr(PRECEDENCE[token.text] + 1)
            left = Binary(token.text, left, right, token.where)

    def operand(self) -> Expr:
        token = self.take()
        if token.kind in ("addr", "ip4", "string"):
            return Const(token.value, token.where)
        if token.text in ("-", "~") and token.kind == "op":
            return Unary(token.text, self.operand(), token.where)
        if token.text == "(" and token.kind == "op":
            inner = self.expr()
            self.expect(")")
            return inner
        if token.kind != "word":
            token.where.fail(f"expected a value, not {self._shown(token)}")
        if token.text[0].isdigit():
            try:
                return Const(int(token.text, 0), token.where)
            except ValueError:
                token.where.fail(f"not a number: {token.text}")
        if not self.accept("("):
            return Name(token.text, token.where)
        args: list[Expr] = []
        while not self.accept(")"):
            args.append(self.expr())
            if self.peek().text != ")":
                self.expect(",")
        return Call(token.text, tuple(args), token.where)


def parse(text: str, file: str, folder: Path | None = None) -> list[Stmt]:
    """Parse one scenario; @file is what error messages call it."""
    return Parser(text, file, folder).file_body()
