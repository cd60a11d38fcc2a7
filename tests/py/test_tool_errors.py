# SPDX-License-Identifier: GPL-2.0-only
"""Bad use ends in one clear line on stderr and an exit code other than 0."""

import fcntl
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from conftest import Run

from redzone_tool import paths
from redzone_tool.errors import ENVIRONMENT, INTERRUPTED, USAGE, ToolError, unknown


def said(done: "subprocess.CompletedProcess[str]", code: int, *words: str) -> str:
    """The one line of a failure; checks code, form and content."""
    assert done.returncode == code, done.stderr + done.stdout
    lines = [line for line in done.stderr.splitlines()
             if not re.match(r"redzone: (build|configure) of \S+( took .*)?$", line)]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("redzone: ")
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in lines[0]
    return lines[0]


@pytest.mark.parametrize("arguments,words", [
    (["fuzzz"], ["unknown command", "did you mean fuzz"]),
    (["fuzz", "net_ipv5"], ["unknown target 'net_ipv5'", "net_ipv6", "redzone list"]),
    (["guards", "ipv6"], ["unknown target", "net_ipv6"]),
    (["guards", "net_ipv6", "--guard", "parsers/net/none.c:f:00000000"],
     ["unknown guard", "redzone guards"]),
    (["build", "libfuzer-address"], ["unknown flavour", "libfuzzer-address", "--flavours"]),
    (["reproduce", "CVE-0000-00000"], ["CVE-0000-00000", "redzone list"]),
    (["reproduce", "no/such/file"], ["no/such/file"]),
    (["reproduce", "seeds"], ["folder"]),
    (["fuzz", "net_ipv6", "--bugs", "CVE-0-0"], ["unknown bug"]),
    (["fuzz", "net_ipv6", "--seconds", "x"], ["--seconds"]),
    (["fuzz", "net_ipv6", "--engine", "honggfuzz"], ["--engine"]),
    (["fuzz", "net_ipv6", "--cmplog"], ["--engine afl"]),
    (["fuzz", "net_ipv6", "--corpus", "CMakeLists.txt"], ["not a folder"]),
    (["fuzz"], ["TARGET"]),
    (["new", "Bad-Name"], ["no target name"]),
    (["new", "zz_thing"], ["family"]),
    (["list", "--nonsense"], ["--nonsense"]),
], ids=lambda value: " ".join(value) if isinstance(value, list) else value)
def test_bad_use_is_one_line(redzone: Run, arguments: list[str], words: list[str]) -> None:
    if arguments == ["reproduce", "seeds"]:
        arguments = ["reproduce", str(paths.root() / "seeds")]
    said(redzone(*arguments), USAGE, *words)


def test_empty_and_unreadable_inputs(redzone: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty.bin"
    empty.touch()
    said(redzone("reproduce", str(empty), "--target", "net_ipv6"), USAGE, "is empty")
    folder = tmp_path / "corpus"
    folder.mkdir()
    said(redzone("guards", "net_ipv6", "--corpus", str(folder)), USAGE, "holds no files")
    said(redzone("guards", "net_ipv6", "--corpus", str(folder / "x")), USAGE, "no such folder")


def test_an_unreadable_input_is_named(tmp_path: Path) -> None:
    from redzone_tool import reproduce
    secret = tmp_path / "secret.bin"
    secret.write_bytes(b"x")
    secret.chmod(0)
    if os.geteuid() == 0:       # root reads everything; a folder component it cannot pass
        secret = Path("/proc/self/mem")
    with pytest.raises(ToolError, match="cannot read"):
        reproduce.readable(secret)


def test_a_bad_scenario_names_file_and_line(redzone: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.scn"
    broken.write_text("u8 1\nnonsense 3\n")
    line = said(redzone("reproduce", str(broken), "--target", "net_ipv6"), USAGE)
    assert "broken.scn:2" in line


def test_missing_compiler(redzone: Run, tmp_path: Path) -> None:
    for tool in ("cmake", "ninja"):
        (tmp_path / tool).symlink_to(f"/usr/bin/{tool}")
    done = redzone("build", "native", env={"PATH": str(tmp_path), "REDZONE_NO_SETUP": "1"})
    said(done, ENVIRONMENT, "clang-19", "redzone setup")


def test_missing_packages_without_root_print_the_line_to_run() -> None:
    if os.geteuid() != 0 or not Path("/usr/bin/setpriv").exists():
        pytest.skip("needs root and setpriv to become nobody")
    with tempfile.TemporaryDirectory(prefix="redzone-") as folder:
        os.chmod(folder, 0o755)     # the tree may lie where nobody may look
        shutil.copytree(paths.root() / "scripts" / "redzone_tool",
                        Path(folder) / "redzone_tool")
        check_nobody(folder)


def check_nobody(folder: str) -> None:
    code = ("from redzone_tool import setup, errors\n"
            "import os, shutil\n"
            "setup.GROUPS['cli'] = ('no-such-package-of-redzone',)\n"
            "try:\n    setup.ensure('cli')\n"
            "except errors.ToolError as err:\n    print(err.code, err)\n")
    done = subprocess.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-c",
         code], capture_output=True, text=True, check=True, cwd="/",
        env={"PYTHONPATH": folder, "PATH": "/usr/bin:/bin", "REDZONE_OUT": folder})
    assert done.stdout.startswith(f"{ENVIRONMENT} ")
    assert "apt-get install -y --no-install-recommends no-such-package-of-redzone" in done.stdout


def test_no_space_left(redzone: Run, tmp_path: Path) -> None:
    script = (f"mount -t tmpfs -o size=1m tmpfs {tmp_path} && "
              f"exec {sys.executable} -s -m redzone_tool build native")
    if os.geteuid() != 0:
        pytest.skip("needs root to mount a small file system")
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(paths.root() / "scripts"),
             "REDZONE_OUT": str(tmp_path)}, cwd=paths.root())
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip("may not mount here")
    said(done, ENVIRONMENT, "no space left on device")


def test_a_full_output_device_is_one_line(redzone: Run) -> None:
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(
            [sys.executable, "-s", "-m", "redzone_tool", "list", "--flavours"], stdout=full,
            stderr=subprocess.PIPE, text=True, check=False, cwd=paths.root(),
            env={**os.environ, "PYTHONPATH": str(paths.root() / "scripts")})
    said(done, ENVIRONMENT, "no space left on device")


def test_second_run_on_the_same_corpus(redzone: Run, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    from redzone_tool import locks
    with locks.exclusive(corpus, "redzone fuzz somewhere"):
        done = redzone("fuzz", "net_ipv6", "--seconds", "2", "--corpus", str(corpus))
    said_line = done.stderr.splitlines()[-1]
    assert done.returncode == ENVIRONMENT
    assert "is in use by redzone fuzz somewhere" in said_line
    with locks.exclusive(corpus, "again"):     # released
        pass


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    from redzone_tool import locks
    code = ("import sys, time\nfrom pathlib import Path\nfrom redzone_tool import locks\n"
            f"with locks.exclusive(Path({str(tmp_path)!r}), 'first'):\n"
            "    print('held', flush=True)\n    time.sleep(60)\n")
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True,
                             env={**os.environ, "PYTHONPATH": str(paths.root() / "scripts")})
    assert child.stdout is not None and child.stdout.readline().strip() == "held"
    with pytest.raises(ToolError, match="in use by first"):
        with locks.exclusive(tmp_path, "second"):
            pass
    child.kill()
    child.wait()
    with locks.exclusive(tmp_path, "second"):
        pass


def start_fuzz(tmp_path: Path, *more: str, **popen: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(    # type: ignore[call-overload,no-any-return]
        [sys.executable, "-s", "-m", "redzone_tool", "fuzz", "net_ipv6", "--seconds", "60",
         "--corpus", str(tmp_path / "kept"), *more],
        env={**os.environ, "PYTHONPATH": str(paths.root() / "scripts")}, cwd=paths.root(),
        text=True, start_new_session=True, **popen)


@pytest.mark.full
@pytest.mark.parametrize("engine", ["libfuzzer", "afl"])
def test_ctrl_c_ends_cleanly_and_keeps_the_corpus(engine: str, tmp_path: Path) -> None:
    child = start_fuzz(tmp_path, "--engine", engine, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE)
    kept = tmp_path / "kept"
    deadline = time.monotonic() + 300   # a first run builds
    while time.monotonic() < deadline and not kept.is_dir():
        time.sleep(0.2)
    time.sleep(8)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=30)
    assert child.returncode == INTERRUPTED, err
    assert "interrupted, results kept" in err and "Traceback" not in err
    assert "executions" in out
    assert any(kept.iterdir())
    assert not processes_with(str(kept))


@pytest.mark.full
def test_killing_the_tool_leaves_no_engine_behind(tmp_path: Path) -> None:
    child = start_fuzz(tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    kept = tmp_path / "kept"
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and not processes_with(f"{kept}", "/bin/net_ipv6"):
        time.sleep(0.2)
    child.kill()
    child.wait()
    for _ in range(100):
        if not processes_with(str(kept)):
            break
        time.sleep(0.1)
    assert not processes_with(str(kept))


def processes_with(*words: str) -> list[str]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                text = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if all(word in text for word in words):
                found.append(text)
    return found


@pytest.mark.full
def test_on_a_terminal_there_is_a_panel(tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    child = start_fuzz(tmp_path, stdout=follower, stderr=follower, stdin=follower)
    os.close(follower)
    flags = fcntl.fcntl(leader, fcntl.F_GETFL)
    fcntl.fcntl(leader, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    text, deadline = b"", time.monotonic() + 300
    while time.monotonic() < deadline and b"per second" not in text:
        try:
            text += os.read(leader, 65536)
        except BlockingIOError:
            time.sleep(0.1)
        except OSError:
            break
    child.send_signal(signal.SIGINT)
    child.wait(30)
    os.close(leader)
    assert b"per second" in text and b"Ctrl-C" in text


def test_unknown_names_the_closest() -> None:
    err = unknown("target", "net_ipv5", ["net_ipv6", "bt_smp"], "`redzone list`")
    assert str(err).startswith("unknown target 'net_ipv5': did you mean net_ipv6? ")
    assert "did you mean" not in str(unknown("target", "zzz", ["net_ipv6"], "x"))
    assert "did you mean CVE-2026-1" in str(unknown("bug", "cve-2026-1x", ["CVE-2026-1"], "x"))


def test_help_documents_exit_codes(redzone: Run) -> None:
    done = redzone("--help")
    assert done.returncode == 0
    for word in ("Exit codes", "interrupted", "fuzz", "reproduce"):
        assert word in done.stdout


def test_a_closed_pipe_is_silent() -> None:
    done = subprocess.run(
        f"{sys.executable} -s -m redzone_tool list --flavours | head -n 1", shell=True,
        capture_output=True, text=True, check=False, cwd=paths.root(),
        env={**os.environ, "PYTHONPATH": str(paths.root() / "scripts")})
    assert "Traceback" not in done.stderr and "Error" not in done.stderr


def test_locks_of_folders_with_the_same_name_are_two(tmp_path: Path) -> None:
    from redzone_tool import locks
    for name in ("a", "b"):
        (tmp_path / name / "x" / "y" / "z").mkdir(parents=True)
    with locks.exclusive(tmp_path / "a" / "x" / "y" / "z", "one"):
        with locks.exclusive(tmp_path / "b" / "x" / "y" / "z", "two"):
            pass


@pytest.mark.full
def test_two_runs_side_by_side_do_not_meet(redzone: Run, tmp_path: Path) -> None:
    first = start_fuzz(tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(2)
    second = redzone("fuzz", "net_ipv6", "--seconds", "4", "--corpus", str(tmp_path / "other"))
    assert second.returncode in (0, 1), second.stderr
    assert first.poll() is None
    first.send_signal(signal.SIGINT)
    _, err = first.communicate(timeout=30)
    assert first.returncode == INTERRUPTED, err
