"""A check of a whole index: every byte of every file, and whether the files agree.

    check(Path("index")).is_sound

A search checks what it reads; this reads everything, and goes on after what it finds, so that all of it is told at
once. It changes nothing. What is wrong with the archive is another module's (`survey`), which asks an index that is
sound.
"""

from datetime import UTC, datetime
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from newsearch.engine.whoosh.contents import ContentsMissing
from newsearch.engine.whoosh.schema import SCHEMA_VERSION
from newsearch.engine.whoosh.search import Searcher
from newsearch.engine.whoosh.segment import EXTENSION, NewsSegment
from newsearch.engine.whoosh.segmentfile import SegmentFile
from newsearch.engine.whoosh.snapshot import Segment, Snapshot
from newsearch.engine.whoosh.strays import strays
from newsearch.engine.whoosh.survey import survey
from newsearch.engine.whoosh.toc import NewsFileIndex
from newsearch.errors import IndexDamaged, IndexMissing, IndexVersionError
from newsearch.model import Diagnosis, Finding, RankingSettings

__all__ = ["check"]

_MEND = "Build the index anew with: newsearch index --rebuild"


def check(folder: Path, *, now: datetime | None = None) -> Diagnosis:
    """Check the index in a folder, and where it is sound the archive as it knows it. Raises IndexMissing.

    `now` is what dates in the future are later than; the clock's, unless it is given.
    """
    try:
        return _check(folder, now or datetime.now(UTC))
    except (ContentsMissing, NotADirectoryError, FileNotFoundError):
        raise IndexMissing(f"There is no index in {folder}; make one with: newsearch index") from None


def _check(folder: Path, now: datetime) -> Diagnosis:
    index = NewsFileIndex(FileStorage(str(folder)))
    try:
        toc = index.read_toc()
    except Exception as error:  # noqa: BLE001 - whatever damaged bytes make of reading it
        reason = f"The table of contents cannot be read: {error}. {_MEND}"
        name = TOC._filename(index.indexname, index.latest_generation())
        return Diagnosis(str(folder), 1, 0, (Finding("damage", "contents", reason, (name,)),))
    findings: list[Finding] = []
    segments: list[Segment] = []
    size = (folder / TOC._filename(index.indexname, toc.generation)).stat().st_size
    base = 0
    for listed in toc.segments:
        path = folder / listed.make_filename(EXTENSION)
        damage, file = _segment_damage(path, listed)
        findings += damage
        if file is not None:
            size += path.stat().st_size
            segments.append(Segment(file, base, list(listed.deleted_docs())))
            base += file.documents
    names = [segment.segment_id() for segment in toc.segments]
    if left := strays(folder, toc.generation, names):
        message = "These files are no commit's; a newsearch that was killed left them, and the next index removes them."
        findings.append(Finding("remark", "stray", message, tuple(path.name for path in left)))
    if not any(finding.severity == "damage" for finding in findings):
        findings += _contents(segments, toc, now)
    return Diagnosis(str(folder), 1 + len(segments), size, tuple(findings))


def _segment_damage(path: Path, listed: NewsSegment) -> tuple[list[Finding], SegmentFile | None]:
    """What is wrong with a segment's file, array by array, and the file if nothing is."""

    def damage(reason: object) -> Finding:
        return Finding("damage", "segment", f"{reason}", (path.name,))

    try:
        # Not the one that searches have open: what they have checked may have changed since.
        file = SegmentFile(path)
    except IndexDamaged as error:
        return [damage(error)], None
    except IndexVersionError as error:
        return [Finding("damage", "version", f"{error}", (path.name,))], None
    except OSError as error:
        return [
            damage(f"The index file {path} cannot be read: {(error.strerror or str(error)).lower()}. {_MEND}")
        ], None
    except Exception as error:  # noqa: BLE001 - the checksums are right, and still it is no segment of this version
        return [damage(f"The index file {path} cannot be understood: {error!r}. {_MEND}")], None
    found = []
    for name in file.file.names():
        try:
            _ = file.file[name]
        except IndexDamaged as error:
            found.append(damage(error))
    if not found and file.documents != listed.doc_count_all():
        found.append(damage(f"The index file {path} is another one's: it has {file.documents} documents. {_MEND}"))
    return found, None if found else file


def _contents(segments: list[Segment], toc: TOC, now: datetime) -> list[Finding]:
    """What a sound index says of the archive; of one that another version made only that."""
    try:
        snapshot = Snapshot(segments, toc.schema["title"].analyzer.analyzer.language, (toc.generation, ()))
        version = Searcher(snapshot, RankingSettings()).schema_version
        if version != SCHEMA_VERSION:
            reason = (
                f"The index was made by another version of newsearch: it has version {version}; this newsearch reads "
                f"version {SCHEMA_VERSION}. {_MEND}"
            )
            return [Finding("damage", "version", reason)]
        return survey(snapshot, now)
    except Exception as error:  # noqa: BLE001 - every byte is as it was written, and yet it makes no sense
        return [Finding("damage", "contents", f"The index contradicts itself: {error!r}. {_MEND}")]
