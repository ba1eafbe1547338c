"""What is wrong, or looks odd, in the archive, as far as the index knows it.

    for finding in survey(snapshot): ...

The files are not read again: this is how they were when they were indexed. Grouped by what it is; each group names all
of its files. Not for the index's own health (`checkup`), nor for mending anything.
"""

import unicodedata
from collections import defaultdict

import numpy as np

from newsearch.engine.whoosh.schema import MISSING, MISSING_DATE, DocumentKind
from newsearch.engine.whoosh.snapshot import Documents, Snapshot
from newsearch.model import Finding

__all__ = ["survey"]

_TYPO_LENGTH = 7
"""Topics at least so long that differ in one letter are taken for one; shorter ones often mean different things."""


def survey(snapshot: Snapshot) -> list[Finding]:
    """The faults and remarks of a commit. Takes time in proportion to its articles and topics."""
    found = [
        Finding(
            "fault", "unreadable", "These files cannot be read as items; they are left out.", _unreadable(snapshot)
        ),
        Finding("fault", "duplicate", "These files have the address of another file.", _duplicates(snapshot)),
    ]
    items = snapshot.of_kind(DocumentKind.ITEM)
    without = (
        (
            "date",
            MISSING_DATE,
            "These items have no date, so no range of dates finds them, and they rank with the median age.",
        ),
        ("quality", MISSING, "These items have no quality, so they rank with the median."),
    )
    for column, missing, message in without:
        places = _paths(items[snapshot.column(column)[items] == missing], snapshot)
        found.append(Finding("remark", f"no-{column}", message, places))
    found.append(
        Finding("remark", "topics", "These topics look like different spellings of one.", _spellings(snapshot))
    )
    return [finding for finding in found if finding.places]


def _unreadable(snapshot: Snapshot) -> tuple[str, ...]:
    return tuple(sorted(str(fault) for fault in snapshot.faults().values()))


def _duplicates(snapshot: Snapshot) -> tuple[str, ...]:
    """`b.md has the address of a.md`, for each file that is a duplicate."""
    found = []
    for document in snapshot.of_kind(DocumentKind.DUPLICATE).tolist():
        owners = snapshot.documents_of(int(snapshot.keys[document]), DocumentKind.ITEM)
        owner = snapshot.path(owners[0]) if owners else "another file"
        found.append(f"{snapshot.source(document).path} has the address of {owner}")
    return tuple(sorted(found))


def _paths(documents: Documents, snapshot: Snapshot) -> tuple[str, ...]:
    return tuple(sorted(snapshot.path(document) for document in documents.tolist()))


def _spellings(snapshot: Snapshot) -> tuple[str, ...]:
    """Groups of topics that differ in accents, spaces, marks, a plural's s, or, if they are long, in one letter."""
    counts = {
        topic: int(np.count_nonzero(snapshot.articles[snapshot.keyword_documents("topic", topic)]))
        for topic in snapshot.keyword_terms("topic")
    }
    groups: dict[str, set[str]] = defaultdict(set)
    for topic, count in counts.items():
        if count:
            groups[_plain(topic)].add(topic)
    # Words that differ in one letter at most have one in common, among themselves and what one letter less leaves.
    near: dict[str, str] = {}
    for key in sorted(groups):
        if len(key) < _TYPO_LENGTH or any(char.isdigit() for char in key):
            continue
        shorter = {key, *(key[:place] + key[place + 1 :] for place in range(len(key)))}
        other = next((near[one] for one in shorter if one in near and _is_one_edit(near[one], key)), None)
        if other is not None:
            groups[other] |= groups.pop(key)
            continue
        near.update(dict.fromkeys(shorter, key))
    found = [sorted(group, key=lambda topic: (-counts[topic], topic)) for group in groups.values() if len(group) > 1]
    return tuple(sorted(" / ".join(f"{topic} ({counts[topic]})" for topic in group) for group in found))


def _plain(topic: str) -> str:
    letters = "".join(char for char in unicodedata.normalize("NFKD", topic).casefold() if char.isalnum())
    return letters.removesuffix("s") or topic


def _is_one_edit(one: str, other: str) -> bool:
    """Whether a letter more, less or another makes one word of the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if same is None:
        return True
    return one[same + 1 :] == other[same + 1 :] or one[same:] == other[same + 1 :] or one[same + 1 :] == other[same:]
