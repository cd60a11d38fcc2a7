# SPDX-License-Identifier: GPL-2.0-only
"""One input again: a historical bug by its id, or any file, and whether it did as expected."""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from redzone_tool import catalogue, findings, paths, replay
from redzone_tool.catalogue import Bug, Expected, Variant
from redzone_tool.errors import ToolError

# A build with both sanitizers stops at whichever reports first.
COMBINED = "address+undefined"


@dataclass(frozen=True)
class Check:
    """One process and what was to come of it."""

    label: str                  # "CVE-2026-1 on, address"
    sanitizer: str
    expected: str               # in words
    met: bool
    seen: str                   # in words
    outcome: replay.Outcome


def check_bug(bug: Bug, sanitizers: Sequence[str] = (),
              off_too: bool = True) -> Iterator[Check]:
    """Play a bug's proof input with the bug on, then off, under each sanitizer."""
    check_input(bug)
    for sanitizer in sanitizers or catalogue.SANITIZERS:
        flavour = replay.flavour_for(sanitizer, guards=True)
        off = replay.run_one(bug.target, bug.input, flavour, bug.env)
        env = {**bug.env, "REDZONE_BUGS": bug.id}
        on = replay.run_one(bug.target, bug.input, flavour, env)
        expected = expectation(bug, sanitizer)
        yield Check(f"{bug.id} on, {sanitizer}", sanitizer, in_words(expected),
                    *judge(expected, on, off), on)
        if off_too:
            yield Check(f"{bug.id} off, {sanitizer}", sanitizer, "clean", off.clean,
                        what_happened(off), off)


def check_variant(bug: Bug, variant: Variant, sanitizer: str) -> Iterator[Check]:
    """Play one variant with the bug on, where the root cause predicts the result, and off."""
    flavour = replay.flavour_for(sanitizer, guards=True)
    with tempfile.TemporaryDirectory(prefix="redzone-") as folder:
        file = Path(folder) / "variant.bin"
        file.write_bytes(variant.of(readable(bug.input)))
        off = replay.run_one(bug.target, file, flavour, bug.env)
        env = {**bug.env, "REDZONE_BUGS": bug.id}
        on = replay.run_one(bug.target, file, flavour, env)
    expected = Expected(catalogue.NO_REPORT)
    if variant.expect == "bug":
        expected = variant.expected.get(sanitizer, expectation(bug, sanitizer))
    label = f"{bug.id}, variant '{variant.name}'"
    yield Check(f"{label} on, {sanitizer}", sanitizer, in_words(expected),
                *judge(expected, on, off), on)
    yield Check(f"{label} off, {sanitizer}", sanitizer, "clean", off.clean, what_happened(off),
                off)


def check_file(target: str, file: Path, sanitizer: str, bugs: Sequence[Bug] = (),
               env: Mapping[str, str] | None = None, guards: bool = False,
               expect: str = "any") -> Check:
    """Play one file; `expect` is any (some report), clean, or KIND[:FUNCTION]."""
    readable(file)
    full_env = dict(env or {})
    for bug in bugs:
        full_env |= bug.env
    if bugs:
        full_env["REDZONE_BUGS"] = ",".join(bug.id for bug in bugs)
    flavour = replay.flavour_for(sanitizer, guards or bool(bugs))
    with compiled(file) as data:
        outcome = replay.run_one(target, data, flavour, full_env)
    if expect == "clean":
        met, words = outcome.clean, "clean"
    elif expect == "any":
        met, words = not outcome.clean, "a report"
    else:
        kind, _, function = expect.partition(":")
        expected = Expected(kind, function)
        met, words = _matches(expected, outcome), in_words(expected)
    return Check(f"{paths.shown(file)}, {sanitizer}", sanitizer, words, met,
                 what_happened(outcome), outcome)


def expectation(bug: Bug, sanitizer: str) -> Expected:
    """What bug.toml says for a sanitizer; nothing said means no report."""
    if sanitizer == COMBINED:
        first = [bug.expected.get(s, Expected(catalogue.NO_REPORT))
                 for s in ("undefined", "address")]
        return next((e for e in first if e.is_report), first[-1])
    return bug.expected.get(sanitizer, Expected(catalogue.NO_REPORT))


def judge(expected: Expected, on: replay.Outcome, off: replay.Outcome) -> tuple[bool, str]:
    """Whether the run with the bug did as expected, and what it did."""
    seen = what_happened(on)
    if expected.is_report:
        return _matches(expected, on), seen
    if expected.kind == catalogue.UNPREDICTABLE:
        return True, seen
    if expected.kind == catalogue.NO_REPORT:
        return on.clean, seen
    if on.result is None or off.result is None:
        return False, seen
    differ = [name for name in catalogue.DIGEST_KINDS
              if getattr(on.result, name) != getattr(off.result, name)]
    words = f"clean, {', '.join(differ)} differ" if differ else "clean, equal digests"
    return on.clean and expected.kind in differ, words


def what_happened(outcome: replay.Outcome) -> str:
    """An outcome in words."""
    if outcome.report is not None:
        return outcome.report.summary
    return "clean" if outcome.clean else f"exit code {outcome.exit_code}"


def in_words(expected: Expected) -> str:
    """An expectation in words."""
    if expected.is_report:
        return expected.kind + (f" in {expected.frame}" if expected.frame else "")
    if expected.kind == catalogue.UNPREDICTABLE:
        return "anything (a wild access this sanitizer does not watch)"
    if expected.kind == catalogue.NO_REPORT:
        return "no report"
    return f"no report, {expected.kind} differs"


def _matches(expected: Expected, outcome: replay.Outcome) -> bool:
    report = outcome.report
    if report is None:
        return False
    if report.kind != expected.kind:
        return False
    return not expected.frame or report.function == expected.frame


def check_input(bug: Bug) -> None:
    """The proof input is there and is the one the catalogue means."""
    data = readable(bug.input)
    digest = hashlib.sha256(data).hexdigest()
    if bug.sha256 and digest != bug.sha256:
        raise ToolError(f"{paths.shown(bug.input)} has sha256 {digest[:12]}…, "
                        f"bug.toml says {bug.sha256[:12]}…")


def readable(file: Path) -> bytes:
    """The bytes of an input; a missing, unreadable or empty one is bad use."""
    if file.is_dir():
        raise ToolError(f"{paths.shown(file)} is a folder: name a file in it")
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise ToolError(f"no such file, and no bug of that id: {paths.shown(file)} "
                        "(`redzone list` lists bugs)") from None
    except OSError as err:
        raise ToolError(f"cannot read {paths.shown(file)}: {(err.strerror or '').lower()}"
                        ) from None
    if not data:
        raise ToolError(f"{paths.shown(file)} is empty")
    return data


class compiled:     # pylint: disable=invalid-name
    """The file itself, or a scenario's bytes in a temporary file while in use."""

    def __init__(self, file: Path):
        self.file = file
        self.folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Path:
        if self.file.suffix != ".scn":
            return self.file.absolute()
        from redzone_tool import scn
        data = scn.compile_file(self.file)
        self.folder = tempfile.TemporaryDirectory(prefix="redzone-")
        made = Path(self.folder.name) / (self.file.stem + ".bin")
        made.write_bytes(data)
        return made

    def __exit__(self, *error: object) -> None:
        if self.folder is not None:
            self.folder.cleanup()


def target_of(file: Path) -> str:
    """The target an input belongs to, from the folder it lies in."""
    record = findings.record_of(file)
    if record is not None:
        return str(record["target"])
    names = {t.name for t in catalogue.targets()}
    for part in reversed(file.absolute().parts[:-1]):
        if part in names:
            return part
        if (paths.root() / "crashes" / part / "bug.toml").exists():
            return catalogue.bug(part).target
    if len(names) == 1:
        return names.pop()
    raise ToolError(f"which target is {paths.shown(file)} for? add --target "
                    "(`redzone list` lists them)")
