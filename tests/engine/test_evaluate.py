"""What a query matches: words, phrases, stop words, match modes, by the articles that it finds."""

from pathlib import Path
from typing import Any

import pytest

from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.model import RankingSettings
from tests.archive import build, cited, find


def paths(engine: WhooshEngine, text: str, **options: Any) -> set[str | None]:
    return {hit.path for hit in find(engine, text, kind="item", **options)}


def titled(folder: Path, *titles: str) -> WhooshEngine:
    """An index of files named 0.md, 1.md, ... with these titles."""
    return build(folder, [{"path": f"{number}.md", "title": title} for number, title in enumerate(titles)])


class TestPhrases:
    def test_its_words_have_to_follow_each_other(self, tmp_path: Path) -> None:
        engine = titled(tmp_path, "kelp norb", "norb kelp", "kelp tarn norb")
        assert paths(engine, '"kelp norb"') == {"0.md"}

    def test_stop_words_in_it_count(self, tmp_path: Path) -> None:
        engine = titled(tmp_path, "state of the art", "state art", "state and the art")
        assert paths(engine, '"state of the art"') == {"0.md"}

    def test_one_of_stop_words_alone_is_found(self, tmp_path: Path) -> None:
        engine = titled(tmp_path, "to be or not to be", "not be")
        assert paths(engine, '"to be or not"') == {"0.md"}

    @pytest.mark.parametrize("text", ["covid-19", '"covid 19"', "COVID-19"])
    def test_a_hyphenated_word_is_one(self, tmp_path: Path, text: str) -> None:
        engine = titled(tmp_path, "covid-19 spreads", "19 cases of covid")
        assert paths(engine, text) == {"0.md"}

    def test_a_word_without_spaces_is_found_by_its_characters(self, tmp_path: Path) -> None:
        engine = titled(tmp_path, "東京都知事", "京東")
        assert paths(engine, "東京") == {"0.md"}

    def test_none_spans_two_topics(self, tmp_path: Path) -> None:
        engine = build(
            tmp_path,
            [
                {"path": "0.md", "title": "x", "topics": ["kelp", "norb"]},
                {"path": "1.md", "title": "x", "topics": ["kelp norb"]},
            ],
        )
        assert paths(engine, 'topics:"kelp norb"') == {"1.md"}

    def test_none_spans_two_related_articles_or_a_title_and_an_excerpt(self, tmp_path: Path) -> None:
        engine = build(
            tmp_path,
            [
                {"path": "0.md", "title": "x", "related": [cited("kelp", "https://p/1"), cited("norb", "https://p/2")]},
                {"path": "1.md", "title": "x", "related": [cited("kelp", "https://p/3", excerpt="norb")]},
                {"path": "2.md", "title": "x", "related": [cited("kelp norb", "https://p/4")]},
            ],
        )
        assert paths(engine, 'related:"kelp norb"') == {"2.md"}

    def test_none_spans_two_articles(self, tmp_path: Path) -> None:
        assert paths(titled(tmp_path, "kelp", "norb"), '"kelp norb"') == set()

    def test_a_long_gap_of_topics_does_not_run_into_the_next_phrase(self, tmp_path: Path) -> None:
        words = " ".join(f"word{number}" for number in range(150))
        engine = build(tmp_path, [{"path": "0.md", "title": "x", "topics": [words, "kelp"]}])
        assert paths(engine, 'topics:"word149 kelp"') == set()


class TestStopWords:
    def test_they_drop_out_beside_other_words(self, tmp_path: Path) -> None:
        assert paths(titled(tmp_path, "kelp", "the norb"), "the kelp") == {"0.md"}

    def test_they_are_looked_for_where_nothing_else_is(self, tmp_path: Path) -> None:
        assert paths(titled(tmp_path, "kelp", "the norb"), "the") == {"1.md"}

    def test_a_filter_beside_them_is_no_word(self, tmp_path: Path) -> None:
        assert paths(titled(tmp_path, "kelp", "the norb"), "the is:item") == {"1.md"}

    def test_they_drop_out_of_what_is_excluded(self, tmp_path: Path) -> None:
        assert paths(titled(tmp_path, "tarn kelp", "tarn"), "tarn -(the kelp)") == {"1.md"}

    def test_punctuation_alone_finds_nothing(self, tmp_path: Path) -> None:
        assert paths(titled(tmp_path, "kelp", "norb"), "???") == set()

    def test_punctuation_beside_words_drops_out(self, tmp_path: Path) -> None:
        assert paths(titled(tmp_path, "kelp", "norb"), "kelp & ???") == {"0.md"}


class TestMatchModes:
    TITLES = ("kelp norb tarn", "kelp norb", "kelp", "vost")

    def test_all_takes_those_with_every_word(self, tmp_path: Path) -> None:
        assert paths(titled(tmp_path, *self.TITLES), "kelp norb", match="all") == {"0.md", "1.md"}

    def test_any_takes_those_with_some_word(self, tmp_path: Path) -> None:
        assert paths(titled(tmp_path, *self.TITLES), "norb vost", match="any") == {"0.md", "1.md", "3.md"}

    def test_auto_is_all_where_an_article_has_all(self, tmp_path: Path) -> None:
        result = find(titled(tmp_path, *self.TITLES), "kelp norb tarn")
        assert ([hit.path for hit in result], result.relaxed) == (["0.md"], False)

    def test_auto_relaxes_to_more_than_half_of_the_words(self, tmp_path: Path) -> None:
        result = find(titled(tmp_path, *self.TITLES), "kelp norb zorn")
        assert ({hit.path for hit in result}, result.relaxed) == ({"0.md", "1.md"}, True)

    def test_auto_relaxes_further_to_what_the_best_article_has(self, tmp_path: Path) -> None:
        result = find(titled(tmp_path, *self.TITLES), "vost zorn fenk glim")
        assert ({hit.path for hit in result}, result.relaxed) == ({"3.md"}, True)

    def test_auto_relaxes_before_it_filters(self, tmp_path: Path) -> None:
        engine = titled(tmp_path, "kelp norb", "kelp")
        result = find(engine, "kelp norb -norb")
        assert (result.total, result.relaxed) == (0, False)

    def test_all_finds_nothing_where_no_article_has_all(self, tmp_path: Path) -> None:
        result = find(titled(tmp_path, *self.TITLES), "kelp zorn", match="all")
        assert (result.total, result.relaxed) == (0, False)

    def test_an_explicit_and_is_never_relaxed(self, tmp_path: Path) -> None:
        assert find(titled(tmp_path, *self.TITLES), "kelp AND zorn").total == 0

    def test_what_is_excluded_stays_excluded_when_words_are_relaxed(self, tmp_path: Path) -> None:
        assert paths(titled(tmp_path, *self.TITLES), "kelp norb zorn -tarn") == {"1.md"}

    @pytest.mark.parametrize("match", ["auto", "all", "any"])
    def test_a_filter_is_required_in_every_mode(self, tmp_path: Path, match: str) -> None:
        assert paths(titled(tmp_path, *self.TITLES), "kelp vost is:related", match=match) == set()


class TestScores:
    def test_repeated_words_count_each_time(self, tmp_path: Path) -> None:
        engine = titled(tmp_path, "kelp norb norb norb", "norb kelp kelp kelp")
        assert find(engine, "kelp kelp norb", match="any").hits[0].path == "1.md"

    def test_a_query_of_filters_alone_gives_all_full_relevance(self, tmp_path: Path) -> None:
        # 0.8 * 1 + 0.1 * 0.5 + 0.1 * 0.5
        found = [hit.score for hit in find(titled(tmp_path, "kelp", "norb"), "is:item")]
        assert found == pytest.approx([0.9, 0.9])

    def test_stop_words_in_a_field_of_nothing_else_score_finitely_at_full_length_normalisation(
        self, tmp_path: Path
    ) -> None:
        files = [{"path": "0.md", "title": "of the"}, {"path": "1.md", "title": "kelp norb"}]
        engine = build(tmp_path, files, settings=RankingSettings(b=1.0))
        (hit,) = find(engine, '"of the"')
        assert hit.score == pytest.approx(0.9)

    def test_us_finds_the_country_as_written_either_way(self, tmp_path: Path) -> None:
        engine = titled(tmp_path, "The U.S. economy", "The US economy", "Join us")
        assert paths(engine, "us") == {"0.md", "1.md", "2.md"}
        assert paths(engine, "U.S.") == {"0.md", "1.md"}

    def test_us_in_capitals_is_not_the_pronoun(self, tmp_path: Path) -> None:
        engine = titled(tmp_path, "The U.S. economy", "The US economy", "Join us in the economy")
        assert paths(engine, "US economy") == {"0.md", "1.md"}


@pytest.mark.parametrize(
    "text", ["k" * 300 + "*p", "?" * 300 + "*p", "*" + "k" * 300, "k" * 300 + "*", "k" * 300 + "~2", "a?" * 140 + "*b"]
)
def test_a_pattern_longer_than_any_word_finds_nothing(tmp_path: Path, text: str) -> None:
    engine = titled(tmp_path, "kelp", "k" * 300)
    assert paths(engine, text) <= {"1.md"}
    assert paths(engine, f"kelp OR {text}") >= {"0.md"}
