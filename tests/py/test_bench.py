# SPDX-License-Identifier: GPL-2.0-only
"""Benchmarks: pairing, choice of flavours, the large corpus; a short run end to end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from redzone_tool import benchmark
from redzone_tool.benchmark import Memory, Rate, Speed
from redzone_tool.catalogue import Target
from redzone_tool.errors import ToolError

import representatives

Run = Callable[..., Any]

TARGET = Target("net_test", "net", "", (), 64, "", "", "frame")


def test_the_ratio_is_the_median_over_pairs() -> None:
    row = Speed("t", "f", [Rate(r, r, 0) for r in (10, 50, 30)],
                [Rate(r, r, 0) for r in (100, 100, 60)]).as_dict()
    assert row["ratio"] == 0.5 and (row["ratio_min"], row["ratio_max"]) == (0.1, 0.5)
    assert (row["execs_per_s"], row["noop_execs_per_s"]) == (30, 100)
    assert row["target"] == "t" and row["flavour"] == "f"


def test_limits_of_memory() -> None:
    assert Memory("x", 255.0, 256).as_dict()["within"]
    assert not Memory("x", 257.0, 256).as_dict()["within"]


def test_flavours() -> None:
    assert benchmark.flavours((), quick=True) == benchmark.QUICK_FLAVOURS
    assert set(benchmark.QUICK_FLAVOURS) <= set(benchmark.flavours((), quick=False))
    for name in ("native", "coverage", "libfuzzer-address-guards", "nonsense"):
        with pytest.raises(ToolError):
            benchmark.flavours((name,), quick=False)


def test_the_large_corpus_is_repeatable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seed = tmp_path / "seed"
    seed.write_bytes(b"0123456789")
    monkeypatch.setattr(benchmark.seeds, "files", lambda name: [seed])

    def digest() -> list[str]:
        benchmark.make_corpus(TARGET, tmp_path / "corpus", 500)
        return [hashlib.sha1(p.read_bytes()).hexdigest()
                for p in sorted((tmp_path / "corpus").iterdir())]

    first = digest()
    assert len(set(first)) == 500 and first == digest()


def test_bad_use_is_one_line(redzone: Run) -> None:
    done = redzone("bench", "--flavour", "nonsense")
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1


@pytest.mark.full
@pytest.mark.serial
def test_quick_bench_end_to_end(redzone: Run) -> None:
    targets = representatives.targets()
    done = redzone("bench", *targets, "--quick", "--seconds", "2", "--json", timeout=600)
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert data["schema"] == 1
    rows = {(t["target"], t["flavour"]): t for t in data["targets"]}
    assert set(rows) == {(t, f) for t in targets for f in benchmark.QUICK_FLAVOURS}
    for row in rows.values():
        assert row["execs_per_s"] > 0 and row["noop_execs_per_s"] > 0
        assert 0 < row["ratio"] < 1.5
