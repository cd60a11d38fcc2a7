# SPDX-License-Identifier: GPL-2.0-only
"""Survival, rank tests and discovery against published values and brute force."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from itertools import combinations, permutations

import pytest
from scipy import stats as sps

from redzone_tool import discovery, paths, ranks, stats, survival
from redzone_tool.survival import Sample

# Remission times in weeks of Freireich et al. 1963; + is censored.
TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def _sample(text: str) -> Sample:
    words = text.split()
    return Sample(tuple(float(w.rstrip("+")) for w in words),
                  tuple(not w.endswith("+") for w in words))


def test_kaplan_meier_as_published() -> None:
    steps = survival.curve(_sample(TREATED))
    shown = {s.time: round(s.survival, 3) for s in steps}
    assert shown == {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert [s.at_risk for s in steps] == [21, 17, 15, 12, 11, 7, 6]
    ten = survival.at(steps, 12.0, 21)
    # the normal quantile would give 0.503 and 0.889
    assert 0.48 < ten.low < 0.503 and 0.889 < ten.high < 0.90


def test_log_rank_as_published() -> None:
    p = survival.log_rank(_sample(TREATED), _sample(PLACEBO))
    assert p == pytest.approx(float(sps.chi2.sf(16.793, 1)), rel=1e-2)


def test_log_rank_of_nothing_says_nothing() -> None:
    quiet = Sample((1.0, 1.0), (False, False))
    assert survival.log_rank(quiet, quiet) == 1.0
    same = Sample((1.0, 1.0), (True, True))
    assert survival.log_rank(same, same) == 1.0


def test_a_curve_ends_at_zero_with_an_exact_band() -> None:
    steps = survival.curve(Sample((1.0, 2.0, 3.0, 4.0, 5.0, 6.0), (True,) * 6))
    assert steps[-1].survival == 0.0 and steps[-1].low == 0.0
    assert steps[-1].high == pytest.approx(1 - stats.clopper_pearson(6, 6).low)
    assert survival.curve(Sample((5.0,), (False,))) == []
    before = survival.at([], 1.0, 10)
    assert (before.survival, before.weak) == (1.0, True)
    assert before.low == pytest.approx(1 - stats.clopper_pearson(0, 10).high)


def test_samples_know_how_long_they_were_watched() -> None:
    sample = Sample.of([2.0, math.inf, 7.0], [5.0, 5.0, 5.0])
    assert sample == Sample((2.0, 5.0, 5.0), (True, False, False))
    assert sample.values == [2.0, math.inf, math.inf] and sample.hits == 1
    assert sample.until(1.0) == Sample((1.0, 1.0, 1.0), (False, False, False))
    with pytest.raises(ValueError):
        Sample((math.inf,), (True,))
    with pytest.raises(ValueError):
        Sample((1.0,), ())


def test_restricted_mean_is_the_area_under_the_curve() -> None:
    got = survival.restricted_mean(Sample((1.0, 3.0, 4.0, 4.0), (True, True, False, False)))
    assert got.value == 3.0 and got.low < 3.0 < got.high <= 4.0
    with pytest.raises(ValueError):
        survival.restricted_mean(Sample((1.0, 4.0), (True, False)), 5.0)
    assert survival.restricted_mean(Sample((), ())).value is None


def test_rate_of_nothing_is_a_limit() -> None:
    got = survival.rate(Sample((10.0,) * 3, (False,) * 3))
    assert got.value is None and got.low == 0.0
    assert got.high == pytest.approx(3.0 / 30, rel=2e-3)


def test_rate_is_never_narrower_than_poisson() -> None:
    sample = Sample((1.0, 9.0, 10.0, 2.0, 10.0), (True, True, False, True, False))
    got, exact = survival.rate(sample, 10.0), stats.poisson_rate(3, 32.0)
    assert got.value == pytest.approx(3 / 32)
    assert got.low <= exact.low and got.high >= exact.high


def test_too_few_events_have_no_shape() -> None:
    got = survival.shape(Sample((1.0, 2.0, 9.0), (True, True, False)))
    assert got.p is None and got.constant


@pytest.mark.parametrize("a,b", [
    ([1, 2, 3], [4, 5, 6, 7]), ([1, 1, 2], [1, 2, 2, 9]), ([3, 3], [3, 3, 3]),
    ([1, math.inf, math.inf], [2, math.inf, 5, 7]), ([5], [1, 2, 3])])
def test_mann_whitney_is_exact_with_ties(a: list[float], b: list[float]) -> None:
    """Against all ways to choose which trials were A's."""
    doubled = ranks.midranks([*a, *b])
    middle = len(a) * sum(doubled) / len(doubled)
    observed = abs(sum(doubled[:len(a)]) - middle)
    all_sums = [abs(sum(c) - middle) for c in combinations(doubled, len(a))]
    expected = sum(s >= observed - 1e-9 for s in all_sums) / len(all_sums)
    assert ranks.mann_whitney(a, b) == pytest.approx(expected)
    assert ranks.mann_whitney(b, a) == pytest.approx(expected)


def test_mann_whitney_without_ties_is_scipys() -> None:
    rng = random.Random(2)
    for _ in range(10):
        a = [rng.random() for _ in range(9)]
        b = [rng.random() + 0.2 for _ in range(12)]
        assert ranks.mann_whitney(a, b) == pytest.approx(
            float(sps.mannwhitneyu(a, b, method="exact").pvalue))


def test_mann_whitney_of_many_is_the_normal_one() -> None:
    a, b = list(range(300)), list(range(50, 350))
    assert ranks.mann_whitney(a, b) == pytest.approx(
        float(sps.mannwhitneyu(a, b, method="asymptotic").pvalue))


def test_a12_stays_an_interval_at_its_ends() -> None:
    best = ranks.a12([5, 6, 7, 8], [1, 2, 3, 4])
    assert best.value == 1.0 and 0.4 < best.low < 0.9 and best.high == pytest.approx(1.0)
    even = ranks.a12([1, 2], [1, 2])
    assert even.value == 0.5 and even.low < 0.5 < even.high and even.size == "negligible"
    assert ranks.a12([1, 2, 9], [2, 3, 1]).value == pytest.approx((0.5 + 1 + 0.5 + 3) / 9)
    swapped = ranks.a12([1, 2, 3, 4], [5, 6, 7, 8])
    assert (swapped.low, swapped.high) == pytest.approx((1 - best.high, 1 - best.low))
    assert best.size == "large"


def test_holm_as_published() -> None:
    assert ranks.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert ranks.holm([]) == []


def test_good_turing_counts_what_one_trial_found() -> None:
    got = discovery.estimate([{"a", "b"}, {"a"}, {"a", "c"}, set()])
    assert (got.found, got.singletons, got.expected_new, got.probability) == (3, 2, 0.5, 0.5)
    assert discovery.estimate([{"a"}, {"a"}]).high == pytest.approx(stats.share_limit(2))
    assert discovery.estimate([]).probability == 1.0


def test_scores_are_means_over_all_orders() -> None:
    trials = [{"a", "b"}, {"a"}, {"a", "c"}, {"d"}]
    for row in discovery.score(trials):
        predicted, actual = [], []
        for order in permutations(trials):
            first = order[:row.after]
            predicted.append(discovery.estimate(first).expected_new)
            actual.append(len(order[row.after] - set().union(*first)))
        assert row.predicted == pytest.approx(sum(predicted) / len(predicted))
        assert row.actual == pytest.approx(sum(actual) / len(actual))


def test_leaving_one_bug_out() -> None:
    rows = {r.bug: r for r in discovery.leave_one_out([{"a"}, {"a", "b"}, {"a"}], "abz")}
    assert math.isinf(rows["z"].waited) and rows["z"].predicted > 0
    assert rows["a"].found_by == 3 and rows["a"].predicted == 0.0, "never hidden"
    assert rows["b"].waited == 2.0


def test_discovery_from_counters() -> None:
    got = discovery.per_execution([0, 1, 1, 50], 1000)
    assert (got.found, got.singletons, got.expected_new) == (3, 2, 0.002)
    quiet = discovery.per_execution([5, 7], 1000)
    assert quiet.probability == 0 and quiet.high == pytest.approx(0.003, rel=2e-3)


def test_help_does_not_load_the_statistics() -> None:
    """Numpy, scipy and statsmodels together take longer than the whole help does."""
    code = ("import sys; from redzone_tool import cli; cli.main(['--help']); "
            "sys.exit(bool({'scipy', 'statsmodels', 'numpy'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-s", "-c", code], capture_output=True, text=True,
                          check=False, cwd=paths.root() / "scripts")
    assert done.returncode == 0 and "measure" in done.stdout
