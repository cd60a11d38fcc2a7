# SPDX-License-Identifier: GPL-2.0-only
"""
Load a corpus as `measure --corpus` does and print the tool's own peak memory in KiB.

    python3 -m redzone_tool.corpusload TARGET FOLDER

A process of its own, so that `bench --memory` measures this work and nothing else.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from redzone_tool import catalogue, guardruns, measure, paths
from redzone_tool.session import Session

ABLATION_S = 60.0


def peak_kib() -> int:
    """The most memory this process ever had, children not counted."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def main(arguments: list[str]) -> int:
    """Count, replay and ablate over every file; print the peak."""
    target = catalogue.target(arguments[0])
    options = measure.Options(targets=(target,), corpus=Path(arguments[1]))
    session = Session(paths.out() / "bench" / "load", time.monotonic() + 2 * ABLATION_S)
    state = guardruns.gather(target, measure.corpus_files(options, target))
    guardruns.count(session, state, "corpus")
    guardruns.replay(session, state, state.all_inputs(), "corpus",
                     time.monotonic() + ABLATION_S, sanitizers=("address",))
    print(peak_kib())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
