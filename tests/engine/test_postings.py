"""Postings on disk: documents, frequencies and positions as a dictionary of lists has them."""

import io
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsearch.engine.whoosh.container import ArrayFile, write_arrays
from newsearch.engine.whoosh.invert import MAX_DOCUMENTS, Occurrences, invert, packed_places
from newsearch.engine.whoosh.postings import (
    GROUPS,
    MAX_FREQUENCY,
    MAX_POSITION,
    Inverted,
    Postings,
    pack_postings,
)
from newsearch.engine.whoosh.ragged import ragged
from newsearch.engine.whoosh.schema import TEXT_FIELDS

FIELDS = range(len(TEXT_FIELDS))

Occurrence = tuple[bytes, int, int, int]
"""A word, its document, field and position."""

Reference = dict[bytes, dict[int, dict[int, list[int]]]]
"""The ascending positions by word, document and field."""


def inverted(occurrences: Iterable[Occurrence]) -> Inverted:
    occurrences = list(occurrences)
    words = list(dict.fromkeys(word for word, *_ in occurrences))
    terms = sorted(words)
    columns = np.array([(words.index(word), *place) for word, *place in occurrences], np.int64).reshape(-1, 4)
    places = packed_places(columns[:, 1], columns[:, 2], columns[:, 3], np.ones(len(occurrences), np.int64))
    return invert(
        terms,
        [Occurrences(columns[:, 0].astype(np.int32), places)],
        np.array([terms.index(word) for word in words], np.int64),
        np.zeros(len(words), np.uint16),
    )


def stored(folder: Path, packed: Inverted, *, documents: int) -> Postings:
    path = folder / "postings.nws"
    path.unlink(missing_ok=True)
    file = io.BytesIO()
    write_arrays(file, pack_postings(packed, documents=documents), {})
    path.write_bytes(file.getvalue())
    return Postings(ArrayFile(path), documents=documents, fields=len(FIELDS))


def reference(occurrences: Iterable[Occurrence]) -> Reference:
    found: Reference = {}
    for word, document, field, position in sorted(occurrences):
        found.setdefault(word, {}).setdefault(document, {}).setdefault(field, []).append(position)
    return found


def check(postings: Postings, expected: Reference) -> None:
    """That postings, asked in every way, give what is expected."""
    words = sorted(expected)
    assert postings.total == sum(map(len, expected.values()))
    for field in FIELDS:
        has = [any(field in of_document for of_document in expected[word].values()) for word in words]
        assert postings.present(field).tolist() == has
    for rank, word in enumerate(words):
        documents = expected[word]
        assert postings.count(rank) == len(documents)
        assert postings.documents(rank).tolist() == list(documents)
        found, codes = postings.of(rank)
        assert (found.tolist(), codes.tolist()) == (list(documents), postings.codes(rank).tolist())
        placed, rows = np.zeros((2, found.size), np.int64)
        postings.put(rank, placed, rows, base=100_000, row=7)
        assert (placed.tolist(), rows.tolist()) == ((found + 100_000).tolist(), (codes + 7).tolist())
        frequencies = [[len(fields.get(field, ())) for field in FIELDS] for fields in documents.values()]
        assert postings.frequencies(rank).tolist() == frequencies
        assert postings.table[postings.codes(rank)].tolist() == frequencies
        for field in FIELDS:
            lists = [fields[field] for fields in documents.values() if field in fields]
            counts, places = postings.positions(rank, field)
            assert counts.tolist() == list(map(len, lists))
            assert places.tolist() == [position for positions in lists for position in positions]
        everywhere = sorted({document for found in expected.values() for document in found})
        for chosen in (everywhere, everywhere[::3], list(documents)[:1]):
            check_places(postings, rank, documents, chosen)


def check_places(postings: Postings, rank: int, expected: dict[int, dict[int, list[int]]], chosen: list[int]) -> None:
    """Where a word is in some documents, those that lack it too."""
    found = postings.places(rank, np.array(chosen, np.int32), field_bits=3, position_bits=24)
    for group, fields in GROUPS.items():
        assert found[group].tolist() == [
            (document << 3 | field) << 24 | position
            for document in chosen
            for field in fields
            for position in expected.get(document, {}).get(field, ())
        ]


def round_trip(folder: Path, occurrences: list[Occurrence], *, documents: int) -> None:
    packed = inverted(occurrences)
    expected = reference(occurrences)
    assert packed.words == sorted(expected)
    postings = stored(folder, packed, documents=documents)
    check(postings, expected)
    # What a merge reads back writes the same again.
    check(stored(folder, postings.inverted(packed.words, packed.forms), documents=documents), expected)


_words = st.sampled_from([b"kelp", b"norb", b"a", "ü".encode(), b"\xff", *(b"w%d" % number for number in range(20))])
_positions = st.one_of(st.integers(0, 40), st.integers(250, 260), st.integers(65_530, 65_540), st.just(MAX_POSITION))


def _occurrences(documents: st.SearchStrategy[int]) -> st.SearchStrategy[set[Occurrence]]:
    return st.sets(st.tuples(_words, documents, st.sampled_from(FIELDS), _positions), max_size=80)


@settings(max_examples=120)
@given(_occurrences(st.integers(0, 12)))
@example(set())
def test_a_few_documents_come_back(tmp_path_factory: pytest.TempPathFactory, occurrences: set[Occurrence]) -> None:
    round_trip(tmp_path_factory.getbasetemp(), list(occurrences), documents=13)


_far = st.sampled_from((0, 1, 65_534, 65_535, 65_536, 65_537, 100_000, MAX_DOCUMENTS - 1))


@settings(max_examples=60)
@given(_occurrences(_far))
def test_documents_past_65536_come_back(tmp_path_factory: pytest.TempPathFactory, occurrences: set[Occurrence]) -> None:
    round_trip(tmp_path_factory.getbasetemp(), list(occurrences), documents=MAX_DOCUMENTS)


def test_long_lists_past_65536_documents_come_back(tmp_path: Path) -> None:
    words = {b"all": range(70_000), b"even": range(0, 70_000, 2), b"late": range(65_536, 70_000), b"one": (65_536,)}
    occurrences = [(word, document, 0, 0) for word, documents in words.items() for document in documents]
    round_trip(tmp_path, occurrences, documents=70_000)


def test_documents_of_many_groups_come_back_from_a_merge(tmp_path: Path) -> None:
    # More than can be inverted at once, as segments that were joined have them.
    documents = np.array([5, 70_000, 131_072, 131_073, 400_000, 7, 400_000], np.uint32)
    codes = np.zeros(documents.size, np.int64)
    table = np.array([[1, 0, 0, 0, 0]], np.uint16)
    positions = {"short": np.arange(documents.size, dtype=np.uint32), "long": np.zeros(0, np.uint32)}
    packed = Inverted([b"a", b"b"], np.array([0, 5, 7]), documents, codes, table, positions, np.zeros(7, np.uint16))
    postings = stored(tmp_path, packed, documents=400_001)
    assert [postings.documents(rank).tolist() for rank in (0, 1)] == [documents[:5].tolist(), documents[5:].tolist()]
    assert postings.positions(1, 0)[1].tolist() == [5, 6]
    assert postings.inverted([b"a", b"b"], packed.forms).documents.tolist() == documents.tolist()


@pytest.mark.parametrize("frequency", [14, 15, 16, 17, 255, 256, MAX_FREQUENCY - 1, MAX_FREQUENCY])
def test_frequent_words_come_back(tmp_path: Path, frequency: int) -> None:
    often = [(b"kelp", 3, field, 2 * place) for field in (0, 3) for place in range(frequency)]
    round_trip(tmp_path, [*often, (b"kelp", 4, 1, 0), (b"kelp", 3, 1, 0), (b"norb", 0, 3, 7)], documents=5)


def test_more_than_can_be_counted_are_cut_off_and_disturb_nothing_else(tmp_path: Path) -> None:
    often = [(b"kelp", 3, field, place) for field in (0, 3) for place in range(MAX_FREQUENCY + 100)]
    others: list[Occurrence] = [
        (b"kelp", 3, 1, 5),
        (b"kelp", 3, 4, 6),
        (b"kelp", 4, 3, 9),
        (b"norb", 3, 3, 7),
        (b"zorn", 0, 0, 8),
    ]
    kept = [one for one in often if one[-1] < MAX_FREQUENCY]
    check(stored(tmp_path, inverted([*often, *others]), documents=5), reference([*kept, *others]))


def test_positions_past_the_last_are_the_last(tmp_path: Path) -> None:
    postings = stored(tmp_path, inverted([(b"kelp", 0, 3, MAX_POSITION + 9), (b"kelp", 0, 3, 4)]), documents=1)
    assert postings.positions(0, 3)[1].tolist() == [4, MAX_POSITION]


def test_more_than_255_distinct_frequencies_come_back(tmp_path: Path) -> None:
    shapes = list(product(range(4), range(4), range(4), range(4), range(2)))[1:]
    occurrences = [
        (b"kelp", document, field, place)
        for document, shape in enumerate(shapes)
        for field, frequency in enumerate(shape)
        for place in range(frequency)
    ]
    occurrences += [(b"common%d" % number, document, 0, 0) for number in range(40) for document in range(9)]
    assert len(shapes) > 500
    round_trip(tmp_path, occurrences, documents=len(shapes))


def test_terms_between_starts_find_their_positions(tmp_path: Path) -> None:
    # Only every sixteenth term says where its positions begin.
    occurrences = [
        (b"w%03d" % word, document, field, word + document)
        for word, document in product(range(50), range(4))
        for field in ((word + document) % 5, (word * document) % 5)
    ]
    round_trip(tmp_path, list(dict.fromkeys(occurrences)), documents=4)


@pytest.mark.parametrize("most_forms", [2, 1 << 16])
def test_forms_come_along_whether_or_not_there_is_room_for_them_in_a_key(most_forms: int) -> None:
    terms = [b"t%05d" % number for number in range(1 << 8)]
    words = np.arange(2 << 8, dtype=np.int32)[::-1]
    places = packed_places(words.astype(np.int64) % 7, 0, np.arange(words.size), np.ones(words.size, np.int64))
    forms = np.where(np.arange(words.size) >= 1 << 8, most_forms - 1, 0).astype(np.uint16)
    packed = invert(terms, [Occurrences(words, places)], np.arange(words.size) % (1 << 8), forms)
    expected = sorted(
        (int(word) % 256, int(place), int(forms[word])) for word, place in zip(words, places, strict=True)
    )
    assert packed.forms.tolist() == [form for _, _, form in expected]
    assert packed.start.tolist() == list(range(0, 513, 2))


def test_words_may_be_numbered_in_any_order() -> None:
    places = packed_places(np.array([1, 1, 0]), 0, np.array([1, 0, 5]), np.ones(3, np.int64))
    occurrences = Occurrences(np.array([0, 1, 0], np.int32), places)
    packed = invert([b"a", b"b"], [occurrences], np.array([1, 0]), np.zeros(2, np.uint16))
    assert (packed.words, packed.start.tolist(), packed.documents.tolist()) == ([b"a", b"b"], [0, 1, 3], [1, 0, 1])


def test_too_many_documents_for_one_go_are_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        inverted([(b"a", MAX_DOCUMENTS, 0, 0)])


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 5)), max_size=12))
def test_ragged_lists_runs_one_after_the_other(runs: list[tuple[int, int]]) -> None:
    starts, counts = np.array(runs, np.int64).reshape(-1, 2).T
    assert ragged(starts, counts).tolist() == [place for start, count in runs for place in range(start, start + count)]
