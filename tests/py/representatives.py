# SPDX-License-Identifier: GPL-2.0-only
"""Which targets, files and bugs stand for a family in tests that cost too much for all of them."""

from redzone_tool import catalogue
from redzone_tool.catalogue import Bug

_ORDER = ["easy", "medium", "hard"]


def targets() -> list[str]:
    """One target a family: its first by name."""
    first: dict[str, str] = {}
    for target in catalogue.targets():
        first.setdefault(target.family, target.name)
    return sorted(first.values())


def easy_bugs() -> list[Bug]:
    """The easiest bug a family that address sanitizer reports."""
    best: dict[str, Bug] = {}
    for bug in sorted(catalogue.bugs(), key=_effort):
        expected = bug.expected["address"]
        if expected.is_report and expected.kind != "timeout":
            best.setdefault(bug.family, bug)
    return sorted(best.values(), key=lambda bug: bug.family)


def _effort(bug: Bug) -> tuple[int, bool, str]:
    difficulty = _ORDER.index(bug.difficulty) if bug.difficulty in _ORDER else len(_ORDER)
    return difficulty, bug.state != "stateless", bug.id


def sample(sources: list[str], share: int, turn: int) -> list[str]:
    """Every @share-th file, beginning with number @turn."""
    return sources[turn % share::share]
