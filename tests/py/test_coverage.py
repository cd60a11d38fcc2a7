# SPDX-License-Identifier: GPL-2.0-only
"""Source coverage: what the command says against inputs whose way through the port is known."""

import dataclasses
import html
import json
from pathlib import Path
from typing import Any

import pytest

from redzone_tool import catalogue, coverage, coverage_pages, guardtable, paths, replay, scn
from redzone_tool.errors import ToolError

SHORT = b"\x02\0\0\0\0\1\x02\0"             # no Ethernet header
UDP = scn.compile_text("eth\nipv6\nudp")


def measured(redzone, folder: Path, *options: str) -> dict[str, Any]:  # type: ignore
    done = redzone("coverage", "net_ipv6", "--corpus", str(folder), "--no-html", "--json",
                   *options)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert isinstance(result, dict)
    return result


def test_runs_join_over_lines_without_code() -> None:
    assert coverage.runs({1: 1, 2: 0, 4: 0, 5: 3, 9: 0}) == ((2, 4), (9, 9))
    assert coverage.runs({}) == ()


def test_counts_add_up_and_divide() -> None:
    both = coverage.Count(4, 1) + coverage.Count(4, 3)
    assert both == coverage.Count(8, 4) and both.percent == 50
    assert coverage.Count(0, 0).percent == 100


def test_what_an_input_reaches_is_covered(redzone, tmp_path: Path) -> None:  # type: ignore
    (tmp_path / "short").write_bytes(SHORT)
    few = measured(redzone, tmp_path)
    (tmp_path / "udp").write_bytes(UDP)
    more = measured(redzone, tmp_path)
    assert few["inputs"] == 1 and more["inputs"] == 2
    assert 0 < few["total"]["lines"]["covered"] < more["total"]["lines"]["covered"]
    files = {f["file"]: f for f in few["files"]}
    core = files["parsers/net/ip6_input.c"]
    assert core["lines"]["covered"] == 0 and "ip6_rcv_core" in core["uncovered_functions"]
    assert files["parsers/net/eth.c"]["lines"]["covered"] > 0
    reached = {f["file"]: f for f in more["files"]}["parsers/net/ip6_input.c"]
    assert reached["lines"]["covered"] > 0
    assert "ip6_rcv_core" not in reached["uncovered_functions"]


def test_uncovered_lines_lie_in_uncovered_functions(redzone,  # type: ignore
                                                    tmp_path: Path) -> None:
    (tmp_path / "short").write_bytes(SHORT)
    files = measured(redzone, tmp_path, "--file", "tunnel6.c")["files"]
    assert [f["file"] for f in files] == ["parsers/net/tunnel6.c"]
    source = (paths.root() / files[0]["file"]).read_text(encoding="utf-8").splitlines()
    shown = "\n".join(source[i - 1] for first, last in files[0]["uncovered_lines"]
                      for i in range(first, last + 1))
    assert all(name in shown for name in files[0]["uncovered_functions"])


def test_pages_and_table_over_the_seeds(redzone, tmp_path: Path) -> None:  # type: ignore
    done = redzone("coverage", "net_ipv6", "--uncovered", "--least", "101")
    assert done.returncode == 2
    done = redzone("coverage", "net_ipv6", "--uncovered", "--least", "1")
    assert done.returncode == 0, done.stderr
    assert "parsers/net/exthdrs.c" in done.stdout and "functions never called" in done.stdout
    page = paths.out() / "coverage" / "net_ipv6" / "index.html"
    text = page.read_text(encoding="utf-8")
    assert "exthdrs.c" in text and "skbuff.c" not in text
    assert redzone("coverage", "net_ipv6", "--no-html", "--least", "100").returncode == 1
    source = (page.parent / "coverage" / "parsers" / "net" / "exthdrs.c.html").read_text()
    guards = [g for g in catalogue.guards() if g.file == "parsers/net/exthdrs.c"]
    assert source.count("<span class='rz-guard") == len(guards) > 50
    assert all(f"title='{html.escape(g.id)}'" in source for g in guards)
    lcov = (page.parent / "coverage.lcov").read_text()
    assert "SF:parsers/net/exthdrs.c\n" in lcov and "skbuff.c" not in lcov
    assert json.loads((page.parent / "summary.json").read_text())["targets"] == ["net_ipv6"]


def test_notes_stand_at_their_lines_and_stay_text() -> None:
    guard = catalogue.Guard(0, "net/x.c:f:1", "parsers/net/x.c", 2, "f", "a < b", None)
    page = "".join(
        f"<tr><td class='line-number'><a name='L{n}' href='#L{n}'><pre>{n}</pre></a></td>"
        f"<td class='code'><pre>line {n}</pre></td></tr>" for n in (1, 2, 22))
    silent = guardtable.Row(guard, 0, 0)
    bad = guardtable.Row(dataclasses.replace(guard, id="<b>'"), 3, 1, "corruption")
    text, placed = coverage_pages.marked(page, [silent, bad])
    assert placed == 2
    assert text.index("line 2</pre>") < text.index("rz-silent") < text.index("line 22")
    assert "violated by 1 inputs; lost: corruption" in text
    assert "<b>" not in text and "&lt;b&gt;&#x27;" in text
    both = coverage_pages.merged([[silent], [guardtable.Row(guard, 2, 1)]])
    assert (both[guard.id].reached, both[guard.id].violated) == (2, 1)


def test_faulting_inputs_are_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    played: list[list[str]] = []

    def run(target: str, files: list[Path], flavour: str, env: Any) -> list[replay.Result]:
        played.append([f.name for f in files])
        return [replay.Result(f, fault="dies" if f.name == "bad" else "") for f in files]

    monkeypatch.setattr(replay, "run", run)
    files = [tmp_path / "a", tmp_path / "bad", tmp_path / "b"]
    assert coverage.play("t", files, tmp_path / "profiles") == [tmp_path / "bad"]
    assert played == [["a", "bad", "b"], ["a", "b"]]


@pytest.mark.parametrize("arguments, message", [
    (("nosuch",), "unknown target"),
    (("net_ipv6", "--file", "nosuch.c"), "no port file matches nosuch.c"),
    (("net_ipv6", "--corpus", "/nonexistent"), "cannot read /nonexistent"),
])
def test_bad_use(redzone, arguments: tuple[str, ...], message: str) -> None:  # type: ignore
    done = redzone("coverage", *arguments)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert message in done.stderr


def test_an_empty_corpus_says_so(redzone, tmp_path: Path) -> None:  # type: ignore
    done = redzone("coverage", "net_ipv6", "--corpus", str(tmp_path))
    assert done.returncode == 2 and "no input was played" in done.stderr


def test_tools_that_fail_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ToolError, match="false failed"):
        coverage._run(["false"])
