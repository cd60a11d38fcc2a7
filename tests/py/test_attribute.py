# SPDX-License-Identifier: GPL-2.0-only
"""Minimal crashing sets: against models of inputs, and against the catalogue's proof inputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from redzone_tool import catalogue
from redzone_tool.campaign import attribute
from redzone_tool.campaign.attribute import Seen, minimal_sets

EVERY = ["A", "B", "C", "D", "E"]


def _model(crashing: list[str], seen_without: str = "", opens: dict[str, str] | None = None,
           ) -> tuple[attribute.Play, list[frozenset[str]]]:
    """An input that faults with any of some sets of bugs on; `opens` leads to further ones."""
    plays: list[frozenset[str]] = []

    def play(on: frozenset[str]) -> Seen:
        plays.append(on)
        hit = next((s for s in crashing if set(s) <= on), None)
        held = set(seen_without)
        for bug in on:
            held |= set((opens or {}).get(bug, ""))
        return Seen("" if hit is None else f"fault {hit}", frozenset(held))

    return play, plays


def test_one_bug_alone() -> None:
    play, plays = _model(["A"], "A")
    got = minimal_sets(play, EVERY)
    assert (got.how, got.sets, got.faults) == ("sets", [("A",)], ["fault A"])
    assert got.replays == len(plays) == 3


def test_bugs_that_mask_each_other_are_told_apart() -> None:
    play, _ = _model(["A", "B"], "AB")
    assert minimal_sets(play, EVERY).sets == [("A",), ("B",)]


def test_two_bugs_that_need_each_other() -> None:
    play, _ = _model(["AB", "C"], "ABC")
    got = minimal_sets(play, EVERY)
    assert got.sets == [("C",), ("A", "B")], "smallest first, no superset"


def test_a_bug_behind_another_is_found() -> None:
    """B's condition holds only once A is on; then B alone is tried before the pair."""
    play, plays = _model(["AB"], "A", {"A": "B"})
    assert minimal_sets(play, EVERY).sets == [("A", "B")]
    assert frozenset("B") in plays
    play, _ = _model(["ABC"], "A", {"A": "B", "B": "C"})
    assert minimal_sets(play, EVERY).sets == [("A", "B", "C")]


def test_more_than_three_is_said_so() -> None:
    play, _ = _model(["ABCD"], "ABCD")
    got = minimal_sets(play, EVERY)
    assert got.how == "more" and not got.sets


def test_what_does_not_repeat_is_carry_over() -> None:
    play, plays = _model([], "A")
    assert minimal_sets(play, EVERY).how == "carry-over" and len(plays) == 2


def test_a_fault_of_the_port_as_it_is_needs_no_bug() -> None:
    play, plays = _model([""], "A")
    got = minimal_sets(play, EVERY)
    assert (got.how, got.sets) == ("clean", [()]) and len(plays) == 1


def test_replays_are_bounded() -> None:
    many = [f"b{n:02d}" for n in range(40)]

    def play(on: frozenset[str]) -> Seen:
        return Seen("fault" if len(on) > 3 else "", frozenset(many))

    got = minimal_sets(play, many)
    assert got.how == "more" and got.replays <= attribute.MAX_REPLAYS


@pytest.mark.full
def test_proof_inputs_are_attributed_to_their_bugs(tmp_path: Path) -> None:
    """Each bug of one target that its sanitizer sees, from its own proof input."""
    target = catalogue.target("net_ipv6")
    wrong = []
    for bug in catalogue.bugs(target.name):
        if not bug.expected["address"].is_report or bug.env:
            continue
        got = attribute.attribute(target, "address", bug.input.read_bytes(), tmp_path / "w")
        if (bug.id,) not in got.sets:
            wrong.append((bug.id, got))
    assert not wrong
