# SPDX-License-Identifier: GPL-2.0-only
"""Ablation against planted guards whose loss is known, and its reading of results."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from redzone_tool import ablation, build, outcomes, sanreport
from redzone_tool.ablation import GuardOutcome, Job
from redzone_tool.catalogue import SANITIZERS, Guard

# One seed that violates the guard and one that does not, by the number of the function.
SEEDS = {
    0: (b"\x08\x01", b"\x07\x01"), 1: (b"\x01", b"\x00"), 2: (b"\x08", b"\x00"),
    3: (b"\x03\x11", b"\x08\x11"), 4: (b"\x09", b"\x01"), 5: (b"\xff\xff", b"\x03"),
    6: (b"\xff", b"\x10"), 7: (b"\x07", b"\x01"), 8: (b"\x09", b"\x01"), 9: (b"\x00", b"\x05"),
    10: (b"\xf0", b"\x01"), 11: (b"\x20", b"\x01"), 12: (b"\x20", b"\x01"),
    13: (b"\x20", b"\x01"), 14: (b"\x20", b"\x01"), 15: (b"\x01", b"\x02"),
    16: (b"\x09", b"\x01"), 17: (b"\x09", b"\x01"),
}

# Function name prefixes of tests/planted/planted.c and what their guards protect from.
EXPECTED = {
    "corruption": outcomes.CORRUPTION, "disclosure": outcomes.DISCLOSURE,
    "null": outcomes.NULL, "other_ub": outcomes.UNDEFINED, "assert": outcomes.ASSERT,
    "verdict": outcomes.VERDICT, "effects": outcomes.EFFECTS, "output": outcomes.OUTPUT,
    "no_effect": outcomes.NO_EFFECT, "undetermined": outcomes.UNDETERMINED,
    "uncounted": outcomes.NO_EFFECT,
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, GuardOutcome]]:
    """The planted guards after ablation in all sanitizers and both skb modes."""
    for sanitizer in SANITIZERS:
        build.ensure(f"libfuzzer-{sanitizer}-guards", ["redzone-selftest"])
    folder = tmp_path_factory.mktemp("planted")
    files = []
    for number, inputs in SEEDS.items():
        for kind, operands in enumerate(inputs):
            for copy in range(2):
                file = folder / f"{number:02d}-{'ok' if kind else 'bad'}-{copy}"
                file.write_bytes(bytes([number]) + operands.ljust(4 + copy, b"\0"))
                files.append(file)
    manifest = folder / "manifest"
    assert ablation.write_manifest(manifest, files) == len(files)
    known = {g.id: GuardOutcome(g) for g in _table()}
    for job in ablation.jobs("selftest", manifest, folder / "work"):
        job = Job(**{**job.__dict__, "binary": "redzone-selftest"})
        result = ablation.run(job)
        assert result.complete
        # Control: with nothing ablated nothing faults.
        assert not result.clean_faults and not result.clean_hangs
        ablation.merge(known, [result])
    yield known


def _table() -> list[Guard]:
    exe = build.ensure("libfuzzer-address-guards", ["redzone-selftest"]) / "bin/redzone-selftest"
    text = subprocess.run([exe, "--guards"], capture_output=True, text=True, check=True).stdout
    return [Guard(**g) for g in json.loads(text)["guards"]]


@pytest.mark.parametrize("skb", ablation.MODES)
def test_planted_guards_end_as_planted(planted: dict[str, GuardOutcome], skb: str) -> None:
    wrong = []
    for entry in planted.values():
        prefix = next(p for p in EXPECTED if entry.guard.function.startswith(p))
        if entry.outcome(skb) != EXPECTED[prefix]:
            wrong.append((entry.guard.function, entry.outcomes(skb)))
    assert not wrong
    assert len(planted) == len(SEEDS)


def test_hollow_guards_cost_executions_but_show_nothing(
        planted: dict[str, GuardOutcome]) -> None:
    hollow = [e for e in planted.values() if e.guard.function.startswith("no_effect")]
    assert len(hollow) == 2
    for entry in hollow:
        assert entry.executions["kernel"] > 0 and not entry.evidence


def test_what_does_not_confirm_is_listed_and_not_counted(
        planted: dict[str, GuardOutcome]) -> None:
    named = {e.guard.function: e for e in planted.values()}
    carried = named["uncounted_carry_over"]
    assert carried.uncounted.get("carry-over") and not carried.evidence
    unsteady = named["uncounted_nondeterministic"]
    assert unsteady.uncounted.get("nondeterministic") and not unsteady.evidence


def test_evidence_names_the_fault(planted: dict[str, GuardOutcome]) -> None:
    named = {e.guard.function: e for e in planted.values()}
    write = next(e for e in named["corruption_write"].evidence if e.sanitizer == "address")
    assert (write.kind, write.access) == ("heap-buffer-overflow", "write")
    assert write.function == "corruption_write"
    assert write.file == "tests/planted/planted.c" and write.line > 0
    assert Path(write.input).name.startswith("00-bad")
    uninit = named["disclosure_uninitialised"].evidence
    assert {e.sanitizer for e in uninit if e.outcome == outcomes.DISCLOSURE} == {"memory"}
    overflow = named["other_ub_overflow"].evidence
    assert any(e.kind == "signed-integer-overflow" and e.sanitizer == "undefined"
               for e in overflow)


def _job(tmp_path: Path) -> Job:
    return Job("t", "address", "kernel", tmp_path / "m", tmp_path)


def test_a_line_cut_short_is_dropped(tmp_path: Path) -> None:
    text = (json.dumps({"baseline": {"target": "t", "inputs": 3, "execs_per_s": 9,
                                     "faults": ["x"], "hangs": []}})
            + "\n" + json.dumps({"guard": "g", "index": 0, "violating_inputs": 2,
                                 "outcomes": [], "executions": 2, "truncated": False})
            + '\n{"guard": "h", "ind')
    result = ablation.parse(_job(tmp_path), text)
    assert set(result.lines) == {"g"}
    assert result.inputs == 3 and result.clean_faults == ["x"]


def test_fault_without_report_is_an_assertion(tmp_path: Path) -> None:
    text = json.dumps({"guard": "g", "index": 0, "violating_inputs": 1, "executions": 3,
                       "truncated": False, "outcomes": [
                           {"kind": "fault", "input": "i", "confirmed": True, "signal": 6,
                            "exit": None, "log": None},
                           {"kind": "carry-over", "input": "j", "confirmed": False,
                            "signal": None, "exit": None, "log": None}]})
    line = ablation.parse(_job(tmp_path), text).lines["g"]
    assert [e.outcome for e in line.evidence] == [outcomes.ASSERT]
    assert line.uncounted == {"carry-over": 1}


def test_modes_are_never_joined(tmp_path: Path) -> None:
    guard = Guard(0, "g", "f.c", 1, "f", "c", None)
    known = {"g": GuardOutcome(guard)}
    assert known["g"].outcome() == outcomes.UNDETERMINED
    fault = {"guard": "g", "index": 0, "violating_inputs": 1, "executions": 3,
             "truncated": False, "outcomes": [{"kind": "verdict", "input": "i",
                                               "confirmed": True, "log": None}]}
    strict = Job("t", "address", "strict", tmp_path / "m", tmp_path)
    ablation.merge(known, [ablation.parse(strict, json.dumps(fault))])
    assert known["g"].outcome("strict") == outcomes.VERDICT
    assert known["g"].outcome("kernel") == outcomes.UNDETERMINED
    quiet = json.dumps({**fault, "outcomes": []})
    ablation.merge(known, [ablation.parse(_job(tmp_path), quiet)])
    assert known["g"].outcome("kernel") == outcomes.NO_EFFECT


@pytest.mark.parametrize("text,expected", [
    ("==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1\n"
     "WRITE of size 4 at 0x1\n    #0 0x1 in f /a/parsers/net/x.c:3:4\n", outcomes.CORRUPTION),
    ("==1==ERROR: AddressSanitizer: stack-buffer-overflow on address 0x1\n"
     "READ of size 4 at 0x1\n    #0 0x1 in f /a/parsers/net/x.c:3:4\n", outcomes.DISCLOSURE),
    ("==1==ERROR: AddressSanitizer: stack-overflow on address 0x1\n"
     "    #0 0x1 in f /a/parsers/net/x.c:3:4\n", outcomes.NULL),
    ("parsers/net/x.c:1:2: runtime error: signed integer overflow: 1 + 2 cannot be "
     "represented in type 'int'\n", outcomes.UNDEFINED),
    ("parsers/net/x.c:1:2: runtime error: index 9 out of bounds for type 'u8[4]'\n",
     outcomes.DISCLOSURE),
    ("parsers/net/x.c:1:2: runtime error: load of null pointer of type 'u8'\n", outcomes.NULL),
    ("==1==WARNING: MemorySanitizer: use-of-uninitialized-value\n"
     "    #0 0x1 in f /a/parsers/net/x.c:3:4\n", outcomes.DISCLOSURE),
    ("==1==ERROR: AddressSanitizer: negative-size-param: (size=-4)\n"
     "    #0 0x1 in f /a/parsers/net/x.c:3:4\n", outcomes.CORRUPTION),
    ("==1==ERROR: AddressSanitizer: memcpy-param-overlap: memory ranges [0x1,0x5) and "
     "[0x2, 0x6) overlap\n    #0 0x1 in f /a/parsers/net/x.c:3:4\n", outcomes.UNDEFINED),
    ("==1==ERROR: redzone: leak: 1 object of 8 bytes\n", outcomes.ASSERT),
])
def test_reports_map_to_classes(text: str, expected: str) -> None:
    report = sanreport.parse(text)
    assert report is not None
    assert outcomes.of_report(report) == expected


def test_manifest_lists_each_content_once(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a", "b", "c")]
    for file in files:
        file.write_bytes(b"same" if file.name != "c" else b"other")
    assert ablation.write_manifest(tmp_path / "m", files) == 2
    assert (tmp_path / "m").read_text().splitlines() == [str(files[0]), str(files[2])]
