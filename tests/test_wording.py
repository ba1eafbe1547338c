"""What every face calls things."""

from datetime import UTC, date, datetime

import pytest

from newsearch.model import ArticleRef, Interval, Provider, Story
from newsearch.wording import bucket_name, counted, covered, day, figures, moment, provider_name


def test_numbers_have_their_nouns() -> None:
    assert counted(1, "article") == "1 article"
    assert counted(1204, "story", "stories") == "1,204 stories"


def test_a_provider_is_called_by_its_name_else_its_domain() -> None:
    assert [provider_name(one) for one in (Provider("Salon", "salon.com"), Provider(None, "x.y"), None)] == [
        "Salon", "x.y", "",
    ]  # fmt: skip


def test_years_have_four_digits_everywhere() -> None:
    early = datetime(800, 9, 3, 12, 8, 30, tzinfo=UTC)
    assert (day(early), moment(early)) == ("0800-09-03", "0800-09-03 12:08:30 UTC")
    assert moment(early, "minutes") == "0800-09-03 12:08 UTC"
    assert day(None) == ""


@pytest.mark.parametrize(
    ("interval", "name"), [("year", "2020"), ("month", "2020-09"), ("week", "2020-09-07"), ("day", "2020-09-07")]
)
def test_a_bucket_is_called_as_a_query_names_its_time(interval: Interval, name: str) -> None:
    assert bucket_name(date(2020, 9, 7), interval) == name


def test_a_story_says_how_many_cover_it_and_who_was_first() -> None:
    first = ArticleRef("a", "Ban", date=datetime(2020, 9, 13, tzinfo=UTC), provider=Provider("Post"))
    assert covered(Story(4, 3, first), str.upper) == ("4 articles, covered by 3 providers, first by POST on 2020-09-13")
    assert covered(Story(2, 1, None)) == "2 articles, covered by 1 provider"


def test_facts_are_written_in_one_line() -> None:
    assert figures({"tf": 2, "fields": {"title": {"weight": 2.0}}, "date": None, "with_word": [8, 9]}) == (
        "tf 2, fields (title (weight 2)), date unknown, with word 8 9"
    )
    assert figures({"average_length": 12345.6, "idf": 1.23456}) == "average length 12346, idf 1.235"
