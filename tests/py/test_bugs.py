# SPDX-License-Identifier: GPL-2.0-only
"""Every entry of `crashes/`: on, the expected report; off and in solid builds, clean."""

import dataclasses
import re
from pathlib import Path

import pytest

from redzone_tool import catalogue, findings, paths, replay, reproduce, seeds
from redzone_tool.catalogue import Bug
from redzone_tool.errors import ToolError

BUGS = catalogue.bugs()
IDS = [b.id for b in BUGS]
FREED = [b for b in BUGS if b.expected.get("address", catalogue.Expected("none")).kind in (
    "heap-use-after-free", "double-free")]
KEYS = ("id", "title", "product", "functions", "family", "target", "year", "cwe", "class",
        "description", "fix", "state", "difficulty", "source", "sha256", "expected")
MEMORY_KINDS = {"heap-buffer-overflow", "stack-buffer-overflow", "global-buffer-overflow",
                "heap-use-after-free", "double-free", "use-of-uninitialized-value"}


def explain(check: reproduce.Check) -> str:
    return (f"{check.label}: expected {check.expected}, saw {check.seen}\n"
            f"{replay.command_line(check.outcome)}\n{check.outcome.text[:3000]}")


@pytest.mark.parametrize("bug", BUGS, ids=IDS)
def test_the_entry_is_complete(bug: Bug) -> None:
    missing = [key for key in KEYS if not bug.facts.get(key)]
    assert not missing
    assert bug.folder.name == bug.id
    assert bug.class_ in catalogue.CLASSES
    assert bug.state in ("stateless", "stateful")
    assert bug.difficulty in ("easy", "medium", "hard")
    assert re.fullmatch(r"[0-9a-f]{64}", bug.sha256)
    assert set(catalogue.SANITIZERS) <= set(bug.expected)
    assert len(bug.variants) >= 3
    assert any(e.kind != catalogue.NO_REPORT for e in bug.expected.values())
    reproduce.check_input(bug)
    for variant in bug.variants:
        assert variant.of(bug.input.read_bytes()) != bug.input.read_bytes()


@pytest.mark.parametrize("bug", BUGS, ids=IDS)
def test_on_and_off_under_address(bug: Bug) -> None:
    for check in reproduce.check_bug(bug, ["address"]):
        assert check.met, explain(check)


@pytest.mark.full
@pytest.mark.parametrize("sanitizer", ["undefined", "memory"])
@pytest.mark.parametrize("bug", BUGS, ids=IDS)
def test_on_and_off(bug: Bug, sanitizer: str) -> None:
    for check in reproduce.check_bug(bug, [sanitizer]):
        assert check.met, explain(check)


@pytest.mark.full
@pytest.mark.parametrize("sanitizer", catalogue.SANITIZERS)
@pytest.mark.parametrize("target", sorted({bug.target for bug in BUGS}))
def test_the_solid_build_is_clean(target: str, sanitizer: str) -> None:
    """All proof inputs of a target, those of one environment in one process."""
    by_env: dict[tuple[tuple[str, str], ...], list[Path]] = {}
    for bug in catalogue.bugs(target):
        by_env.setdefault(tuple(sorted(bug.env.items())), []).append(bug.input)
    for env, inputs in by_env.items():
        results = replay.run(target, inputs, replay.flavour_for(sanitizer, False), dict(env))
        assert len(results) == len(inputs)
        assert [f"{r.file}: {r.fault}" for r in results if r.fault] == []


@pytest.mark.full
@pytest.mark.parametrize("bug", BUGS, ids=IDS)
def test_variants_do_as_the_root_cause_predicts(bug: Bug) -> None:
    for variant in bug.variants:
        for sanitizer in catalogue.SANITIZERS:
            for check in reproduce.check_variant(bug, variant, sanitizer):
                assert check.met, explain(check)


@pytest.mark.parametrize("bug", BUGS, ids=IDS)
def test_the_proof_input_triggers_its_canary(bug: Bug) -> None:
    """Reached and triggered are counted where nothing stops the run: without sanitizers."""
    table = catalogue.guard_table()
    assert bug.id in [entry["id"] for entry in table["bugs"]]
    results = replay.run(bug.target, [bug.input], "native-guards", {**bug.env})
    sites = {g.index for g in catalogue.guards() if g.bug == bug.id}
    result = results[0]
    assert bug.id in result.triggered or sites & result.violated, (
        f"{bug.id}: neither its check is violated nor its canary triggered when it is off")


@pytest.mark.full
@pytest.mark.parametrize("bug", FREED, ids=[b.id for b in FREED])
def test_use_after_free_is_seen_under_fuzzing_options_too(bug: Bug) -> None:
    """The small quarantine of default fuzzing must not hide what the full one shows."""
    from redzone_tool.engines.libfuzzer import SANITIZER_OPTIONS
    env = {**bug.env, "REDZONE_BUGS": bug.id, **SANITIZER_OPTIONS}
    outcome = replay.run_one(bug.target, bug.input, "libfuzzer-address-guards", env)
    assert outcome.report is not None
    assert outcome.report.kind == bug.expected["address"].kind


@pytest.mark.parametrize("bug", BUGS, ids=IDS)
def test_the_engines_heap_shows_what_malloc_shows(bug: Bug) -> None:
    """Engines fuzz with redzone/arena.h, all else with ASan's own allocator."""
    expected = reproduce.expectation(bug, "address")
    if expected.kind == "double-free":      # free() never gave that address
        expected = dataclasses.replace(expected, kind="bad-free")
    env = {**bug.env, "REDZONE_HEAP": "arena"}
    off = replay.run_one(bug.target, bug.input, "libfuzzer-address-guards", env)
    on = replay.run_one(bug.target, bug.input, "libfuzzer-address-guards",
                        {**env, "REDZONE_BUGS": bug.id})
    met, seen = reproduce.judge(expected, on, off)
    assert met, f"expected {expected}, saw {seen}\n{on.text[:3000]}"
    assert off.clean, off.text[:3000]


def test_classes_agree_with_reports() -> None:
    for bug in BUGS:
        kinds = {e.kind for e in bug.expected.values()}
        if bug.class_ in ("heap-oob-read", "heap-oob-write", "uaf", "uninit", "stack-oob",
                          "global-oob", "double-free"):
            assert bug.memory_safety
            assert kinds & (MEMORY_KINDS | {"SEGV", "bounds", "negative-size-param"}), bug.id
        if bug.class_ == "hang":
            assert "timeout" in kinds, bug.id


def test_no_seed_or_dictionary_comes_from_a_proof_input() -> None:
    """Trials start from seeds/*/valid; a proof input among them would be cheating."""
    seeds.ensure()
    proofs = {b.input.read_bytes(): b.id for b in BUGS}
    for folder in (paths.root() / "seeds").iterdir():
        for kind in ("valid", "malformed"):
            for file in (paths.seed_dir(folder.name, kind)).rglob("*"):
                if file.is_file():
                    assert file.read_bytes() not in proofs, file


# The readers themselves, without any build.

TOML = """\
id = "CVE-2000-1234"
title = "t"
family = "net"
target = "net_x"
class = "int-overflow"
[expected.address]
kind = "heap-buffer-overflow"
frame = "f"
[[variants]]
name = "shorter"
at = 2
bytes = "ffee"
expect = "clean"
"""


def test_a_bug_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "bug.toml").write_text(TOML)
    bug = catalogue.read_bug(tmp_path / "bug.toml")
    assert bug.token == "CVE_2000_1234" and bug.memory_safety
    assert bug.variants[0].of(b"abcdef") == b"ab\xff\xeeef"
    assert reproduce.expectation(bug, "memory").kind == "none"
    assert reproduce.expectation(bug, "address+undefined").kind == "heap-buffer-overflow"
    plain = dataclasses.replace(bug, expected={"undefined": bug.expected["address"]})
    assert not plain.memory_safety


def test_a_broken_bug_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bug.toml"
    file.write_text("id = ")
    with pytest.raises(ToolError, match="bug.toml"):
        catalogue.read_bug(file)
    file.write_text('id = "x"\n')
    with pytest.raises(ToolError, match="target"):
        catalogue.read_bug(file)
    file.write_text(TOML.replace('expect = "clean"', 'expect = "maybe"'))
    with pytest.raises(ToolError, match="expect"):
        catalogue.read_bug(file)


def test_finding_names_tell_causes_apart() -> None:
    from redzone_tool import sanreport
    text = ("==5==ERROR: AddressSanitizer: heap-use-after-free on address 0x6\n"
            "READ of size 4 at 0x6 thread T0\n    #0 0x6 in f parsers/net/x.c:90:5\n{more}")
    one = sanreport.parse(text.format(more="    #1 0x7 in g parsers/net/x.c:9:5\n"))
    two = sanreport.parse(text.format(more="    #1 0x7 in h parsers/net/x.c:9:5\n"))
    assert one is not None and two is not None
    assert findings.finding_name(one) != findings.finding_name(two)
    assert findings.finding_name(one).startswith("heap-use-after-free-f-")
