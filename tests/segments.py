"""Segments in memory for tests: small files made into documents, and those into parts.

    plain(build(specs(FILES)))["words"]

What a file becomes here is what a sync makes of it; nothing is settled between files.
"""

from typing import Any

from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.whoosh.build import Document, SegmentBuilder
from newsearch.engine.whoosh.documents import of_duplicate, of_item, of_related, of_state
from newsearch.engine.whoosh.parts import Parts
from newsearch.engine.whoosh.records import store_related
from newsearch.items.articles import claim_of
from newsearch.items.ids import article_key
from newsearch.items.reader import parse_item
from newsearch.model import SourceFile
from tests.archive import Spec, markdown

__all__ = ["FILES", "build", "documents", "plain", "specs", "written"]

BODY = " ".join(f"word{number}" for number in range(300))
FILES: list[Spec] = [
    {"path": "a.md", "title": "kelp norb", "topics": ["Law", "AI"], "body": BODY + " kelp" * 20, "quality": 80},
    {"path": "b.md", "title": "norb the kelp", "topics": ["ai"], "provider": {"name": "Salon"}, "date": "1969-01-01"},
    {"path": "c.md", "title": "US", "related": [{"title": "tarn", "url": "https://p.example/1"}]},
    {"path": "d.md", "title": "東京 Zürich", "body": BODY, "heat": 3},
]


def documents(spec: Spec) -> list[Document]:
    """A file's document, and those of the articles that it cites, and some without terms."""
    item = parse_item(markdown(spec).encode(), name=spec["path"]).item
    source = SourceFile("archive", spec["path"], 12, 1_600_000_000_000_000_000, bytes(range(16)))
    key = article_key(claim_of(item, root="archive", path=spec["path"]).path)
    cites = tuple(article_key(one.address) for one in item.related)
    found = [of_item(item, source, cites, key=key, first_indexed=len(spec["title"]))]
    found += [
        of_related(one, store_related(one), key=article_key(one.address), first_indexed=7) for one in item.related
    ]
    if "b" in spec["path"]:
        found += [of_duplicate(item, source, key=key), of_state(b"state")]
    return found


def build(found: list[Document]) -> Parts:
    builder = SegmentBuilder(Analyzer("english"))
    for document in found:
        builder.add(document)
    return builder.finish()


def plain(parts: Parts) -> dict[str, Any]:
    """A segment as lists and dictionaries, whatever order its table of frequencies has; without words as written."""
    inverted = parts.inverted
    return {
        "documents": parts.documents,
        "words": inverted.words,
        "start": inverted.start.tolist(),
        "postings": inverted.documents.tolist(),
        "frequencies": inverted.table[inverted.codes].tolist(),
        "forms": inverted.forms.tolist(),
        "positions": {group: values.tolist() for group, values in inverted.positions.items()},
        "numbers": {name: values.tolist() for name, values in parts.numbers.items()},
        "listings": {
            name: (one.counts.tolist(), one.values.tolist(), one.strings) for name, one in parts.listings.items()
        },
        "blobs": {name: (one.ends.tolist(), one.content) for name, one in parts.blobs.items()},
        "cited": (parts.cited.ends.tolist(), parts.cited.content),
    }


def written(parts: Parts) -> dict[tuple[bytes, bytes], int]:
    """How often each word occurs as written, by the word and its term."""
    terms = [parts.inverted.words[term] for term in parts.written.terms.tolist()]
    return dict(zip(zip(parts.written.words, terms, strict=True), parts.written.counts.tolist(), strict=True))


def specs(files: list[Spec]) -> list[Document]:
    return [document for spec in files for document in documents(spec)]
