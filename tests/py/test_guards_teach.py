# SPDX-License-Identifier: GPL-2.0-only
"""Guard builds must not teach the fuzzer.

What an engine is told (counted edges, comparison call-backs) may depend on a port's
control flow, not on the bookkeeping of guards: each port is compiled solid and with
guards, exactly as its flavour does, and what the instrumentation counts is compared;
then the same inputs are played in both and must be told apart in the same way.
"""

import json
import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from redzone_tool import audit_text, build, catalogue, paths, sanreport
from redzone_tool.audit_lex import closing
from redzone_tool.audit_text import strip_comments

import c_objects
import representatives

FLAVOURS = ("libfuzzer-address", "libfuzzer-undefined", "libfuzzer-memory", "afl-address")
PORTS = c_objects.port_sources()
RUNTIME = ("parsers/guard/guard.c",)
# Every port in the flavour that finds most; a part of them, another in each, in the others.
SHARE = 4


def ports(flavour: str) -> list[str]:
    """The ports that are looked at in a flavour."""
    turn = FLAVOURS.index(flavour)
    return representatives.sample(PORTS, SHARE, turn) if turn else PORTS


Told = Callable[[str, str], Path]

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Instrumented IR of a port in a flavour, compiled once.

    Without inlining: its heuristics go by the size of a function, and a call a guard more
    moves whole functions from one to another.
    """
    base = tmp_path_factory.getbasetemp()
    # Workers of one run share what they compiled.
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "teach"
    folder.mkdir(exist_ok=True)

    def get(flavour: str, source: str) -> Path:
        out = folder / f"{flavour}-{source.replace('/', '-')}.ll"
        if not out.exists():
            part = out.with_suffix(f".{os.getpid()}")
            c_objects.compile_as(flavour, source, part, "-S", "-emit-llvm", "-fno-inline")
            part.rename(out)
        return out

    return get


def bodies(ir: str) -> dict[str, str]:
    """Text of each function defined in LLVM IR."""
    return {m[1]: ir[m.start():ir.index("\n}", m.start())]
            for m in re.finditer(r"^define [^@]*@([\w.$]+)\(", ir, re.MULTILINE)}


def call_back_lines(path: Path, pattern: str) -> dict[str, set[tuple[str, int]]]:
    """Source lines (file, line) of the calls in each function whose name matches."""
    ir = path.read_text()
    files = {m[1]: m[2] for m in re.finditer(
        r"^(!\d+) = !DIFile\(filename: \"([^\"]+)\"", ir, re.MULTILINE)}
    scopes = {m[1]: m[2] for m in re.finditer(
        r"^(!\d+) = (?:distinct )?!DI(?:Subprogram|LexicalBlock)\([^\n]*?file: (!\d+)",
        ir, re.MULTILINE)}
    spots = {m[1]: (Path(files.get(scopes.get(m[3], ""), "?")).name, int(m[2]))
             for m in re.finditer(
                 r"^(!\d+) = (?:distinct )?!DILocation\(line: (\d+)[^\n]*?scope: (!\d+)",
                 ir, re.MULTILINE)}
    found: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for name, body in bodies(ir).items():
        for line in body.splitlines():
            call = re.search(rf"call [^@]*@{pattern}\(", line)
            where = re.search(r"!dbg (!\d+)", line)
            if call and where and where[1] in spots:
                found[name].add(spots[where[1]])
    return found


def everything(lines: dict[str, set[tuple[str, int]]]) -> set[tuple[str, int]]:
    """All functions' lines: inlining may move them from one to another."""
    return {spot for spots in lines.values() for spot in spots}


def uses(source: str) -> list[tuple[str, str, range]]:
    """Function, macro and lines of each guard, fix and canary of a port."""
    text = (paths.root() / source).read_text()
    found = []
    for function in audit_text.functions(text, source):
        for match in re.finditer(r"\b(malformed|malformed_in|fixed|triggered)\s*\(",
                                 function.source):
            stop = closing(function.source, match.end() - 1)
            first = function.source_line + function.source.count("\n", 0, match.start())
            last = function.source_line + function.source.count("\n", 0, stop)
            found.append((function.name, match[1], range(first, last + 1)))
    return found


def functions(source: str) -> set[str]:
    """Names of the functions that a port defines."""
    text = (paths.root() / source).read_text()
    return {function.name for function in audit_text.functions(text, source)}


def switched(source: str) -> set[str]:
    """Functions that hold a bug's fix or canary, or stand in for one."""
    found = {function for function, macro, _ in uses(source) if macro in ("fixed", "triggered")}
    text = strip_comments((paths.root() / source).read_text())
    return found | set(re.findall(r"\bnoinline\b[^;{}()]*?\b(\w+)\(", text))


def edges_of(path: Path) -> dict[str, int]:
    """Counted edges of each function, without what the compiler adds to a file."""
    return {name: seen.edges for name, seen in c_objects.seen_by_engine(path).items()
            if "module_" not in name and "_block_invoke" not in name}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_same_edges(told: Told, flavour: str) -> None:
    """Guards add next to no counted edges.

    A condition of several parts may get a block of its own before the call, which is passed
    whatever the outcome; a bug's switch has the arm that solid builds do not have. Nothing
    else may appear.
    """
    total = [0, 0]
    open_: list[str] = []
    for source in ports(flavour):
        solid = edges_of(told(flavour, source))
        guards = edges_of(told(f"{flavour}-guards", source))
        # what only a bug's arm calls is not even compiled without it
        lone = {name for name in solid.keys() ^ guards.keys() if name in functions(source)}
        if not lone <= switched(source) or solid.keys() - guards.keys():
            open_.append(f"{source}: {lone} in one build only")
        for name in solid.keys() & guards.keys():
            total[0] += solid[name]
            total[1] += guards[name]
            mine = [macro for function, macro, _ in uses(source) if function == name]
            allowed = 3 + len(mine) // 2 + 2 * sum(macro == "fixed" for macro in mine)
            if not -2 <= guards[name] - solid[name] <= allowed:
                open_.append(f"{source}: {name}: {solid[name]} edges solid, "
                             f"{guards[name]} with guards")
    print(f"{flavour}: {total[0]} edges solid, {total[1]} with guards")
    assert total[0] > 0
    assert not open_
    assert total[1] <= 1.05 * total[0]


@pytest.mark.parametrize("flavour", [f for f in FLAVOURS if f.startswith("libfuzzer")])
def test_same_comparisons(told: Told, flavour: str) -> None:
    """No comparison reaches an engine that the solid build does not have.

    But a guard's own, where the optimiser proved it dead behind other guards that cannot be
    lost there, those of a bug's switch, and one in a hundred that the optimiser put elsewhere.
    """
    pattern = r"__sanitizer_cov_trace_(?:const_)?(?:cmp|switch)\d?"
    total = [0, 0]
    moved = []
    for source in ports(flavour):
        name = Path(source).name
        solid = everything(call_back_lines(told(flavour, source), pattern))
        guards = everything(call_back_lines(told(f"{flavour}-guards", source), pattern))
        total[0] += len(solid)
        total[1] += len(guards)
        own = {line for _, macro, lines in uses(source) for line in lines
               if macro.startswith("malformed")}
        bugs = switched(source)
        text = (paths.root() / source).read_text()
        own |= {line for function in audit_text.functions(text, source) if function.name in bugs
                for line in range(function.line, function.source_line +
                                  function.source.count("\n") + 1)}
        moved += [f"{source}:{line}" for file, line in sorted(guards - solid)
                  if file == name and line and line not in own]
    print(f"{flavour}: comparisons on {total[0]} lines solid, {total[1]} with guards; "
          f"with guards only: {moved}")
    assert total[0] > 0
    assert len(moved) <= total[0] // 100


@pytest.mark.parametrize("source", [
    s for s in PORTS if any(macro == "triggered" for _, macro, _ in uses(s))])
def test_canaries_are_not_seen(told: Told, source: str) -> None:
    """triggered() exists in guard builds only: no comparison and no edge on its lines."""
    lines = {(Path(source).name, line) for _, macro, spot in uses(source) for line in spot
             if macro == "triggered"}
    assert lines
    for flavour in ("libfuzzer-address-guards", "afl-address-guards"):
        seen = call_back_lines(told(flavour, source), r"__sanitizer_cov_trace_\w+")
        assert everything(seen) & lines == set()


@pytest.mark.parametrize("flavour", ["libfuzzer-address-guards", "libfuzzer-memory-guards",
                                     "libfuzzer-undefined-guards", "afl-address-guards"])
def test_bookkeeping_has_no_instrumentation(tmp_path: Path, flavour: str) -> None:
    """guard.c holds no counters, no call-backs, no sanitizer checks."""
    for source in RUNTIME:
        made = c_objects.compile_as(flavour, source, tmp_path / "guard.o")
        names = c_objects.run(["llvm-nm-19", str(made)])
        assert not re.search(r"__(sanitizer_cov|sancov|asan|msan|ubsan)", names)
        assert "__sancov" not in c_objects.run(["llvm-readelf-19", "-S", str(made)])
        assert "rz_guard_site" in names


def classes(flavour: str, target: str, files: list[Path]) -> list[set[str]]:
    """Inputs grouped by the edges they cover."""
    binary = build.ensure(flavour, ["redzone-replay"]) / "bin" / "redzone-replay"
    manifest = paths.out() / "tmp" / f"teach-{flavour}-{target}.txt"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text("".join(f"{file}\n" for file in files))
    output = c_objects.run([str(binary), target, "run", "--manifest", str(manifest)])
    groups: dict[str, set[str]] = defaultdict(set)
    for line in output.splitlines():
        result = json.loads(line)
        assert result["edges"] > 0
        groups[result["coverage"]].add(result["file"])
    return sorted(groups.values(), key=sorted)


def variants(target: str, folder: Path) -> list[Path]:
    """Seeds, each also cut and with single bytes changed: many violate guards."""
    made = []
    seeds = [file for kind in ("valid", "malformed")
             for file in sorted(paths.seed_dir(target, kind).glob("*")) if file.is_file()]
    for number, seed in enumerate(seeds[:60]):
        data = seed.read_bytes()
        cuts = [data[:length] for length in range(0, min(len(data), 120), 7)]
        flips = [data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1:]
                 for at in range(0, min(len(data), 120), 5)]
        for serial, changed in enumerate([data, *cuts, *flips]):
            path = folder / f"{number:03d}-{serial:03d}"
            path.write_bytes(changed)
            made.append(path)
    return made


@pytest.mark.parametrize("target", [t.name for t in catalogue.targets()] if PORTS else [])
def test_engine_tells_the_same_inputs_apart(target: str, tmp_path: Path) -> None:
    """Two inputs cover the same edges with guards exactly if they do so without."""
    build.ensure("libfuzzer-address")
    files = variants(target, tmp_path)
    assert files
    solid = classes("libfuzzer-address", target, files)
    guards = classes("libfuzzer-address-guards", target, files)
    print(f"{target}: {len(files)} inputs, {len(solid)} coverage classes")
    assert len(solid) > 10
    assert guards == solid


@pytest.mark.parametrize("variable, value", [
    ("REDZONE_ABLATE", "net/x.c:f:00000000"), ("REDZONE_BUGS", "all")])
def test_solid_builds_refuse_what_they_do_not_have(variable: str, value: str) -> None:
    """A trial that believes it has a bug switched on must not run without one."""
    binary = build.ensure("native", ["redzone-replay"]) / "bin" / "redzone-replay"
    done = subprocess.run([binary, "--targets"], env={variable: value}, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("redzone: ") and done.stderr.count("\n") == 1


def control_bug() -> catalogue.Bug:
    """A bug whose proof input ASan reports, the first of the catalogue."""
    for bug in catalogue.bugs():
        expected = bug.expected.get("address")
        if expected and expected.is_report and bug.input.is_file() and not bug.env:
            return bug
    pytest.skip("no bug with a report of address sanitizer yet")


def test_a_build_with_one_bug_compiled_in_has_that_bug() -> None:
    """REDZONE_ONLY: the control for what guard code does to a fuzzer."""
    bug = control_bug()
    tree = paths.out() / "build" / f"only-{bug.token}"
    c_objects.run(["cmake", "--preset", "libfuzzer-address", "-S", str(paths.root()), "-B",
                   str(tree), f"-DREDZONE_ONLY={bug.token}"])
    c_objects.run(["ninja", "-C", str(tree), "redzone-replay"])
    binary = tree / "bin" / "redzone-replay"
    assert "rz_guard_site" not in c_objects.run(["llvm-nm-19", str(binary)])
    done = subprocess.run([binary, bug.target, "run", bug.input], capture_output=True, text=True,
                          check=False, timeout=120)
    report = sanreport.parse(done.stderr)
    assert done.returncode != 0 and report is not None, done.stderr[-2000:]
    assert report.kind == bug.expected["address"].kind
    clean = build.ensure("libfuzzer-address", ["redzone-replay"]) / "bin" / "redzone-replay"
    c_objects.run([str(clean), bug.target, "run", str(bug.input)])
