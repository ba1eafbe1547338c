"""Texts in pieces, links and bars, without a server."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("jinja2", reason="the page needs newsearch[serve]")

from newsearch.model import Explanation, SearchRequest
from newsearch.web.page.asking import Pages, page_request
from newsearch.web.page.links import LINKED, Links
from newsearch.web.page.reasons import Reason
from newsearch.web.page.texts import day, paragraphs, pieces, shortened


class Pairs:
    def __init__(self, *pairs: tuple[str, str]) -> None:
        self.pairs = list(pairs)

    def multi_items(self) -> list[tuple[str, str]]:
        return self.pairs


def test_a_text_is_cut_where_marks_begin_and_end() -> None:
    assert pieces("Harbour ban now", ((8, 11),)) == [(False, "Harbour "), (True, "ban"), (False, " now")]


def test_a_text_is_cut_after_a_whole_word_and_marks_with_it() -> None:
    assert pieces("one two three", ((4, 13),), most=8) == [(False, "one "), (True, "two"), (False, "…")]


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    assert shortened("x" * 50, 10) == "x" * 10 + "…"


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=5))
def test_pieces_are_the_text_whatever_the_ranges(text: str, spans: list[tuple[int, int]]) -> None:
    assert "".join(piece for _, piece in pieces(text, sorted(spans))) == text


@given(st.text(max_size=60), st.integers(1, 30))
def test_a_shortened_text_is_its_beginning(text: str, most: int) -> None:
    short = shortened(text, most)
    assert len(short) <= most + 1
    assert text.startswith(short.removesuffix("…")) or text == short


def test_paragraphs_are_what_blank_lines_separate() -> None:
    assert paragraphs("One\r\nline\r\n\r\n  \n\nTwo\n") == ["One\nline", "Two"]


def test_days_are_written_as_people_do() -> None:
    assert day(datetime(800, 9, 3, tzinfo=UTC)) == "3 Sep 800"
    assert day(None) == ""


REQUESTS = st.builds(
    SearchRequest,
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    limit=st.integers(1, 50),
    offset=st.integers(0, 1000),
    match=st.sampled_from(["auto", "all", "any"]),
    sort=st.sampled_from(["relevance", "date", "quality", "heat"]),
    since=st.sampled_from([None, "2020", "2020-09"]),
    until=st.sampled_from([None, "2021", "2021-09-13"]),
    as_of=st.sampled_from([None, "latest", "2022"]),
    provider=st.none() | st.text("aé &=%/+\"'<", min_size=1).filter(str.strip),
    topic=st.sampled_from([None, "U.S. News"]),
    type=st.sampled_from([None, "article"]),
    kind=st.sampled_from(["item", "related", "all"]),
    min_quality=st.sampled_from([None, 0, 60]),
    group=st.sampled_from([None, "story"]),
    max_per_provider=st.sampled_from([None, 1]),
    explain=st.booleans(),
)


@given(REQUESTS)
def test_an_address_is_read_as_the_request_that_it_was_written_of(request: SearchRequest) -> None:
    from urllib.parse import parse_qsl, urlsplit

    address = Links("/news").search(request, offset=request.offset)
    pairs = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    assert page_request(Pairs(*pairs)) == request


def test_every_option_of_a_search_can_be_linked() -> None:
    decided = {"text", "facets", "timeline", "arrived"}
    assert {*LINKED} == {*SearchRequest.__dataclass_fields__} - decided


def test_a_change_leads_to_the_first_page() -> None:
    assert Links("").search(SearchRequest("ban", offset=20), topic="AI") == "/?q=ban&topic=AI"


def test_a_link_stays_on_its_own_site_whatever_the_mount() -> None:
    assert Links('/a b"<').article("x/../y") == "/a%20b%22%3C/articles/x%2F..%2Fy"


@pytest.mark.parametrize(
    ("offset", "number", "expected"),
    [
        (0, 10, None),
        (0, 11, (1, 2)),
        (50, 200, (1, None, 5, 6, 7, None, 20)),
        (10, 200, (1, 2, 3, None, 20)),
        (190, 200, (1, None, 19, 20)),
        (900, 20, (1, 2)),
    ],
)
def test_pages_near_the_current_one_are_linked(
    offset: int, number: int, expected: tuple[int | None, ...] | None
) -> None:
    pages = Pages.of(SearchRequest(offset=offset), number)
    assert (None if pages is None else pages.near) == expected


def test_the_summands_of_a_score_stand_side_by_side() -> None:
    share = Explanation(0.8, "share of the score")
    score = Explanation(
        0.9, "score", "sum",
        (Explanation(0.8, "relevance", "product", (share,)), Explanation(0.1, "quality", "product")),
        {"rank_without_quality": 3, "rank_without_recency": None},
    )  # fmt: skip
    reason = Reason.of(score)
    assert reason is not None
    assert [(one.name, one.start, one.value, one.most) for one in reason.parts] == [
        ("relevance", 0.0, 0.8, 0.8), ("quality", 0.8, 0.1, None),
    ]  # fmt: skip
    assert reason.ranks == (("quality", 3),)
    assert all(one.start <= other.start for one, other in pairwise(reason.parts))
