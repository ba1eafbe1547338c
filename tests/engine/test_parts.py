"""Segments in memory: joined, they are what one segment of the kept documents would have been."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.whoosh.build import SegmentBuilder
from newsearch.engine.whoosh.parts import join
from newsearch.engine.whoosh.schema import BLOBS, KEY_LISTINGS, NUMBERS, STRING_LISTINGS
from tests.archive import Spec
from tests.segments import FILES, build, documents, plain, specs, written
from tests.strategies import archives


@settings(max_examples=15)
@given(st.lists(archives(), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_joined_segments_are_one_segment_of_the_kept_documents(segments: list[list[Spec]], random: Any) -> None:
    kept, given_segments = [], []
    for files in segments:
        keep = np.array([random.random() < 0.7 for _ in specs(files)])
        given_segments.append((build(specs(files)), None if keep.all() else keep))
        kept += [document for document, stays in zip(specs(files), keep, strict=True) if stays]
    assert plain(join(given_segments)) == plain(build(kept))


def test_all_documents_of_all_segments_stay_without_a_mask() -> None:
    first, second = build(specs(FILES[:2])), build(specs(FILES[2:]))
    joined = join([(first, None), (second, None)])
    assert plain(joined) == plain(build(specs(FILES)))
    assert written(joined) == written(build(specs(FILES)))


@pytest.mark.parametrize("at_once", [1, 2, 7])
def test_joining_range_by_range_is_joining_all_terms_at_once(at_once: int) -> None:
    parts = [(build(specs(FILES[:2])), np.array([False, True, False, False])), (build(specs(FILES)), None)]
    joined = join(parts, at_once=at_once)
    assert (plain(joined), written(joined)) == (plain(join(parts)), written(join(parts)))
    assert np.array_equal(joined.inverted.forms, join(parts).inverted.forms)


def test_joining_twice_is_joining_once() -> None:
    parts = [(build(documents(spec)), None) for spec in FILES]
    assert plain(join([(join(parts[:2]), None), *parts[2:]])) == plain(join(parts))


def test_terms_and_strings_of_dropped_documents_alone_are_gone() -> None:
    joined = join([(build(specs(FILES[:2])), np.array([False, True, False, False]))])
    assert joined.inverted.words == [b"ai", b"kelp", b"norb", b"the"]
    assert joined.listings["topic"].strings == ["ai"]


def test_nothing_may_be_left() -> None:
    joined = join([(build(specs(FILES[:1])), np.zeros(1, np.bool_))])
    assert (joined.documents, joined.inverted.words) == (0, [])


def test_a_segment_has_all_that_the_schema_names() -> None:
    parts = build(specs(FILES))
    assert set(parts.numbers) == set(NUMBERS)
    assert set(parts.listings) == {*KEY_LISTINGS, *STRING_LISTINGS}
    assert set(parts.blobs) == set(BLOBS)
    assert all(values.size == parts.documents for values in parts.numbers.values())
    assert all(listing.counts.size == parts.documents for listing in parts.listings.values())
    assert all(blobs.ends.size == parts.documents for blobs in parts.blobs.values())


class TestBuilding:
    def test_more_than_a_batch_of_documents_is_one_segment(self) -> None:
        count = 4_200
        (document,) = documents({"path": "a.md", "title": "kelp"})
        parts = build([document] * count)
        assert parts.documents == count
        words = parts.inverted.words
        start = parts.inverted.start[words.index(b"kelp") :][:2]
        assert parts.inverted.documents[start[0] : start[1]].tolist() == list(range(count))

    def test_a_builder_can_be_used_again(self) -> None:
        builder = SegmentBuilder(Analyzer("english"))
        for spec in FILES:
            for document in documents(spec):
                builder.add(document)
            assert len(builder) == len(documents(spec))
            parts = builder.finish()
            assert len(builder) == 0
            assert plain(parts) == plain(build(documents(spec)))
            assert written(parts) == written(build(documents(spec)))

    def test_words_are_counted_as_written(self) -> None:
        parts = build(documents({"path": "x.md", "title": "Runs running", "body": "RUNNING runs the run"}))
        assert written(parts) == {
            (b"run", b"run"): 1,
            (b"running", b"run"): 2,
            (b"runs", b"run"): 2,
            (b"the", b"the"): 1,
        }

    def test_lengths_leave_stop_words_out(self) -> None:
        parts = build(documents({"path": "x.md", "title": "the kelp of the norb", "body": "the"}))
        assert [parts.numbers[f"length_{field}"].tolist() for field in ("title", "body")] == [[2], [0]]

    def test_no_documents_are_a_segment_too(self) -> None:
        parts = build([])
        assert (parts.documents, parts.inverted.words) == (0, [])
        assert plain(join([(parts, None), (build(specs(FILES)), None)])) == plain(build(specs(FILES)))


@pytest.mark.parametrize("count", [15, 16, 17, 300])
def test_listings_of_many_strings_are_renumbered(count: int) -> None:
    files: list[Spec] = [
        {"path": f"{number}.md", "title": "kelp", "topics": [f"t{number}", f"t{count - number}"]}
        for number in range(count)
    ]
    keep = np.arange(count) % 3 > 0
    joined = join([(build(specs(files)), keep)])
    assert plain(joined) == plain(build(specs([spec for spec, stays in zip(files, keep, strict=True) if stays])))
