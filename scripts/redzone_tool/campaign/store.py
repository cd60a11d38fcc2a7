# SPDX-License-Identifier: GPL-2.0-only
"""
The one record of a campaign: an SQLite file with one writer.

A trial and all that belongs to it is written in one transaction when it has ended, and synced
to the disk; whatever kills the tool, the machine or the disk loses the trials that were running
and nothing else. What is not in the file was not run.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from redzone_tool import paths
from redzone_tool.campaign.spec import Job
from redzone_tool.errors import ENVIRONMENT, USAGE, ToolError

SCHEMA = 1
PLANNED, DONE, FAILED = "planned", "done", "failed"

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE trial (
    id INTEGER PRIMARY KEY, target TEXT NOT NULL, engine TEXT NOT NULL, sanitizer TEXT NOT NULL,
    mode TEXT NOT NULL, subject TEXT NOT NULL, number INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'planned', attempts INTEGER NOT NULL DEFAULT 0,
    finished REAL, message TEXT NOT NULL DEFAULT '', executions INTEGER, cpu_s REAL, wall_s REAL,
    edges INTEGER, maxrss_kib INTEGER, parts INTEGER, ended TEXT,
    UNIQUE (target, engine, sanitizer, mode, subject, number));
CREATE TABLE finding (
    id INTEGER PRIMARY KEY, trial INTEGER NOT NULL REFERENCES trial(id), name TEXT NOT NULL,
    input BLOB NOT NULL, confirmed INTEGER NOT NULL, clean INTEGER NOT NULL, kind TEXT NOT NULL,
    summary TEXT NOT NULL, function TEXT NOT NULL, executions INTEGER NOT NULL,
    cpu_s REAL NOT NULL, attribution TEXT);
CREATE INDEX finding_trial ON finding (trial);
CREATE TABLE subject (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (kind, name));
CREATE TABLE counter (
    trial INTEGER NOT NULL REFERENCES trial(id), subject INTEGER NOT NULL REFERENCES subject(id),
    reached INTEGER NOT NULL, violated INTEGER NOT NULL, first_reached_exec INTEGER NOT NULL,
    first_violated_exec INTEGER NOT NULL, first_reached_cpu_s REAL NOT NULL,
    first_violated_cpu_s REAL NOT NULL, input BLOB,
    PRIMARY KEY (trial, subject)) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Event:
    """What one trial's counters say of one bug or guard."""

    kind: str               # bug or guard
    name: str
    reached: int            # executions
    violated: int           # of a bug: triggered
    first_reached_exec: int
    first_violated_exec: int
    first_reached_cpu_s: float
    first_violated_cpu_s: float
    input: bytes | None = None      # the first that violated it


@dataclass(frozen=True)
class FoundRow:
    """One input that ended an engine."""

    name: str
    input: bytes
    confirmed: bool
    clean: bool             # it faults in the port as it is
    kind: str
    summary: str
    function: str
    executions: int
    cpu_s: float
    attribution: dict[str, Any] | None = None


@dataclass(frozen=True)
class Result:
    """One finished trial, as a worker hands it over."""

    state: str
    message: str = ""
    executions: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    edges: int = 0
    maxrss_kib: int = 0
    parts: int = 0
    ended: str = ""         # budget, finding, wall limit or failed
    findings: tuple[FoundRow, ...] = ()
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Row:
    """A trial in the file."""

    id: int
    job: Job
    state: str
    attempts: int
    result: Result


def folder_of(name: str) -> Path:
    """Where a campaign lives; a path names itself."""
    if "/" in name:
        path = Path(name).absolute()
        return path.parent if path.suffix == ".db" else path
    return paths.out() / "campaigns" / name


def names() -> list[str]:
    """The campaigns there are."""
    return sorted(p.parent.name for p in (paths.out() / "campaigns").glob("*/campaign.db"))


class Store:
    """A campaign's file. Only the process that runs the campaign writes to it."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self.path = path
        self._db = db

    @classmethod
    def create(cls, folder: Path, spec: str, jobs: Iterable[Job],
               manifest: dict[str, Any]) -> Store:
        """A new campaign: complete, or not there."""
        path = folder / "campaign.db"
        if path.exists():
            raise ToolError(f"{paths.shown(path)} exists: `redzone campaign resume "
                            f"{folder.name}` continues it", USAGE)
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / "campaign.new"
        for leftover in folder.glob("campaign.new*"):
            leftover.unlink()
        with _reported(path):
            db = sqlite3.connect(fresh, isolation_level=None)
            db.executescript(f"BEGIN; {_TABLES} COMMIT;")
            db.execute("BEGIN")
            db.executemany("INSERT INTO meta VALUES (?, ?)", [
                ("schema", str(SCHEMA)), ("spec", spec), ("created", repr(time.time())),
                ("manifest", json.dumps(manifest))])
            db.executemany(
                "INSERT INTO trial (target, engine, sanitizer, mode, subject, number) VALUES "
                "(:target, :engine, :sanitizer, :mode, :subject, :number)",
                [asdict(job) for job in jobs])
            db.execute("COMMIT")
            db.close()
        fresh.rename(path)
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path, write: bool = True) -> Store:
        """An existing campaign; one line when it is missing, damaged or of another version."""
        path = folder / "campaign.db"
        if not path.exists():
            known = ", ".join(names()) or "none yet"
            raise ToolError(f"no campaign '{folder.name}' (there are: {known})", USAGE)
        with _reported(path):
            mode = "rw" if write else "ro"
            db = sqlite3.connect(f"file:{path}?mode={mode}", uri=True, isolation_level=None,
                                 timeout=20)
            if write:
                db.execute("PRAGMA journal_mode=WAL")
                db.execute("PRAGMA synchronous=FULL")
            verdict = db.execute("PRAGMA quick_check").fetchone()[0]
            if verdict != "ok":
                raise ToolError(f"{paths.shown(path)} is damaged ({_line(verdict)})",
                                ENVIRONMENT)
            store = cls(path, db)
            if store.meta("schema") != str(SCHEMA):
                raise ToolError(f"{paths.shown(path)} has schema {store.meta('schema')}, this "
                                f"version reads {SCHEMA}", ENVIRONMENT)
        return store

    def close(self) -> None:
        """Fold the write-ahead log into the file."""
        self._db.close()

    def meta(self, key: str) -> str:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def note(self, key: str, value: str) -> None:
        """Keep a fact about the campaign as a whole."""
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def missing(self, failed: bool = False) -> list[tuple[int, Job]]:
        """The trials not run yet; with `failed` also those that could not run."""
        states = (PLANNED, FAILED) if failed else (PLANNED, PLANNED)
        return [(row[0], Job(*row[1:])) for row in self._read(
            "SELECT id, target, engine, sanitizer, mode, subject, number FROM trial "
            "WHERE state IN (?, ?) ORDER BY id", states)]

    def counts(self) -> dict[str, int]:
        """Trials by state."""
        found = dict.fromkeys((PLANNED, DONE, FAILED), 0)
        found.update(dict(self._read("SELECT state, count(*) FROM trial GROUP BY state")))
        return found

    def lost(self, trial: int) -> int:
        """Note that a trial was started and lost; how often that happened to it."""
        with self._transaction():
            self._db.execute("UPDATE trial SET attempts = attempts + 1 WHERE id = ?", (trial,))
        return int(self._read("SELECT attempts FROM trial WHERE id = ?", (trial,))[0][0])

    def finish(self, trial: int, result: Result) -> bool:
        """Keep a finished trial; False when it was kept already (a second copy of a job)."""
        with self._transaction():
            changed = self._db.execute(
                "UPDATE trial SET state = ?, message = ?, finished = ?, executions = ?, "
                "cpu_s = ?, wall_s = ?, edges = ?, maxrss_kib = ?, parts = ?, ended = ?, "
                "attempts = attempts + 1 WHERE id = ? AND state != 'done'",
                (result.state, result.message, time.time(), result.executions, result.cpu_s,
                 result.wall_s, result.edges, result.maxrss_kib, result.parts, result.ended,
                 trial)).rowcount
            if not changed:
                return False
            self._db.execute("DELETE FROM finding WHERE trial = ?", (trial,))
            self._db.execute("DELETE FROM counter WHERE trial = ?", (trial,))
            self._db.executemany(
                "INSERT INTO finding (trial, name, input, confirmed, clean, kind, summary, "
                "function, executions, cpu_s, attribution) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                [(trial, f.name, f.input, f.confirmed, f.clean, f.kind, f.summary, f.function,
                  f.executions, f.cpu_s, json.dumps(f.attribution) if f.attribution else None)
                 for f in result.findings])
            for event in result.events:
                self._event(trial, event)
        return True

    def _event(self, trial: int, event: Event) -> None:
        self._db.execute("INSERT OR IGNORE INTO subject (kind, name) VALUES (?, ?)",
                         (event.kind, event.name))
        self._db.execute(
            "INSERT INTO counter SELECT ?, id, ?, ?, ?, ?, ?, ?, ? FROM subject "
            "WHERE kind = ? AND name = ?",
            (trial, event.reached, event.violated, event.first_reached_exec,
             event.first_violated_exec, event.first_reached_cpu_s, event.first_violated_cpu_s,
             event.input, event.kind, event.name))

    def rows(self, kinds: tuple[str, ...] = ("bug",)) -> Iterator[Row]:
        """Every trial with its findings, and its counters of these kinds."""
        findings: dict[int, list[FoundRow]] = {}
        for row in self._read("SELECT trial, name, input, confirmed, clean, kind, summary, "
                              "function, executions, cpu_s, attribution FROM finding "
                              "ORDER BY id"):
            findings.setdefault(row[0], []).append(FoundRow(
                row[1], row[2], bool(row[3]), bool(row[4]), row[5], row[6], row[7], row[8],
                row[9], json.loads(row[10]) if row[10] else None))
        events: dict[int, list[Event]] = {}
        marks = ",".join("?" * len(kinds))
        for row in self._read(
                "SELECT trial, kind, name, reached, violated, first_reached_exec, "
                "first_violated_exec, first_reached_cpu_s, first_violated_cpu_s, input "
                f"FROM counter JOIN subject ON subject.id = subject WHERE kind IN ({marks})",
                kinds):
            events.setdefault(row[0], []).append(Event(*row[1:]))
        for row in self._read(
                "SELECT id, target, engine, sanitizer, mode, subject, number, state, attempts, "
                "message, executions, cpu_s, wall_s, edges, maxrss_kib, parts, ended "
                "FROM trial ORDER BY id"):
            yield Row(row[0], Job(*row[1:7]), row[7], row[8], Result(
                row[7], row[9], row[10] or 0, row[11] or 0.0, row[12] or 0.0, row[13] or 0,
                row[14] or 0, row[15] or 0, row[16] or "", tuple(findings.get(row[0], ())),
                tuple(events.get(row[0], ()))))

    def _read(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        with _reported(self.path):
            return self._db.execute(statement, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _reported(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    """Trouble with the file is one line."""
    try:
        yield
    except sqlite3.DatabaseError as err:
        text = str(err)
        if "full" in text:
            text = "no space left on device"
        elif "malformed" in text or "not a database" in text or "corrupt" in text:
            text = f"is damaged ({text})"
            raise ToolError(f"{paths.shown(path)} {text}", ENVIRONMENT) from None
        raise ToolError(f"{paths.shown(path)}: {text}", ENVIRONMENT) from None


def _line(text: str) -> str:
    return " ".join(text.split())[:120]
