"""Which topics are told to be one, and which that only look alike are left in peace."""

import pytest

from newsearch.engine.whoosh.topicspelling import spellings


def told(*topics: tuple[str, int], together: int = 0) -> tuple[str, ...]:
    """The remarks on topics with so many articles each, the first so many of which they have in common."""
    return spellings(
        {
            topic: {*range(together), *range(1000 * place, 1000 * place + count - together)}
            for place, (topic, count) in enumerate(topics, start=1)
        }
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("self driving", "self-driving"),
        ("AI ethics", "ai ethics"),
        ("Zürich", "Zurich"),
        ("robot", "robots"),
        ("deep learning", "deeplearning"),
    ],
)
def test_case_accents_marks_and_a_plural_make_no_two_topics(one: str, other: str) -> None:
    assert told((one, 30), (other, 20), together=5) == (f"{one} (30) / {other} (20)",)


@pytest.mark.parametrize(
    ("one", "other"),
    [("organisation", "organization"), ("behaviour", "behavior"), ("travelling", "traveling")],
)
def test_british_and_american_spellings_are_told_however_frequent(one: str, other: str) -> None:
    assert told((one, 30), (other, 20)) == (f"{one} (30) / {other} (20)",)


@pytest.mark.parametrize(
    "slip", ["surveilance", "surveillence", "surveillancee"], ids=["a letter less", "another letter", "a letter more"]
)
def test_a_rare_word_that_differs_in_one_letter_is_a_slip(slip: str) -> None:
    assert told(("surveillance", 40), (slip, 3)) == (f"surveillance (40) / {slip} (3)",)


@pytest.mark.parametrize(("one", "other"), [("Ireland", "Iceland"), ("adoption", "abortion"), ("mutation", "rotation")])
def test_words_that_differ_at_the_start_are_two(one: str, other: str) -> None:
    assert told((one, 1), (other, 1)) == ()


def test_words_that_are_both_frequent_are_two() -> None:
    assert told(("computing", 40), ("commuting", 20)) == ()


def test_words_that_stand_on_one_article_together_are_two() -> None:
    assert told(("computing", 40), ("commuting", 2), together=1) == ()


def test_short_words_and_versions_are_never_slips() -> None:
    assert told(("tariff", 40), ("tarifk", 1)) == ()
    assert told(("Windows 10", 40), ("Windows 11", 1)) == ()
