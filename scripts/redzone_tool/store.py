# SPDX-License-Identifier: GPL-2.0-only
"""The database of measurements: every finished job is in it before the next one starts."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

from redzone_tool.errors import ENVIRONMENT, ToolError

_TABLES = """
CREATE TABLE IF NOT EXISTS measurement (
    id INTEGER PRIMARY KEY, started REAL NOT NULL, finished REAL, state TEXT NOT NULL,
    options TEXT NOT NULL, manifest TEXT, data TEXT);
CREATE TABLE IF NOT EXISTS job (
    id INTEGER PRIMARY KEY, measurement INTEGER NOT NULL REFERENCES measurement(id),
    stage TEXT NOT NULL, name TEXT NOT NULL, finished REAL NOT NULL, result TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS job_measurement ON job (measurement, stage);
"""


class Store:
    """One measurement in the database file; the file may hold many."""

    def __init__(self, path: Path, options: dict[str, Any]):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.executescript(_TABLES)
            cursor = self._db.execute(
                "INSERT INTO measurement (started, state, options) VALUES (?, 'running', ?)",
                (time.time(), json.dumps(options)))
        except sqlite3.Error as err:
            raise ToolError(f"{path}: {err}", ENVIRONMENT) from None
        self.id = cursor.lastrowid

    def job(self, stage: str, name: str, result: Any) -> None:
        """Keep the result of one finished job."""
        self._write("INSERT INTO job (measurement, stage, name, finished, result) "
                    "VALUES (?, ?, ?, ?, ?)",
                    (self.id, stage, name, time.time(), json.dumps(result)))

    def finish(self, state: str, manifest: dict[str, Any], data: dict[str, Any]) -> None:
        """Close the measurement: `done` or `interrupted`."""
        self._write("UPDATE measurement SET finished = ?, state = ?, manifest = ?, data = ? "
                    "WHERE id = ?",
                    (time.time(), state, json.dumps(manifest), json.dumps(data), self.id))
        self._db.close()

    def jobs(self, stage: str) -> list[tuple[str, Any]]:
        """Names and results of a stage, in the order they finished."""
        rows = self._db.execute(
            "SELECT name, result FROM job WHERE measurement = ? AND stage = ? ORDER BY id",
            (self.id, stage))
        return [(name, json.loads(result)) for name, result in rows]

    def _write(self, statement: str, values: tuple[Any, ...]) -> None:
        try:
            self._db.execute(statement, values)
        except sqlite3.Error as err:
            raise ToolError(f"the measurement database: {err}", ENVIRONMENT) from None
