# SPDX-License-Identifier: GPL-2.0-only
"""Findings of local fuzzing: replayed, named, kept once a cause."""

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redzone_tool import paths, replay, sanreport

RECORD = "finding.json"
SCHEMA = 1


@dataclass
class Finding:
    """One cause, with the smallest input seen so far."""

    name: str
    folder: Path
    report: sanreport.Report
    hits: int = 1
    fresh: bool = True              # not known from an earlier run


@dataclass
class Triage:
    """Takes inputs that faulted and sorts them by cause."""

    target: str
    sanitizer: str
    guards: bool
    env: Mapping[str, str]
    folder: Path
    findings: dict[str, Finding] = field(default_factory=dict)
    unconfirmed: list[Path] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def add(self, input_file: Path) -> Finding | None:
        """Replay one input; returns its finding if the cause is new to this run."""
        data = input_file.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if digest in self._seen:
            return None
        self._seen.add(digest)
        flavour = replay.flavour_for(self.sanitizer, self.guards)
        outcome = replay.run_one(self.target, input_file, flavour, self.env)
        if outcome.report is None:
            self.unconfirmed.append(input_file)
            return None
        key = outcome.report.key()
        known = self.findings.get(key)
        if known is not None:
            known.hits += 1
            if len(data) < (known.folder / "input.bin").stat().st_size:
                self._keep(known.folder, input_file, outcome)
            return None
        name = finding_name(outcome.report)
        folder = self.folder / name
        finding = Finding(name, folder, outcome.report, fresh=not folder.exists())
        if finding.fresh or len(data) < (folder / "input.bin").stat().st_size:
            self._keep(folder, input_file, outcome)
        self.findings[key] = finding
        return finding

    def _keep(self, folder: Path, input_file: Path, outcome: replay.Outcome) -> None:
        assert outcome.report is not None
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(input_file, folder / "input.bin")
        (folder / "report.txt").write_text(outcome.text)
        record: dict[str, Any] = {
            "schema": SCHEMA, "target": self.target, "sanitizer": self.sanitizer,
            "guards": self.guards, "env": dict(self.env), "key": outcome.report.key(),
            "report": outcome.report.as_dict()}
        (folder / RECORD).write_text(json.dumps(record, indent=1) + "\n")


def finding_name(report: sanreport.Report) -> str:
    """A folder name: kind, function and a hash that tells causes apart."""
    digest = hashlib.sha256(report.key().encode()).hexdigest()[:8]
    words = [report.kind, report.function or "unknown", digest]
    return "-".join(re.sub(r"[^A-Za-z0-9_]+", "-", word) for word in words)


def record_of(input_file: Path) -> dict[str, Any] | None:
    """What is known about an input that lies in a finding's folder."""
    file = input_file.parent / RECORD
    try:
        record = json.loads(file.read_text())
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and record.get("schema") == SCHEMA else None


def target_folder(target: str, sanitizer: str, guards: bool) -> Path:
    """Where findings of one build are kept."""
    return paths.findings_dir(target) / (sanitizer + ("-guards" if guards else ""))
