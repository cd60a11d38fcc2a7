# SPDX-License-Identifier: GPL-2.0-only
"""OSS-Fuzz: the files it reads, what build.sh hands over, and the checks on both."""

import stat
import zipfile
from pathlib import Path

import pytest

from redzone_tool import catalogue, paths, replay, seeds
from redzone_tool.commands import oss_fuzz_check
from redzone_tool.errors import ToolError
from redzone_tool.ossfuzz import architectures, artefacts, checks, environment, project


def test_the_files_keep_the_rules() -> None:
    assert list(project.check(paths.root())) == []


@pytest.mark.parametrize("text, complaint", [
    ("language: c\nprimary_contact: a@b.c\n", "main_repo is missing"),
    ("language: cobol\nmain_repo: x\nprimary_contact: a@b.c\n", "unknown language cobol"),
    ("language: c\nmain_repo: x\nprimary_contact: a@b.c\nsanitizer: [address]\n",
     "unknown key sanitizer"),
    ("language: c\nmain_repo: x\nprimary_contact: a@b.c\nsanitizers: [adress]\n",
     "unknown sanitizers value adress"),
    ("language: [", "project.yaml"),
    ("- a\n", "holds no keys"),
])
def test_a_wrong_project_file_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "project.yaml"
    path.write_text(text)
    found = list(project.check_yaml(path, ("main_repo", "primary_contact", "language")))
    assert any(complaint in line for line in found), found


def test_a_script_that_chooses_the_sanitizer_is_named(tmp_path: Path) -> None:
    script = tmp_path / "build.sh"
    script.write_text("$CC -fsanitize=address x.c -o $OUT/x $LIB_FUZZING_ENGINE\n")
    assert list(project.check_script(script)) == ["build.sh hard-codes -fsanitize"]
    script.write_text("$CC x.c -o $OUT/x\n")
    assert list(project.check_script(script)) == ["build.sh does not use $LIB_FUZZING_ENGINE"]


def test_files_without_the_licence_are_named(tmp_path: Path) -> None:
    (tmp_path / "scripts" / "oss-fuzz").mkdir(parents=True)
    (tmp_path / "scripts" / "oss-fuzz" / "Dockerfile").write_text("FROM x\n")
    found = list(project.check(tmp_path))
    assert "scripts/oss-fuzz/Dockerfile lacks the Apache licence header" in found
    assert ".clusterfuzzlite/build.sh is missing" in found


@pytest.mark.parametrize("text, complaint", [
    ("[libfuzzer]\nmax_len = many\n", "no number"),
    ("[libfuzzer]\ntimeout = 26\n", "above 25 s"),
    ("[libfuzzer]\nrss_limit_mb = 4096\n", "above 2560"),
    ("[fuzzer]\nmax_len = 4\n", "unknown section"),
    ("max_len = 4\n", "cannot be read"),
])
def test_wrong_options_are_named(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "x.options").write_text(text)
    found = list(checks.check_options(tmp_path / "x.options"))
    assert any(complaint in line for line in found), found
    assert list(checks.check_options(tmp_path / "y.options")) == ["there is no .options file"]


def build_of(folder: Path, sanitizer: str = "address") -> environment.Build:
    build = environment.Build("libfuzzer", sanitizer, folder)
    build.out.mkdir(parents=True)
    return build


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n# LLVMFuzzerTestOneInput\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_a_target_that_is_none_is_named(tmp_path: Path) -> None:
    """Every rule that a plain script breaks is reported, and what was not built is missed."""
    build = build_of(tmp_path)
    script(build.out / "Bad-Name", "echo hello > left-behind; exit 3")
    artefacts.write_corpus(build.out / "Bad-Name_seed_corpus.zip", {"a": b"a"})
    found = "\n".join(checks.check(build, ["good"]))
    for complaint in ("targets in $OUT: Bad-Name; built: good", "other characters",
                      "only 0 calls into address's run time", "does not start (exit 3)",
                      "no .options file", "something was written"):
        assert complaint in found, (complaint, found)


def test_too_few_edges_and_unread_seeds_are_named(tmp_path: Path) -> None:
    build = build_of(tmp_path, "none")
    script(build.out / "few", "echo 'INFO: Loaded 1 modules   (7 inline 8-bit counters): 7 [a]'; "
                              "echo 'INFO:        1 files found in x'; echo 'Done 4 runs in 0 s'")
    artefacts.write_corpus(build.out / "few_seed_corpus.zip", {"a": b"a", "b": b"b"})
    found = "\n".join(checks.check(build, ["few"]))
    assert "fewer than 100 edges: 7" in found and "read 1 seeds of 2" in found


def test_a_target_that_hangs_is_ended(tmp_path: Path) -> None:
    code, _ = checks.run(["sh", "-c", "sleep 60 & sleep 60"], tmp_path, 0.5)
    assert code == -9


def test_unknown_engine_or_sanitizer(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="afi"):
        environment.chosen(("afi",), (), tmp_path)
    with pytest.raises(ToolError, match="no engine and sanitizer left"):
        environment.chosen(("afl",), ("memory",), tmp_path)


@pytest.mark.parametrize("target", [t.name for t in catalogue.targets()])
def test_the_seed_corpus_holds_seeds_and_proofs(target: str, tmp_path: Path) -> None:
    info = catalogue.target(target)
    inputs = artefacts.corpus(target, info.max_len)
    short = {f.read_bytes() for f in seeds.files(target)
             if 0 < f.stat().st_size <= info.max_len}
    assert short <= set(inputs.values())
    for bug in catalogue.bugs(target):
        data = bug.input.read_bytes()
        assert (data in inputs.values()) == (len(data) <= info.max_len)
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    artefacts.write_corpus(first, inputs)
    artefacts.write_corpus(second, dict(reversed(inputs.items())))
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert len(archive.namelist()) == len(inputs)


@pytest.mark.full
def test_a_build_without_docker_keeps_the_rules(tmp_path: Path) -> None:
    """One of the builds end to end; `redzone oss-fuzz-check` does all of them."""
    [build] = environment.chosen(("libfuzzer",), ("undefined",), tmp_path)
    names = oss_fuzz_check.build_out(build)
    assert names == [t.name for t in catalogue.targets()]
    assert list(checks.check(build, names)) == []
    assert not [p for p in checks.targets_in(build.out) if "replay" in p.name]


def test_placeholders_are_warned_of(tmp_path: Path) -> None:
    folder = tmp_path / "scripts" / "oss-fuzz"
    folder.mkdir(parents=True)
    (folder / "project.yaml").write_text("homepage: https://a.org\nmain_repo: https://a.org/x\n"
                                         "primary_contact: me@redzone.example\n")
    (folder / "Dockerfile").write_text("RUN git clone https://a.org/x\n")
    [warning] = project.to_fill(tmp_path)
    assert "primary_contact is a placeholder" in warning and "maintainer" in warning
    assert list(project.check_clone(folder)) == []
    (folder / "Dockerfile").write_text("RUN git clone https://redzone.example/x\n")
    assert len(project.to_fill(tmp_path)) == 2
    assert list(project.check_clone(folder)) == [
        "Dockerfile does not clone main_repo, https://a.org/x"]


def test_an_architecture_without_its_packages_is_said(monkeypatch: pytest.MonkeyPatch,
                                                      tmp_path: Path) -> None:
    nowhere = architectures.Architecture("i386", "--target=i386-none -nostdinc", "libc6-x", "y")
    assert architectures.check(nowhere, tmp_path).missing == (
        "no C library for it: apt-get install libc6-x")
    monkeypatch.setenv("MBEDCRYPTO_I386", str(tmp_path / "none"))
    with pytest.raises(ToolError, match="no file"):
        architectures.crypto_library(nowhere)
    with pytest.raises(ToolError, match="did you mean aarch64"):
        architectures.chosen(["arm64"])


def test_seeds_that_behave_otherwise_are_named(tmp_path: Path,
                                               monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that answers one seed as the reference does, and another not at all."""
    target = catalogue.target("net_ipv6")
    monkeypatch.setattr(catalogue, "targets", lambda: [target])
    monkeypatch.setattr(seeds, "files", lambda name: files)
    files = seeds_of(target.name)
    exe = str(replay.binary(architectures.REFERENCE))
    assert architectures.compare([exe]) == (2, [])
    script(tmp_path / "one", f'head -n 1 "$4" > {tmp_path}/list\n'
                             f'exec {exe} "$1" run --manifest {tmp_path}/list')
    count, problems = architectures.compare([str(tmp_path / "one")])
    assert count == 1 and len(problems) == 1
    assert problems[0].startswith("net_ipv6: 1 of 2 seeds behave otherwise, first ")


def seeds_of(target: str) -> list[Path]:
    folder = paths.out() / "seeds" / target / "valid"
    return sorted(folder.iterdir())[:2]
