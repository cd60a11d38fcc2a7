# SPDX-License-Identifier: GPL-2.0-only
"""The workflows name flavours, commands and options that exist."""

import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from redzone_tool import build, cli, paths

WORKFLOWS = sorted((paths.root() / ".github" / "workflows").glob("*.yml"))
MODES = {"code-change", "batch", "prune", "coverage"}


def load(path: Path) -> dict[Any, Any]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


def test_they_are_there_and_documented() -> None:
    page = (paths.root() / "docs" / "continuous.md").read_text(encoding="utf-8")
    assert {path.name for path in WORKFLOWS} == set(re.findall(r"`([a-z-]+\.yml)`", page))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
def test_form(path: Path) -> None:
    """Triggers (YAML reads `on` as true), least permissions, pinned actions."""
    data = load(path)
    assert data.get("on", data.get(True)) and data["permissions"]
    for job in data["jobs"].values():
        assert job["runs-on"] == "ubuntu-latest"
    for step in steps(path):
        assert ("run" in step) != ("uses" in step)
        assert "uses" not in step or re.search(r"@v\d", step["uses"])
        mode = step.get("with", {}).get("mode")
        assert mode is None or mode in MODES


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
def test_our_commands_exist_with_these_options(path: Path) -> None:
    for step in steps(path):
        for line in str(step.get("run", "")).splitlines():
            words = line.split()
            if words[:1] != ["scripts/redzone"]:
                continue
            context = click.Context(cli.redzone)
            command = cli.redzone.get_command(context, words[1])
            assert command is not None
            known = {name for option in command.params for name in option.opts}
            assert {word for word in words[2:] if word.startswith("--")} <= known


def test_the_matrix_names_flavours() -> None:
    [test] = [path for path in WORKFLOWS if path.name == "test.yml"]
    assert set(load(test)["jobs"]["build"]["strategy"]["matrix"]["flavour"]) <= set(
        build.flavours())
