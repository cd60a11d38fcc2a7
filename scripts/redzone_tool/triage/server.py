# SPDX-License-Identifier: GPL-2.0-only
"""A replay binary that stays up and plays each request in a fresh child (serve.c)."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from redzone_tool import paths, procs, replay
from redzone_tool.errors import ENVIRONMENT, ToolError
from redzone_tool.replay import Outcome

SWITCHES = ("REDZONE_BUGS", "REDZONE_ABLATE")
MAX_REPORT = 1 << 20


def quiet_env() -> dict[str, str]:
    """Sanitizer options without symbols: reports are symbolised afterwards and in one go."""
    return {name: f"{text.format(root=paths.root())}:symbolize=0:strip_path_prefix=//"
            ":disable_coredump=1:max_allocation_size_mb=1024"
            for name, text in replay.SANITIZER_ENV.items()}


class Server:
    """One replay process of one sanitizer, started when first used."""

    def __init__(self, binary: Path, cpu_limit: float, memory_mib: int, log: Path):
        self.binary, self.cpu_limit, self.memory_mib = binary, cpu_limit, memory_mib
        self.log = log
        self._child: subprocess.Popen[str] | None = None

    def takes(self, env: Mapping[str, str]) -> bool:
        """Whether an environment only switches bugs and guards; others need a new process."""
        return all(name in SWITCHES for name in env)

    def play(self, target: str, file: Path, env: Mapping[str, str]) -> Outcome:
        """One input, as replay.run_one() plays it."""
        request = "\t".join([
            target, str(file), str(self.log), *(env.get(name, "") for name in SWITCHES),
            str(int(self.cpu_limit * 1000)), str(self.memory_mib)])
        if "\n" in request or request.count("\t") != 6:
            raise ToolError("a switch with a tab or newline in it")
        lines = self._ask(request)
        end = json.loads(lines[-1])
        text = ""
        if self.log.exists():
            with open(self.log, "rb") as log:
                text = log.read(MAX_REPORT).decode(errors="replace")
        outcome = Outcome(
            None, None, os.waitstatus_to_exitcode(end["end"]), end["late"], text,
            (str(self.binary), target, "run", str(file)), {**quiet_env(), **env}, end["swollen"])
        report = replay.report_of(outcome, self.cpu_limit)
        results = replay.parse_results("".join(lines[:-1]))
        return replace(outcome, report=report,
                       result=results[0] if results and report is None else None)

    def _ask(self, request: str) -> list[str]:
        if self._child is None:
            env = {**replay.environment(), **quiet_env()}
            self._child = subprocess.Popen(   # pylint: disable=consider-using-with
                [str(self.binary), "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, env=env, start_new_session=True, text=True,
                errors="replace")
        child = self._child
        assert child.stdin is not None and child.stdout is not None
        lines: list[str] = []
        try:
            child.stdin.write(request + "\n")
            child.stdin.flush()
            for line in child.stdout:
                if line.strip():
                    lines.append(line)
                if line.startswith('{"end":'):
                    return lines
        except BrokenPipeError:
            pass
        self.close()
        raise ToolError(f"{paths.shown(self.binary)} --serve ended by itself", ENVIRONMENT)

    def close(self) -> None:
        """End the process and what it started."""
        if self._child is not None:
            for pipe in (self._child.stdin, self._child.stdout):
                try:
                    if pipe is not None:
                        pipe.close()
                except BrokenPipeError:
                    pass
            procs.kill_group(self._child)
            self._child = None
