# SPDX-License-Identifier: GPL-2.0-only
"""The gate on seed coverage: fails when a seed is gone, and on nothing else."""

import json
from pathlib import Path

import pytest

from redzone_tool import catalogue, coverage_gate, seeds, testing
from redzone_tool.coverage import Count
from redzone_tool.coverage_gate import Reached
from redzone_tool.errors import ENVIRONMENT, ToolError

KEPT = Reached({"net_x": Count(1000, 900)}, {"parsers/net/x.c": Count(50, 40)})


@pytest.fixture(scope="module")
def with_all() -> Reached:
    return coverage_gate.measure([catalogue.target("net_ipv6")])


def test_a_removed_seed_fails_and_none_passes(with_all: Reached) -> None:
    target = catalogue.target("net_ipv6")
    assert coverage_gate.problems(with_all, with_all) == []
    rest = [f for f in seeds.files("net_ipv6") if "calipso" not in f.name]
    assert len(rest) < len(seeds.files("net_ipv6"))
    without = coverage_gate.measure([target], {"net_ipv6": rest})
    found = coverage_gate.problems(with_all, without)
    assert any("all seeds in parsers/net/calipso.c: 0.0 %" in line for line in found), found
    assert any("seeds of net_ipv6: " in line for line in found), found
    assert all(coverage_gate.RENEW in line for line in found)


@pytest.mark.parametrize("now, lost", [
    (Count(1000, 900), False),
    (Count(1000, 891), False),          # less than a point
    (Count(1000, 889), True),
    (Count(500, 450), False),           # code went away, and its lines with it
    (Count(1200, 900), True),           # new code that no seed runs
])
def test_more_than_a_point_is_a_loss(now: Count, lost: bool) -> None:
    found = coverage_gate.problems(KEPT, Reached({"net_x": now}, KEPT.files))
    assert bool(found) == lost, found


@pytest.mark.parametrize("covered, lost", [(38, False), (37, True), (41, False)])
def test_two_lines_of_a_small_file_are_none(covered: int, lost: bool) -> None:
    now = Reached(KEPT.targets, {"parsers/net/x.c": Count(50, covered)})
    assert bool(coverage_gate.problems(KEPT, now)) == lost


def test_new_and_gone_targets_say_what_to_do() -> None:
    now = Reached({"net_y": Count(10, 10)}, {})
    assert coverage_gate.problems(KEPT, now) == [
        "target net_y has no kept coverage: run `redzone coverage --renew` and commit "
        "seeds/coverage.json",
        "target net_x is gone: run `redzone coverage --renew`"]


def test_a_faulting_seed_is_named_and_not_kept(tmp_path: Path) -> None:
    bad = Reached(KEPT.targets, KEPT.files, (tmp_path / "seed.bin",))
    assert "seed.bin faults" in coverage_gate.problems(KEPT, bad)[0]
    with pytest.raises(ToolError, match="nothing was written"):
        coverage_gate.write(bad, tmp_path / "kept.json")
    assert not (tmp_path / "kept.json").exists()


def test_what_is_written_is_read_and_damage_is_said(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    coverage_gate.write(KEPT, path)
    assert coverage_gate.read(path) == KEPT
    assert '  "net_x": [900, 1000]\n' in path.read_text()
    for text in ("{", "[]", '{"schema": 2}', '{"schema": 1, "targets": {"a": 1}, "files": {}}'):
        path.write_text(text)
        with pytest.raises(ToolError, match="damaged.*--renew"):
            coverage_gate.read(path)
    path.unlink()
    with pytest.raises(ToolError, match="--renew") as error:
        coverage_gate.read(path)
    assert error.value.code == ENVIRONMENT


def test_the_kept_numbers_are_of_targets_that_exist() -> None:
    kept = coverage_gate.read()
    assert set(kept.targets) == {t.name for t in catalogue.targets()}
    data = json.loads(coverage_gate.store().read_text())
    assert data["made_by"] == coverage_gate.RENEW


def test_the_full_tier_has_the_gate(redzone) -> None:   # type: ignore[no-untyped-def]
    words = [step.command[1:] for step in testing.steps(True, 1) if step.name == "seed coverage"]
    assert words == [("coverage", "--gate")]
    done = redzone("coverage", "net_ipv6", "--gate")
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
