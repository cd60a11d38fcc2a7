# SPDX-License-Identifier: GPL-2.0-only
"""Which branches of a C function reject: the rule of the guard audit.

Works on a plain statement tree that two front ends build (audit_clang from the
compiler's AST, audit_text from the tokens alone), so that a port and the kernel
file it is modelled on are judged by one rule.

A branch rejects when one side of it, without a further condition,
- returns an error: negative, NULL, false, ERR_PTR(), an error constant, a variable
  called err, ret, status ..., or nothing at all from a void function;
- jumps forward to a label behind which that happens;
- drops: kfree_skb*(), an ICMPv6 error, a *_drop() or *_reject() call, or a call to a
  function of the same file that does nothing but reject;
- leaves a loop over input or a switch case early (break, return), or does nothing
  but skip to the next item (continue).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from redzone_tool.audit_lex import (
    closing, disjuncts, normal, one_line, split_top, strip_parens)

GUARD = re.compile(r"\b(malformed|malformed_in|fixed)\s*\(")

_ERROR_CONSTANT = re.compile(
    r"\b(?!\w*SUCCESS)(?:[A-Z0-9]+_)*(?:DROP|ERR|ERROR|INVALID|INVAL|FAIL|FAILED|REJ|REJECT"
    r"|REJECTED|BAD|UNSPECIFIED|UNSUPP|SUPP|SUPPORTED|MALFORMED|TRUNCATED|SC|TOO|DENIED|REFUSED"
    r"|ABORT|FATAL|PROTO|UNKNOWN|NOTSUPP|NOT_ALLOWED|AUTH_REQUIREMENTS|ENC_KEY_SIZE)"
    r"(?:_[A-Z0-9]+)*\b"
)
_ERROR_VARIABLE = re.compile(r"(?:\w+_)?(?:err|error|ret|rc|rv|res|status|reason|retv|result)")
_ERROR_LABEL = re.compile(
    r"(?:^|_)(?:err|error|fail|failed|bad|drop|discard|reject|inval|invalid|malformed|unknown"
    r"|abort|overflow|truncated)\w*", re.IGNORECASE
)
_DROP_CALL = re.compile(
    r"\b(?:(?:dev_|__)?kfree_skb\w*|icmpv6_param_prob\w*|icmpv?6?_send|(?!skb_dst_drop|dst_)"
    r"[a-z]\w*_(?:drop|reject|discard)|drop_\w+)\s*\("
)
_CALL = re.compile(r"\s*([A-Za-z_]\w*)\s*\(")
_OWN_WALK = re.compile(r"for_each|_walk\b|walk_frags")


@dataclass
class Stmt:
    """One statement; case and label markers stand before what they mark."""

    kind: str  # if switch loop block case label goto return break continue expr
    text: str  # condition, expression, label; source spelling on one line
    line: int
    end: int = 0  # last line
    body: list[Stmt] = field(default_factory=list)
    orelse: list[Stmt] = field(default_factory=list)
    macro: str = ""  # written as this macro, not as a statement of its own


@dataclass
class Function:
    """A function definition."""

    name: str
    file: str
    line: int
    result: str  # void, bool, pointer or value
    body: list[Stmt]
    source: str  # body's text without comments
    source_line: int


@dataclass(frozen=True)
class Branch:
    """A branch that rejects."""

    file: str
    function: str
    line: int
    condition: str  # one disjunct, source spelling on one line
    how: str  # what rejecting means here
    guarded: bool

    @property
    def key(self) -> tuple[str, str, str]:
        """What the port-status page names it by."""
        return self.file, self.function, normal(self.condition)


@dataclass(frozen=True)
class GuardUse:
    """One malformed() or malformed_in() in a function."""

    file: str
    function: str
    line: int
    condition: str
    bug: str  # C token or ""


def guard_uses(function: Function) -> list[GuardUse]:
    """Guards in a function, in the order of its text."""
    found = []
    for match in re.finditer(r"\b(malformed(?:_in)?)\s*\(", function.source):
        stop = closing(function.source, match.end() - 1)
        text, bug = one_line(function.source[match.end():stop]), ""
        if match[1] == "malformed_in":
            bug, _, text = text.partition(",")
        line = function.source_line + function.source.count("\n", 0, match.start())
        found.append(GuardUse(function.file, function.name, line, text.strip(), bug.strip()))
    return found


class Judge:
    """Applies the rule to the functions of one file (with what it includes)."""

    def __init__(self, functions: list[Function]):
        self.functions = functions
        self.rejecting: set[str] = set()
        changed = True
        while changed:  # a function that only rejects may be called by another one
            changed = False
            for function in functions:
                if function.name not in self.rejecting and self._only_rejects(function):
                    self.rejecting.add(function.name)
                    changed = True

    def branches(self) -> list[Branch]:
        """Every rejecting branch, functions and lines in order."""
        return [branch for function in self.functions for branch in self.of(function)]

    def of(self, function: Function) -> list[Branch]:
        """Rejecting branches of one function."""
        return sorted(
            dict.fromkeys(_Walk(self, function).run()), key=lambda branch: branch.line
        )

    def drops(self, text: str) -> bool:
        """Whether an expression statement drops what is being parsed."""
        if _DROP_CALL.search(text):
            return True
        call = _CALL.match(text)
        return bool(call and call[1] in self.rejecting)

    def error_return(self, text: str, result: str) -> bool:
        """Whether `return @text` is an error in a function with this kind of result."""
        text = strip_parens(text)
        if not text:
            return result == "void"
        if result == "void":
            return False
        last = split_top(text, ",")[-1]
        if re.match(r"-\s*(?:[A-Z]\w*|\d+|err|ret|error|rc)$", last):
            return True
        if re.match(r"(?:NULL|ERR_PTR\s*\(.*|ERR_CAST\s*\(.*)$", last) and result == "pointer":
            return True
        if result == "bool":
            return last == "false" or self.drops(last)
        if _ERROR_VARIABLE.fullmatch(last):
            return True
        if self.drops(last):
            return True
        return bool(_ERROR_CONSTANT.search(last)) and "?" not in last

    def _only_rejects(self, function: Function) -> bool:
        """No way through the function but rejection."""
        plain = [s for s in _flat(function.body) if s.kind != "expr" or self.drops(s.text)]
        returns = [s for s in _everything(function.body) if s.kind == "return"]
        if function.result == "void":
            return bool(plain) and plain[0].kind == "expr" and bool(plain[0].text)
        return bool(returns) and all(
            self.error_return(s.text, function.result) and not _ERROR_VARIABLE.fullmatch(s.text)
            for s in returns
        )


def _flat(body: list[Stmt]) -> Iterator[Stmt]:
    """Statements of a list with plain blocks opened."""
    for statement in body:
        if statement.kind == "block":
            yield from _flat(statement.body)
        else:
            yield statement


def _everything(body: list[Stmt]) -> Iterator[Stmt]:
    for statement in body:
        yield statement
        yield from _everything(statement.body)
        yield from _everything(statement.orelse)


@dataclass
class _Around:
    """The loop or switch that encloses a statement."""

    loop: Stmt | None = None  # innermost loop over input
    breakable: Stmt | None = None  # what break leaves


class _Walk:
    """One function's statements, judged."""

    def __init__(self, judge: Judge, function: Function):
        self.judge = judge
        self.function = function
        self.found: list[Branch] = []
        self.labels: dict[str, tuple[list[Stmt], int]] = {}
        self._collect_labels(function.body)

    def run(self) -> list[Branch]:
        self._list(self.function.body, _Around())
        return self.found

    def _collect_labels(self, body: list[Stmt]) -> None:
        flat = list(_flat(body))
        for position, statement in enumerate(flat):
            if statement.kind == "label":
                self.labels[statement.text] = (flat, position)
            self._collect_labels(statement.body)
            self._collect_labels(statement.orelse)

    def _add(self, statement: Stmt, conditions: list[str], how: str) -> None:
        for condition in conditions:
            text = one_line(condition)
            self.found.append(Branch(
                self.function.file, self.function.name, statement.line, text, how,
                bool(GUARD.search(text)),
            ))

    def _tail(self, body: list[Stmt], position: int, seen: frozenset[str]) -> str:
        """What straight-line flow from here comes to: how it rejects, or ""."""
        for statement in body[position:]:
            if statement.kind == "expr" and self.judge.drops(statement.text):
                return "drop"
            if statement.kind == "return":
                text = statement.text
                wrong = self.judge.error_return(text, self.function.result)
                return "error return" if wrong else ""
            if statement.kind == "goto":
                if statement.text in seen or statement.text not in self.labels:
                    return ""
                flat, where = self.labels[statement.text]
                return self._tail(flat, where, seen | {statement.text})
            if statement.kind in ("break", "continue", "case"):
                return ""
        at_end = body and body[-1] in list(_flat(self.function.body))[-1:]
        return "return" if self.function.result == "void" and at_end else ""

    def _goto(self, statement: Stmt, around: _Around) -> str:
        name = statement.text
        if name not in self.labels:
            return "jump"
        flat, where = self.labels[name]
        backward = flat[where].line <= statement.line
        tail = self._tail(flat, where, frozenset({name}))
        if _ERROR_LABEL.search(name) or (tail and not backward):
            return f"goto {name}"
        if around.loop and not backward and flat[where].line > around.loop.end:
            return f"leaves the loop to {name}"
        return ""

    def _arm(self, body: list[Stmt], around: _Around) -> str:
        """How an arm rejects without a further condition, or ""."""
        flat = list(_flat(body))
        for statement in flat:
            how = self._exit(statement, around, alone=len(flat) == 1)
            if how:
                return how
        return ""

    def _exit(self, statement: Stmt, around: _Around, alone: bool) -> str:
        kind, text = statement.kind, statement.text
        if kind == "expr":
            return "drop" if self.judge.drops(text) else ""
        if kind == "return":
            if self.judge.error_return(text, self.function.result):
                return "error return" if text else "return"
            return "returns out of a loop" if around.loop and "?" not in text else ""
        if kind == "goto":
            return self._goto(statement, around)
        if kind == "break" and around.breakable:
            return f"leaves the {around.breakable.kind}"
        if kind == "continue" and around.loop and alone:
            return "skips the item"
        return ""

    def _list(self, body: list[Stmt], around: _Around) -> None:
        flat = list(_flat(body))
        for position, statement in enumerate(flat):
            if statement.kind == "if":
                self._if(statement, around)
            elif statement.kind == "switch":
                self._switch(statement, around)
            elif statement.kind == "loop":
                self._loop(statement, around)
            else:
                self._ternary(statement)
                continue
            self._falls_into(statement, flat, position, around)

    def _if(self, statement: Stmt, around: _Around) -> None:
        how = self._arm(statement.body, around)
        if how:
            self._add(statement, disjuncts(statement.text, False), how)
        other = self._arm(statement.orelse, around)
        # An else-if is a branch of its own; only a plain else belongs to this test.
        if other and not (len(statement.orelse) == 1 and statement.orelse[0].kind == "if"):
            self._add(statement, disjuncts(statement.text, True), other)
        self._list(statement.body, around)
        self._list(statement.orelse, around)

    def _switch(self, statement: Stmt, around: _Around) -> None:
        inside = _Around(around.loop, statement)
        flat = list(_flat(statement.body))
        position = 0
        while position < len(flat):
            labels = []
            while position < len(flat) and flat[position].kind == "case":
                labels.append(flat[position])
                position += 1
            start = position
            while position < len(flat) and flat[position].kind != "case":
                position += 1
            arm = [s for s in flat[start:position] if s.kind not in ("break", "continue")]
            how = self._arm(arm, _Around(None, None))
            if labels and how:
                names = ", ".join(one_line(label.text) for label in labels)
                self._add(labels[0], [f"switch ({one_line(statement.text)}) {names}"], how)
            self._list(flat[start:position], inside)

    def _loop(self, statement: Stmt, around: _Around) -> None:
        own = bool(_OWN_WALK.search(statement.macro))
        inside = _Around(around.loop, None) if own else _Around(statement, statement)
        if not own and not statement.macro:
            parts = split_top(strip_parens(statement.text), "&&")
            for part in parts[1:]:
                self._add(statement, disjuncts(part, True), "ends the loop")
        self._list(statement.body, inside)

    def _falls_into(self, statement: Stmt, flat: list[Stmt], position: int,
                    around: _Around) -> None:
        """A test that lets good input leave, with rejection right behind it."""
        plain = []
        for following in flat[position + 1:]:
            plain.append(following)
            if following.kind not in ("expr", "label"):
                break
        if not plain or plain[-1].kind not in ("return", "goto"):
            return
        last = plain[-1]
        how = "drop" if any(s.kind == "expr" and self.judge.drops(s.text) for s in plain) else ""
        if not how and last.kind == "return" and last.text:
            text = strip_parens(last.text)
            if not _ERROR_VARIABLE.fullmatch(text):
                how = "error return" if self.judge.error_return(
                    text, self.function.result) else ""
        elif not how and last.kind == "goto":
            how = self._goto(last, around)
        if not how:
            return
        if statement.kind == "if":
            leaves = [s for s in _flat(statement.body) if s.kind in ("return", "goto", "continue")]
            if leaves and not statement.orelse and not self._arm(statement.body, around):
                self._add(statement, disjuncts(statement.text, True), f"else {how}")
        elif statement.kind == "switch":
            if not any(s.kind == "case" and s.text == "default" for s in statement.body):
                self._add(statement, [f"switch ({one_line(statement.text)}) default"], how)
        elif statement.text and not statement.macro:
            self._add(statement, [f"!({strip_parens(statement.text)})"], f"loop's end, {how}")

    def _ternary(self, statement: Stmt) -> None:
        """`return c ? value : -EINVAL` and `err = c ? 0 : -EINVAL`."""
        text = statement.text
        if "?" not in text or statement.kind not in ("return", "expr"):
            return
        if statement.kind == "expr":
            text = split_top(text, "=")[-1]
        condition, *rest = split_top(strip_parens(text), "?")
        if len(rest) != 1:
            return
        yes, *no = split_top(rest[0], ":")
        if len(no) != 1:
            return
        result = self.function.result if statement.kind == "return" else "value"
        if self.judge.error_return(yes, result):
            self._add(statement, disjuncts(condition, False), "error value")
        elif self.judge.error_return(no[0], result):
            self._add(statement, disjuncts(condition, True), "error value")
