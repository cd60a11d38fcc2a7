# SPDX-License-Identifier: GPL-2.0-only
"""Finding and installing packages: apt and dpkg are replaced by scripts that record."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from redzone_tool import paths, setup
from redzone_tool.errors import ENVIRONMENT, ToolError


@pytest.fixture()
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system whose dpkg knows what is listed in `installed` and whose apt-get adds to it."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tmp_path / "installed").write_text("")
    script(tools / "dpkg-query", f"""
shift 2
for name; do
  if grep -qx "$name" {tmp_path}/installed; then echo "$name ii "; fi
done""")
    script(tools / "apt-get", f"""
echo "$DEBIAN_FRONTEND $@" >> {tmp_path}/calls
if [ -e {tmp_path}/broken ]; then echo 'E: Unable to locate package x'; exit 100; fi
for name; do case "$name" in -*|install|update|*=*) ;; *) echo "$name" >> {tmp_path}/installed
esac; done""")
    status = tmp_path / "status"
    status.write_text("x")
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    monkeypatch.setenv("REDZONE_OUT", str(tmp_path / "out"))
    monkeypatch.delenv("REDZONE_NO_SETUP", raising=False)
    monkeypatch.setattr(setup, "DPKG_STATUS", status)
    monkeypatch.setattr(setup, "APT_LISTS", tmp_path / "lists")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return tmp_path


def script(file: Path, text: str) -> None:
    file.write_text("#!/bin/sh\n" + text + "\n")
    file.chmod(0o755)


def calls(fake: Path) -> list[str]:
    file = fake / "calls"
    return file.read_text().splitlines() if file.exists() else []


def test_installs_what_is_missing_once(fake: Path) -> None:
    (fake / "installed").write_text("python3-click\n")
    setup.ensure("cli")
    update, install = calls(fake)
    assert update.startswith("noninteractive") and update.endswith("update")
    assert "install -y --no-install-recommends python3-rich" in install
    assert "python3-click" not in install
    setup.ensure("cli")
    assert len(calls(fake)) == 2


def test_fresh_lists_are_not_updated(fake: Path) -> None:
    lists = fake / "lists"
    lists.mkdir()
    (lists / "deb_main_Packages").touch()
    setup.ensure("cli")
    assert len(calls(fake)) == 1
    (fake / "installed").write_text("")
    old = time.time() - 30 * 86400
    os.utime(lists / "deb_main_Packages", (old, old))
    os.utime(lists, (old, old))
    (fake / "status").write_text("changed")
    if not Path("/var/lib/apt/periodic/update-success-stamp").exists():
        setup.ensure("cli")
        assert len(calls(fake)) == 3


def test_a_failing_apt_is_one_line(fake: Path) -> None:
    (fake / "broken").touch()
    with pytest.raises(ToolError, match="E: Unable to locate package x") as caught:
        setup.ensure("cli")
    assert caught.value.code == ENVIRONMENT


def test_without_root_the_line_to_run_is_printed(fake: Path,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    script(fake / "bin" / "sudo", "exit 1")
    with pytest.raises(ToolError, match="as root run: apt-get update && apt-get install -y "
                                        "--no-install-recommends python3-click"):
        setup.ensure("cli")
    script(fake / "bin" / "sudo", 'shift; exec "$@"')
    setup.ensure("cli")
    assert "python3-click" in (fake / "installed").read_text()


def test_the_look_costs_nothing_when_all_is_there(fake: Path) -> None:
    setup.ensure("cli", "build")
    (fake / "bin" / "dpkg-query").unlink()
    started = time.monotonic()
    for _ in range(100):
        setup.ensure("cli", "build")
    assert time.monotonic() - started < 0.5
    (fake / "status").write_text("something was removed")
    script(fake / "bin" / "dpkg-query", f"touch {fake}/asked; exit 1")
    with pytest.raises(ToolError):
        setup.ensure("cli", "build")
    assert (fake / "asked").exists()


def test_a_broken_stamp_is_ignored(fake: Path) -> None:
    (fake / "out").mkdir()
    (fake / "out" / ".setup.json").write_text("[nonsense")
    setup.ensure("cli")
    assert isinstance(json.loads((fake / "out" / ".setup.json").read_text()), dict)


def test_every_package_group_is_known() -> None:
    for groups in [*setup.COMMANDS.values(), setup.DEFAULT_GROUPS]:
        assert set(groups) <= set(setup.GROUPS)


def test_the_entry_point_needs_only_the_standard_library() -> None:
    """On a bare system nothing else is there when packages are looked for."""
    code = ("import sys\nfor name in ('click', 'rich'): sys.modules[name] = None\n"
            "import redzone_tool.setup, redzone_tool.__main__\n")
    subprocess.run([sys.executable, "-S", "-c", code], check=True,
                   env={"PYTHONPATH": str(paths.root() / "scripts")})


def test_the_launcher_says_what_to_run_without_python(tmp_path: Path) -> None:
    """A copy of the launcher that looks for Python where there is none."""
    text = (paths.root() / "scripts" / "redzone").read_text()
    copy = tmp_path / "redzone"
    copy.write_text(text.replace("python=/usr/bin/python3", f"python={tmp_path}/python3"))
    copy.chmod(0o755)
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("readlink", "dirname", "tail", "mktemp", "rm", "sh"):
        (tools / name).symlink_to(f"/usr/bin/{name}")
    script(tools / "id", "echo 1000")
    script(tools / "apt-get", "exit 100")
    env = {"PATH": str(tools)}
    done = subprocess.run([copy, "list"], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == ENVIRONMENT
    assert done.stderr.count("\n") == 1 and "apt-get install -y" in done.stderr
    script(tools / "id", "echo 0")
    script(tools / "apt-get", f"""
case "$*" in *install*) printf '#!/bin/sh\\necho ran "$@"\\n' > {tmp_path}/python3
  /usr/bin/chmod +x {tmp_path}/python3;; esac""")
    done = subprocess.run([copy, "list"], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0 and "ran -s -m redzone_tool list" in done.stdout
    assert "installing python3" in done.stderr


def test_list_of_flavours_starts_fast() -> None:
    """CPU time, as other tests run beside this one."""
    times = []
    for _ in range(5):
        before = os.times()
        subprocess.run([paths.root() / "scripts" / "redzone", "list", "--flavours"], check=True,
                       capture_output=True)
        after = os.times()
        times.append(after.children_user + after.children_system
                     - before.children_user - before.children_system)
    assert min(times) < 0.3, times
