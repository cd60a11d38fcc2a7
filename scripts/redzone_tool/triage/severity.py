# SPDX-License-Identifier: GPL-2.0-only
"""How bad a fault is, with the reasons: class, CWE, and a score in steps of the outcome classes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from redzone_tool import outcomes
from redzone_tool.sanreport import Report

CWE = {
    "heap-oob-read": "CWE-125", "heap-oob-write": "CWE-787", "stack-oob": "CWE-121",
    "global-oob": "CWE-125", "uaf": "CWE-416", "double-free": "CWE-415", "uninit": "CWE-908",
    "type-confusion": "CWE-843", "null-deref": "CWE-476", "int-overflow": "CWE-190",
    "recursion": "CWE-674", "assert": "CWE-617", "hang": "CWE-835", "leak": "CWE-401",
    "div-zero": "CWE-369", "logic": "CWE-758"}
_CWE_KIND = {
    "implicit-conversion": "CWE-681", "shift": "CWE-1335", "bad-free": "CWE-763",
    "out-of-memory": "CWE-789", "allocation-size-too-big": "CWE-789", "bounds": "CWE-129",
    "alignment": "CWE-188", "redzone-refcount": "CWE-911", "timeout": "CWE-835"}

LEVELS = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.0, "low"))

_BASE = {
    outcomes.CORRUPTION: (8.0, "memory is corrupted"),
    outcomes.DISCLOSURE: (6.0, "memory that is not the packet's is read"),
    outcomes.NULL: (4.5, "a null pointer or endless recursion: denial of service"),
    outcomes.UNDEFINED: (2.5, "undefined behaviour, no wild access seen by itself"),
    outcomes.ASSERT: (4.0, "an assertion, leak or hang: denial of service"),
}
SHORT = 8       # bytes behind a block, or read: little to gain


@dataclass(frozen=True)
class Severity:
    """A judgement one can argue with: every step has its reason."""

    level: str
    score: float                # 0 to 10
    security: bool
    reasons: tuple[str, ...]


_BEHIND = re.compile(r"is located (\d+) bytes? (after|before|inside of|to the right of|"
                     r"to the left of) (\d+)-byte region")
_STACK = re.compile(r"is located in stack of thread")
_GLOBAL = re.compile(r"is located (\d+) bytes? (after|before|inside of|to the right of|"
                     r"to the left of) global variable '([^']+)'")


def address_class(text: str, kind: str = "") -> str:
    """Where the bad address lies, as far as a report says: one phrase, or nothing."""
    match = _GLOBAL.search(text)
    if match:
        return f"{match[1]} bytes {_side(match[2])} global '{match[3]}'"
    match = _BEHIND.search(text)
    if match:
        block = "freed block" if "freed by thread" in text else "heap block"
        return f"{match[1]} bytes {_side(match[2])} a {match[3]}-byte {block}"
    if _STACK.search(text):
        return "on the stack"
    if "address points to the zero page" in text:
        return "zero page"
    if "is a wild pointer" in text or "a non-canonical address" in text:
        return "wild"
    if kind == "use-of-uninitialized-value":
        return "uninitialised memory"
    return "wild" if kind in ("SEGV", "BUS") else ""


def _side(word: str) -> str:
    return {"to the right of": "after", "to the left of": "before", "inside of": "inside"}.get(
        word, word)


def cwe(report: Report) -> str:
    """The weakness that fits a report best."""
    if report.kind in _CWE_KIND:
        return _CWE_KIND[report.kind]
    if report.class_ == "stack-oob" and report.access == "read":
        return "CWE-125"
    if report.class_ == "global-oob" and report.access == "write":
        return "CWE-787"
    return CWE.get(report.class_, "CWE-707")


def judge(report: Report, address: str = "", stable: bool = True) -> Severity:
    """Severity of one report; `address` is what address_class() said."""
    outcome = outcomes.of_report(report)
    score, why = _BASE[outcome]
    reasons = [why]

    def step(by: float, reason: str) -> None:
        nonlocal score
        score += by
        reasons.append(f"{reason} ({by:+g})")

    memory = outcome in outcomes.MEMORY_SAFETY
    if memory and report.access == "write":
        step(0.5, "it writes")
    if report.kind == "negative-size-param":
        step(1.0, "the size runs over all of memory")
    if report.class_ == "uaf":
        step(0.5, "the block may hold another object by then")
    behind = re.match(r"(\d+) bytes (?:after|before|inside) a", address)
    if memory and address == "wild":
        step(0.5, "the address is far from any block")
    elif outcome == outcomes.DISCLOSURE and behind and int(behind[1]) < SHORT \
            and 0 < report.size <= SHORT:
        step(-1.0, f"only up to {report.size} bytes right behind the block")
    if report.class_ == "leak":
        step(-1.0, "memory is lost slowly")
    if not stable:
        step(-0.5, "not every replay shows it")
    score = max(0.5, min(10.0, score))
    level = next(name for least, name in LEVELS if score >= least)
    return Severity(level, round(score, 1), memory, tuple(reasons))
