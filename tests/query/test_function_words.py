"""Which words fall away from a query that is a sentence."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsearch.query import parse
from newsearch.query.function_words import without_function_words
from tests.archive import build, find

NOW = datetime(2020, 10, 1, tzinfo=UTC)


def left(text: str, language: str = "english") -> str:
    return str(without_function_words(parse(text, today=NOW).tree, language))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("what has the council decided about trams in the old town?", "council decided trams old town?"),
        ("Who did this, and which harbour was raised by engineers, council?", "harbour raised engineers, council?"),
        ("what happened before, after and against the ban of trams", "happened before, after against ban trams"),
        ("WHAT COUNTRIES HAVE NEWLY JOINED THE UNITED NATIONS", "COUNTRIES NEWLY JOINED UNITED NATIONS"),
    ],
)
def test_a_sentence_is_left_with_what_it_is_about(text: str, kept: str) -> None:
    assert left(text) == kept


def test_in_a_query_of_few_other_words_each_was_chosen() -> None:
    assert left("who is to blame for trams") == "who is to blame for trams"


def test_words_that_are_there_twice_are_not_two_others() -> None:
    assert left("what tram tram tram tram") == "what tram tram tram tram"


def test_an_acronym_is_no_function_word() -> None:
    assert left("what has the WHO decided about masks in old towns") == "WHO decided masks old towns"


def test_what_is_quoted_fielded_or_marked_stays() -> None:
    text = 'what "the who" title:which how* ban trams (old where OR there) town'
    assert left(text) == '"the who" title:which how* ban trams old where OR there town'


def test_filters_are_no_other_words() -> None:
    text = "what about trams quality:>=10 is:item has:image date:2020"
    assert left(text) == str(parse(text, today=NOW).tree)


def test_only_english_sentences_are_changed() -> None:
    text = "was hat der Rat über Straßenbahnen am Hafen so beschlossen"
    assert left(text, "german") == str(parse(text, today=NOW).tree)


def test_an_article_need_not_have_them_and_the_answer_says_what_was_searched(tmp_path: Path) -> None:
    engine = build(tmp_path, [{"path": "a.md", "title": "Council decided on trams in old town"}])
    result = find(engine, "what has been decided by the council about trams in which old town")
    assert (result.total, result.relaxed) == (1, False)
    assert result.parsed == "decided council trams old town"
