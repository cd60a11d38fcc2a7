# SPDX-License-Identifier: GPL-2.0-only
"""
Play inputs in every sanitizer's guard build, several at once, confined.

Each input is played as it was made; one that is clean then is played with the bugs brought
back whose conditions it meets, each alone: what it needs to fault is its attribution.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path

from redzone_tool import catalogue, paths, replay, symbolise, trials
from redzone_tool.catalogue import SANITIZERS
from redzone_tool.errors import ToolError
from redzone_tool.replay import Outcome
from redzone_tool.triage import confine
from redzone_tool.triage.collect import Source
from redzone_tool.triage.record import PREFERENCE, Entry, Seen
from redzone_tool.triage.server import Server, quiet_env

WORKERS = 2
MEMORY_MIB = 1536
TIMEOUT_S = 20.0
MAX_TOGETHER = 8        # switches of one input that are tried in pairs


# Number of a task, and the (target, sanitizer) pairs that it faults in.
Found = tuple[int, list[tuple[str, str]]]


@dataclass(frozen=True)
class Plan:
    """How inputs are played."""

    sanitizers: tuple[str, ...] = SANITIZERS
    replays: int = 2
    cpu_limit: float = replay.CPU_LIMIT_S
    attribute: bool = True
    guards: bool = False            # also look for guards whose loss makes a clean input fault
    workers: int = WORKERS


@dataclass(frozen=True)
class Build:
    """What a worker must know of the builds and of the catalogue."""

    binaries: Mapping[str, Path]                    # by sanitizer, and "none"
    bug_env: Mapping[str, Mapping[str, str]]        # by bug
    by_target: Mapping[str, tuple[str, ...]]        # bugs
    site_bug: Mapping[int, str]                     # bug of a guard's index
    guard_ids: Mapping[int, str]


@dataclass(frozen=True)
class Task:
    """One distinct input."""

    number: int
    file: Path
    target: str
    env: Mapping[str, str]


@dataclass
class Raw:
    """What came of a task: outcomes by what was switched on and by sanitizer."""

    task: Task
    plain: dict[str, list[Outcome]] = field(default_factory=dict)
    switched: dict[tuple[str, ...], dict[str, list[Outcome]]] = field(default_factory=dict)
    env_of: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)
    together: Outcome | None = None
    error: str = ""


def builds(sanitizers: Sequence[str]) -> Build:
    """Build what is needed: the replay binaries only."""
    binaries = {s: trials.build.ensure(replay.flavour_for(s, True), ["redzone-replay"])
                / "bin" / "redzone-replay" for s in (*sanitizers, "none")}
    table = catalogue.guard_table(exe=binaries["none"])
    bugs = catalogue.bugs()
    by_target: dict[str, list[str]] = {}
    for bug in bugs:
        by_target.setdefault(bug.family, []).append(bug.id)
    return Build(
        binaries, {b.id: b.env for b in bugs},
        {t.name: tuple(by_target.get(t.family, ())) for t in catalogue.targets()},
        {int(g["index"]): g["bug"] for g in table["guards"] if g.get("bug")},
        {int(g["index"]): g["id"] for g in table["guards"]})


_servers: dict[tuple[Path, float], Server] = {}     # of this worker process


def _server(binary: Path, cpu_limit: float, folder: Path) -> Server:
    key = binary, cpu_limit
    if key not in _servers:
        log = folder / f"log-{os.getpid()}-{len(_servers)}"
        _servers[key] = Server(binary, cpu_limit, MEMORY_MIB, log)
    return _servers[key]


class Player:
    """Plays one task; lives in a worker process."""

    def __init__(self, plan: Plan, build: Build, task: Task):
        self.plan, self.build, self.task = plan, build, task

    def play(self, env: Mapping[str, str], sanitizer: str) -> Outcome:
        """One process."""
        server = _server(self.build.binaries[sanitizer], self.plan.cpu_limit,
                         self.task.file.parent)
        if server.takes(env):
            return server.play(self.task.target, self.task.file, env)
        return replay.run_one(
            self.task.target, self.task.file, replay.flavour_for(sanitizer, True),
            {**quiet_env(), **env}, TIMEOUT_S, self.build.binaries[sanitizer],
            self.plan.cpu_limit, MEMORY_MIB)

    def times(self, env: Mapping[str, str], sanitizer: str, first: Outcome | None = None,
              ) -> list[Outcome]:
        """As often as the plan says; a clean input is played once, and so is a hang."""
        done = [first or self.play(env, sanitizer)]
        if done[0].clean or done[0].timed_out:
            return done
        return done + [self.play(env, sanitizer) for _ in range(self.plan.replays - 1)]

    def all_of(self, env: Mapping[str, str]) -> dict[str, list[Outcome]]:
        """In every sanitizer."""
        return {s: self.times(env, s) for s in self.plan.sanitizers}

    def run(self) -> Raw:
        """As it was made, then attributed."""
        raw = Raw(self.task)
        env = dict(self.task.env)
        raw.plain = self.all_of(env)
        faults = any(not o.clean for done in raw.plain.values() for o in done)
        given = _given(env)
        whole = given == ("all",)
        if not self.plan.attribute or (faults and not given):
            return raw
        if faults and len(given) == 1 and not whole:
            # What it was made with is what it needs, or it needs nothing.
            bare = self._without(env)
            if any(not self.play(bare, s).clean for s in self.plan.sanitizers
                   if not raw.plain[s][0].clean):
                raw.plain = self.all_of(bare)
                raw.env_of[()] = bare
            else:
                raw.switched[given] = raw.plain
                raw.env_of[given] = env
            return raw
        self._attribute(raw, env, given)
        return raw

    @staticmethod
    def _without(env: Mapping[str, str]) -> dict[str, str]:
        return {k: v for k, v in env.items() if k not in ("REDZONE_BUGS", "REDZONE_ABLATE")}

    def _attribute(self, raw: Raw, env: Mapping[str, str], given: tuple[str, ...]) -> None:
        bare = self._without(env)
        if given:
            plain = {s: [self.play(bare, s)] for s in self.plan.sanitizers}
            if any(not done[0].clean for done in plain.values()):
                raw.plain = {s: self.times(bare, s, done[0]) for s, done in plain.items()}
                raw.env_of[()] = bare
                return
        candidates = list(given) if given != ("all",) else []
        candidates = candidates or self._candidates(bare)
        for name in candidates:
            self._try(raw, bare, (name,))
        if len(raw.switched) > 1:
            self._tell_apart(raw, bare)
        elif not raw.switched and len(candidates) > 1:
            env = self.switch(bare, candidates)
            if any(not self.play(env, s).clean for s in self.plan.sanitizers):
                for chosen in itertools.combinations(candidates[:MAX_TOGETHER], 2):
                    self._try(raw, bare, chosen)

    def _try(self, raw: Raw, bare: Mapping[str, str], chosen: tuple[str, ...]) -> None:
        env = self.switch(bare, chosen)
        firsts = {s: self.play(env, s) for s in self.plan.sanitizers}
        if all(o.clean for o in firsts.values()):
            return
        raw.switched[chosen] = {s: self.times(env, s, o) for s, o in firsts.items()}
        raw.env_of[chosen] = env

    def _tell_apart(self, raw: Raw, bare: Mapping[str, str]) -> None:
        every = tuple(sorted({name for names in raw.switched for name in names}))
        for sanitizer in (s for s in PREFERENCE if s in self.plan.sanitizers):
            done = self.play(self.switch(bare, every), sanitizer)
            if not done.clean:
                raw.together = done
                return

    def switch(self, bare: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
        """The environment with some bugs and lost guards."""
        env = dict(bare)
        bugs = [n for n in names if n in self.build.bug_env]
        guards = [n for n in names if n not in self.build.bug_env]
        if bugs:
            for bug in bugs if len(bugs) == 1 else ():
                env |= self.build.bug_env[bug]
            env["REDZONE_BUGS"] = ",".join(bugs)
        if guards:
            env["REDZONE_ABLATE"] = ",".join(guards)
        return env

    def _candidates(self, bare: Mapping[str, str]) -> list[str]:
        """Bugs whose condition the input meets while they are off; guards it violates."""
        own = self.build.by_target.get(self.task.target, ())
        done = self.play(bare, "none")
        if done.result is None:
            return []
        held = set(done.result.triggered)
        held |= {self.build.site_bug[i] for i in done.result.violated if i in self.build.site_bug}
        found = [bug for bug in own if bug in held]
        if self.plan.guards:
            found += [self.build.guard_ids[i] for i in sorted(done.result.violated)
                      if i not in self.build.site_bug]
        return found


def _given(env: Mapping[str, str]) -> tuple[str, ...]:
    words = ",".join(env.get(n, "") for n in ("REDZONE_BUGS", "REDZONE_ABLATE"))
    given = tuple(w for w in (word.strip() for word in words.split(",")) if w)
    return ("all",) if "all" in given else given


def work(plan: Plan, build: Build, task: Task) -> Raw:
    """A worker's job; what goes wrong with one input is said of that input."""
    try:
        return Player(plan, build, task).run()
    except (ToolError, OSError) as err:
        return Raw(task, error=" ".join(str(err).split()))


def find_target(plan: Plan, build: Build, task: Task) -> Found:
    """Which targets an input faults in, as it is or with bugs: (target, sanitizer)."""
    every = sorted(build.by_target)
    for env in (dict(task.env), {**task.env, "REDZONE_BUGS": "all"}):
        for sanitizer in (s for s in PREFERENCE if s in plan.sanitizers):
            found = []
            for name in every:
                player = Player(plan, build, replace(task, target=name))
                if not player.play(env, sanitizer).clean:
                    found.append((name, sanitizer))
            if found:
                return task.number, found
    return task.number, []


def play(sources: Sequence[Source], plan: Plan, work_dir: Path,
         step: Callable[[str], None] = lambda text: None) -> list[Entry]:
    """One entry a source, in their order."""
    build = builds(plan.sanitizers)
    work_dir.mkdir(parents=True, exist_ok=True)
    first: dict[tuple[str, str, str], int] = {}
    tasks: list[Task] = []
    entries = [Entry(s.name, s.sha256, len(s.data), s.target, s.target_from, s.data,
                     dict(s.env)) for s in sources]
    for number, source in enumerate(sources):
        key = source.sha256, source.target, repr(sorted(source.env.items()))
        if key in first:
            continue
        first[key] = number
        file = work_dir / f"{number:05d}-{source.sha256[:16]}"
        file.write_bytes(source.data)
        tasks.append(Task(number, file, source.target, source.env))
    with confine.pool(plan.workers) as pool:
        unknown = [pool.submit(find_target, plan, build, t) for t in tasks if not t.target]
        tasks = _with_targets(tasks, unknown, entries)
        waiting = [pool.submit(work, plan, build, t) for t in tasks]
        raws = []
        for future in as_completed(waiting):
            raws.append(future.result())
            step(entries[raws[-1].task.number].name)
    fill(entries, raws)
    for number, (entry, source) in enumerate(zip(entries, sources)):
        at = first[source.sha256, source.target, repr(sorted(source.env.items()))]
        if at != number:
            _copy(entries[at], entry)
    return entries


def _with_targets(tasks: Sequence[Task], unknown: Sequence["Future[Found]"],
                  entries: Sequence[Entry]) -> list[Task]:
    found = {}
    for future in as_completed(unknown):
        number, targets = future.result()
        found[number] = targets
    ready = []
    for task in tasks:
        if task.target:
            ready.append(task)
            continue
        entry = entries[task.number]
        entry.target_from = "tried"
        names = [name for name, _ in found[task.number]]
        if not names:
            entry.note = "faults in no target"
            continue
        entry.target = names[0]
        if len(names) > 1:
            entry.note = f"also faults in {', '.join(names[1:])}"
        ready.append(replace(task, target=names[0]))
    return ready


def fill(entries: Sequence[Entry], raws: Sequence[Raw]) -> None:
    """Symbolise every report in one go and write what came of each task into its entry."""
    faulted = [o for raw in raws for o in _outcomes(raw) if not o.clean]
    prefix = f"{paths.root()}/"
    texts = symbolise.symbolise([o.text for o in faulted])
    whole = {id(o): text.replace(prefix, "") for o, text in zip(faulted, texts)}
    for raw in raws:
        entry = entries[raw.task.number]
        entry.note = raw.error or entry.note
        if raw.error:
            continue
        chosen = _choose(raw, whole)
        if raw.switched:
            entry.needs = [chosen, *(names for names in raw.switched if names != chosen)]
        entry.env = raw.env_of.get(chosen, dict(raw.task.env))
        for sanitizer, done in (raw.switched.get(chosen) or raw.plain).items():
            entry.seen[sanitizer] = _seen(done, whole)


def _outcomes(raw: Raw) -> Iterator[Outcome]:
    for by_sanitizer in (raw.plain, *raw.switched.values()):
        for done in by_sanitizer.values():
            yield from done
    if raw.together is not None:
        yield raw.together


def _seen(done: Sequence[Outcome], whole: Mapping[int, str]) -> Seen:
    faults = [o for o in done if not o.clean]
    if not faults:
        return Seen(len(done), 0, None, command=_command(done[0]))
    text = whole[id(faults[0])]
    report = replay.report_of(replace(faults[0], text=text))
    return Seen(len(done), len(faults), report, text, _command(faults[0]))


def _command(done: Outcome) -> str:
    kept = {k: v for k, v in done.env.items() if k.startswith("REDZONE_")}
    return replay.command_line(replace(done, env=kept))


def _choose(raw: Raw, whole: Mapping[int, str]) -> tuple[str, ...]:
    """What speaks for an input that faults with one or another bug: what is met first."""
    sets = list(raw.switched)
    if len(sets) < 2:
        return sets[0] if sets else ()
    if raw.together is not None:
        report = replay.report_of(replace(raw.together, text=whole[id(raw.together)]))
        for names in sets:
            seen = [_seen(done, whole).report for done in raw.switched[names].values()]
            if report is not None and any(r and r.key() == report.key() for r in seen):
                return names
    return sets[0]


def _copy(known: Entry, entry: Entry) -> None:
    entry.same_as, entry.target, entry.target_from = known.name, known.target, known.target_from
    entry.env, entry.seen, entry.needs, entry.note = (
        known.env, known.seen, known.needs, known.note)
