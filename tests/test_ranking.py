"""The ranking formula against values computed by hand."""

import sys
from math import log
from subprocess import run

import numpy as np
import pytest

from newsearch import ranking
from newsearch.errors import ConfigError
from newsearch.model import FieldWeights, RankingSettings


class TestIdf:
    @pytest.mark.parametrize(
        ("documents", "frequency", "expected"),
        [
            (1, 1, 0.28768207245178085),  # ln(1 + 0.5 / 1.5) = ln(4/3)
            (10, 0, 3.091042453358316),  # ln(1 + 10.5 / 0.5) = ln 22
            (10, 3, 1.1451323043030026),  # ln(1 + 7.5 / 3.5) = ln(22/7)
            (10, 10, 0.04652001563489291),  # ln(1 + 0.5 / 10.5) = ln(22/21)
        ],
    )
    def test_it_is_the_logarithm_of_one_plus_the_odds(self, documents: int, frequency: int, expected: float) -> None:
        assert ranking.idf(documents, frequency) == pytest.approx(expected, rel=1e-14)

    def test_a_word_of_every_article_still_counts(self) -> None:
        assert ranking.idf(1_000_000, 1_000_000) > 0

    def test_rarer_is_more(self) -> None:
        values = [ranking.idf(100, frequency) for frequency in range(101)]
        assert values == sorted(values, reverse=True)


class TestLengthNorm:
    @pytest.mark.parametrize(
        ("length", "average", "b", "expected"),
        [
            (10.0, 10.0, 0.75, 1.0),
            (20.0, 10.0, 0.75, 1.75),
            (0.0, 10.0, 0.75, 0.25),
            (5.0, 10.0, 0.0, 1.0),
            (5.0, 10.0, 1.0, 0.5),
            (1.0, 0.5, 0.75, 1.75),
        ],
    )
    def test_it_grows_with_the_length_as_b_says(self, length: float, average: float, b: float, expected: float) -> None:
        assert ranking.length_norm(length, average, b) == pytest.approx(expected)

    def test_it_is_one_where_no_article_has_the_field(self) -> None:
        assert ranking.length_norm(0.0, 0.0, 0.75) == 1.0

    def test_it_is_one_whatever_the_length_where_the_average_says_nothing(self) -> None:
        assert ranking.length_norm(7.0, 0.0, 0.75) == 1.0

    def test_it_never_is_zero(self) -> None:
        assert ranking.length_norm(0.0, 10.0, 1.0) > 0


class TestBm25f:
    def test_one_word_by_hand(self) -> None:
        """10 articles, 3 with the word; twice in a title of 4 words (average 8), once in a body of 100 (average 50)."""
        # title: 2 * 2 / (0.25 + 0.75 * 0.5) = 6.4; body: 1 / (0.25 + 0.75 * 2) = 0.571428...; x = 6.971428...
        x = 2 * 2 / ranking.length_norm(4.0, 8.0, 0.75) + 1 * 1 / ranking.length_norm(100.0, 50.0, 0.75)
        assert x == pytest.approx(244 / 35)
        assert ranking.idf(10, 3) * ranking.saturate(x, 1.2) == pytest.approx(log(22 / 7) * 244 / 286, rel=1e-14)

    def test_saturation_is_a_half_at_k1_and_never_one(self) -> None:
        assert ranking.saturate(1.2, 1.2) == 0.5
        assert ranking.saturate(0.0, 1.2) == 0.0
        assert ranking.saturate(1e6, 1.2) < 1.0


class TestRelevance:
    def test_it_is_the_share_of_the_best(self) -> None:
        assert ranking.relevance(1.5, 6.0) == 0.25
        assert ranking.relevance(0.25, 0.5) == 0.5

    def test_the_best_has_one(self) -> None:
        assert ranking.relevance(6.0, 6.0) == 1.0

    def test_it_is_one_for_all_when_nothing_scores(self) -> None:
        assert ranking.relevance(0.0, 0.0) == 1.0
        assert ranking.relevance(2.0, 0.0) == 1.0


class TestQuality:
    @pytest.mark.parametrize(("value", "expected"), [(43, 0.43), (0, 0.0), (100, 1.0), (189, 1.0), (-7, 0.0)])
    def test_it_is_clamped_to_a_hundred(self, value: int, expected: float) -> None:
        assert ranking.quality(value) == expected


class TestRecency:
    @pytest.mark.parametrize(("age", "expected"), [(0.0, 1.0), (180.0, 0.5), (360.0, 0.25), (90.0, 0.7071067811865476)])
    def test_it_halves_with_every_half_life(self, age: float, expected: float) -> None:
        assert ranking.recency(age, 180.0) == pytest.approx(expected, rel=1e-14)


class TestBlend:
    def test_the_parts_add_up_by_their_shares(self) -> None:
        # 0.8 * 0.5 + 0.1 * 0.43 + 0.1 * 0.25
        assert ranking.blend(0.5, 0.43, 0.25, RankingSettings()) == pytest.approx(0.468)

    def test_all_ones_are_one(self) -> None:
        assert ranking.blend(1.0, 1.0, 1.0, RankingSettings(quality_weight=0.3, recency_weight=0.3)) == pytest.approx(1)

    def test_recency_can_have_the_whole_score(self) -> None:
        assert ranking.blend(0.9, 0.9, 0.25, RankingSettings(quality_weight=0, recency_weight=1)) == 0.25


class TestArrays:
    def test_arrays_give_what_their_numbers_give(self) -> None:
        numbers = [0.0, 0.3, 1.0, 17.5, 400.0]
        array = np.array(numbers)
        for of_array, of_number in (
            (ranking.length_norm(array, 8.0, 0.75), [ranking.length_norm(one, 8.0, 0.75) for one in numbers]),
            (ranking.saturate(array, 1.2), [ranking.saturate(one, 1.2) for one in numbers]),
            (ranking.relevance(array, 400.0), [ranking.relevance(one, 400.0) for one in numbers]),
            (ranking.recency(array, 180.0), [ranking.recency(one, 180.0) for one in numbers]),
        ):
            assert of_array.tolist() == pytest.approx(of_number, rel=1e-15)

    def test_the_module_needs_no_numpy(self) -> None:
        code = "import sys, newsearch.ranking; sys.exit('numpy' in sys.modules)"
        assert run([sys.executable, "-c", code], check=False).returncode == 0


class TestSettings:
    @pytest.mark.parametrize(
        "figures",
        [
            {"quality_weight": -0.1},
            {"recency_weight": -0.1},
            {"quality_weight": 0.6, "recency_weight": 0.5},
            {"half_life": 0.0},
            {"half_life": -1.0},
            {"half_life": float("nan")},
            {"k1": 0.0},
            {"b": 1.1},
            {"b": -0.1},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, figures: dict[str, float]) -> None:
        with pytest.raises(ConfigError, match=r"^ranking\."):
            RankingSettings(**figures)  # type: ignore[arg-type]

    def test_weights_may_not_all_be_zero(self) -> None:
        with pytest.raises(ConfigError, match="at least one"):
            FieldWeights(0, 0, 0, 0, 0)

    def test_the_defaults_are_those_of_the_guide(self) -> None:
        settings = RankingSettings()
        assert (settings.quality_weight, settings.recency_weight, settings.half_life) == (0.10, 0.10, 180)
        assert (settings.k1, settings.b) == (1.2, 0.75)
        assert settings.weights == FieldWeights(title=2, excerpt=1, topics=1, body=1, related=0.5)
