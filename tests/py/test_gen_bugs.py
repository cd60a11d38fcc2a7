# SPDX-License-Identifier: GPL-2.0-only
"""The generator of redzone/bugs.h: what the build relies on."""

import subprocess
from pathlib import Path

import pytest
from redzone_tool import gen_bugs, paths


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with two bugs that a port uses."""
    for bug_id in ("nimble-605c7585408b", "CVE-2017-1000251"):
        folder = tmp_path / "crashes" / bug_id
        folder.mkdir(parents=True)
        (folder / "bug.toml").write_text(f'id = "{bug_id}"\n')
    (tmp_path / "parsers" / "net").mkdir(parents=True)
    write(tmp_path, "malformed_in(CVE_2017_1000251, a)) fixed(NIMBLE_605C7585408B)")
    return tmp_path


def write(tree: Path, text: str) -> None:
    """Replace the port."""
    (tree / "parsers" / "net" / "x.c").write_text(text)


def run(tree: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run it as the build does."""
    script = paths.root() / "scripts" / "redzone_tool" / "gen_bugs.py"
    return subprocess.run(
        ["/usr/bin/python3", "-I", script, "--root", tree, "--out", tree / "gen", *options],
        capture_output=True, text=True, check=False)


def test_header_and_table_compile_and_agree(tree: Path) -> None:
    """The table is in the order of the tokens; ids and tokens go together."""
    assert run(tree).returncode == 0
    program = tree / "t.c"
    program.write_text(
        "#include <stdio.h>\n#include <redzone/bugs.h>\n"
        "int main(void) { for (int i = 0; i < RZ_BUG_COUNT; i++)\n"
        'printf("%s %s\\n", rz_bug_ids[i], rz_bug_tokens[i]); }\n')
    subprocess.run(
        ["clang-19", "-Wall", "-Werror", f"-I{tree}/gen/include", program,
         tree / "gen" / "bugs_table.c", "-o", tree / "t"], check=True)
    printed = subprocess.run([tree / "t"], capture_output=True, text=True, check=True).stdout
    assert printed.splitlines() == [
        "CVE-2017-1000251 CVE_2017_1000251", "nimble-605c7585408b NIMBLE_605C7585408B"]


def test_no_bugs_at_all(tmp_path: Path) -> None:
    """An empty catalogue is no error."""
    assert run(tmp_path).returncode == 0
    assert "RZ_BUG_COUNT = 0" in (tmp_path / "gen/include/redzone/bugs.h").read_text()


def test_unchanged_files_are_not_written(tree: Path) -> None:
    """A rebuild of everything would follow."""
    run(tree)
    header = tree / "gen/include/redzone/bugs.h"
    before = header.stat().st_mtime_ns
    run(tree)
    assert header.stat().st_mtime_ns == before


@pytest.mark.parametrize("port, complaint", [
    ("malformed_in(CVE_2017_1000251, a)", "nimble-605c7585408b/bug.toml: no port names"),
    ("malformed_in(CVE_2017_1000251, a) triggered(NIMBLE_605C7585408B, b)",
     "NIMBLE_605C7585408B has a canary, but no malformed_in() or fixed()"),
    ("malformed_in(CVE_2017_1000251, a)\nfixed(NIMBLE_605C7585408B)\nfixed(CVE_2020_1)",
     "x.c:3: fixed(CVE_2020_1) has no crashes/<id>/bug.toml"),
    ("/* malformed_in(CVE_2017_1000251, a) */ fixed(NIMBLE_605C7585408B)",
     "no port names CVE_2017_1000251"),
])
def test_code_and_catalogue_must_agree(tree: Path, port: str, complaint: str) -> None:
    """One line says what is wrong, and --no-check lets it pass."""
    write(tree, port)
    done = run(tree)
    assert done.returncode == 1
    assert complaint in done.stderr and done.stderr.count("\n") == 1
    assert run(tree, "--no-check").returncode == 0


def test_a_folder_must_bear_its_id(tree: Path) -> None:
    """A copied folder whose id was forgotten is found."""
    (tree / "crashes" / "CVE-2017-1000251" / "bug.toml").write_text('id = "CVE-1"\n')
    done = run(tree)
    assert done.returncode == 1 and "is not its folder's name" in done.stderr


def test_macro_definitions_and_strings_are_no_uses() -> None:
    """guard.h itself names ids in comments and definitions."""
    text = (paths.root() / "parsers/guard/include/redzone/guard.h").read_text()
    assert gen_bugs.uses_in(Path("guard.h"), text) == []
    assert gen_bugs.uses_in(Path("x.c"), 'puts("fixed(CVE_1)");') == []


def test_real_tree_agrees() -> None:
    """What the build checks, checked here too."""
    root = paths.root()
    assert gen_bugs.differences(gen_bugs.catalogue_ids(root), gen_bugs.port_uses(root)) == []
