# SPDX-License-Identifier: GPL-2.0-only
"""Causes: each rule by itself, joined across sanitizers, kept, and scored against labels."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import labelled
import pytest

from redzone_tool import catalogue, paths, sanreport, sarif
from redzone_tool.triage import causes, cluster, keep, play, publish
from redzone_tool.triage.cluster import Trace
from redzone_tool.triage.collect import Collector, Skipped
from redzone_tool.triage.record import Entry, Seen


def trace(*stack: str, kind: str = "heap-buffer-overflow", size: int = 1) -> Trace:
    return Trace(kind, "read", size, True, stack)


def test_exact_folds_equal_stacks_only() -> None:
    items = [trace("f", "g"), trace("f", "g", size=8), trace("f", "h"), trace("f", "g", kind="k")]
    assert cluster.exact(items) == [1, 1, 2, 3]


def test_similarity_weighs_the_top() -> None:
    stack = [f"f{n}" for n in range(8)]
    assert cluster.similarity(stack, stack) == pytest.approx(1.0)
    assert cluster.similarity(stack, ["x"]) == 0
    other_top = cluster.similarity(stack, ["x", *stack[1:]])
    other_end = cluster.similarity(stack, [*stack[:-1], "x"])
    assert 0.5 < other_top < other_end < 1
    assert cluster.similarity(stack, stack[1:]) < other_end, "a shift costs"


def test_similar_joins_what_differs_below() -> None:
    items = [trace("f", "g", "h", "i", "j"), trace("f", "g", "h", "i", "k"), trace("x", "y")]
    one, two, other = cluster.similar(items)
    assert one == two != other
    assert cluster.similar([]) == [] and cluster.similar(items[:1]) == [1]


def test_clusterfuzz_takes_type_and_two_frames() -> None:
    items = [trace("f", "g", "h"), trace("f", "g", "x"), trace("f", "g", "x", kind="k"),
             trace("parse_opt_a", "rcv_packets"), trace("parse_opt_b", "rcv_packets")]
    a, b, kind, like, alike = cluster.clusterfuzz(items)
    assert a == b != kind and like == alike != a


REPORT = """\
==7==ERROR: {tool}: {kind} on address 0x60
READ of size 1 at 0x60 thread T0
{frames}
SUMMARY: {tool}: {kind}
"""


def report(kind: str, *stack: str, tool: str = "AddressSanitizer") -> sanreport.Report:
    lines = "\n".join(f"    #{n} 0x1 in {name} parsers/net/x.c:{n + 9}:1"
                      for n, name in enumerate(stack))
    found = sanreport.parse(REPORT.format(tool=tool, kind=kind, frames=lines))
    assert found is not None
    return found


def entry(name: str, needs: tuple[str, ...] = (), size: int = 10,
          **seen: sanreport.Report) -> Entry:
    return Entry(name, "0" * 64, size, "net_ipv6", "name", b"data",
                 seen={s: Seen(1, 1, r) for s, r in seen.items()},
                 needs=[needs] if needs else [])


UNINIT = "use-of-uninitialized-value"


def test_sanitizers_are_joined_through_inputs_both_see() -> None:
    freed = report("heap-use-after-free", "f", "g")
    unset = report(UNINIT, "f2", "g", tool="MemorySanitizer")
    alone = report(UNINIT, "other", tool="MemorySanitizer")
    items = [entry("a", address=freed, memory=unset), entry("b", memory=unset),
             entry("c", memory=alone), entry("d")]
    assert cluster.by_stack(items, "exact") == [1, 1, 2, 0]


def test_needs_overrule_stacks() -> None:
    same = report("heap-use-after-free", "f", "g")
    items = [entry("a", ("X",), address=same), entry("b", ("Y",), address=same),
             entry("c", address=same), entry("d", ("X",), address=report("SEGV", "z"))]
    assert cluster.by_cause(items) == [1, 2, 3, 1]


def test_scores() -> None:
    assert cluster.score("aabb", [1, 1, 2, 2]) == cluster.Score(1.0, 1.0, 2)
    assert cluster.score("aabb", [1, 1, 1, 1]) == cluster.Score(2 / 6, 1.0, 1)
    assert cluster.score("aabb", [1, 2, 3, 3]) == cluster.Score(1.0, 0.5, 3)


def test_a_new_cause_is_kept_once(tmp_path: Path) -> None:
    items = [entry("big", size=99, address=report("heap-use-after-free", "f", "g")),
             entry('na"me\n', size=4, address=report("heap-use-after-free", "f", "g"))]
    cause, = causes.causes(items)
    assert not cause.known and cause.smallest is items[1] and len(cause.entries) == 2
    assert cause.id == causes.proposed_id(cause.report)
    home = keep.keep(cause, tmp_path)
    assert home is not None and home.name == cause.id
    bug = catalogue.read_bug(home / "bug.toml")
    assert bug.expected["address"] == catalogue.Expected("heap-use-after-free", "f")
    assert bug.expected["memory"].kind == "none" and bug.class_ == "uaf"
    assert (home / "input.bin").read_bytes() == b"data"
    (home / "input.bin").write_bytes(b"mine")
    assert keep.keep(cause, tmp_path) is None
    assert (home / "input.bin").read_bytes() == b"mine", "nothing is overwritten"


def test_what_a_catalogue_entry_reports_alike_is_named() -> None:
    bug = catalogue.bug("CVE-2026-63922")
    expected = bug.expected["address"]
    cause, = causes.causes([entry("a", address=report(expected.kind, expected.frame))])
    assert bug.id in cause.resembles and not cause.known


def test_sarif_has_a_result_for_each_cause() -> None:
    items = [entry("a", ("CVE-2026-63922",), address=report("heap-use-after-free", "f", "g")),
             entry("b [x](y) |", address=report("SEGV", "z"))]
    found = causes.causes(items)
    run = publish.as_sarif(found, [Skipped("big", "too big")], "1" * 40)["runs"][0]
    known, news = run["results"]
    assert known["properties"]["known"] and known["level"] == "error"
    assert known["partialFingerprints"]["redzone/v1"] == "CVE-2026-63922"
    assert known["stacks"][0]["frames"][1]["location"]["logicalLocations"][0]["name"] == "g"
    assert not news["properties"]["known"]
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == (
        "big: too big")
    schema = shutil.which("sarif-multitool") or shutil.which("sarif")
    if schema is None:
        return
    with tempfile.NamedTemporaryFile("w", suffix=".sarif") as file:
        file.write(sarif.text(publish.as_sarif(found, [])))
        file.flush()
        subprocess.run([schema, "validate", file.name], check=True, capture_output=True)


def test_markdown_keeps_foreign_text_in_its_place() -> None:
    items = [entry("a`|<b>", address=report("SEGV", "z")),
             entry("k", ("CVE-2026-63922",), address=report("heap-use-after-free", "f"))]
    lines = list(publish.markdown(items, causes.causes(items)))
    assert lines[0].startswith("2 inputs, 2 fault for 2 causes, 1 of them new")
    rows = [line for line in lines if line.startswith("| ")]
    assert len(rows) == 3 and "a'\\|<b>`" in rows[2]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 7 for row in rows)
    assert publish.cell("<b> [x](y) *") == "\\<b\\> \\[x\\](y) \\*"


def published() -> dict[str, tuple[float, float]]:
    """Precision and recall in docs/triage.md."""
    text = (paths.root() / "docs" / "triage.md").read_text()
    rows = re.findall(r"^\| `?([a-z]+)`? \| ([\d.]+) \| ([\d.]+) \|", text, re.M)
    return {name: (float(precision), float(recall)) for name, precision, recall in rows}


@pytest.mark.full
def test_rules_are_scored_against_labels(tmp_path: Path) -> None:
    """The truth is the one bug that was on; what is published is what is measured."""
    made = labelled.make(tmp_path / "made")
    assert len(made.entries) >= 300 and len(set(made.labels)) >= 60
    measured = {rule: cluster.score(made.labels, cluster.by_stack(made.entries, rule))
                for rule in cluster.RULES}
    sources = [s for file in made.files for s in Collector().collect([file])]
    entries = play.play(sources, labelled.PLAN, tmp_path / "work")
    one = [i for i, found in enumerate(entries) if len(found.needs) < 2]
    groups = cluster.by_cause(entries)
    measured["attribution"] = cluster.score([made.labels[i] for i in one],
                                            [groups[i] for i in one])
    print(f"{len(one)} of {len(entries)} crashes of {len(set(made.labels))} bugs fault with "
          f"one bug only")
    for name, found in measured.items():
        print(f"{name}: precision {found.precision:.3f}, recall {found.recall:.3f}, "
              f"{found.groups} groups")
    assert measured["attribution"].precision >= 0.95
    assert measured["attribution"].recall >= 0.95
    right = sum(entries[i].needs == [(made.labels[i],)] for i in one)
    assert right >= 0.95 * len(one)
    for name, (precision, recall) in published().items():
        assert measured[name].precision == pytest.approx(precision, abs=0.1), name
        assert measured[name].recall == pytest.approx(recall, abs=0.1), name
    assert set(published()) == set(measured)
