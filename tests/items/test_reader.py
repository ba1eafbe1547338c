"""From a file's bytes to a news item, and what is said of values left out."""

import os
import pickle
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsearch.errors import ItemError
from newsearch.items.files import MAX_FILE_BYTES, read_file
from newsearch.items.reader import (
    MAX_IMAGES,
    MAX_RELATED,
    MAX_TOPICS,
    Reading,
    parse_item,
    read_item,
)
from newsearch.model import Image, NewsItem, Provider, RelatedArticle

NAME = "2020/harbour.md"
BLOB = "5lA8Cw3WLRna/uTZ6r651qeohoYMpYue"
FULL = f"""---
category: news
title: "Harbour town bans: face recognition"
excerpt: "The council voted --- eight to one."
publishedDateTime: 2020-09-13T12:08:00Z
updatedDateTime: 2020-09-14 08:00:00 +0200
originalUrl: "http://harbour.example/ban?utm_source=feed"
webUrl: "https://www.harbour.example/2020/ban/"
ampWebUrl: "https://www.harbour.example/amp/ban"
cdnAmpWebUrl: "https://harbour-example.cdn.example/ban"
type: article
quality: 43
heat: -1
published: false

provider:
  name: Harbour Herald
  domain: www.Harbour.example
  images: [https://harbour.example/logo.png]

topics:
  - AI
  - Computer Vision

images:
  - url: "https://media.harbour.example/1.jpg"
    width: 846
    height: 571
    isCached: true

related:
  - title: Another ban
    excerpt: Text
    publishedDateTime: 2020-09-14T19:17:00Z
    webUrl: "https://inland.example/another/"
    ampWebUrl: https://inland.example/amp/another
    cdnAmpWebUrl: https://cdn.example/another
    type: article
    provider:
      name: Inland
      domain: inland.example
    quality: 78
    images:
      - url: https://inland.example/1.jpg
    secured: {BLOB}

secured: "{BLOB};lFOQvoET4KkVlsSELMLk0A=="
---

The *body*.

Its end.
"""


def read(front_matter: str, body: str = "") -> Reading:
    """The reading of an item whose front matter is a title in line 2 and then the given lines, from line 3."""
    return parse_item(f"---\ntitle: T\n{front_matter}\n---\n{body}".encode(), name=NAME)


def notes(reading: Reading) -> list[str]:
    return [f"{remark.line}: {remark.reason}" for remark in reading.remarks]


def fault(raw: bytes) -> ItemError:
    with pytest.raises(ItemError) as caught:
        parse_item(raw, name=NAME)
    return caught.value


# -- whole items -------------------------------------------------------------------------------------------------------


def test_every_key_of_an_item_is_read() -> None:
    reading = parse_item(FULL.encode(), name=NAME)
    assert reading.remarks == ()
    assert reading.item == NewsItem(
        address="harbour.example/2020/ban",
        title="Harbour town bans: face recognition",
        excerpt="The council voted --- eight to one.",
        body="The *body*.\n\nIts end.",
        path=NAME,
        category="news",
        date=datetime(2020, 9, 13, 12, 8, tzinfo=UTC),
        updated=datetime(2020, 9, 14, 6, tzinfo=UTC),
        original_url="http://harbour.example/ban?utm_source=feed",
        web_url="https://www.harbour.example/2020/ban/",
        amp_url="https://www.harbour.example/amp/ban",
        cdn_amp_url="https://harbour-example.cdn.example/ban",
        type="article",
        quality=43,
        heat=None,
        published=False,
        provider=Provider("Harbour Herald", "harbour.example"),
        topics=("AI", "Computer Vision"),
        images=(Image("https://media.harbour.example/1.jpg", 846, 571, True),),
        related=(
            RelatedArticle(
                address="inland.example/another",
                title="Another ban",
                excerpt="Text",
                date=datetime(2020, 9, 14, 19, 17, tzinfo=UTC),
                web_url="https://inland.example/another/",
                amp_url="https://inland.example/amp/another",
                cdn_amp_url="https://cdn.example/another",
                type="article",
                quality=78,
                provider=Provider("Inland", "inland.example"),
                images=(Image("https://inland.example/1.jpg"),),
            ),
        ),
    )


def test_the_sealed_text_is_nowhere_in_a_reading() -> None:
    assert BLOB not in repr(parse_item(FULL.encode(), name=NAME))


def test_crlf_and_a_bom_change_nothing() -> None:
    windows = b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode()
    assert parse_item(windows, name=NAME) == parse_item(FULL.encode(), name=NAME)


def test_an_item_needs_a_title_alone() -> None:
    assert read("") == Reading(NewsItem(address=f"path:{NAME}", title="T", path=NAME))


def test_items_of_other_kinds_are_read_by_their_keys() -> None:
    item = read("layout: sample\ncategory: learning\nweight: 3\nauthors: [{name: A}]").item
    assert (item.title, item.category) == ("T", "learning")


def test_readings_can_be_sent_between_workers() -> None:
    reading = read("quality: high\npublishedDateTime: 2020-09-13")
    received = pickle.loads(pickle.dumps(reading))
    assert received.item == reading.item
    assert notes(received) == notes(reading)


# -- files that are no items -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["excerpt: B", "title:", "title: ''", "title: '  '", 'title: "\\n"', "title: ~", "title: [A]", "title: {a: b}"],
)
def test_an_item_without_a_title_is_refused(line: str) -> None:
    assert "has no title" in fault(f"---\n{line}\n---\n# Heading\n".encode()).reason


def test_a_title_that_is_no_text_is_refused_at_its_line() -> None:
    refused = fault(b"---\nexcerpt: B\ntitle: [Exclusive]\n---\n")
    assert str(refused) == f"{NAME}:3: has no title: 'title' is a list; put it in quotes."


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_text_that_is_not_utf8_is_refused_at_its_first_bad_line(line_end: str) -> None:
    raw = line_end.join(["---", "title: A", "excerpt: café", "---", ""]).encode("latin-1")
    refused = fault(raw)
    assert (refused.reason, refused.line) == ("is not UTF-8 text; save it as UTF-8.", 3)


def test_bytes_beyond_the_bound_are_refused() -> None:
    assert "larger than 8 MiB" in fault(b"---\ntitle: A\n---\n" + b"a" * MAX_FILE_BYTES).reason


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\xff\xfe-\x00", b"---", b"---\n---\n", b"# Heading\n"])
def test_other_files_are_refused(raw: bytes) -> None:
    assert fault(raw).path == NAME


pieces = st.sampled_from(
    [
        b"---\n", b"...\n", b"title: ", b"topics:", b"related:\n", b"  - ", b"- ", b"  ", b"webUrl: ", b"\n",
        b"https://a.b/", b"publishedDateTime: ", b"2020-09-13", b"quality: ", b"images:\n", b"provider: ", b"name: ",
        b"secured: ", b"&a ", b"*a", b"{", b"}", b"[", b"]", b",", b": ", b"'", b'"', b"|\n", b">\n", b"#", b"?",
        b"\t", b"\r", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\xff", b"\x00", b"\\x00", b"<<: ", b"%YAML 1.2\n", b"~",
        b"!!str ", b"1e999", b"T24:00",
    ]
)  # fmt: skip
soup = st.lists(st.one_of(pieces, st.binary(max_size=4)), max_size=40).map(b"".join)


def check_outcome(raw: bytes) -> None:
    """Whatever the bytes are, there is an item with a title and numbered remarks, or an ItemError of this file."""
    remarks: tuple[ItemError, ...]
    try:
        reading = parse_item(raw, name=NAME)
    except ItemError as refused:
        remarks = (refused,)
    else:
        assert reading.item.title
        remarks = reading.remarks
    lines = raw.count(b"\n") + raw.count(b"\r") + 1
    assert all(remark.path == NAME and (remark.line is None or 1 <= remark.line <= lines) for remark in remarks)


@settings(max_examples=500, deadline=None)
@given(soup)
@example(b'title: "\\0"')
@example(b"title: a\npublishedDateTime: 0001-01-01T00:00:00+14:00")
def test_any_bytes_make_a_reading_or_an_item_error(raw: bytes) -> None:
    for candidate in (raw, b"---\n" + raw + b"\n---\n", b"---\ntitle: T\n" + raw + b"\n---\n" + raw):
        check_outcome(candidate)


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_a_mutated_item_makes_a_reading_or_an_item_error(data: st.DataObject) -> None:
    raw = bytearray(FULL.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        cut = data.draw(st.sampled_from([0, 0, 1, 1, 7, 100]))
        raw[at : at + cut] = data.draw(st.one_of(pieces, st.binary(max_size=3)))
    check_outcome(bytes(raw))


# -- numbers, dates, flags ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["quality: -1", "quality:", "quality: ''", "quality: -1.0", "heat: -1"])
def test_unknown_is_not_worth_a_remark(line: str) -> None:
    reading = read(line)
    assert (reading.item.quality, reading.item.heat, reading.remarks) == (None, None, ())


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("quality: high", "3: quality 'high' is not a whole number."),
        ("quality: -5", "3: quality -5 is below 0, so it counts as unknown."),
        ("heat: 9999999", "3: heat '9999999' is beyond 1,000,000."),
        ("quality: [1]", "3: quality is a list, not text; it was left out."),
        ("published: maybe", "3: published 'maybe' is neither true nor false."),
        ("publishedDateTime: soon", "3: publishedDateTime 'soon' is not a date; write it as 2020-09-13T12:08:00Z."),
        ("publishedDateTime: 1970-01-01T00:00:00Z", "3: publishedDateTime '1970-01-01T00:00:00Z' stands for no date."),
        ("excerpt: {a: b}", "3: excerpt is a mapping, not text; it was left out."),
        ("webUrl: www.harbour.example", "3: webUrl 'www.harbour.example' is not a web address; it was left out."),
        ("topics: [~, {b: c}]", "3: a topic is a mapping, not text; put it in quotes."),
        ("topics: {a: b}", "3: a topic is a mapping, not text; put it in quotes."),
        ("images: [{width: 5}]", "3: an image without a 'url' was left out."),
        ("images: [[a]]", "3: an image is a list; it needs a 'url'."),
        ("provider: [A]", "3: provider is a list, not text; it was left out."),
        ("related: none", "3: a related article is text; it was left out."),
        ("related: [{title: A}]", "3: a related article without an address (webUrl) was left out."),
        ("related: [{webUrl: 'https://a.example'}]", "3: a related article without a title was left out."),
    ],
)
def test_a_value_that_cannot_be_meant_is_left_out_with_a_remark(line: str, note: str) -> None:
    reading = read(line)
    assert notes(reading) == [note]
    assert reading.item == read("").item


def test_yaml_does_not_decide_what_a_value_is() -> None:
    item = parse_item(b"---\ntitle: NO\nexcerpt: 2020-09-13\nquality: 0x10\ntype: 1_000\n---\n", name=NAME).item
    assert (item.title, item.excerpt, item.quality, item.type) == ("NO", "2020-09-13", 16, "1_000")


def test_a_remark_names_the_line_of_its_value() -> None:
    assert notes(read("related:\n  - title: A\n    webUrl: https://a.example/\n    quality: x")) == [
        "6: quality 'x' is not a whole number."
    ]


def test_remarks_are_in_the_order_of_their_lines() -> None:
    assert [remark.line for remark in read("heat: a\nquality: b\nupdatedDateTime: c\ntitle: U\n").remarks] == [
        3,
        4,
        5,
        6,
    ]


def test_a_remark_quotes_little_and_nothing_that_moves_a_cursor() -> None:
    (note,) = notes(read(f'quality: "\\e[31m{"x" * 5000}"'))
    assert "\\x1b[31m" in note
    assert "\x1b" not in note
    assert len(note) < 150


def test_remarks_are_bounded() -> None:
    assert len(read(f"topics: [{'{a: b},' * 5000}]").remarks) == 100


# -- text --------------------------------------------------------------------------------------------------------------


def test_a_title_is_one_line() -> None:
    assert parse_item(b"---\ntitle: |\n  One\n  two\n\n  three\n---\n", name=NAME).item.title == "One two three"


def test_an_excerpt_keeps_its_lines() -> None:
    assert read("excerpt: |\n  One\n  two\n").item.excerpt == "One\ntwo"


def test_the_body_is_stripped_at_its_ends_alone() -> None:
    assert read("", "\n\n  One\n\n  two\n\n").item.body == "One\n\n  two"


@pytest.mark.parametrize(
    "body",
    [
        f'secured: "{BLOB}"\n',
        f"a\n  'secured' : {BLOB}\nb\n",
        f"- secured: |\n  {BLOB}\n  {BLOB}\n",
        f'secured: "\n{BLOB}"\ntype: article\n',
    ],
)
def test_the_sealed_text_does_not_get_into_a_body_cut_too_early(body: str) -> None:
    reading = read("", body)
    assert BLOB not in repr(reading)
    assert "'secured:'" in notes(reading)[0]


def test_a_body_may_speak_of_what_is_secured() -> None:
    assert read("", "The town is secured: so they say.").item.body == "The town is secured: so they say."


# -- addresses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        ("webUrl: https://a.example/x/\noriginalUrl: https://b.example/", "a.example/x"),
        ("originalUrl: http://www.b.example/?utm_id=1", "b.example"),
        ("webUrl: none\noriginalUrl: https://b.example/", "b.example"),
        ("webUrl:", f"path:{NAME}"),
        ("ampWebUrl: https://a.example/amp", f"path:{NAME}"),
    ],
)
def test_the_address_is_the_first_usable_one(lines: str, address: str) -> None:
    assert read(lines).item.address == address


def test_a_url_without_its_scheme_can_be_opened() -> None:
    assert read("webUrl: //a.example/x").item.web_url == "https://a.example/x"


# -- provider, topics, images, related ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "provider"),
    [
        ("provider: Salon", Provider("Salon")),
        ("provider: {name: Salon}", Provider("Salon")),
        ("provider: {domain: WWW.Salon.com}", Provider(None, "salon.com")),
        ("provider: {domain: 'https://www.salon.com/about'}", Provider(None, "salon.com")),
        ("provider: {domain: The Salon}", Provider(None, "the salon")),
        ("provider: {name: , domain: ''}", None),
        ("provider:", None),
    ],
)
def test_a_provider_has_a_name_a_domain_or_both(lines: str, provider: Provider | None) -> None:
    assert read(lines).item.provider == provider


def test_a_topic_may_stand_alone() -> None:
    assert read("topics: AI").item.topics == ("AI",)


def test_topics_differ_by_more_than_case() -> None:
    assert read("topics: [AI, ai, ' AI ', '', ~, Straße, STRASSE, 5]").item.topics == ("AI", "Straße", "5")


def test_an_image_may_be_an_address_alone() -> None:
    assert read("images: [https://a.example/1.jpg, ~]").item.images == (Image("https://a.example/1.jpg"),)


def test_an_image_must_have_a_web_address() -> None:
    reading = read("images:\n  - url: javascript:alert(1)\n  - url: https://a.example/1.jpg\n    width: wide")
    assert reading.item.images == (Image("https://a.example/1.jpg"),)
    assert [remark.line for remark in reading.remarks] == [4, 6]


def test_related_articles_of_one_address_are_one() -> None:
    lines = "related:\n  - {title: A, webUrl: https://a.example/x}\n  - {title: B, webUrl: http://www.a.example/x/}"
    reading = read(lines)
    assert [article.title for article in reading.item.related] == ["A"]
    assert reading.remarks == ()


def test_an_item_does_not_cite_itself() -> None:
    reading = read("webUrl: https://a.example/x\nrelated:\n  - {title: A, webUrl: http://www.a.example/x/}")
    assert reading.item.related == ()
    assert notes(reading) == ["5: the item cites itself; that related article was left out."]


def test_one_related_article_needs_no_list() -> None:
    assert [article.address for article in read("related: {title: A, webUrl: https://a.example}").item.related] == [
        "a.example"
    ]


@pytest.mark.parametrize(
    ("key", "entry", "most"),
    [
        ("topics", "t{}", MAX_TOPICS),
        ("images", "https://a.example/{}", MAX_IMAGES),
        ("related", "{{title: A, webUrl: https://a.example/{}}}", MAX_RELATED),
    ],
)
def test_lists_are_bounded(key: str, entry: str, most: int) -> None:
    reading = read(f"{key}: [{', '.join(entry.format(n) for n in range(most + 3))}]")
    assert len(getattr(reading.item, key)) == most
    assert notes(reading) == [f"3: {key} has more than {most:,} entries; the rest was left out."]


# -- files -------------------------------------------------------------------------------------------------------------


def test_a_file_is_read_under_its_name_in_the_archive(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_bytes(FULL.encode())
    assert read_item(tmp_path / "x.md", name=NAME) == parse_item(FULL.encode(), name=NAME)


def test_reading_a_file_tells_its_size_and_time(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    file.write_bytes(b"abc")
    os.utime(file, ns=(5, 7))
    raw, status = read_file(file, name=NAME)
    assert (raw, status.st_size, status.st_mtime_ns) == (b"abc", 3, 7)


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    file.write_bytes(b"a" * MAX_FILE_BYTES)
    assert len(read_file(file, name=NAME)[0]) == MAX_FILE_BYTES


def test_of_a_file_that_is_too_large_no_more_is_read_than_tells_so(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    with file.open("wb") as stream:
        stream.truncate(1 << 40)
    assert len(read_file(file, name=NAME)[0]) == MAX_FILE_BYTES + 1
    with pytest.raises(ItemError, match=r"^2020/harbour\.md: is larger than 8 MiB\.$"):
        read_item(file, name=NAME)


def test_a_file_that_vanished_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ItemError, match="is no longer there"):
        read_item(tmp_path / "x.md", name=NAME)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.md")
    with pytest.raises(ItemError, match="is not a regular file"):
        read_item(tmp_path / "x.md", name=NAME)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ItemError, match=r"is not a regular file|permission denied"):
        read_item(tmp_path, name=NAME)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything may be read by the superuser")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    file.write_bytes(FULL.encode())
    file.chmod(stat.S_IWUSR)
    with pytest.raises(ItemError, match="permission denied"):
        read_item(file, name=NAME)


def test_a_name_with_a_nul_is_refused() -> None:
    with pytest.raises(ItemError, match="holds a NUL"):
        read_item(Path("a\x00b"), name=NAME)
