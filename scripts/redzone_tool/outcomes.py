# SPDX-License-Identifier: GPL-2.0-only
"""What the loss of a guard leads to: the classes, worst first, and how a report maps to one."""

from __future__ import annotations

from collections.abc import Iterable

from redzone_tool.sanreport import Report

CORRUPTION = "corruption"
DISCLOSURE = "disclosure"
NULL = "null-recursion"
UNDEFINED = "other-ub"
ASSERT = "assert-leak-hang"
VERDICT = "verdict"
EFFECTS = "effects"
OUTPUT = "output"
NO_EFFECT = "no-effect"
UNDETERMINED = "undetermined"

# Worst first: the outcome of a guard is the first of its classes in this list.
ORDER = (CORRUPTION, DISCLOSURE, NULL, UNDEFINED, ASSERT, VERDICT, EFFECTS, OUTPUT,
         NO_EFFECT, UNDETERMINED)
RANK = {name: rank for rank, name in enumerate(ORDER)}

MEMORY_SAFETY = frozenset({CORRUPTION, DISCLOSURE})
MEMORY_SAFETY_OR_NULL = MEMORY_SAFETY | {NULL}
FAULTS = frozenset({CORRUPTION, DISCLOSURE, NULL, UNDEFINED, ASSERT})
OBSERVABLE = frozenset(ORDER) - {NO_EFFECT, UNDETERMINED}

LABELS = {
    CORRUPTION: "memory corruption",
    DISCLOSURE: "memory disclosure",
    NULL: "null / recursion",
    UNDEFINED: "other undefined behaviour",
    ASSERT: "assert, leak or hang",
    VERDICT: "verdict changed",
    EFFECTS: "effects changed",
    OUTPUT: "output changed",
    NO_EFFECT: "no effect found",
    UNDETERMINED: "undetermined",
}

MEANINGS = {
    CORRUPTION: "out-of-bounds write, use after free, double free, type confusion",
    DISCLOSURE: "out-of-bounds read, use of uninitialised memory",
    NULL: "null dereference, unbounded recursion",
    UNDEFINED: "undefined behaviour that no replay showed to reach foreign memory",
    ASSERT: "BUG, WARN, refcount or lock imbalance, leak, hang",
    VERDICT: "the input is judged differently, without a fault",
    EFFECTS: "replies or object state differ, same verdict",
    OUTPUT: "decoded values differ, same verdict and effects",
    NO_EFFECT: "violated, ablated, and nothing differed in the executions spent",
    UNDETERMINED: "no input violated it, so its loss was never tested",
}

_BY_CLASS = {
    "heap-oob-write": CORRUPTION, "uaf": CORRUPTION, "double-free": CORRUPTION,
    "type-confusion": CORRUPTION, "heap-oob-read": DISCLOSURE, "uninit": DISCLOSURE,
    "null-deref": NULL, "recursion": NULL, "int-overflow": UNDEFINED, "div-zero": UNDEFINED,
    "logic": UNDEFINED, "assert": ASSERT, "hang": ASSERT, "leak": ASSERT,
}

# What UBSan alone sees is undefined behaviour; an index outside its array is an access
# outside it too, which address sanitizer misses when the array is a struct's member.
_UBSAN_ACCESS = frozenset({"bounds", "object-size"})
# A block operation with a negative size runs out of any object; overlapping operands alone
# need not.
_BY_KIND = {"negative-size-param": CORRUPTION, "memcpy-param-overlap": UNDEFINED}
_UBSAN_NULL = frozenset({"null", "nonnull-attribute"})


def of_report(report: Report | None) -> str:
    """The outcome class of one fault; a fault without a report is an assertion."""
    if report is None:
        return ASSERT
    if report.oracle == "undefined" and report.kind not in ("SEGV", "BUS", "ABRT"):
        if report.kind in _UBSAN_ACCESS:
            return CORRUPTION if report.access == "write" else DISCLOSURE
        return NULL if report.kind in _UBSAN_NULL else UNDEFINED
    if report.kind in _BY_KIND:
        return _BY_KIND[report.kind]
    if report.class_ in ("stack-oob", "global-oob"):
        return CORRUPTION if report.access == "write" else DISCLOSURE
    return _BY_CLASS.get(report.class_, UNDEFINED)


def worst(classes: Iterable[str]) -> str:
    """The worst of several classes; undetermined when there are none."""
    return min(classes, key=RANK.__getitem__, default=UNDETERMINED)
