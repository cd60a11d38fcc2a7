# SPDX-License-Identifier: GPL-2.0-only
"""A fix before and after: the proof input and its variants in every flavour that replays."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from redzone_tool import catalogue, replay, reproduce, trials
from redzone_tool.catalogue import NO_REPORT, Bug, Expected
from redzone_tool.replay import Outcome

PROOF = "proof input"


@dataclass(frozen=True)
class Row:
    """One input in one flavour."""

    flavour: str
    input: str                  # "proof input" or a variant's name
    expected: str               # of `before`
    before: str                 # empty: the flavour has no switch, so no before
    after: str
    ok: bool

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def flavours(sanitizers: Sequence[str], solid: bool) -> list[tuple[str, str]]:
    """(Sanitizer, flavour), guard builds first."""
    guards = [(s, replay.flavour_for(s, True)) for s in sanitizers]
    return guards + [(s, replay.flavour_for(s, False)) for s in sanitizers if solid]


def rows(bug: Bug, sanitizers: Sequence[str] = catalogue.SANITIZERS,
         solid: bool = True) -> Iterator[Row]:
    """Play everything; before the fix is with the bug's switch on, after is with it off."""
    reproduce.check_input(bug)
    target = catalogue.target(bug.target)
    with tempfile.TemporaryDirectory(prefix="redzone-") as folder:
        inputs = _inputs(bug, Path(folder))
        for sanitizer, flavour in flavours(sanitizers, solid):
            binary = trials.replay_binary(target, flavour)
            for name, file in inputs.items():
                after = replay.run_one(bug.target, file, flavour, bug.env, binary_path=binary)
                if not flavour.endswith("-guards"):
                    yield Row(flavour, name, "", "", reproduce.what_happened(after), after.clean)
                    continue
                before = replay.run_one(bug.target, file, flavour,
                                        {**bug.env, "REDZONE_BUGS": bug.id}, binary_path=binary)
                yield _row(bug, sanitizer, flavour, name, before, after)


def _inputs(bug: Bug, folder: Path) -> dict[str, Path]:
    made = {PROOF: bug.input}
    data = reproduce.readable(bug.input)
    for number, variant in enumerate(bug.variants):
        file = folder / f"variant-{number}"
        file.write_bytes(variant.of(data))
        made[variant.name] = file
    return made


def _row(bug: Bug, sanitizer: str, flavour: str, name: str, before: Outcome,
         after: Outcome) -> Row:
    expected = reproduce.expectation(bug, sanitizer)
    variant = next((v for v in bug.variants if v.name == name), None)
    if variant is not None:
        expected = (variant.expected.get(sanitizer, expected) if variant.expect == "bug"
                    else Expected(NO_REPORT))
    met, seen = reproduce.judge(expected, before, after)
    return Row(flavour, name, reproduce.in_words(expected), seen,
               reproduce.what_happened(after), met and after.clean)
