"""What is wrong, or looks odd, in the archive, as far as the index knows it.

    for finding in survey(snapshot): ...

The files are not read again: this is how they were when they were indexed. Grouped by what it is; each group names all
of its files. Not for the index's own health (`checkup`), nor for mending anything.
"""

from datetime import datetime, timedelta

from newsearch.engine.whoosh.schema import MISSING, MISSING_DATE, DocumentKind
from newsearch.engine.whoosh.snapshot import Documents, Snapshot
from newsearch.engine.whoosh.topicspelling import spellings
from newsearch.model import Finding
from newsearch.query.dates import to_seconds

__all__ = ["survey"]

_AHEAD = timedelta(days=1)
"""So far a date may lie ahead: it is tomorrow already elsewhere, and dates without a zone are taken for UTC."""


def survey(snapshot: Snapshot, now: datetime) -> list[Finding]:
    """The faults and remarks of a commit. Takes time in proportion to its articles and topics."""
    found = [_unreadable(snapshot), _duplicates(snapshot)]
    items = snapshot.of_kind(DocumentKind.ITEM)
    dates = snapshot.dates[items]
    found += [
        _remark(
            "no-date",
            "These items have no date, so no range of dates finds them, and they rank with the median age.",
            _paths(items[dates == MISSING_DATE], snapshot),
        ),
        _remark(
            "future-date",
            "These items are dated in the future, so they rank as the newest and stay so.",
            _paths(items[(dates != MISSING_DATE) & (dates > (to_seconds(now + _AHEAD) or 0))], snapshot),
        ),
        _remark(
            "no-quality",
            "These items have no quality, so they rank with the median.",
            _paths(items[snapshot.column("quality")[items] == MISSING], snapshot),
        ),
        Finding("remark", "topics", "These topics look like different spellings of one.", spellings(_topics(snapshot))),
    ]
    return [finding for finding in found if finding.places]


def _remark(check: str, message: str, paths: tuple[str, ...]) -> Finding:
    return Finding("remark", check, message, paths, paths)


def _unreadable(snapshot: Snapshot) -> Finding:
    faults = sorted((str(fault), fault.path or "") for fault in snapshot.faults().values())
    message = "These files cannot be read as items; they are left out."
    return Finding(
        "fault", "unreadable", message, tuple(place for place, _ in faults), tuple(path for _, path in faults)
    )


def _duplicates(snapshot: Snapshot) -> Finding:
    """`b.md has the address of a.md`, for each file that is a duplicate."""
    found = []
    for document in snapshot.of_kind(DocumentKind.DUPLICATE).tolist():
        owners = snapshot.documents_of(int(snapshot.keys[document]), DocumentKind.ITEM)
        owner = snapshot.path(owners[0]) if owners else "another file"
        path = snapshot.source(document).path
        found.append((f"{path} has the address of {owner}", path))
    found.sort()
    message = "These files have the address of another file."
    return Finding("fault", "duplicate", message, tuple(place for place, _ in found), tuple(path for _, path in found))


def _paths(documents: Documents, snapshot: Snapshot) -> tuple[str, ...]:
    return tuple(sorted(snapshot.path(document) for document in documents.tolist()))


def _topics(snapshot: Snapshot) -> dict[str, frozenset[int]]:
    """The topics that articles have, each with these articles."""
    topics = {}
    for topic in snapshot.keyword_terms("topic"):
        documents = snapshot.keyword_documents("topic", topic)
        topics[topic] = frozenset(documents[snapshot.articles[documents]].tolist())
    return {topic: articles for topic, articles in topics.items() if articles}
