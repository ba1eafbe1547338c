"""Items and related articles as stored bytes, and back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.engine.whoosh import records
from newsearch.engine.whoosh.documents import of_duplicate, of_fault, of_item, of_related
from newsearch.engine.whoosh.gather import stored_of
from newsearch.errors import ItemError
from newsearch.model import Image, NewsItem, Provider, RelatedArticle, SourceFile

# Without NUL, which separates what is shown.
_characters = st.characters(exclude_characters="\x00", exclude_categories=["Cs"])
_texts = st.text(_characters, max_size=12)
_maybe_text = st.none() | st.text(_characters, min_size=1, max_size=12)
_urls = _maybe_text | st.sampled_from(("https://www.p.example/a", "http://p.example/a/?utm_source=x", "ftp://p", "p"))
_numbers = st.none() | st.integers(-1, 200)
_dates = st.none() | st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))
_providers = st.none() | st.builds(Provider, _maybe_text, _maybe_text)
_images = st.lists(
    st.builds(Image, st.text(min_size=1, max_size=9), _numbers, _numbers, st.sampled_from((None, True, False))),
    max_size=2,
).map(tuple)
_related = st.builds(
    RelatedArticle,
    address=st.text(min_size=1, max_size=12) | st.just("p.example/a"),
    title=_texts,
    excerpt=_texts,
    date=_dates,
    web_url=_urls,
    quality=_numbers,
    type=_maybe_text,
    amp_url=_maybe_text,
    provider=_providers,
    images=_images,
)
_items = st.builds(
    NewsItem,
    address=st.text(min_size=1, max_size=12) | st.just("p.example/a"),
    title=_texts,
    excerpt=_texts,
    body=_texts,
    path=_maybe_text,
    web_url=_urls,
    original_url=_urls,
    date=_dates,
    updated=_dates,
    quality=_numbers,
    heat=_numbers,
    published=st.sampled_from((None, True, False)),
    provider=_providers,
    type=_maybe_text,
    category=_maybe_text,
    amp_url=_maybe_text,
    topics=st.lists(st.text(_characters, min_size=1, max_size=9), max_size=3).map(tuple),
    images=_images,
    related=st.lists(_related, max_size=2).map(tuple),
)


def source(path: str | None) -> SourceFile:
    return SourceFile("archive", path or "", 12, 1, bytes(16))


def restored(item: NewsItem) -> NewsItem:
    return records.restore_item(stored_of(of_item(item, source(item.path), (), key=1, first_indexed=0)))


def restored_related(related: RelatedArticle) -> RelatedArticle:
    stored = records.store_related(related)
    return records.restore_related(stored_of(of_related(related, stored, key=1, first_indexed=0)))


@given(_items)
def test_an_item_comes_back_as_it_was(item: NewsItem) -> None:
    assert restored(item) == item


@given(_items)
def test_an_item_whose_address_another_file_has_comes_back_as_it_was(item: NewsItem) -> None:
    document = of_duplicate(item, source(item.path), key=1)
    assert records.restore_item(stored_of(document)) == item


@given(_related)
def test_a_related_article_comes_back_as_it_was(related: RelatedArticle) -> None:
    assert restored_related(related) == related


@pytest.mark.parametrize("original", [None, "https://p.example/a", "https://p.example/b"])
def test_an_item_comes_back_whether_its_addresses_are_one_or_two(original: str | None) -> None:
    item = NewsItem(address="p.example/a", title="kelp", web_url="https://p.example/a", original_url=original)
    assert restored(item) == item


@pytest.mark.parametrize("address", ["p.example/a", "elsewhere"])
def test_an_address_comes_back_whether_the_url_gives_it_or_not(address: str) -> None:
    item = NewsItem(address=address, title="kelp", original_url="https://www.p.example/a/")
    assert restored(item) == item
    related = RelatedArticle(address=address, title="kelp", web_url="https://www.p.example/a/")
    assert restored_related(related) == related


def test_nul_characters_become_blanks_and_move_no_text_elsewhere() -> None:
    item = NewsItem(address="a", title="kelp\x00norb", excerpt="\x00tarn", path="a.md")
    assert records.show(records.store_item(item)[0]) == ("kelp norb", " tarn", "", "")
    back = restored(item)
    assert (back.title, back.excerpt, back.path) == ("kelp norb", " tarn", "a.md")


def test_a_hit_shows_what_an_item_and_a_related_article_have() -> None:
    item = NewsItem(address="a", title="kelp", excerpt="norb", web_url="https://p/1", original_url="https://p/2")
    shown = records.show(records.store_item(item)[0])
    assert shown == ("kelp", "norb", "https://p/1", "https://p/2")
    related = RelatedArticle(address="a", title="kelp", excerpt="norb", web_url="https://p/1")
    assert records.show(records.store_related(related)[0]) == ("kelp", "norb", "https://p/1", "")
    assert records.show(b"") == ("", "", "", "")


@pytest.mark.parametrize(
    "provider", [None, Provider(), Provider("Salon"), Provider("", "p.example"), Provider("a\x1fb")]
)
def test_a_provider_comes_back_whether_its_listing_can_hold_it_or_not(provider: Provider | None) -> None:
    item = NewsItem(address="a", title="kelp", provider=provider)
    assert restored(item) == item
    related = RelatedArticle(address="a", title="kelp", provider=provider)
    assert restored_related(related) == related


@pytest.mark.parametrize("line", [None, 7])
def test_a_fault_comes_back_as_it_was(line: int | None) -> None:
    fault = records.restore_fault(
        stored_of(of_fault(source("a.md"), ItemError("has no title.", path="a.md", line=line)))
    )
    assert (fault.reason, fault.path, fault.line) == ("has no title.", "a.md", line)


def test_a_fault_is_of_the_file_whatever_it_calls_it() -> None:
    fault = ItemError("has no title.", path="/home/me/archive/a.md")
    assert records.restore_fault(stored_of(of_fault(source("a.md"), fault))).path == "a.md"


def test_what_is_missing_or_stored_elsewhere_takes_no_room() -> None:
    item = NewsItem(
        address="p.example/a",
        title="b",
        web_url="https://p.example/a",
        original_url="https://p.example/a",
        date=datetime(2020, 9, 13, tzinfo=UTC),
        quality=43,
        provider=Provider("Salon", "salon.com"),
        topics=("kelp",),
        type="article",
        category="news",
    )
    assert records.store_item(item) == (b"b\x00\x00https://p.example/a", b"")
