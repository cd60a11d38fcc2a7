# SPDX-License-Identifier: GPL-2.0-only
"""Rules for the files that OSS-Fuzz and ClusterFuzzLite themselves read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import]

LICENCE = "http://www.apache.org/licenses/LICENSE-2.0"
KNOWN: dict[str, set[str]] = {
    "sanitizers": {"address", "none", "memory", "undefined", "thread", "coverage",
                   "introspector", "hwaddress"},
    "architectures": {"i386", "x86_64", "aarch64"},
    "fuzzing_engines": {"libfuzzer", "afl", "honggfuzz", "centipede", "none", "wycheproof"},
}
PLACEHOLDER = "redzone.example"
LANGUAGES = {"c", "c++", "go", "javascript", "jvm", "python", "rust", "swift", "ruby"}
KEYS = set(KNOWN) | {
    "auto_ccs", "blackbox", "builds_per_day", "coverage_extra_args", "disabled",
    "disable_remediation", "disable_remediation_pre_review", "help_url", "homepage", "language",
    "labels", "main_repo", "primary_contact", "run_tests", "selective_unpack", "vendor_ccs",
    "view_restrictions", "file_github_issue", "indexer", "base_os_version"}


def check(root: Path) -> Iterator[str]:
    """Every broken rule in scripts/oss-fuzz and .clusterfuzzlite."""
    oss_fuzz, lite = root / "scripts" / "oss-fuzz", root / ".clusterfuzzlite"
    for folder in (oss_fuzz, lite):
        where = folder.relative_to(root)
        for name in ("project.yaml", "Dockerfile", "build.sh"):
            path = folder / name
            if not path.is_file():
                yield f"{where}/{name} is missing"
            elif LICENCE not in path.read_text(encoding="utf-8"):
                yield f"{where}/{name} lacks the Apache licence header"
    yield from check_yaml(oss_fuzz / "project.yaml", ("main_repo", "primary_contact", "language"))
    yield from check_yaml(lite / "project.yaml", ("language",))
    yield from check_clone(oss_fuzz)
    yield from check_script(oss_fuzz / "build.sh")


def to_fill(root: Path) -> list[str]:
    """Values that only the maintainer can give, and has not yet.

    They stand below the domain .example, which is reserved and reaches nobody.
    """
    folder = root / "scripts" / "oss-fuzz"
    found = []
    for key in ("homepage", "main_repo", "primary_contact"):
        if PLACEHOLDER in str(_yaml(folder / "project.yaml").get(key, "")):
            found.append(f"scripts/oss-fuzz/project.yaml: {key} is a placeholder: "
                         "for the maintainer to fill in before OSS-Fuzz takes the project")
    dockerfile = folder / "Dockerfile"
    if dockerfile.is_file() and PLACEHOLDER in dockerfile.read_text(encoding="utf-8"):
        found.append("scripts/oss-fuzz/Dockerfile clones a placeholder: it gets main_repo")
    return found


def _yaml(path: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError):
        return {}
    return data if isinstance(data, dict) else {}


def check_clone(folder: Path) -> Iterator[str]:
    """The container clones the repository that project.yaml names."""
    repository = str(_yaml(folder / "project.yaml").get("main_repo", ""))
    dockerfile = folder / "Dockerfile"
    if repository and dockerfile.is_file() and repository not in dockerfile.read_text("utf-8"):
        yield f"Dockerfile does not clone main_repo, {repository}"


def check_yaml(path: Path, needed: tuple[str, ...]) -> Iterator[str]:
    """Keys and values of a project.yaml."""
    try:
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        yield f"{path.name}: {' '.join(str(error).split())}"
        return
    if not isinstance(data, dict):
        yield f"{path.name} holds no keys"
        return
    for key in sorted(set(data) - KEYS):
        yield f"{path.name}: unknown key {key}"
    for key in needed:
        if not data.get(key):
            yield f"{path.name}: {key} is missing"
    if data.get("language") not in LANGUAGES:
        yield f"{path.name}: unknown language {data.get('language')}"
    for key, known in KNOWN.items():
        for value in data.get(key) or ():
            name = next(iter(value)) if isinstance(value, dict) else value
            if name not in known:
                yield f"{path.name}: unknown {key} value {name}"


def check_script(path: Path) -> Iterator[str]:
    """The build script takes sanitizer and engine from its environment."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        return
    for word in ("-fsanitize", "-lFuzzer", "libFuzzingEngine"):
        if word in text:
            yield f"build.sh hard-codes {word}"
    for name in ("$LIB_FUZZING_ENGINE", "$CC", "$OUT"):
        if name not in text:
            yield f"build.sh does not use {name}"
