# SPDX-License-Identifier: GPL-2.0-only
"""What a reader may rely on in every file: licence line, headers, sizes, one-way dependencies."""

import re
import shutil
import statistics
import subprocess
from pathlib import Path

import pytest
from redzone_tool import audit, audit_text, paths

ROOT = paths.root()
C_FILES = (".c", ".h")
TEXT = (*C_FILES, ".py", ".cmake", ".sh", ".toml", ".scn", ".dict", ".cfg", ".md", ".css", ".js",
        ".html", ".yml", ".yaml", ".json", ".txt")
MARKED = (*C_FILES, ".py", ".cmake", ".sh", ".toml", ".scn", ".dict", ".cfg")
SPDX = "SPDX-License-Identifier: "
MAX_LINE = 100


def tree_files() -> list[Path]:
    """Files of the source tree: what git has or would take, else everything but out/."""
    try:
        done = subprocess.run(
            ["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard"],
            capture_output=True, text=True, check=True)
        names = [ROOT / line for line in done.stdout.splitlines()]
    except (OSError, subprocess.CalledProcessError):
        names = [path for path in ROOT.rglob("*") if "out" not in path.relative_to(ROOT).parts[:1]
                 and ".git" not in path.parts and "__pycache__" not in path.parts]
    return sorted(path for path in names if path.is_file())


FILES = tree_files()


def of_kind(*suffixes: str, below: str = "") -> list[Path]:
    """Files by suffix, below a folder of the tree."""
    folder = ROOT / below
    return [path for path in FILES if path.suffix in suffixes and folder in path.parents]


def shown(path: Path) -> str:
    """Relative to the tree."""
    return str(path.relative_to(ROOT))


def bad_lines(files: list[Path], pattern: str) -> list[str]:
    """file:line: text of every line that matches."""
    wrong = re.compile(pattern)
    return [f"{shown(path)}:{number}: {line.strip()[:80]}" for path in files
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
            if wrong.search(line)]


def test_every_file_names_its_licence() -> None:
    """In its first two lines (a script's first is the interpreter)."""
    marked = [path for path in FILES if path.suffix in MARKED or path.name == "CMakeLists.txt"
              or path in (ROOT / ".ci" / "run", ROOT / "scripts" / "redzone")]
    missing = [shown(path) for path in marked
               if SPDX not in "".join(path.read_text().splitlines()[:2])]
    assert len(marked) > 20 and missing == []


def test_licence_texts() -> None:
    """GPL-2.0 whole, with the additional permission before it."""
    text = (ROOT / "LICENSE").read_text()
    assert "GNU GENERAL PUBLIC LICENSE" in text and "Version 2, June 1991" in text
    assert text.index("permission to combine redzone") < text.index("GNU GENERAL PUBLIC LICENSE")
    assert "END OF TERMS AND CONDITIONS" in text
    other = [shown(path) for path in FILES if path.suffix in MARKED
             and "GPL-2.0-only" not in "".join(path.read_text().splitlines()[:2])
             and not {ROOT / "scripts" / "oss-fuzz", ROOT / ".clusterfuzzlite"} & {*path.parents}]
    assert other == []


def test_no_unfinished_work_and_no_foreign_places() -> None:
    """Paths of one machine, and notes to self, stay out."""
    texts = [path for path in of_kind(*TEXT) if path != Path(__file__)]
    assert bad_lines(texts, r"\b(TODO|FIXME|XXX|HACK)\b") == []
    assert bad_lines(texts, r"(?<![\w.])/(?:work|root)/|\.library\b|(?<![\w$}])/tmp/") == []
    assert bad_lines([p for p in texts if p != ROOT / ".ci" / "run"], r"\.\./shared") == []


def test_white_space() -> None:
    """No trailing blanks, a newline at the end, no lines of endless length."""
    texts = [path for path in of_kind(*MARKED)]
    assert bad_lines(texts, r"[ \t]+$|\r") == []
    assert [shown(p) for p in texts if p.stat().st_size and p.read_bytes()[-1:] != b"\n"] == []
    code = [path for path in of_kind(".c", ".h", ".py")]
    long = [f"{shown(path)}:{number}" for path in code
            for number, line in enumerate(path.read_text().splitlines(), 1)
            if len(line.expandtabs(8)) > MAX_LINE]
    assert long == []


def test_c_is_indented_by_tabs() -> None:
    """As the kernel does; blanks only align within a line or continue one."""
    assert bad_lines(of_kind(*C_FILES), r"^ {4,}\S") == []


PORTS = [path for family in audit.FAMILIES for path in of_kind(".c", below=f"parsers/{family}")]


@pytest.mark.parametrize("path", PORTS, ids=shown)
def test_port_header(path: Path) -> None:
    """What it parses, what it is modelled on, by which specification, what differs."""
    head = path.read_text()[:2500].partition("#include")[0]
    for word in ("Modelled on:", "Spec:", "Differs:"):
        assert word in head, f"{shown(path)} has no `{word}` in its header"


@pytest.mark.parametrize("path", PORTS, ids=shown)
def test_port_depends_on_kernel_and_guard_only(path: Path) -> None:
    """harnesses -> ports -> guard, kernel; never an engine, a file, or another family."""
    allowed = re.compile(r"<(linux|asm|net|uapi|crypto|redzone)/[\w./-]+\.h>")
    for include in re.findall(r"#\s*include\s+([<\"][^>\"]+[>\"])", path.read_text()):
        if include.startswith("<"):
            assert allowed.fullmatch(include), f"{shown(path)} includes {include}"
            assert include not in ("<redzone/kernel.h>", "<redzone/guard_runtime.h>")
        else:
            assert ".." not in include, f"{shown(path)} includes {include}"


@pytest.mark.parametrize("path", PORTS, ids=shown)
def test_guards_stand_where_they_are_used(path: Path) -> None:
    """A macro around a guard would give all its uses one condition text."""
    assert not re.search(r"#\s*define[^\n]*(?:\\\n[^\n]*)*\b(malformed(_in)?|fixed)\s*\(",
                         path.read_text())


def test_sizes_of_ports() -> None:
    """Files of some hundred lines, functions that fit on a screen."""
    lengths = []
    for path in PORTS:
        text = path.read_text()
        assert text.count("\n") <= 1000, f"{shown(path)} is too long"
        for function in audit_text.functions(text, path.name):
            length = function.source.count("\n")
            lengths.append(length)
            assert length <= 120, f"{shown(path)}: {function.name}() has {length} lines"
    if lengths:
        lengths.sort()
        print(f"port functions: {len(lengths)}, median {statistics.median(lengths)} lines, "
              f"90th percentile {lengths[len(lengths) * 9 // 10]}")
        assert lengths[len(lengths) * 9 // 10] <= 60


def test_harnesses_are_small() -> None:
    """A target is found by its name and read at a glance."""
    harnesses = [path for path in of_kind(".c", below="harnesses") if path.parent == ROOT /
                 "harnesses"]
    for path in harnesses:
        text = path.read_text()
        assert text.count("\n") <= 62, f"{shown(path)} has {text.count(chr(10))} lines"
        assert "LLVMFuzzerTestOneInput" in text


PYTHON = of_kind(".py")


def test_python_is_flake8_clean() -> None:
    """As setup.cfg asks."""
    done = subprocess.run(["/usr/bin/python3", "-m", "flake8", *map(str, PYTHON)], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_python_is_mypy_clean() -> None:
    """The whole package at once."""
    cache = paths.out() / "mypy_cache"
    done = subprocess.run(["/usr/bin/python3", "-m", "mypy", "--cache-dir", str(cache)],
                          cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_python_modules_are_of_readable_size() -> None:
    """One module, one job; some 400 lines at most."""
    long = {shown(path): path.read_text().count("\n") for path in
            of_kind(".py", below="scripts/redzone_tool")}
    assert {name: lines for name, lines in long.items() if lines > 480} == {}


def test_library_code_never_prints() -> None:
    """Only the command line speaks; modules that are programs too say so."""
    speakers = [path for path in of_kind(".py", below="scripts/redzone_tool")
                if "commands" not in path.parts and path.name not in ("cli.py", "__main__.py")
                and "__main__" not in path.read_text()]
    assert bad_lines(speakers, r"^\s*print\((?!.*file=)|\bclick\.echo\(|sys\.stdout\.write") == []


@pytest.mark.parametrize("name", [".ci/run", "scripts/redzone"])
def test_shell_scripts(name: str) -> None:
    """Parse, are executable, and pass shellcheck where it is installed."""
    path = ROOT / name
    assert path.stat().st_mode & 0o111
    shell = "bash" if "bash" in path.read_text().splitlines()[0] else "sh"
    subprocess.run([shell, "-n", path], check=True)
    if shutil.which("shellcheck"):
        done = subprocess.run(["shellcheck", "-e", "SC2086", path], capture_output=True,
                              text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_no_built_files_in_the_tree() -> None:
    """Nothing large, nothing generated."""
    for path in FILES:
        assert path.suffix not in (".o", ".a", ".pyc", ".profraw"), shown(path)
        assert path.stat().st_size < (1 << 20), f"{shown(path)} is {path.stat().st_size} bytes"
