# SPDX-License-Identifier: GPL-2.0-only
"""`redzone new`: refuses what exists; what it makes builds and runs. Works on copies only."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from redzone_tool import newtarget, paths
from redzone_tool.errors import ToolError

COPIED = ("CMakeLists.txt", "CMakePresets.json", "cmake", "parsers", "harnesses", "seeds",
          "dictionaries", "crashes", "scripts", "tests")


@pytest.fixture()
def tree(tmp_path: Path) -> Path:
    """A small tree with the CMake files that scaffolding changes."""
    (tmp_path / "harnesses").mkdir()
    (tmp_path / "harnesses" / "CMakeLists.txt").write_text(
        "add_subdirectory(common)\n"
        "redzone_target(NAME net_ipv6 FAMILY net PORTS net FORM frame MAX_LEN 4096)\n"
        "# the end\n")
    (tmp_path / "parsers" / "net").mkdir(parents=True)
    (tmp_path / "parsers" / "net" / "CMakeLists.txt").write_text(
        "redzone_port(NAME net SOURCES\n  eth.c\n  exthdrs.c)\n")
    return tmp_path


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_refuses_what_exists_and_changes_nothing(tree: Path) -> None:
    before = everything(tree)
    with pytest.raises(ToolError, match="exists"):
        newtarget.create(newtarget.request("net_ipv6", None, "frame", 64), tree)
    assert everything(tree) == before
    (tree / "parsers" / "net" / "demo.h").touch()
    before = everything(tree)
    with pytest.raises(ToolError, match="demo.h exists"):
        newtarget.create(newtarget.request("net_demo", None, "frame", 64), tree)
    assert everything(tree) == before


def test_adds_one_source_and_one_line(tree: Path) -> None:
    newtarget.create(newtarget.request("net_demo", None, "records", 64), tree)
    assert (tree / "parsers" / "net" / "CMakeLists.txt").read_text() == (
        "redzone_port(NAME net SOURCES demo.c\n  eth.c\n  exthdrs.c)\n")
    lines = (tree / "harnesses" / "CMakeLists.txt").read_text().splitlines()
    assert lines[2] == ("redzone_target(NAME net_demo FAMILY net PORTS net FORM records "
                        "MAX_LEN 64)")
    assert lines[3] == "# the end"


def test_a_family_without_port_gets_one(tree: Path) -> None:
    newtarget.create(newtarget.request("media_demo", None, "file", 64), tree)
    assert "redzone_port(NAME media SOURCES demo.c)" in (
        tree / "parsers" / "media" / "CMakeLists.txt").read_text()


@pytest.mark.full
def test_what_is_made_builds_and_runs(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for name in COPIED:
        source = paths.root() / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            tree.mkdir(exist_ok=True)
            shutil.copy(source, tree / name)
    env = {k: v for k, v in os.environ.items() if k != "REDZONE_OUT"}
    env["PYTHONPATH"] = str(tree / "scripts")

    def redzone(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([sys.executable, "-s", "-m", "redzone_tool", *arguments],
                              capture_output=True, text=True, env=env, cwd=tree, check=False)

    made = redzone("new", "net_demo")
    assert made.returncode == 0, made.stderr
    done = redzone("guards", "net_demo", "--no-ablate", "--json")
    assert done.returncode == 0, done.stderr
    guards = [g for g in json.loads(done.stdout)["guards"]
              if g["file"] == "parsers/net/demo.c"]
    assert len(guards) == 2
    assert all(g["reached"] and g["violated"] for g in guards)
    fuzzed = redzone("fuzz", "net_demo", "--sanitizer", "address", "--seconds", "3", "--json")
    assert fuzzed.returncode == 0, fuzzed.stdout + fuzzed.stderr
    assert json.loads(fuzzed.stdout)["execs"] > 1000
