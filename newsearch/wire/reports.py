"""What is told of an index, a run, the settings and the saved queries, as JSON.

    stats_to_dict(index.stats())

A part of `newsearch.wire`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from newsearch.errors import ItemError
from newsearch.model import Diagnosis, IndexStats, SeenMark, SyncPreview, SyncReport, Timeline
from newsearch.wire.parts import VERSION, date_text, plain, timeline_parts

__all__ = [
    "diagnosis_to_dict",
    "preview_to_dict",
    "report_to_dict",
    "saved_to_dict",
    "settings_to_dict",
    "stats_to_dict",
]


def stats_to_dict(stats: IndexStats, growth: Timeline | None = None) -> dict[str, Any]:
    """The state and size of an index, under `stats`; `bytes` is its size on disk.

    `growth` is how many articles there are of each year, which a search tells and not the engine.
    """
    return {
        "version": VERSION,
        "stats": {
            "path": stats.path,
            "schema_version": stats.schema_version,
            "language": stats.language,
            "items": stats.items,
            "articles": stats.articles,
            "duplicates": stats.duplicates,
            "skipped": stats.skipped,
            "segments": stats.segments,
            "deleted": stats.deleted,
            "bytes": stats.bytes,
            "terms": stats.terms,
            "providers": stats.providers,
            "topics": stats.topics,
            "oldest": date_text(stats.oldest),
            "newest": date_text(stats.newest),
            "median_quality": stats.median_quality,
            "updated": date_text(stats.updated),
            "roots": list(stats.folders),
            "sources": list(stats.sources),
            "parts": [
                {"name": part.name, "documents": part.documents, "deleted": part.deleted, "bytes": part.bytes}
                for part in stats.parts
            ],
            "growth": None if growth is None else timeline_parts(growth),
        },
    }


def report_to_dict(report: SyncReport) -> dict[str, Any]:
    """What one `index` run did, under `report`; `seconds` is rounded to a millisecond."""
    return {
        "version": VERSION,
        "report": {
            "added": report.added,
            "changed": report.changed,
            "removed": report.removed,
            "excluded": report.excluded,
            "unchanged": report.unchanged,
            "duplicates": report.duplicates,
            "items": report.items,
            "articles": report.articles,
            "seconds": round(report.seconds, 3),
            "skipped": [_fault(fault) for fault in report.skipped],
            "remarks": [_fault(fault) for fault in report.remarks],
        },
    }


def preview_to_dict(preview: SyncPreview) -> dict[str, Any]:
    """What an `index` run would do: the report it would give, and under `would` the paths that it counts."""
    would = {
        what: [{"archive": root, "path": path} for root, path in names]
        for what, names in (("add", preview.added), ("change", preview.changed), ("remove", preview.removed))
    }
    return {**report_to_dict(preview.report), "would": would}


def settings_to_dict(
    values: Mapping[str, object], origins: Mapping[str, str], file: str | None, faults: Sequence[str] = ()
) -> dict[str, Any]:
    """The settings in force, under `settings`: key by key, each with its value and where that came from.

    `file` is the configuration file that was read, None where there is none; `faults` are what was refused.
    """
    settings = {key: {"value": plain(value), "origin": origins[key]} for key, value in values.items()}
    return {"version": VERSION, "settings": settings, "file": file, "faults": list(faults)}


def saved_to_dict(
    queries: Iterable[tuple[str, Mapping[str, str | int], SeenMark | None]], file: str | None
) -> dict[str, Any]:
    """Saved queries with their options and what was seen of each, under `saved`; `file` is where they are kept."""
    entries = [
        {"name": name, "query": dict(options), "seen": None if seen is None else date_text(seen.moment)}
        for name, options, seen in queries
    ]
    return {"version": VERSION, "saved": entries, "file": file}


def _fault(fault: ItemError) -> dict[str, Any]:
    return {"path": fault.path, "line": fault.line, "reason": fault.reason}


def diagnosis_to_dict(found: Diagnosis) -> dict[str, Any]:
    """What a check of an index found, under `diagnosis`."""
    return {
        "version": VERSION,
        "diagnosis": {
            "path": found.path,
            "files": found.files,
            "bytes": found.bytes,
            "sound": found.is_sound,
            "findings": [
                {
                    "severity": finding.severity,
                    "check": finding.check,
                    "message": finding.message,
                    "count": finding.count,
                    "places": list(finding.places),
                    "paths": list(finding.paths),
                }
                for finding in found.findings
            ],
        },
    }
