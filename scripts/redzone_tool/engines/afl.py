# SPDX-License-Identifier: GPL-2.0-only
"""AFL++: command line, environment, statistics files, saved crashes and hangs."""

import hashlib
import math
import re
import shutil
from pathlib import Path

from redzone_tool import build, paths
from redzone_tool.engines import supervise
from redzone_tool.engines.base import Stats, Trial, log_file, tail, target_binary
from redzone_tool.errors import ENVIRONMENT, ToolError

# What afl-fuzz would set itself, plus the small quarantine of default fuzzing.
SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "abort_on_error=1:symbolize=0:detect_leaks=0:malloc_context_size=0"
                    ":quarantine_size_mb=16:allocator_may_return_null=1:detect_odr_violation=0"
                    ":handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigfpe=0"
                    ":handle_sigill=0",
}

ENVIRONMENT_FIXED = {
    "AFL_NO_UI": "1",                   # there is no terminal
    "AFL_NO_AFFINITY": "1",             # a third instance on two cores would abort
    "AFL_SKIP_CPUFREQ": "1",
    "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1",
    "AFL_NO_CRASH_README": "1",
    "AFL_IGNORE_UNKNOWN_ENVS": "1",
    "AFL_QUIET": "1",
    "AFL_NO_COLOR": "1",
    "AFL_FORKSRV_INIT_TMOUT": "60000",
    "AFL_SKIP_CRASHES": "1",
}

INSTANCE = "default"


class Afl:
    """Out of process, with the stock driver of AFL++ in the target."""

    def prepare(self, trial: Trial) -> None:
        """Gather initial inputs in one folder: afl-fuzz takes only one, and not an empty one."""
        shutil.rmtree(trial.out_dir / "afl", ignore_errors=True)
        initial = trial.out_dir / "initial"
        shutil.rmtree(initial, ignore_errors=True)
        initial.mkdir(parents=True)
        if trial.corpus:
            trial.corpus.mkdir(parents=True, exist_ok=True)
        for folder in (*trial.seeds, *([trial.corpus] if trial.corpus else [])):
            if folder.is_dir():
                for file in sorted(folder.iterdir()):
                    if file.is_file() and 0 < file.stat().st_size <= trial.max_len:
                        _copy(file, initial / file.name)
        if not any(initial.iterdir()):
            (initial / "nothing").write_bytes(b"\0")

    def command(self, trial: Trial) -> list[str]:
        """The fuzzer in front of the target."""
        if shutil.which("afl-fuzz") is None:
            raise ToolError("afl-fuzz not found on PATH: run `scripts/redzone setup`",
                            ENVIRONMENT)
        words = [
            "afl-fuzz", "-i", str(trial.out_dir / "initial"), "-o", str(trial.out_dir / "afl"),
            "-s", str(trial.seed), "-m", "none", "-G", str(trial.max_len),
            "-t", str(round(trial.input_timeout_s * 1000))]
        if trial.seconds:
            words += ["-V", str(max(1, round(trial.seconds)))]
        if trial.runs:
            words += ["-E", str(trial.runs)]
        if trial.dictionary:
            words += ["-x", str(trial.dictionary)]
        if trial.cmplog:
            words += ["-c", str(self._cmplog_binary(trial))]
        words += trial.engine_args
        return [*words, "--", str(target_binary(trial))]

    def environment(self, trial: Trial) -> dict[str, str]:
        """See ENVIRONMENT_FIXED."""
        env = {**ENVIRONMENT_FIXED, **SANITIZER_OPTIONS}
        if trial.stop_at_first:
            env["AFL_BENCH_UNTIL_CRASH"] = "1"
        mutator = target_binary(trial).with_name(f"{trial.target}_mutator.so")
        if mutator.exists():
            env["AFL_CUSTOM_MUTATOR_LIBRARY"] = str(mutator)
        return env

    def stats(self, trial: Trial, pid: int | None = None) -> Stats:
        """From fuzzer_stats and plot_data, which it writes after a minute and at its end.

        Until then executions are counted by the writes to the fork server, one for each
        (measured: 0.1 % too many, from files written).
        """
        folder = trial.out_dir / "afl" / INSTANCE
        plot = _plot(folder / "plot_data")
        full = _fuzzer_stats(folder / "fuzzer_stats")
        execs = max(int(plot.get("total_execs", 0)), int(full.get("execs_done", 0)))
        edges = max(int(plot.get("edges_found", 0)), int(full.get("edges_found", 0)))
        corpus = max(int(plot.get("corpus_count", 0)), int(full.get("corpus_count", 0)))
        rate = plot.get("execs_per_sec") or full.get("execs_per_sec") or 0.0
        rate = rate if math.isfinite(rate) else 0.0
        if pid is not None:
            execs, rate = max(execs, _writes(pid)), 0.0     # 0: from executions and time
            queue = folder / "queue"
            corpus = max(corpus, len(list(queue.glob("id:*"))) if queue.is_dir() else 0)
        return Stats(execs, rate, edges, corpus, len(self._saved(trial)))

    def findings(self, trial: Trial) -> list[Path]:
        """Saved crashes and hangs, copied under plain names."""
        kept = []
        for file in self._saved(trial):
            digest = hashlib.sha1(file.read_bytes()).hexdigest()
            kind = "timeout" if file.parent.name == "hangs" else "crash"
            copy = trial.findings_dir / f"{kind}-{digest}"
            if not copy.exists():
                shutil.copy2(file, copy)
            if copy not in kept:
                kept.append(copy)
        return kept

    def failure(self, trial: Trial, code: int) -> str:
        """PROGRAM ABORT or a death by signal."""
        if code == 0:
            return ""
        lines = tail(log_file(trial)).splitlines()
        at = next((i for i, line in enumerate(lines) if "PROGRAM ABORT" in line), None)
        why = lines[at] if at is not None else (lines[-1] if lines else "no output")
        why = re.sub(r"\x1b\[[0-9;]*m|\[-\]|PROGRAM ABORT :", "", why).strip()
        return f"afl-fuzz ended with exit code {code}: {why}"

    def keep_corpus(self, trial: Trial) -> int:
        """Copy the queue into the kept corpus; returns how many files are new there."""
        if trial.corpus is None:
            return 0
        fresh = 0
        queue = trial.out_dir / "afl" / INSTANCE / "queue"
        for file in sorted(queue.glob("id:*")) if queue.is_dir() else []:
            copy = trial.corpus / hashlib.sha1(file.read_bytes()).hexdigest()
            if not copy.exists():
                shutil.copyfile(file, copy)
                fresh += 1
        return fresh

    def _saved(self, trial: Trial) -> list[Path]:
        folder = trial.out_dir / "afl" / INSTANCE
        found = [*folder.glob("crashes/id:*"), *folder.glob("hangs/id:*")]
        return sorted(found, key=lambda p: p.stat().st_mtime_ns)

    def _cmplog_binary(self, trial: Trial) -> Path:
        if trial.cmplog_binary is not None:
            return trial.cmplog_binary
        flavour = "afl-cmplog-guards" if trial.guards else "afl-cmplog"
        if flavour not in build.flavours():
            raise ToolError("no flavour afl-cmplog-guards: --cmplog and --bugs exclude each other")
        build.ensure(flavour)
        return paths.build_dir(flavour) / "bin" / trial.target


def _copy(source: Path, copy: Path) -> None:
    """afl-fuzz skips symbolic links."""
    if copy.exists():
        copy = copy.with_name(f"{source.parent.name}-{copy.name}")
    shutil.copyfile(source, copy)


def _writes(pid: int) -> int:
    """How often the afl-fuzz process below `pid` called write()."""
    for each in supervise.tree_of(pid):
        try:
            process = Path("/proc") / str(each)
            if (process / "comm").read_text().strip() == "afl-fuzz":
                found = re.search(r"^syscw: (\d+)", (process / "io").read_text(), re.MULTILINE)
                return int(found[1]) if found else 0
        except OSError:
            continue
    return 0


def _plot(file: Path) -> dict[str, float]:
    lines = [line for line in tail(file, 4096).splitlines() if line and not line.startswith("#")]
    if not lines:
        return {}
    names = ("relative_time", "cycles_done", "cur_item", "corpus_count", "pending_total",
             "pending_favs", "map_size", "saved_crashes", "saved_hangs", "max_depth",
             "execs_per_sec", "total_execs", "edges_found")
    words = [word.strip().rstrip("%") for word in lines[-1].split(",")]
    try:
        return dict(zip(names, map(float, words), strict=True))
    except ValueError:
        return {}


def _fuzzer_stats(file: Path) -> dict[str, float]:
    found = {}
    for line in tail(file, 8192).splitlines():
        name, _, value = line.partition(":")
        try:
            found[name.strip()] = float(value.strip().rstrip("%"))
        except ValueError:
            continue
    return found
