# SPDX-License-Identifier: GPL-2.0-only
"""Seeds: played twice with equal digests in every sanitizer build; valid ones are valid."""

import time
from pathlib import Path

import pytest
from redzone_tool import catalogue, paths, replay, seeds

import representatives

FLAVOURS = [f"libfuzzer-{s}{g}" for g in ("", "-guards") for s in catalogue.SANITIZERS]
TARGETS = sorted(p.name for p in (paths.root() / "seeds").iterdir() if p.is_dir())
GUARDS = "native-guards"
MANY = 100_000
BUDGET_S = 10.0


def name_of(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


def play_twice(target: str, flavour: str) -> dict[str, tuple[str, str, str]]:
    """Digests by seed; fails on any fault and on a second run that differs."""
    files = seeds.files(target)
    results = replay.run(target, files, flavour, repeat=2)
    faults = [f"{name_of(r.file)}: {r.fault}" for r in results if r.fault]
    assert not faults
    return {name_of(r.file): r.digests for r in results}


@pytest.mark.parametrize("target", TARGETS)
def test_there_are_seeds_of_both_sets(target: str) -> None:
    catalogue.target(target)
    assert seeds.files(target, "valid")
    assert seeds.files(target, "malformed")


@pytest.mark.parametrize("target", TARGETS)
def test_valid_seeds_violate_no_check_of_a_bug_and_trigger_no_canary(target: str) -> None:
    bug_guards = {g.index: g for g in catalogue.guards(GUARDS) if g.bug}
    for result in replay.run(target, seeds.files(target, "valid"), GUARDS):
        violated = [bug_guards[i].id for i in sorted(result.violated & bug_guards.keys())]
        assert not violated, f"{name_of(result.file)} violates {violated}"
        assert not result.triggered, f"{name_of(result.file)} triggers {result.triggered}"


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_are_clean_once(target: str) -> None:
    """The quick tier's share of the next test: one sanitizer."""
    assert play_twice(target, "libfuzzer-address")


@pytest.mark.parametrize("target", TARGETS)
def test_the_engines_heap_changes_no_result(target: str) -> None:
    """Digests and edges with redzone/arena.h are those with malloc()."""
    files = seeds.files(target)
    runs = [replay.run(target, files, "libfuzzer-address", env)
            for env in ({}, {"REDZONE_HEAP": "arena"})]
    for malloc, arena in zip(*runs, strict=True):
        assert (arena.digests, arena.coverage, arena.fault) == (
            malloc.digests, malloc.coverage, ""), name_of(arena.file)


@pytest.mark.full
@pytest.mark.parametrize("target", TARGETS)
def test_equal_digests_twice_and_in_every_build(target: str) -> None:
    reference = play_twice(target, GUARDS)
    for flavour in FLAVOURS:
        digests = play_twice(target, flavour)
        differing = [name for name in reference if digests[name] != reference[name]]
        assert not differing, f"{flavour} differs from {GUARDS} on {differing[:5]}"


@pytest.mark.full
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("flavour", ["libfuzzer-address", "libfuzzer-memory"])
def test_no_growth_and_no_drift_over_many_repetitions(target: str, flavour: str) -> None:
    """Executions in one process each, of the longest seed and of one in the middle.

    100,000 of the middle one for one target a family, otherwise as many as BUDGET_S allows (a
    pairing with real arithmetic takes milliseconds).
    """
    files = sorted(seeds.files(target, "valid"), key=lambda p: p.stat().st_size)
    # ASan's own quarantine would grow to 256 MiB first.
    env = {"ASAN_OPTIONS": "quarantine_size_mb=1:malloc_context_size=2:exitcode=86"}
    for file in (files[-1], files[len(files) // 2]):
        times = MANY
        if target not in representatives.targets() or file == files[-1]:
            started = time.monotonic()
            replay.growth(target, [file], flavour, 200, env)
            each = (time.monotonic() - started) / 200
            times = max(1000, min(MANY, int(BUDGET_S / each)))
        grown = replay.growth(target, [file], flavour, times, env)
        assert max(grown) < 512, f"{file.name}: grew by {grown} KiB over {times} executions"


@pytest.mark.full
def test_the_engines_heap_does_not_grow() -> None:
    files = sorted(seeds.files("net_ipv6", "valid"), key=lambda p: p.stat().st_size)
    grown = replay.growth("net_ipv6", [files[len(files) // 2]], "libfuzzer-address", MANY,
                          {"REDZONE_HEAP": "arena"})
    assert max(grown) < 512, f"grew by {grown} KiB"


def test_a_seed_that_is_no_scenario_is_copied(tmp_path: Path) -> None:
    from redzone_tool import scn
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "raw.bin").write_bytes(b"\x00\x01")
    (tmp_path / "in" / "made.scn").write_text("u8 1, 2\n")
    scn.build([tmp_path / "in"], tmp_path / "out")
    assert (tmp_path / "out" / "raw.bin").read_bytes() == b"\x00\x01"
    assert (tmp_path / "out" / "made.bin").read_bytes() == b"\x01\x02"
