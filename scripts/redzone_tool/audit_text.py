# SPDX-License-Identifier: GPL-2.0-only
"""Statement trees from C text alone.

For kernel files, whose headers are not at hand: no types are known and macros are
not expanded. Of `#if ... #else ... #endif` the first part is read. Also the check
on the compiler's front end: a test holds both against each other on every port.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from redzone_tool.audit_lex import TOKEN, closing, one_line
from redzone_tool.audit_tree import Function, Stmt

_COMMENT = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL
)
_NOT_FUNCTIONS = {"if", "while", "for", "switch", "return", "sizeof", "do", "else"}


def strip_comments(text: str) -> str:
    """@text with comments blanked, lines and offsets kept."""

    def blank(match: re.Match[str]) -> str:
        if match[0][0] in "\"'":
            return match[0]
        return re.sub(r"[^\n]", " ", match[0])

    return _COMMENT.sub(blank, text)


def strip_directives(text: str) -> str:
    """@text (without comments) with preprocessor lines and #else parts blanked."""
    out: list[str] = []
    skip: list[bool] = []  # for each open #if: is its current part left out
    joined = False
    for line in text.split("\n"):
        directive = re.match(r"\s*#\s*(\w+)\s*(.*)", line)
        if directive and not joined:
            word, rest = directive[1], directive[2].strip()
            if word in ("if", "ifdef", "ifndef"):
                skip.append(word == "if" and rest == "0")
            elif word in ("else", "elif") and skip:
                skip[-1] = not skip[-1] if word == "else" else True
            elif word == "endif" and skip:
                skip.pop()
            out.append("")
            joined = line.endswith("\\")
        elif joined:
            out.append("")
            joined = line.endswith("\\")
        else:
            out.append("" if any(skip) else line)
    return "\n".join(out)


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int


class _Parser:
    """Statements of one function body."""

    def __init__(self, text: str, start: int, stop: int):
        self.text = text
        self.tokens = [
            _Token(m[0], m.start(), m.end()) for m in TOKEN.finditer(text, start, stop)
        ]
        self.at = 0
        self.breaks = [m.start() for m in re.finditer("\n", text)]

    def line(self, offset: int) -> int:
        """Line of an offset, counted from 1."""
        low, high = 0, len(self.breaks)
        while low < high:
            middle = (low + high) // 2
            if self.breaks[middle] < offset:
                low = middle + 1
            else:
                high = middle
        return low + 1

    def peek(self, ahead: int = 0) -> str:
        position = self.at + ahead
        return self.tokens[position].text if position < len(self.tokens) else ""

    def statements(self) -> list[Stmt]:
        """Statements up to the closing brace, which is consumed, or the end."""
        found: list[Stmt] = []
        while self.at < len(self.tokens) and self.peek() != "}":
            found += self.statement()
        self.at += 1
        return found

    def brackets(self) -> str:
        """Text inside the brackets that begin here."""
        if self.at >= len(self.tokens):
            return ""
        start = self.tokens[self.at]
        stop = closing(self.text, start.start)
        while self.at < len(self.tokens) and self.tokens[self.at].start <= stop:
            self.at += 1
        return one_line(self.text[start.end:stop])

    def until(self, *ends: str) -> str:
        """Text up to one of @ends that stands in no bracket; that is consumed."""
        if self.at >= len(self.tokens):
            return ""
        begin = self.tokens[self.at].start
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.text in ends:
                self.at += 1
                return one_line(self.text[begin:token.start])
            if token.text == "}":
                return one_line(self.text[begin:token.start])
            if token.text in ("(", "[", "{"):
                self.brackets()
            else:
                self.at += 1
        return one_line(self.text[begin:])

    def single(self) -> list[Stmt]:
        """The statement an if or loop governs, a block opened."""
        found = self.statement()
        return found[0].body if len(found) == 1 and found[0].kind == "block" else found

    def statement(self) -> list[Stmt]:
        """One statement, with the markers that stand before it."""
        if self.at >= len(self.tokens):
            return []
        word = self.peek()
        statement = Stmt("expr", "", self.line(self.tokens[self.at].start))
        found = self._compound(word, statement) or self._simple(word, statement)
        last = self.tokens[min(self.at, len(self.tokens)) - 1]
        statement.end = self.line(last.start)
        return found

    def _compound(self, word: str, statement: Stmt) -> list[Stmt]:
        if word == "{":
            self.at += 1
            statement.kind, statement.body = "block", self.statements()
        elif word == "if":
            self.at += 1
            statement.kind, statement.text = "if", self.brackets()
            statement.body = self.single()
            if self.peek() == "else":
                self.at += 1
                statement.orelse = self.single()
        elif word in ("switch", "while", "for"):
            self.at += 1
            inside = self.brackets()
            if word == "for":
                inside = one_line((inside.split(";") + ["", ""])[1])
            statement.kind = "switch" if word == "switch" else "loop"
            statement.text, statement.body = inside, self.single()
        elif word == "do":
            self.at += 1
            statement.kind, statement.body = "loop", self.single()
            if self.peek() == "while":
                self.at += 1
                statement.text = self.brackets()
            self.until(";")
        elif self._is_macro_loop():
            statement.kind, statement.macro = "loop", word
            self.at += 1
            statement.text, statement.body = self.brackets(), self.single()
        else:
            return []
        return [statement]

    def _simple(self, word: str, statement: Stmt) -> list[Stmt]:
        if word in ("case", "default"):
            self.at += 1
            statement.kind = "case"
            rest = self.until(":")
            statement.text = f"case {rest}" if rest else "default"
        elif word in ("goto", "return", "break", "continue"):
            self.at += 1
            statement.kind, statement.text = word, self.until(";")
        elif re.match(r"[A-Za-z_]\w*$", word) and self.peek(1) == ":":
            self.at += 2
            statement.kind, statement.text = "label", word
        else:
            statement.text = self.until(";")
            if not statement.text:
                return []
        return [statement]

    def _is_macro_loop(self) -> bool:
        """`list_for_each_entry(a, b, c)` and its like: no semicolon behind it."""
        if not re.match(r"[a-z_]\w*$", self.peek()) or self.peek(1) != "(":
            return False
        name = self.tokens[self.at].text
        if name in _NOT_FUNCTIONS:
            return False
        stop = closing(self.text, self.tokens[self.at + 1].start)
        following = next((t.text for t in self.tokens[self.at:] if t.start > stop), "")
        if following == "{":
            return True
        return "for_each" in name and following not in (";", "")


def result_kind(head: str) -> str:
    """Kind of result from the text before a function's name."""
    if "*" in head:
        return "pointer"
    if re.search(r"\bvoid\b", head):
        return "void"
    return "bool" if re.search(r"\bbool\b", head) else "value"


def parse_body(text: str, start: int, stop: int) -> list[Stmt]:
    """Statements of text[start:stop], the inside of a function's braces."""
    return _Parser(text, start, stop).statements()


def functions(source: str, file: str) -> list[Function]:
    """Every function defined in @source."""
    text = strip_directives(strip_comments(source))
    found: list[Function] = []
    position = 0
    for match in TOKEN.finditer(text):
        if match.start() < position or match[0] != "{":
            continue
        stop = closing(text, match.start())
        head = text[position:match.start()]
        begin = max(head.rfind(";"), head.rfind("}")) + 1
        signature = re.match(r"\s*([^()={};]*?)\b([A-Za-z_]\w*)\s*\(", head[begin:])
        if signature and head.rstrip().endswith(")") and "=" not in head[begin:]:
            line = text.count("\n", 0, position + begin + signature.start(2)) + 1
            found.append(Function(
                signature[2], file, line, result_kind(signature[1]),
                parse_body(text, match.end(), stop), text[match.end():stop],
                text.count("\n", 0, match.end()) + 1,
            ))
        position = stop + 1
    return found
