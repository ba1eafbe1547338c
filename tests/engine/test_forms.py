"""Words as written: each has the documents and frequencies that the analyzer's own words give."""

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.whoosh.build import Document, SegmentBuilder
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.engine.whoosh.parts import Parts, form_numbers, join
from newsearch.engine.whoosh.schema import TEXT_FIELDS
from newsearch.engine.whoosh.segmentfile import SegmentFile, write_segment
from newsearch.engine.whoosh.snapshot import Snapshot
from tests.archive import Spec, build, update

Texts = Sequence[str]
"""A document's text fields, in the schema's order."""

WORDS = ("run", "runs", "running", "universe", "university", "US", "us", "U.S.", "the", "kelp", "Kelps", "1,000")

_values = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
_documents = st.lists(st.lists(_values, min_size=5, max_size=5), max_size=6)


def parts_of(documents: Sequence[Texts]) -> Parts:
    builder = SegmentBuilder(Analyzer("english"))
    for texts in documents:
        builder.add(Document(texts=[(text,) for text in texts]))
    return builder.finish()


def opened(folder: Path, parts: Parts) -> SegmentFile:
    file, path = io.BytesIO(), folder / "MAIN_forms.nws"
    write_segment(file, parts)
    path.unlink(missing_ok=True)
    path.write_bytes(file.getvalue())
    return SegmentFile(path)


def expected(documents: Sequence[Texts]) -> dict[tuple[int, str], dict[int, int]]:
    """By field and word as written: the documents that have it, and how often."""
    found: dict[tuple[int, str], dict[int, int]] = {}
    analyzer = Analyzer("english")
    for number, texts in enumerate(documents):
        for field, text in enumerate(texts):
            # A text all in capitals has no country in it.
            plain = text.lower() if text.isupper() else text
            words = [written for piece in plain.split() for written, _ in analyzer.written_terms(piece)]
            for word, count in Counter(words).items():
                found.setdefault((field, word), {})[number] = count
    return found


def check(file: SegmentFile, documents: Sequence[Texts]) -> None:
    wanted = expected(documents)
    words = {word for _, word in wanted}
    assert sorted(set(file.written)) == sorted(word.encode() for word in words)
    for word in words | {"absent"}:
        for field in range(len(TEXT_FIELDS)):
            assert counts(file, field, [word]) == wanted.get((field, word), {})


def counts(file: SegmentFile, field: int, words: Iterable[str]) -> dict[int, int]:
    """The documents that have any of some words as written in a field, and how often."""
    asked = {word.encode() for word in words}
    places = np.array([place for place, word in enumerate(file.written) if word in asked], np.int64)
    documents, by_field = file.forms.counts(places, file.documents)
    assert (np.diff(documents) > 0).all()
    return {
        document: count for document, count in zip(documents.tolist(), by_field[field].tolist(), strict=True) if count
    }


@settings(max_examples=60)
@given(_documents)
@example([["US us U.S.", "us", "", "US", "the us"], ["JOIN US NOW", "", "us US", "", ""]])
def test_each_word_as_written_has_its_own_occurrences(
    tmp_path_factory: pytest.TempPathFactory, documents: list[list[str]]
) -> None:
    check(opened(tmp_path_factory.getbasetemp(), parts_of(documents)), documents)


@settings(max_examples=60)
@given(st.lists(_documents, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_joined_segments_keep_the_forms_of_the_documents_that_stay(
    tmp_path_factory: pytest.TempPathFactory, segments: list[list[list[str]]], random: Any
) -> None:
    folder, kept, chosen = tmp_path_factory.getbasetemp(), [], []
    for documents in segments:
        keep = np.array([random.random() < 0.7 for _ in documents], np.bool_)
        chosen.append((opened(folder, parts_of(documents)).parts(), keep))
        kept += [document for document, stays in zip(documents, keep, strict=True) if stays]
    check(opened(folder, join(chosen)), kept)


@pytest.mark.parametrize("variety", [1, 2, 3, 4, 5, 16, 17, 256, 257, 700])
def test_a_term_may_have_any_number_of_forms(tmp_path: Path, variety: int) -> None:
    parts = parts_of([[" ".join(f"w{number}" for number in range(variety)), "kelp", "", "", ""]] * 3)
    merged = _as_forms_of_one_term(parts, variety)
    file = opened(tmp_path, merged)
    for number in range(variety):
        word = merged.written.words[1 + number].decode()
        assert counts(file, 0, [word]) == {0: 1, 1: 1, 2: 1}
    assert file.forms.all().tolist() == merged.inverted.forms.tolist()


def _as_forms_of_one_term(parts: Parts, variety: int) -> Parts:
    """A segment whose documents each have every one of so many forms of one term, and a word beside it."""
    single = parts_of([[" ".join(["w"] * variety), "kelp", "", "", ""]] * 3)
    forms = np.concatenate([np.zeros(3), np.tile(np.arange(variety), 3)]).astype(np.uint16)
    written = replace(parts.written, terms=np.array([0] + [1] * variety), counts=np.full(variety + 1, 3))
    return replace(single, inverted=replace(single.inverted, forms=forms), written=written)


def test_forms_are_numbered_within_their_term() -> None:
    assert form_numbers(np.array([4, 1, 4, 4, 1, 0])).tolist() == [0, 0, 1, 2, 1, 0]
    assert form_numbers(np.zeros(0, np.int64)).size == 0


FILES: list[Spec] = [
    {"path": "a.md", "url": "https://p.example/a", "title": "The university", "excerpt": "universe universities"},
    {"path": "b.md", "url": "https://p.example/b", "title": "The universe and the university"},
]


def found(engine: WhooshEngine, field: str, words: Iterable[str]) -> dict[str, int]:
    """The paths of the live documents that have any of some words as written, and how often."""
    snapshot = Snapshot.newest(engine._folder)
    return {
        snapshot.path(document + segment.base): count
        for segment in snapshot.segments
        for document, count in counts(segment.file, TEXT_FIELDS.index(field), words).items()
        if snapshot.alive[document + segment.base]
    }


def test_a_snapshot_finds_words_as_written_over_segments_deletions_and_merges(tmp_path: Path) -> None:
    engine = build(tmp_path, FILES)
    assert found(engine, "title", ["university"]) == {"a.md": 1, "b.md": 1}
    assert found(engine, "title", ["universe", "university"]) == {"a.md": 1, "b.md": 2}
    assert found(engine, "excerpt", ["universe", "universe"]) == {"a.md": 1}
    assert found(engine, "title", ["univers"]) == {}
    update(engine, [{"path": "c.md", "title": "university universe university"}], removed=["b.md"])
    assert found(engine, "title", ["university"]) == {"a.md": 1, "c.md": 2}
    assert found(engine, "title", ["universe"]) == {"c.md": 1}


@settings(max_examples=60)
@given(_documents, st.randoms(use_true_random=False))
def test_several_words_have_the_occurrences_of_each_and_some_documents_those_they_have(
    tmp_path_factory: pytest.TempPathFactory, documents: list[list[str]], random: Any
) -> None:
    file = opened(tmp_path_factory.getbasetemp(), parts_of(documents))
    wanted = expected(documents)
    words = [word for word in sorted({word for _, word in wanted}) if random.random() < 0.5]
    for field in range(len(TEXT_FIELDS)):
        added: Counter[int] = Counter()
        for word in words:
            added.update(wanted.get((field, word), {}))
        assert counts(file, field, words) == added
    chosen = np.array([random.random() < 0.5 for _ in documents], np.bool_)
    present = file.forms.present(chosen, np.arange(file.written.count))
    having = {word for (_, word), owners in wanted.items() if any(chosen[owner] for owner in owners)}
    assert {word.decode() for word, has in zip(file.written, present.tolist(), strict=True) if has} == having
