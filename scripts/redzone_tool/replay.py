# SPDX-License-Identifier: GPL-2.0-only
"""Inputs without an engine: drives the replay binary of a build tree."""

import json
import os
import shlex
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from redzone_tool import build, paths, sanreport
from redzone_tool.engines import supervise
from redzone_tool.errors import ENVIRONMENT, FINDING, USAGE, ToolError

# Full reports: what a person reads and what bug.toml expects.
SANITIZER_ENV = {
    "ASAN_OPTIONS": "abort_on_error=0:handle_abort=1:handle_sigill=1:symbolize=1:detect_leaks=1"
                    ":allocator_may_return_null=1:strip_path_prefix={root}/:exitcode=86",
    "UBSAN_OPTIONS": "print_stacktrace=1:report_error_type=1:halt_on_error=1:symbolize=1"
                     ":handle_abort=1:handle_sigill=1:strip_path_prefix={root}/:exitcode=87",
    "MSAN_OPTIONS": "symbolize=1:handle_abort=1:handle_sigill=1:strip_path_prefix={root}/"
                    ":allocator_may_return_null=1:exitcode=88",
    "LSAN_OPTIONS": "exitcode=89",
}
# Also what redzone's own variables must not inherit from the caller's shell.
_OWN = ("REDZONE_ABLATE", "REDZONE_BUGS", "REDZONE_CANARIES", "REDZONE_HEAP", "REDZONE_SKB")

_BAD_USE = 2

CPU_LIMIT_S = 1.0       # one input in one process; clean ones take milliseconds
POLL_S = 0.1


@dataclass(frozen=True)
class Result:
    """What one input did when it was played."""

    file: Path
    verdict: str = ""
    output: str = ""
    effects: str = ""
    coverage: str = ""
    edges: int = 0
    violated: frozenset[int] = frozenset()
    reached: frozenset[int] = frozenset()
    triggered: tuple[str, ...] = ()
    report: sanreport.Report | None = None
    fault: str = ""             # why there is no digest: report summary, signal or timeout

    @property
    def digests(self) -> tuple[str, str, str]:
        """Verdict, output and effects."""
        return self.verdict, self.output, self.effects


@dataclass(frozen=True)
class Outcome:
    """One process that played one input."""

    result: Result | None
    report: sanreport.Report | None
    exit_code: int
    timed_out: bool
    text: str = ""              # the process's standard error
    command: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    swollen: bool = False       # timed_out because it took too much memory

    @property
    def clean(self) -> bool:
        """No fault of any kind."""
        return self.exit_code == 0 and self.report is None and not self.timed_out


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a replay: the caller's without options that change results."""
    env = {k: v for k, v in os.environ.items() if k not in _OWN}
    env.update({k: v.format(root=paths.root()) for k, v in SANITIZER_ENV.items()})
    env.update(extra or {})
    return env


def binary(flavour: str) -> Path:
    """The replay binary of a flavour, built if needed."""
    return build.ensure(flavour) / "bin" / "redzone-replay"


def flavour_for(sanitizer: str, guards: bool) -> str:
    """The flavour whose replay binary has this sanitizer."""
    if sanitizer == "none":
        return build.flavour("none", "none", guards)
    return build.flavour("libfuzzer", sanitizer, guards)


def run(target: str, files: Sequence[Path], flavour: str,
        env: Mapping[str, str] | None = None, repeat: int = 1,
        timeout: float = 600.0, binary_path: Path | None = None) -> list[Result]:
    """Play files in as few processes as faults allow; one result a file, in order.

    A file that faults has `report` and `fault` set, and the rest is played in a new process.
    `timeout` is for each process.
    """
    exe = binary_path or binary(flavour)
    results: list[Result] = []
    while len(results) < len(files):
        rest = files[len(results):]
        done, fault = _batch(exe, target, rest, env, repeat, timeout)
        results += done
        if fault is not None:
            results.append(fault)
        elif len(done) < len(rest):
            raise ToolError(f"{paths.shown(exe)} {target}: stopped after {len(done)} of "
                            f"{len(rest)} inputs", ENVIRONMENT)
    return results


def run_one(target: str, file: Path, flavour: str, env: Mapping[str, str] | None = None,
            timeout: float = 60.0, binary_path: Path | None = None,
            cpu_limit: float = CPU_LIMIT_S, memory_mib: int = 0) -> Outcome:
    """Play one file in a process of its own; a hang is told by CPU time, or by wall time.

    `memory_mib` bounds its resident memory; 0 is no bound.
    """
    exe = binary_path or binary(flavour)
    command = [str(exe), target, "run", str(file)]
    ended = _spawn(command, env, timeout, cpu_limit, memory_mib)
    results = parse_results(ended.out)
    outcome = Outcome(result=None, report=None, exit_code=ended.code, timed_out=ended.late,
                      text=ended.err, command=tuple(command), env=dict(env or {}),
                      swollen=ended.swollen)
    report = report_of(outcome, cpu_limit)
    return replace(outcome, report=report,
                   result=results[0] if results and report is None else None)


def report_of(outcome: Outcome, cpu_limit: float = CPU_LIMIT_S) -> sanreport.Report | None:
    """What a process's exit and text say; also of a text that was symbolised later."""
    if outcome.timed_out:
        late = sanreport.timeout_report(outcome.text, cpu_limit)
        if outcome.swollen and late.kind == "timeout":
            return replace(late, kind="out-of-memory", class_="leak",
                           summary=late.summary.replace("timeout", "out-of-memory", 1),
                           message="more resident memory than a replay may have")
        return late
    report = sanreport.parse(outcome.text)
    if outcome.exit_code and report is None:
        _check_use(outcome.exit_code, outcome.text)
        return _bare_report(outcome.exit_code, outcome.text)
    return report


def decode(target: str, files: Sequence[Path], flavour: str = "native-guards",
           env: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
    """What the port sees in each file, as the decoder prints it; `fault` says why it did not."""
    exe = binary(flavour)
    done = 0
    while done < len(files):
        fault = ""
        with tempfile.NamedTemporaryFile("w", suffix=".manifest", encoding="utf-8") as manifest, \
                tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as err:
            manifest.write("".join(f"{file}\n" for file in files[done:]))
            manifest.flush()
            command = [str(exe), target, "decode", "--manifest", manifest.name]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=err, text=True,
                                  errors="replace", env=environment(env)) as child:
                assert child.stdout is not None
                for line in child.stdout:
                    if line.endswith("}\n"):
                        done += 1
                        yield json.loads(line)
            if child.returncode:
                err.seek(0)
                text = err.read()
                _check_use(child.returncode, text)
                report = sanreport.parse(text)
                fault = report.summary if report else f"exit code {child.returncode}"
        if not fault and done < len(files):
            raise ToolError(f"decoding {target} stopped before {files[done]}", ENVIRONMENT)
        if fault:
            done += 1
            yield {"file": str(files[done - 1]), "fault": fault}


def command_line(outcome: Outcome) -> str:
    """The exact line that repeats an outcome in a shell."""
    shown = {k: v.format(root=paths.root()) for k, v in SANITIZER_ENV.items()
             if k.split("_")[0].lower() in _sanitizers_of(outcome.command[0])}
    words = [f"{k}={shlex.quote(v)}" for k, v in {**shown, **outcome.env}.items()]
    return " ".join([*words, *(shlex.quote(w) for w in outcome.command)])


def _sanitizers_of(exe: str) -> set[str]:
    flavour = Path(exe).parents[1].name
    names = {"address": "asan", "undefined": "ubsan", "memory": "msan"}
    return {short for word, short in names.items() if word in flavour}


def _batch(exe: Path, target: str, files: Sequence[Path], env: Mapping[str, str] | None,
           repeat: int, timeout: float) -> tuple[list[Result], Result | None]:
    with tempfile.NamedTemporaryFile("w", suffix=".manifest", encoding="utf-8") as manifest:
        manifest.write("".join(f"{file}\n" for file in files))
        manifest.flush()
        command = [str(exe), target, "run", "--repeat", str(repeat), "--manifest", manifest.name]
        code, out, err, late, _ = _spawn(command, env, timeout)
    results = parse_results(out)
    if not late and code == 1 and len(results) == len(files):
        raise ToolError(_last_line(err) or f"{target}: an input did not repeat", FINDING)
    if not late and code == 0:
        return results, None
    report = sanreport.timeout_report(err, timeout) if late else sanreport.parse(err)
    if report is None:
        _check_use(code, err)
        report = _bare_report(code, err)
    if len(results) == len(files):      # at exit: a leak found by the leak checker
        last = results.pop()
        return results, Result(file=last.file, report=report, fault=report.summary)
    return results, Result(file=Path(files[len(results)]), report=report, fault=report.summary)


class _Ended(NamedTuple):
    """How a process ended, and what it printed."""

    code: int
    out: str
    err: str
    late: bool          # it had to be killed
    swollen: bool       # for its memory


class _Swollen(subprocess.TimeoutExpired):
    """Out of memory rather than out of time."""


def _spawn(command: list[str], env: Mapping[str, str] | None, timeout: float,
           cpu_limit: float = 0.0, memory_mib: int = 0) -> _Ended:
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, errors="replace",
                          env=environment(env), start_new_session=True) as child:
        late = swollen = False
        try:
            out, err = _communicate(child, timeout, cpu_limit, memory_mib)
        except subprocess.TimeoutExpired as error:
            late, swollen = True, isinstance(error, _Swollen)
            # The sanitizer's handler prints where the process hangs.
            os.killpg(child.pid, signal.SIGABRT)
            try:
                out, err = child.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                out, err = child.communicate()
        except BaseException:
            os.killpg(child.pid, signal.SIGKILL)
            raise
    return _Ended(child.returncode, out, err, late, swollen)


def _communicate(child: "subprocess.Popen[str]", timeout: float, cpu_limit: float,
                 memory_mib: int) -> tuple[str, str]:
    """What a process printed; raises TimeoutExpired when it took too much CPU, time or memory."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            return child.communicate(timeout=POLL_S if cpu_limit else timeout)
        except subprocess.TimeoutExpired:
            if memory_mib and supervise.memory_of(child.pid) > memory_mib:
                raise _Swollen(child.args, timeout) from None
            burnt = supervise.own_cpu_of(child.pid) > cpu_limit if cpu_limit else True
            if burnt or time.monotonic() > deadline:
                raise


def parse_results(out: str) -> list[Result]:
    results = []
    for line in out.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            break       # a line cut short by the fault
        if not entry.get("file"):
            continue    # the memory-growth line
        results.append(Result(
            file=Path(entry["file"]), verdict=entry["verdict"], output=entry["output"],
            effects=entry["effects"], coverage=entry["coverage"], edges=entry["edges"],
            violated=frozenset(entry["violated"]), reached=frozenset(entry["reached"]),
            triggered=tuple(entry["triggered"])))
    return results


def _check_use(code: int, err: str) -> None:
    """Bad use of the replay binary is the tool's caller's mistake, not a fault of a port."""
    if code in (_BAD_USE, 3):
        raise ToolError(_last_line(err) or "redzone-replay failed",
                        USAGE if code == _BAD_USE else ENVIRONMENT)


def _bare_report(code: int, err: str) -> sanreport.Report:
    """A fault without a report: the signal is all there is."""
    if code < 0:
        kind = signal.Signals(-code).name.removeprefix("SIG")
        text = f"killed by {signal.Signals(-code).name}"
    else:
        kind, text = "exit", f"exit code {code}: {_last_line(err)}"
    return sanreport.bare(kind, text)


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def growth(target: str, files: Sequence[Path], flavour: str, repeat: int,
           env: Mapping[str, str] | None = None) -> list[int]:
    """KiB by which memory grew while each file was played `repeat` times.

    Fails when a repetition differs from the first in digests or coverage.
    """
    exe = binary(flavour)
    grown = []
    for file in files:
        command = [str(exe), target, "run", "--repeat", str(repeat), str(file)]
        code, out, err, late, _ = _spawn(command, env, 600)
        if code or late:
            report = sanreport.parse(err)
            raise ToolError(f"{paths.shown(file)}: "
                            f"{report.summary if report else _last_line(err)}", FINDING)
        last = json.loads(out.splitlines()[-1])
        grown.append(int(last["growth_kib"]))
    return grown
