"""A segment on disk: all that was in memory comes back, whole and document by document."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from newsearch.engine.whoosh.build import Document
from newsearch.engine.whoosh.parts import Blobs, Listing, Parts, join
from newsearch.engine.whoosh.schema import BLOBS, NUMBERS, STRING_LISTINGS, TEXT_FIELDS, DocumentKind
from newsearch.engine.whoosh.segmentfile import SegmentFile, write_segment
from newsearch.errors import IndexDamaged
from newsearch.items.ids import article_id
from tests.segments import FILES, build, documents, plain, specs, written

LAST = 2**64 - 1


def opened(folder: Path, parts: Parts) -> SegmentFile:
    path = folder / "MAIN_test.nws"
    path.unlink(missing_ok=True)
    file = io.BytesIO()
    write_segment(file, parts)
    path.write_bytes(file.getvalue())
    return SegmentFile(path)


def many(count: int) -> list[Document]:
    """Documents whose texts, records and strings differ in length, some of them empty."""
    return specs(
        [
            {
                "path": f"{number}.md",
                "title": "kelp " * (number % 5) + str(number),
                "body": "norb tarn " * (number % 40),
                "topics": [f"topic {place}" for place in range(number % 4)],
                "date": f"{1950 + number % 100}-01-01",
            }
            for number in range(count)
        ]
    )


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 31, 32, 33, 100])
def test_all_of_a_segment_comes_back(tmp_path: Path, count: int) -> None:
    parts = build(many(count))
    back = opened(tmp_path, parts).parts()
    assert plain(back) == plain(parts)
    assert written(back) == written(parts)


@pytest.mark.parametrize("count", [1, 15, 16, 17, 33, 100])
def test_each_document_has_its_own(tmp_path: Path, count: int) -> None:
    given = many(count)
    file = opened(tmp_path, build(many(count)))
    file.file.verify()
    assert file.documents == len(given)
    for number, document in enumerate(given):
        for name in BLOBS:
            given_bytes = document.path.encode() if name == "path" else getattr(document, name)
            assert file.blob(name, number) == given_bytes
        assert file.strings("topic", number) == list(document.topic)
        assert file.strings("root", number) == ["archive"]
        assert file.strings("provider", number) == []
        assert file.keys("id").of(number).tolist() == [document.id]


def test_a_joined_segment_comes_back(tmp_path: Path) -> None:
    first, second = build(many(40)), build(specs(FILES))
    parts = join([(first, np.arange(40) % 3 > 0), (opened(tmp_path, second).parts(), None)])
    assert plain(opened(tmp_path, parts).parts()) == plain(parts)


@pytest.mark.parametrize(
    "values",
    [
        [0, 255],
        [0, 256],
        [-1, 127],
        [-129, 0],
        [0, 65_535],
        [0, 65_536],
        [-(2**31), 2**31 - 1],
        [0, 2**32 - 1],
        [0, 2**32],
        [-1, 2**32],
        [-(2**63), 2**63 - 1],
    ],
)
def test_numbers_come_back_from_the_narrowest_integers(tmp_path: Path, values: list[int]) -> None:
    parts = build(many(2))
    parts.numbers["heat"] = np.array(values, np.int64)
    numbers = opened(tmp_path, parts).numbers("heat")
    assert numbers.tolist() == values
    fitting = [np.iinfo(f"{kind}{size}") for size in (1, 2, 4, 8) for kind in "ui"]
    assert numbers.itemsize * 8 == next(one.bits for one in fitting if one.min <= values[0] and values[1] <= one.max)


def test_keys_of_64_bits_come_back(tmp_path: Path) -> None:
    parts = replace(build(many(3)), cited=Blobs(np.zeros(3, np.int64), b""))
    parts.listings["cites"] = Listing(np.array([2, 0, 1]), np.array([LAST, 0, LAST], np.uint64))
    file = opened(tmp_path, parts)
    assert [file.keys("cites").of(number).tolist() for number in range(3)] == [[LAST, 0], [], [LAST]]
    assert file.keyword_documents("cites", article_id(LAST)).tolist() == [0, 2]


@pytest.mark.parametrize("name", sorted(BLOBS))
def test_blobs_may_be_empty_or_large(tmp_path: Path, name: str) -> None:
    contents = [b"", b"x" * 200_000, b"", bytes(range(256)), *[b"kelp"] * 30, b""]
    parts = build(many(len(contents)))
    parts.blobs[name] = Blobs(np.cumsum(list(map(len, contents))), b"".join(contents))
    file = opened(tmp_path, parts)
    assert [file.blob(name, number) for number in range(len(contents))] == contents


def test_terms_give_documents_frequencies_and_positions_by_field(tmp_path: Path) -> None:
    file = opened(tmp_path, build(specs(FILES)))
    title, body = TEXT_FIELDS.index("title"), TEXT_FIELDS.index("body")
    found = [values.tolist() for values in file.arrays(title, "kelp")]
    assert found == [[0, 1], [1, 1]]
    assert [values.tolist() for values in file.arrays(body, "kelp")] == [[0], [20]]
    documents_, places = file.positions(body, "kelp")
    assert (set(documents_.tolist()), places.tolist()) == ({0}, list(range(300, 320)))
    assert [values.tolist() for values in file.positions(title, "kelp")] == [[0, 1], [0, 2]]
    for field in (title, body):
        assert all(not values.size for values in (*file.arrays(field, "zorn"), *file.positions(field, "zorn")))


def test_words_are_there_as_written(tmp_path: Path) -> None:
    file = opened(tmp_path, build(documents({"path": "x.md", "title": "Running runs Zürich"})))
    assert list(file.written) == [b"running", b"runs", b"zurich"]
    assert written(file.parts()) == {(b"running", b"run"): 1, (b"runs", b"run"): 1, (b"zurich", b"zurich"): 1}


def test_keywords_are_asked_for_folded_and_shown_as_written(tmp_path: Path) -> None:
    file = opened(tmp_path, build(specs(FILES)))
    assert list(file.keyword_terms("topic")) == ["ai", "law"]
    assert file.keyword_documents("topic", "ai").tolist() == [0, 1]
    assert file.strings("topic", 0) == ["Law", "AI"]
    assert file.keyword_documents("provider", "salon").tolist() == [1]
    assert file.keyword_documents("topic", "nothing").size == 0


def test_files_are_remembered_but_not_by_documents_without_one(tmp_path: Path) -> None:
    file = opened(tmp_path, build(specs(FILES)))
    kinds = file.numbers("kind")
    from_files = np.flatnonzero((kinds == DocumentKind.ITEM) | (kinds == DocumentKind.DUPLICATE))
    sources = list(file.sources(from_files))
    assert [source.path for source in sources] == ["a.md", "b.md", "b.md", "c.md", "d.md"]
    assert {source.root for source in sources} == {"archive"}
    assert {(one.size, one.mtime_ns, one.digest) for one in sources} == {(12, 16 * 10**17, bytes(range(16)))}
    assert file.strings("root", int(np.flatnonzero(kinds == DocumentKind.STATE)[0])) == []


def test_a_segment_is_found_damaged_wherever_a_byte_of_it_is_changed(tmp_path: Path) -> None:
    path = opened(tmp_path, build(specs(FILES[1:3]))).file.path
    raw = path.read_bytes()
    for place in range(0, len(raw), 7):
        path.unlink()
        path.write_bytes(raw[:place] + bytes((raw[place] ^ 0x10,)) + raw[place + 1 :])
        with pytest.raises(IndexDamaged, match=r"MAIN_test\.nws"):
            SegmentFile(path).file.verify()


def test_what_a_document_is_asked_for_is_checked_when_it_is_read(tmp_path: Path) -> None:
    file = opened(tmp_path, build(many(3)))
    path, raw = file.file.path, file.file.path.read_bytes()
    place = raw.index(file.file["blob/shown/content"].tobytes()) + 5
    path.unlink()
    path.write_bytes(raw[:place] + b"?" + raw[place + 1 :])
    damaged = SegmentFile(path)
    assert damaged.numbers("kind").size == 3
    with pytest.raises(IndexDamaged, match="blob/shown/content"):
        damaged.blob("shown", 1)


def test_every_number_and_listing_of_the_schema_is_there(tmp_path: Path) -> None:
    file = opened(tmp_path, build(many(3)))
    assert all(file.numbers(name).size == 3 for name in NUMBERS)
    assert all(file.listing(name).counts.size == 3 for name in STRING_LISTINGS)
