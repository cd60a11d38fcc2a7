# SPDX-License-Identifier: GPL-2.0-only
"""What a campaign is: targets x engines x sanitizers x what is changed x trials x budget."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from redzone_tool import catalogue, trials
from redzone_tool.errors import ToolError, unknown

SCHEMA = 1
CLEAN, BUGS, ALL, GUARDS = "clean", "bugs", "all", "guards"
MODES = (CLEAN, BUGS, ALL, GUARDS)


@dataclass(frozen=True)
class Spec:
    """A campaign as its TOML file or the command line has it."""

    targets: tuple[str, ...]
    engines: tuple[str, ...] = ("libfuzzer",)
    sanitizers: tuple[str, ...] = ("address",)
    modes: tuple[str, ...] = (CLEAN, BUGS)
    bugs: tuple[str, ...] = ()          # of mode `bugs`; empty: all that a sanitizer reports
    guards: tuple[str, ...] = ()        # of mode `guards`: each is lost alone
    trials: int = 10
    cpu_seconds: float = 0.0            # the budget of a trial: one of the three
    seconds: float = 0.0
    executions: int = 0
    wall_limit: float = 0.0             # 0: five times the budget and a minute
    memory_mib: int = 2048
    seed: int = 0                       # trial n uses RNG seed + n
    binaries: dict[str, str] = field(default_factory=dict)  # target: an engine binary of its own

    @property
    def budget(self) -> tuple[str, float]:
        """Which budget, and how much of it."""
        for name in ("cpu_seconds", "seconds", "executions"):
            if getattr(self, name):
                return name, getattr(self, name)
        raise ToolError("a campaign needs a budget: cpu_seconds, seconds or executions")

    @property
    def wall(self) -> float:
        """When a trial is ended whatever its budget says."""
        name, amount = self.budget
        if self.wall_limit:
            return self.wall_limit
        return 3600.0 if name == "executions" else 5 * amount + 60

    def as_json(self) -> str:
        """Stable text: the same campaign gives the same."""
        return json.dumps({"schema": SCHEMA, **asdict(self)}, sort_keys=True)


@dataclass(frozen=True)
class Job:
    """One trial; `subject` is the bug or guard that is changed, empty in `clean` and `all`."""

    target: str
    engine: str
    sanitizer: str
    mode: str
    subject: str
    number: int

    @property
    def cell(self) -> str:
        """All its trials together."""
        what = self.subject or self.mode
        return f"{self.target} {self.engine}-{self.sanitizer} {what}"

    @property
    def name(self) -> str:
        return f"{self.cell} #{self.number}"


def read(file: Path) -> Spec:
    """A campaign's TOML file."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ToolError(f"{file}: no such file") from None
    except (OSError, ValueError) as err:
        raise ToolError(f"{file}: {err}") from None
    return of(table, str(file))


def of(table: Mapping[str, Any], where: str = "campaign") -> Spec:
    """A specification from the keys of a table, each checked."""
    known = {f.name: f for f in fields(Spec)}
    values: dict[str, Any] = {}
    for name, value in table.items():
        if name == "schema":
            continue
        if name not in known:
            raise unknown(f"key in {where}", name, known, "docs/measuring.md")
        values[name] = _typed(name, value, where)
    if not values.get("targets"):
        raise ToolError(f"{where}: `targets` names no target")
    spec = Spec(**values)
    _check(spec, where)
    return spec


_LISTS = ("targets", "engines", "sanitizers", "modes", "bugs", "guards")
_WHOLE = ("trials", "executions", "memory_mib", "seed")


def _typed(name: str, value: Any, where: str) -> Any:
    if name in _LISTS:
        if isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value):
            return tuple(dict.fromkeys(value))
        raise ToolError(f"{where}: `{name}` is a list of names")
    if name == "binaries":
        if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
            return dict(value)
        raise ToolError(f"{where}: `binaries` is a table of target = \"path\"")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise ToolError(f"{where}: `{name}` is a number that is not negative")
    if name in _WHOLE:
        if value != int(value):
            raise ToolError(f"{where}: `{name}` is a whole number")
        return int(value)
    return float(value)


def _check(spec: Spec, where: str) -> None:
    for words, known, what in ((spec.engines, catalogue.ENGINES, "engine"),
                               (spec.sanitizers, catalogue.SANITIZERS, "sanitizer"),
                               (spec.modes, MODES, "mode")):
        for word in words:
            if word not in known:
                raise unknown(what, word, known, "docs/measuring.md")
        if not words:
            raise ToolError(f"{where}: no {what}")
    if spec.trials < 1:
        raise ToolError(f"{where}: `trials` is at least 1")
    given = [n for n in ("cpu_seconds", "seconds", "executions") if getattr(spec, n)]
    if len(given) != 1:
        raise ToolError(f"{where}: a campaign has one budget of cpu_seconds, seconds and "
                        f"executions, not {len(given)}")
    if GUARDS in spec.modes and not spec.guards:
        raise ToolError(f"{where}: mode `guards` needs a list of `guards`")


def jobs(spec: Spec) -> list[Job]:
    """
    Every trial, the first of each cell before the second of any: a campaign that is cut short
    has something of everything.
    """
    cells = list(dict.fromkeys(cell for name in spec.targets
                               for cell in _cells(spec, trials.find_target(name))))
    if not cells:
        raise ToolError("the campaign is empty: no sanitizer is expected to report these bugs")
    return [Job(*cell, number) for number in range(1, spec.trials + 1) for cell in cells]


def _cells(spec: Spec, target: catalogue.Target) -> Iterator[tuple[str, str, str, str, str]]:
    own = catalogue.bugs(target.name)
    chosen = [catalogue.bug(name) for name in spec.bugs]
    wanted = [b for b in chosen if b.target == target.name] if chosen else own
    for sanitizer in spec.sanitizers:
        for engine in spec.engines:
            place = (target.name, engine, sanitizer)
            if CLEAN in spec.modes:
                yield (*place, CLEAN, "")
            if ALL in spec.modes and own:
                yield (*place, ALL, "")
            for bug in wanted if BUGS in spec.modes else ():
                # Named bugs are tried whatever is expected; that shows what is not detected.
                if chosen or (sanitizer in bug.expected and bug.expected[sanitizer].is_report):
                    yield (*place, BUGS, bug.id)
            for guard in _guards(spec, target, sanitizer):
                yield (*place, GUARDS, guard)


def _guards(spec: Spec, target: catalogue.Target, sanitizer: str) -> Sequence[str]:
    if GUARDS not in spec.modes:
        return ()
    known = [g["id"] for g in trials.table(target, sanitizer)["guards"]
             if g["file"] in target.port]
    if len(spec.targets) == 1:
        for name in spec.guards:
            if name not in known:
                raise unknown("guard", name, known, "`redzone guards TARGET`")
    return [name for name in spec.guards if name in known]
