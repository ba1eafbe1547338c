"""What of a text is marked, for everything that the language can ask for."""

from pathlib import Path

import pytest

from newsearch.model import Hit
from newsearch.query.synonyms import Synonyms
from tests.archive import Spec, build, cited, find

FILES: list[Spec] = [
    {
        "path": "a.md",
        "title": "Universities recognise Zürich's ban on faces; the ban holds",
        "excerpt": "Police use facial recognition. Facial marks the police ignore for long.",
        "topics": ["Recognised bodies"],
        "related": [cited("Recognition of a universe", "https://paper.example/1")],
    },
]


def hit(folder: Path, text: str) -> Hit:
    engine = build(folder, FILES)
    try:
        return next(one for one in find(engine, text) if one.kind == "item")
    finally:
        engine.close()


def marked(found: Hit) -> dict[str, list[str]]:
    """The marked parts of title and excerpt."""
    return {
        field: [getattr(found, field)[start:end] for start, end in spans] for field, spans in found.highlights.items()
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("recogni*", {"title": ["recognise"], "excerpt": ["recognition"]}),
        ("title:recogni*", {"title": ["recognise"]}),
        ("recognition", {"excerpt": ["recognition"]}),
        ("univers*", {"title": ["Universities"]}),
        ("*rich", {"title": ["Zürich's"]}),
        ("f?c*", {"title": ["faces"], "excerpt": ["facial", "Facial"]}),
        ("polcie~1", {"excerpt": ["Police", "police"]}),
        ("ban~0", {"title": ["ban", "ban"]}),
        ('"the ban"', {"title": ["the ban"]}),
        ('"recognition police"~2', {"excerpt": ["Police", "recognition"]}),
        ('"police ignore"~1', {"excerpt": ["police", "ignore"]}),
        ('"ban ban"~5', {"title": ["ban", "ban"]}),
        ("(ban^2 OR faces)^3", {"title": ["ban", "faces", "ban"]}),
        ("ban -norb", {"title": ["ban", "ban"]}),
    ],
)
def test_the_words_found_are_marked_and_no_others(tmp_path: Path, text: str, expected: dict[str, list[str]]) -> None:
    assert marked(hit(tmp_path, text)) == expected


def test_words_that_stand_too_far_apart_are_not_marked(tmp_path: Path) -> None:
    assert marked(hit(tmp_path, '"police long"~1 OR marks')) == {"excerpt": ["marks"]}


def test_a_word_as_written_matches_in_topics_and_related_articles(tmp_path: Path) -> None:
    places = [(place.field, place.title) for place in hit(tmp_path, "recogni*").matched_in]
    assert places == [
        ("title", None),
        ("excerpt", None),
        ("topics", None),
        ("related", "Recognition of a universe"),
    ]


def test_synonyms_are_marked_as_what_was_typed_is(tmp_path: Path) -> None:
    synonyms = Synonyms({"biometrics": ("facial recognition", "marks")})
    build(tmp_path, FILES).close()
    engine = type(build(tmp_path / "other")).open(tmp_path, synonyms=synonyms)
    (found, *_) = find(engine, "biometrics")
    assert marked(found) == {"excerpt": ["facial recognition", "marks"]}
