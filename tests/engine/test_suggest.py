"""Did you mean: better words for those that no article has."""

from pathlib import Path

import pytest

from tests.archive import build, cited, find, update

TITLES = ["Facial recognition ban", "Facial recognition software", "Recreation in Zürich", "The C++ harbour"]


def suggestion(folder: Path, text: str, *titles: str, **options: object) -> str | None:
    files = [{"path": f"{number}.md", "title": title} for number, title in enumerate(titles or TITLES)]
    return find(build(folder, files), text, **options).suggestion


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("facial recogniton", "facial recognition"),
        ("facail recogniton", "facial recognition"),
        ('"facial recogniton"', '"facial recognition"'),
        ("title:recogniton", "title:recognition"),
        ("title:(ban recogniton)", "title:(ban recognition)"),
        ("recogniton -software", "recognition -software"),
        ("  Zurihc   OR  ban ", "  zurich   OR  ban "),
        ("habour-ban", "harbour-ban"),
        ('"facial recogniton', "facial recognition"),
        ('(facial" recogniton ban', "facial recognition ban"),
        ('ban"recogniton', "ban recognition"),
    ],
)
def test_unknown_words_are_replaced_and_all_else_stays_as_typed(tmp_path: Path, typed: str, suggested: str) -> None:
    if "harbour" in suggested:
        assert suggestion(tmp_path, typed, *TITLES, "Harbour-ban") == suggested
    else:
        assert suggestion(tmp_path, typed) == suggested


def test_a_word_with_hits_in_another_form_is_known(tmp_path: Path) -> None:
    assert suggestion(tmp_path, "tarnished", "tarnishes", "tarnishee") is None


@pytest.mark.parametrize(
    "typed",
    ["facial recognition", "bans", "ban software", "", "is:item", "the", "???", "ban -recogniton", "zz", "provider:x"],
)
def test_nothing_is_suggested_where_every_word_is_known_or_nothing_is_near(tmp_path: Path, typed: str) -> None:
    assert suggestion(tmp_path, typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "is:fo",
        "baned:true",
        "bna:AI",
        "kind:bann",
        "ban date:softwar",
        "BANN(facial harbour)",
        "bann: x:y",
        "facial bann:y",
    ],
)
def test_names_of_filters_and_operators_are_not_respelt(tmp_path: Path, typed: str) -> None:
    assert suggestion(tmp_path, typed) is None


def test_a_word_beside_what_is_no_filter_is_still_respelt(tmp_path: Path) -> None:
    assert suggestion(tmp_path, "bna:facial recogniton", match="any") == "bna:facial recognition"


def test_a_word_that_another_field_has_is_unknown_in_its_own(tmp_path: Path) -> None:
    engine = build(tmp_path, [{"path": "a.md", "title": "harbor", "excerpt": "harbour"}])
    assert find(engine, "title:harbour").suggestion == "title:harbor"


def test_fewer_edits_come_before_more_articles(tmp_path: Path) -> None:
    assert suggestion(tmp_path, "kelpant", "kelpont", "kelpunk", "kelpunk") == "kelpont"


def test_of_equally_near_words_that_with_the_same_first_letter_comes_first(tmp_path: Path) -> None:
    assert suggestion(tmp_path, "vorst", "forst", "forst", "vorsk") == "vorsk"


def test_of_equally_near_words_that_of_more_articles_comes_first_then_the_alphabet(tmp_path: Path) -> None:
    assert suggestion(tmp_path / "a", "vorst", "vorsk", "vorsd", "vorsk") == "vorsk"
    assert suggestion(tmp_path / "b", "vorst", "vorsk", "vorsd") == "vorsd"


def test_a_word_of_deleted_articles_alone_is_not_suggested(tmp_path: Path) -> None:
    engine = build(
        tmp_path, [{"path": f"{n}.md", "title": title} for n, title in enumerate(["kelpont", "norb", "tarn"])]
    )
    update(engine, removed=["0.md"])
    assert find(engine, "kelpant").suggestion is None


def test_a_word_of_later_articles_is_not_suggested_as_of_an_earlier_day(tmp_path: Path) -> None:
    files = [
        {"path": "0.md", "title": "kelpont", "date": "2020-05-01"},
        {"path": "1.md", "title": "kelpent", "date": "2019-05-01"},
    ]
    assert find(build(tmp_path, files), "kelpant", as_of="2019-12").suggestion == "kelpent"


def test_a_suggestion_that_finds_nothing_is_not_made(tmp_path: Path) -> None:
    assert suggestion(tmp_path, "recogniton is:related") is None
    assert suggestion(tmp_path / "x", "recogniton", kind="related") is None


def test_a_word_without_hits_beside_one_with_hits_is_replaced_in_any_match_mode(tmp_path: Path) -> None:
    for number, match in enumerate(("auto", "all", "any")):
        assert suggestion(tmp_path / str(number), "ban recogniton", match=match) == "ban recognition"


def test_related_articles_give_words_too(tmp_path: Path) -> None:
    engine = build(tmp_path, [{"path": "a.md", "title": "x", "related": [cited("Lighthouse", "https://p.example/1")]}])
    assert find(engine, "lighthuose").suggestion == "lighthouse"
