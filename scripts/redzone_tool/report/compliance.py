# SPDX-License-Identifier: GPL-2.0-only
"""
How far a result keeps to published guidelines for the evaluation of fuzzers.

SoK: M. Schloegel et al., "SoK: Prudent Evaluation Practices for Fuzzing", IEEE S&P 2024, and the
guidelines published with it (version 1.0.1), whose numbers are given. Klees: G. Klees et al.,
"Evaluating Fuzz Testing", CCS 2018. Each item is judged from the data, not from intent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

MET, NOT_MET, PARTLY, NOT_APPLICABLE = "met", "not met", "partly", "not applicable"
SOK, KLEES = "SoK 2024", "Klees 2018"
TRIALS, KLEES_TRIALS, HOURS = 10, 30, 24.0


@dataclass(frozen=True)
class Item:
    """One guideline; `evidence` says why."""

    source: str
    number: str
    asks: str
    state: str
    evidence: str


@dataclass(frozen=True)
class Facts:
    """What the items are judged by."""

    trials: int                 # the least of any cell
    cells: int
    budget: str                 # in words
    hours: float                # CPU-hours of a trial
    engines: tuple[str, ...]
    targets: tuple[str, ...]
    families: int
    bugs: int
    valid_seeds: bool
    growth: bool
    curves: bool
    pinned: bool
    commit: bool
    modified: bool


def items(facts: Facts) -> list[dict[str, Any]]:
    """Every item with its state and evidence."""
    return [asdict(item) for item in (*_sok(facts), *_klees(facts))]


def _sok(facts: Facts) -> Iterator[Item]:
    engines = " and ".join(facts.engines) or "none"
    yield Item(SOK, "A.1.1", "state of the art tools from academia and industry",
               PARTLY if len(facts.engines) > 1 else NOT_MET,
               f"{engines}, as distributed by Debian; no research fuzzer")
    yield Item(SOK, "A.1.5", "AFL-style engines use clang instrumentation",
               MET if "afl" in facts.engines else NOT_APPLICABLE,
               "trace-pc-guard by clang 19" if "afl" in facts.engines else "no AFL-style engine")
    yield Item(SOK, "A.2.2", "a representative set of targets of the domain",
               PARTLY if facts.families > 1 else NOT_MET,
               f"{len(facts.targets)} targets of {facts.families} families of kernel parsers")
    yield Item(SOK, "A.2.3", "targets used by related work", NOT_MET,
               "the ports are this project's own; real programs are not measured")
    yield Item(SOK, "A.2.4", "targets are not picked by their results", MET,
               "the command of the manifest names them; without names all are taken")
    yield Item(SOK, "A.2.5", "targets do not share much code",
               PARTLY if len(facts.targets) > facts.families else MET,
               "targets of one family share lower layers; guards are counted once, bugs belong "
               "to one target each")
    yield Item(SOK, "A.2.6, A.3.1.2.3", "no artificial programs or injected bugs", PARTLY,
               "bugs are historical and re-created in ports that are modelled on real parsers; "
               "lost guards are systematic mutations and are never in one figure with bugs")
    yield Item(SOK, "A.3.1.2.1", "known bugs serve as ground truth",
               MET if facts.bugs else NOT_APPLICABLE,
               f"{facts.bugs} bugs with canaries" if facts.bugs else "no bug tried")
    yield Item(SOK, "A.3.1.3", "crashing inputs are not counted as bugs", MET,
               "a finding counts for the bug that was switched on, or that attribution by "
               "replays names; none for its stack alone")
    yield Item(SOK, "A.3.2", "coverage over time", MET if facts.growth else NOT_MET,
               "guards reached and violated over executions" if facts.growth
               else "no run of the port as it is")
    yield Item(SOK, "A.3.2.3", "coverage is taken on a neutral binary", NOT_MET,
               "guards are counted in the fuzzed binary, exactly; edges are the engine's own")
    yield Item(SOK, "A.3.6.2", "no survivor bias of the queue", MET,
               "counters see every execution, kept input or not")
    yield Item(SOK, "B.1.1", "hardware is described", MET, "manifest: machine")
    yield Item(SOK, "B.1.2", "cores of each trial are stated",
               MET if facts.pinned else PARTLY,
               "one pinned CPU a trial while there are enough" if facts.pinned
               else "two trials side by side, not pinned")
    yield Item(SOK, "B.2.1", "runtime of 24 hours or more",
               MET if facts.hours >= HOURS else NOT_MET, f"{facts.budget} a trial")
    yield Item(SOK, "B.2.2", "ten trials or more",
               MET if facts.trials >= TRIALS else NOT_MET,
               f"{facts.trials} a cell at least, over {facts.cells} cells")
    yield Item(SOK, "B.2.3", "the same resources for all engines", MET,
               f"{facts.budget} for each engine, start-up and instrumentation included")
    yield Item(SOK, "B.2.4.3, B.2.4.4", "all engines get the same, published seeds",
               MET if facts.valid_seeds else NOT_APPLICABLE,
               "the valid seeds of the tree; their hashes are in the manifest")
    yield Item(SOK, "B.2.5.2", "changes to programs and environment are explained", MET,
               "each port's header says what differs; virtual time and ignored cryptography are "
               "documented")
    yield Item(SOK, "C.1.1", "a robust test of significance", NOT_APPLICABLE,
               "exact Mann-Whitney with ties, Holm: `redzone compare`; this report ranks nothing")
    yield Item(SOK, "C.1.2", "an effect size", NOT_APPLICABLE,
               "A12 with interval is in `redzone compare`; this report compares nothing")
    yield Item(SOK, "C.2.1, C.2.2", "absolute values with uncertainty in plots",
               MET if facts.curves or facts.growth else NOT_APPLICABLE,
               "95 % bands of survival curves, range over trials of growth")
    yield Item(SOK, "C.3.1", "findings are deduplicated and triaged", MET,
               "replayed alone in a fresh process, attributed")
    yield Item(SOK, "D.1.3, D.2.5", "data and the way to repeat it are published", MET,
               "every table as CSV, all of it as JSON, the command in the manifest")
    yield Item(SOK, "D.3.1", "versions of all tools are stated",
               MET if facts.commit and not facts.modified else PARTLY,
               "manifest: commit, compiler, engines" + (
                   "; the tree had local changes" if facts.modified else
                   "" if facts.commit else "; the commit is not known"))


def _klees(facts: Facts) -> Iterator[Item]:
    yield Item(KLEES, "1", "a baseline to compare with",
               MET if len(facts.engines) > 1 else NOT_APPLICABLE,
               "two stock engines stand beside each other" if len(facts.engines) > 1
               else "no fuzzer is proposed here")
    yield Item(KLEES, "4", "enough trials and a statistical test (30 in the paper)",
               MET if facts.trials >= KLEES_TRIALS else
               PARTLY if facts.trials >= TRIALS else NOT_MET,
               f"{facts.trials} trials a cell at least; intervals are exact at any number")
    yield Item(KLEES, "5", "various seeds, documented, the empty one among them", NOT_MET,
               "one documented set of valid seeds; no run from an empty seed")
    yield Item(KLEES, "6", "timeouts of 24 hours, or performance over time",
               MET if facts.hours >= HOURS or facts.curves else NOT_MET,
               f"{facts.budget} a trial" + ("; curves over time" if facts.curves else ""))
    yield Item(KLEES, "7", "bugs by ground truth, not by stack hashes or coverage profiles", MET,
               "canaries and one bug at a time; coverage stands beside them as a secondary "
               "measure")
    yield Item(KLEES, "8", "a diverse benchmark suite", PARTLY if facts.families > 1 else NOT_MET,
               f"{facts.families} families of kernel-style parsers; nothing else")
