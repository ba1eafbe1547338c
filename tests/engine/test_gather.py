"""Documents become the columns of a segment, in whatever batches they come."""

import pytest

from newsearch.engine.whoosh.gather import Document, Gathered, stored_of
from tests.segments import FILES, documents, specs


def gathered(found: list[Document], size: int) -> Gathered:
    columns = Gathered()
    for start in range(0, len(found), size):
        columns.take(found[start : start + size])
    return columns


@pytest.mark.parametrize("size", [1, 2, 3])
def test_batches_of_any_size_make_the_same_columns(size: int) -> None:
    found = specs(FILES)
    one, several = gathered(found, len(found)), gathered(found, size)
    for name, values in one.numbers().items():
        assert several.numbers()[name].tolist() == values.tolist()
    for name, listing in one.listings().items():
        other = several.listings()[name]
        assert other.counts.tolist() == listing.counts.tolist()
        assert other.values.tolist() == listing.values.tolist()
        assert other.strings == listing.strings
    for name, blobs in one.blobs().items():
        assert several.blobs()[name].content == blobs.content
        assert several.blobs()[name].ends.tolist() == blobs.ends.tolist()
    assert several.cited().content == one.cited().content


@pytest.mark.parametrize("size", [1, 3, 100])
def test_what_is_stored_of_a_document_is_known_before_it_is_written(size: int) -> None:
    found = specs(FILES)
    columns = gathered(found, size)
    assert len(columns) == len(found)
    assert [columns.stored(number) for number in range(len(found))] == list(map(stored_of, found))


def test_texts_are_handed_on_a_field_at_a_time_and_not_kept() -> None:
    found = documents(FILES[0])
    columns = Gathered()
    assert columns.take(found) == list(zip(*[document.texts for document in found], strict=True))
    assert columns.take([]) == []


def test_of_no_documents_all_columns_are_empty() -> None:
    columns = Gathered()
    assert all(values.size == 0 for values in columns.numbers().values())
    assert all(listing.counts.size == 0 for listing in columns.listings().values())
    assert all(blobs.content == b"" for blobs in columns.blobs().values())
