# SPDX-License-Identifier: GPL-2.0-only
"""What holds for the mutator of every target: bounds, repeatability, trailers, dictionaries."""

import ctypes
import re
from collections.abc import Callable

import pytest
from redzone_tool import catalogue, paths, scn_sums, seeds

import mutator_lib
from mutator_lib import mutate

TARGETS = sorted(mutator_lib.targets().items())
NAMES = [name for name, _ in TARGETS]
Library = Callable[[str], ctypes.CDLL]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    loaded: dict[str, ctypes.CDLL] = {}

    def get(target: str) -> ctypes.CDLL:
        source = mutator_lib.targets()[target]
        if source not in loaded:
            loaded[source] = mutator_lib.load(source, tmp_path_factory.mktemp("mutator"))
        return loaded[source]

    return get


def inputs(target: str) -> list[bytes]:
    """Some seeds: the shortest, a long one with room to grow, one in the middle."""
    found = sorted((p.read_bytes() for p in seeds.files(target, "valid")), key=len)
    found = [data for data in found if len(data) <= mutator_lib.MAX // 2]
    return [found[0], found[-1], found[len(found) // 2]]


@pytest.mark.parametrize("target", NAMES)
def test_the_same_seed_gives_the_same_bytes(library: Library, target: str) -> None:
    _, longest, other = inputs(target)
    first = [mutate(library(target), longest, seed, other) for seed in range(300)]
    assert first == [mutate(library(target), longest, seed, other) for seed in range(300)]
    assert len(set(first)) > 240


@pytest.mark.parametrize("target", NAMES)
def test_bounds_hold_for_every_size(library: Library, target: str) -> None:
    shortest, longest, other = inputs(target)
    other += scn_sums.control_trailer(layout=9, env=3)
    for seed in range(3000):
        data = longest[:seed % (len(longest) + 1)]
        mutate(library(target), data, seed, other, room=max(len(data), seed % 300))
        mutate(library(target), shortest, seed, other)
    mutate(library(target), longest + bytes(200_000), 1, room=300_000)


@pytest.mark.parametrize("target", NAMES)
def test_inputs_of_nothing_but_noise_are_no_trouble(library: Library, target: str) -> None:
    for seed in range(1000):
        noise = bytes((seed * 31 + i * i * 7) & 0xFF for i in range(seed % 90))
        mutate(library(target), noise, seed, noise[::-1])
        mutator_lib.repair(library(target), noise)


@pytest.mark.parametrize("target", NAMES)
def test_trailers_come_and_stay_valid(library: Library, target: str) -> None:
    data = inputs(target)[2]
    if scn_sums.has_control_trailer(data):
        data = data[:-scn_sums.CONTROL_SIZE]
    added = [mutate(library(target), data, seed) for seed in range(1000)]
    assert 20 < sum(map(scn_sums.has_control_trailer, added)) < 500
    data += scn_sums.control_trailer(layout=7, env=2)
    kept = [m for m in (mutate(library(target), data, seed) for seed in range(1000))
            if scn_sums.has_control_trailer(m)]
    assert len(kept) > 700 and len({m[-scn_sums.CONTROL_SIZE:] for m in kept}) > 20


@pytest.mark.parametrize("target", NAMES)
def test_the_afl_module_mutates_too(library: Library, target: str) -> None:
    made = mutator_lib.afl_mutants(library(target), inputs(target)[1], 300)
    assert len(set(made)) > 240


@pytest.mark.parametrize("target", [t.name for t in catalogue.targets()])
def test_the_dictionary_is_one_that_both_engines_read(target: str) -> None:
    names = set()
    text = (paths.root() / "dictionaries" / f"{target}.dict").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            match = re.fullmatch(r'([a-z0-9_]+)="((?:\\x[0-9a-f]{2})+)"', line)
            assert match, line
            assert match.group(1) not in names
            names.add(match.group(1))
            assert len(match.group(2)) // 4 <= 32      # AFL++ cuts longer tokens
    assert len(names) > 8
