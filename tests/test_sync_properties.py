"""Any sequence of syncs ends in the index that a fresh build of the same files gives, but for the times of arrival."""

import json
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from newsearch.engine.base import Delivery
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.engine.whoosh.schema import KEYWORD_FIELDS, NUMBERS, STRING_LISTINGS, TEXT_FIELDS, DocumentKind
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.items.ids import article_id, article_key
from newsearch.model import Article, Hit
from tests import oracle
from tests.archive import NOW, ROOT, build, delivery, find
from tests.strategies import batches, queries

Files = dict[str, dict[str, Any]]


def apply(engine: WhooshEngine, files: Files, batch: dict[str, Any], *, at: datetime = NOW) -> None:
    """One sync of a batch of changes, which `files` goes along with."""
    deliveries: list[Delivery] = []
    removed = []
    for path, change in batch.items():
        if change == "removed":
            files.pop(path, None)
            removed.append((ROOT, path))
        elif change == "touched":
            if path in files:
                deliveries.append(Delivery(delivery(files[path]).source))
        else:
            files[path] = {"path": path, "title": None} if change == "broken" else change
            deliveries.append(delivery(files[path]))
    engine.sync(deliveries, removed, at=at)


def contents(engine: WhooshEngine) -> list[tuple[object, ...]]:
    """All that the live documents of an index hold, times of first arrival left out.

    Numbers, what is shown, record, digest, strings as written, citations, and terms with their positions.
    """
    snapshot = Snapshot.newest(engine._folder)
    terms: dict[int, list[tuple[object, ...]]] = {}
    for field in TEXT_FIELDS:
        for term in snapshot.text_terms():
            documents, frequencies = snapshot.arrays(field, term)
            for document, frequency in zip(documents.tolist(), frequencies.tolist(), strict=True):
                terms.setdefault(document, []).append((field, term, frequency))
            for document, position in zip(
                *(values.tolist() for values in snapshot.positions(field, term)), strict=True
            ):
                terms[document].append((field, term, "at", position))
    for field in KEYWORD_FIELDS:
        for term in snapshot.keyword_terms(field):
            for document in snapshot.keyword_documents(field, term).tolist():
                terms.setdefault(document, []).append((field, term))
    numbers = [name for name in NUMBERS if name != "first_indexed"]
    return sorted(
        (
            *(int(snapshot.column(name)[document]) for name in numbers),
            stored(snapshot, document),
            digest(snapshot, document),
            int(snapshot.keys[document]),
            snapshot.citations(document).tolist(),
            [snapshot.strings(listing, document) for listing in STRING_LISTINGS],
            sorted(map(repr, terms.get(document, []))),
        )
        for document in range(snapshot.size)
        if snapshot.alive[document]
    )


def stored(snapshot: Snapshot, document: int) -> str:
    if snapshot.column("kind")[document] != DocumentKind.STATE:
        return repr(snapshot.stored(document))
    state = json.loads(snapshot.state() or b"")
    return repr({name: value for name, value in state.items() if name != "arrived"})


def digest(snapshot: Snapshot, document: int) -> bytes:
    has_file = snapshot.column("kind")[document] not in (DocumentKind.RELATED, DocumentKind.STATE)
    return snapshot.source(document).digest if has_file else b""


def shown(engine: WhooshEngine) -> list[Article]:
    """Every article as `show` prints it, but for when it came."""
    found = [engine.get(hit.id) for hit in find(engine)]
    return [
        Article(**{**{name: getattr(one, name) for name in Article.__slots__}, "first_indexed": None}) for one in found
    ]


def hits(engine: WhooshEngine, text: str) -> list[Hit]:
    return list(find(engine, text, explain=True))


def faults(engine: WhooshEngine) -> dict[tuple[str, str], str]:
    return {source: str(fault) for source, fault in engine.faults().items()}


@settings(max_examples=30)
@given(batches(), st.lists(queries(), max_size=2))
def test_any_sequence_of_syncs_equals_a_fresh_build_of_the_final_files(
    changes: list[dict[str, Any]], asked: list[oracle.Query]
) -> None:
    files: Files = {}
    with tempfile.TemporaryDirectory() as folder:
        grown = WhooshEngine.create(Path(folder) / "grown")
        for batch in changes:
            apply(grown, files, batch)
        fresh = build(Path(folder) / "fresh", [files[path] for path in sorted(files)])
        assert contents(grown) == contents(fresh)
        assert shown(grown) == shown(fresh)
        assert grown.outcome() == fresh.outcome()
        assert grown.sources() == fresh.sources()
        assert faults(grown) == faults(fresh)
        for query in asked:
            text = oracle.text_of(query)
            assert hits(grown, text) == hits(fresh, text)
        grown.close()
        fresh.close()


@settings(max_examples=15)
@given(batches())
def test_the_articles_are_those_of_the_rules_after_every_sync(changes: list[dict[str, Any]]) -> None:
    files: Files = {}
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine.create(folder)
        for batch in changes:
            apply(engine, files, batch)
            readable = [spec for spec in files.values() if spec["title"] is not None]
            expected = oracle.articles(readable)
            found = {hit.id: engine.get(hit.id) for hit in find(engine)}
            assert {one.address for one in found.values()} == set(expected)
            for article in found.values():
                wanted = expected[article.address]
                assert (article.kind, article.title, article.path) == (wanted.kind, wanted.title, wanted.path)
                assert [ref.id for ref in article.related] == [article_id(article_key(cited)) for cited in wanted.cites]
                assert {ref.id for ref in article.cited_by} == {article_id(article_key(one)) for one in wanted.cited_by}
            assert engine.outcome().duplicates == len(readable) - sum(one.kind == "item" for one in expected.values())
        engine.close()


@settings(max_examples=15)
@given(batches())
def test_an_article_keeps_its_first_arrival_as_long_as_it_is_there(changes: list[dict[str, Any]]) -> None:
    files: Files = {}
    arrived: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine.create(folder)
        for hours, batch in enumerate(changes):
            apply(engine, files, batch, at=NOW + timedelta(hours=hours))
            now = {hit.id: engine.get(hit.id).first_indexed for hit in find(engine)}
            assert all(now[identity] == arrived[identity] for identity in now.keys() & arrived.keys())
            assert all(now[identity] == engine.stats().updated for identity in now.keys() - arrived.keys())
            arrived = dict(now)
        engine.rebuild([delivery(spec) for spec in files.values()], language="english")
        assert {hit.id: engine.get(hit.id).first_indexed for hit in find(engine)} == arrived
        engine.close()


def test_an_index_of_nothing_holds_its_own_state_alone() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = build(folder)
        assert [document[0] for document in contents(engine)] == [DocumentKind.STATE]
        engine.close()
