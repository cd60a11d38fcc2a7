# SPDX-License-Identifier: GPL-2.0-only
"""libFuzzer: command line, progress lines, artifacts."""

import re
import shutil
from pathlib import Path

from redzone_tool.engines.base import Stats, Trial, log_file, tail, target_binary

# Default fuzzing options (docs/measuring.md): a small quarantine and no allocation stacks.
SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "quarantine_size_mb=16:malloc_context_size=0:allocator_may_return_null=1"
                    ":detect_leaks=0:symbolize=0:handle_abort=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=0:symbolize=0:handle_abort=1",
    "MSAN_OPTIONS": "symbolize=0:allocator_may_return_null=1:handle_abort=1",
}
RSS_LIMIT_MB = 1024

_PROGRESS = re.compile(
    r"^#(?P<execs>\d+)\s+\w+\s+(?:cov: (?P<cov>\d+) )?(?:ft: \d+ )?(?:corp: (?P<corp>\d+)/\S+ )?"
    r".*?exec/s: (?P<rate>\d+)", re.MULTILINE)
_EXECS = re.compile(r"^stat::number_of_executed_units:\s+(\d+)", re.MULTILINE)
_ARTIFACT = re.compile(r"Test unit written to (\S+)")
_FAULT_CODES = (1, 70, 71, 77, 86, 87, 88)
_INTERRUPT_CODE = 72


class LibFuzzer:
    """In-process, coverage-guided; one process ends at its first finding."""

    def prepare(self, trial: Trial) -> None:
        """A scratch corpus first: libFuzzer writes to the first folder it is given."""
        corpus = self._corpus(trial)
        if trial.corpus is None and corpus.exists():
            shutil.rmtree(corpus)
        corpus.mkdir(parents=True, exist_ok=True)
        initial = trial.out_dir / "initial"
        shutil.rmtree(initial, ignore_errors=True)
        for folder in trial.seeds:
            if folder.is_dir() and not self._fits(trial, folder):
                initial.mkdir(exist_ok=True)
                for file in sorted(folder.iterdir()):
                    if file.is_file() and file.stat().st_size <= trial.max_len:
                        shutil.copyfile(file, initial / f"{folder.name}-{file.name}")

    def command(self, trial: Trial) -> list[str]:
        """The target itself is the engine."""
        words = [
            str(target_binary(trial)), f"-seed={trial.seed}", f"-max_len={trial.max_len}",
            f"-artifact_prefix={trial.findings_dir}/", "-print_final_stats=1",
            f"-rss_limit_mb={RSS_LIMIT_MB}", f"-timeout={max(1, round(trial.input_timeout_s))}",
            "-detect_leaks=0", "-verbosity=1"]
        if trial.seconds:
            words.append(f"-max_total_time={max(1, round(trial.seconds))}")
        if trial.runs:
            words.append(f"-runs={trial.runs}")
        if trial.corpus is None:
            words.append("-reload=0")       # nobody else writes to a scratch corpus
        if trial.dictionary:
            words.append(f"-dict={trial.dictionary}")
        words += trial.engine_args
        words.append(str(self._corpus(trial)))
        words += [str(folder) for folder in trial.seeds if self._fits(trial, folder)]
        if (trial.out_dir / "initial").is_dir():
            words.append(str(trial.out_dir / "initial"))
        return words

    def environment(self, trial: Trial) -> dict[str, str]:
        """Options for fuzzing; replays use the full ones."""
        return dict(SANITIZER_OPTIONS)

    def stats(self, trial: Trial, pid: int | None = None) -> Stats:
        """From the last progress line and, at the end, the final statistics."""
        text = tail(log_file(trial))
        execs = edges = corpus = 0
        rate = 0.0
        for match in _PROGRESS.finditer(text):
            execs, rate = int(match["execs"]), float(match["rate"])
            edges = int(match["cov"] or edges)
            corpus = int(match["corp"] or corpus)
        final = _EXECS.search(text)
        if final:
            execs = max(execs, int(final[1]))
        return Stats(execs, rate, edges, corpus, len(self.findings(trial)))

    def findings(self, trial: Trial) -> list[Path]:
        """The artifacts: crash-, timeout-, oom-, leak-."""
        found = [p for p in trial.findings_dir.iterdir()
                 if p.name.startswith(("crash-", "timeout-", "oom-", "leak-"))]
        return sorted(found, key=lambda p: p.stat().st_mtime_ns)

    def failure(self, trial: Trial, code: int) -> str:
        """An exit that is neither budget nor finding."""
        if code in (0, _INTERRUPT_CODE):
            return ""
        lines = [line for line in tail(log_file(trial)).splitlines() if line.strip()]
        why = next((line for line in lines if "ERROR" in line or "rror:" in line),
                   lines[-1] if lines else "no output")
        return f"libFuzzer ended with exit code {code}: {why.strip()}"

    def _fits(self, trial: Trial, folder: Path) -> bool:
        """Whether libFuzzer would cut no seed of a folder: a cut one is another input."""
        return folder.is_dir() and all(
            p.stat().st_size <= trial.max_len for p in folder.iterdir() if p.is_file())

    def _corpus(self, trial: Trial) -> Path:
        return trial.corpus or trial.out_dir / "corpus"
