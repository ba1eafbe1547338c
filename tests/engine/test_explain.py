"""Why a hit has its score, as a tree (its arithmetic is in test_ranking_properties)."""

from pathlib import Path

import pytest

from newsearch.model import Explanation
from tests.archive import Spec, build, find

FILES: list[Spec] = [
    {"path": "a.md", "title": "kelp norb", "quality": 80, "date": "2020-09-30", "body": "kelp"},
    {"path": "b.md", "title": "kelp tarn tarn tarn", "date": "2020-04-03"},
    {"path": "c.md", "title": "vost", "quality": 20, "date": "2020-03-01"},
]


def explanation(folder: Path, text: str, path: str) -> Explanation:
    (hit,) = [hit for hit in find(build(folder, FILES), text, explain=True) if hit.path == path]
    assert hit.explanation is not None
    return hit.explanation


def part(node: Explanation, name: str) -> Explanation:
    (found,) = [detail for detail in node.details if detail.description.startswith(name)]
    return found


def test_it_has_three_summands_with_their_shares(tmp_path: Path) -> None:
    tree = explanation(tmp_path, "kelp", "a.md")
    assert (tree.combine, [detail.description for detail in tree.details]) == (
        "sum",
        ["relevance", "quality", "recency"],
    )
    assert [detail.details[0].value for detail in tree.details] == pytest.approx([0.8, 0.1, 0.1])


def test_a_word_tells_its_figures_field_by_field(tmp_path: Path) -> None:
    relevance = part(explanation(tmp_path, "kelp", "a.md"), "relevance")
    idf, saturation = part(relevance, "B: kelp").details
    assert idf.facts == {"articles": 3, "with_word": [2]}
    assert saturation.facts["fields"] == {
        "title": {"tf": 1, "weight": 2.0, "length": 2, "average_length": pytest.approx(7 / 3)},
        "body": {"tf": 1, "weight": 1.0, "length": 1, "average_length": 1.0},
    }
    assert part(relevance, "1 / the best").facts["best"] == pytest.approx(part(relevance, "B").value)


def test_a_quality_is_told_as_found_and_as_used(tmp_path: Path) -> None:
    quality = part(part(explanation(tmp_path, "kelp", "a.md"), "quality"), "quality Q")
    assert quality.facts == {"found": 80, "used": 80}


def test_a_missing_quality_says_that_the_median_was_taken(tmp_path: Path) -> None:
    quality = part(part(explanation(tmp_path, "kelp", "b.md"), "quality"), "quality Q")
    assert "median" in quality.description
    assert quality.facts == {"found": None, "used": 20}
    assert quality.value == 0.2


def test_recency_tells_date_age_half_life_and_what_ages_count_from(tmp_path: Path) -> None:
    recency = part(part(explanation(tmp_path, "kelp", "b.md"), "recency"), "recency R")
    assert recency.facts == {
        "date": "2020-04-03T00:00:00Z",
        "age_days": 180.0,
        "half_life_days": 180.0,
        "reference": "2020-09-30T00:00:00Z",
    }
    assert recency.value == 0.5


def test_a_query_of_filters_alone_says_that_nothing_scores(tmp_path: Path) -> None:
    relevance = part(explanation(tmp_path, "is:item", "a.md"), "relevance")
    assert "nothing that scores" in str(relevance.details[1].facts["note"])


def test_no_hit_is_explained_unasked(tmp_path: Path) -> None:
    assert all(hit.explanation is None for hit in find(build(tmp_path, FILES), "kelp"))
