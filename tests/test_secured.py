"""`secured` is an opaque blob: nothing indexes it, stores it, shows it or quotes it in a message."""

import base64
import hashlib
import json
import logging
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsearch.engine.whoosh.schema import BLOBS as BYTE_STRINGS
from newsearch.engine.whoosh.schema import KEYWORD_FIELDS, NUMBERS, STRING_LISTINGS
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.library import NewsIndex
from tests.archive import Archive, cited

FRAGMENT = 12


def blob(name: str, size: int = 200) -> str:
    """Text as encrypted values look: base64 that occurs nowhere else."""
    raw = b"".join(hashlib.sha256(f"{name}{number}".encode()).digest() for number in range(size // 32 + 1))
    return base64.b64encode(raw).decode()[:size]


WORDY = "sealedalpha sealedbravo sealedcharlie sealeddelta sealedecho"
BLOBS = {
    name: blob(name) for name in ("plain", "nested", "folded", "quoted", "broken", "late", "body", "image", "twice")
}


def deliver(archive: Archive) -> None:
    """Files that have `secured` wherever one could come to have it, some of them faulty on top."""
    archive.deliver(
        "Harbour kelp",
        secured=BLOBS["plain"],
        related=[cited("Norb", "https://b.example/1", secured=BLOBS["nested"])],
    )
    archive.deliver("Words kelp", secured=WORDY)
    archive.deliver(
        "Mapping kelp", secured={"iv": BLOBS["quoted"], "parts": [BLOBS["plain"], {"tag": BLOBS["nested"]}]}
    )
    folded = "\n".join("  " + BLOBS["folded"][start : start + 50] for start in range(0, 200, 50))
    archive.write("folded.md", f"---\ntitle: Folded kelp\nsecured: |\n{folded}\n---\nbody\n")
    archive.write(
        "image.md", f"---\ntitle: Image kelp\nimages:\n- url: https://p/i.png\n  secured: {BLOBS['image']}\n---\n"
    )
    archive.write("broken.md", f'---\ntitle: Broken kelp\nsecured: "{BLOBS["broken"]}\n---\nbody\n')
    archive.write("tabbed.md", f"---\ntitle: T\nsecured: {BLOBS['broken']}: {BLOBS['late']}\n\tquality: x\n---\n")
    archive.write("untitled.md", f"---\nquality: {'x' * 5}\nsecured: {BLOBS['late']}\n---\nbody\n")
    archive.write("remarks.md", f"---\ntitle: Remarks kelp\nquality: many\nsecured: {BLOBS['late']}\nheat: hot\n---\n")
    archive.write("body.md", f"---\ntitle: Body kelp\n---\nText\n---\nsecured: {BLOBS['body']}\n---\n")
    archive.write("flow.md", f"---\ntitle: Flow kelp\n---\nrelated: [{{title: x, secured: {BLOBS['body']}}}]\n---\n")
    archive.write("json.md", f'---\ntitle: Braces kelp\n---\n{{"title": "x","secured": "{BLOBS["body"]}"}}\n')
    gap = f"{BLOBS['folded'][:90]}\n\n  {BLOBS['folded'][90:]}"
    archive.write("gap.md", f"---\ntitle: Gap kelp\n---\nText\nsecured: |\n\n  {gap}\n\nMore text\n---\n")
    archive.write("twice.md", f"---\ntitle: Twice kelp\nsecured: {BLOBS['twice']}\nsecured: {BLOBS['plain']}\n---\n")
    archive.write(
        "lines.jsonl",
        f'{{"title": "Lines kelp", "secured": "{BLOBS["plain"]}", "provider": {{"secured": "{BLOBS["nested"]}"}}}}\n'
        f'{{"title": "Bad line", "secured": "{BLOBS["broken"]}\n{{"secured": "{BLOBS["late"]}", "quality": 1}}\n',
    )
    archive.write("crlf.md", f"---\r\ntitle: Line ends kelp\r\nsecured: >\r\n  {BLOBS['folded']}\r\n---\r\nbody\r\n")


def fragments() -> set[bytes]:
    texts = [*BLOBS.values(), WORDY]
    return {text[start : start + FRAGMENT].encode() for text in texts for start in range(len(text) - FRAGMENT + 1)}


def leaked(raw: bytes) -> set[bytes]:
    """The fragments that are in some bytes. One pass: blobs are much shorter than what is searched."""
    wanted = fragments()
    return {raw[at : at + FRAGMENT] for at in range(len(raw) - FRAGMENT + 1)} & wanted


def inflated(raw: bytes) -> Iterator[bytes]:
    """Whatever in some bytes can be decompressed, wherever it begins."""
    for at in range(len(raw)):
        if raw[at] == 0x78:
            try:
                yield zlib.decompressobj().decompress(raw[at:])
            except zlib.error:
                continue


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> tuple[NewsIndex, str, Path]:
    """An index of such an archive, edited once so that it has been merged, and all that was said on the way."""
    folder = tmp_path_factory.mktemp("secured")
    archive = Archive(folder / "archive")
    deliver(archive)
    index = NewsIndex.create(folder / "index")
    said = []
    for _ in range(2):
        report = index.sync([archive.folder])
        said.append(repr(report) + "".join(map(str, (*report.skipped, *report.remarks))))
        archive.deliver("One more kelp", secured=BLOBS["plain"])
    return index, "".join(said), folder / "index"


def newest(folder: Path) -> Snapshot:
    return Snapshot.newest(folder)


def test_there_is_something_to_leak(synced: tuple[NewsIndex, str, Path], tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    deliver(archive)
    raw = b"".join(file.read_bytes() for file in archive.folder.iterdir())
    assert len(leaked(raw)) > 1000
    index, _, _ = synced
    assert index.search("kelp").total >= 7


def test_no_file_of_the_index_has_a_fragment_of_it(synced: tuple[NewsIndex, str, Path]) -> None:
    for file in synced[2].iterdir():
        raw = file.read_bytes()
        assert not leaked(raw), file.name
        assert not any(leaked(part) for part in inflated(raw)), file.name


def test_no_array_of_a_segment_has_a_fragment_of_it(synced: tuple[NewsIndex, str, Path]) -> None:
    for segment in newest(synced[2]).segments:
        for name in segment.file.file.names():
            raw = segment.file.file[name].tobytes()
            assert not leaked(raw), name
            assert not any(leaked(part) for part in inflated(raw)), name


def test_no_record_string_number_or_term_has_a_fragment_of_it(synced: tuple[NewsIndex, str, Path]) -> None:
    snapshot = newest(synced[2])
    records = 0
    for segment in snapshot.segments:
        for document in range(segment.file.documents):
            for name in BYTE_STRINGS:
                raw = segment.file.blob(name, document)
                assert not leaked(raw)
                assert b"secured" not in raw
                records += name == "record" and bool(raw)
        for listing in STRING_LISTINGS:
            strings = segment.file.listing(listing).strings or []
            assert not leaked("\n".join(strings).encode())
            assert not [string for string in strings if "sealed" in string]
        words = list(segment.file.written)
        assert not leaked(b"\n".join(words))
        assert not [word for word in words if word.startswith(b"sealed")]
    assert records >= 12
    for column in NUMBERS:
        assert not leaked(snapshot.column(column).tobytes())
    # A term may be shorter than a fragment, so the words of a sealed text are looked for as they are, too.
    for terms in (snapshot.text_terms(), *map(list, map(snapshot.keyword_terms, KEYWORD_FIELDS))):
        assert not leaked("\n".join(terms).encode())
        assert not [term for term in terms if term.startswith("sealed")]
    assert "kelp" in snapshot.text_terms()


def test_no_report_error_or_remark_quotes_it(synced: tuple[NewsIndex, str, Path]) -> None:
    index, said, _ = synced
    assert "broken.md" in said
    assert not leaked(said.encode())
    faults = index._engine.faults().values()
    assert not leaked("".join(map(repr, faults)).encode())


def test_no_search_finds_or_shows_it(synced: tuple[NewsIndex, str, Path]) -> None:
    index, _, _ = synced
    for text in (*WORDY.split(), *BLOBS.values()):
        assert index.search(text, match="any").total == 0
    shown = [repr(hit) for hit in index.search("kelp", limit=100, explain=True)]
    shown += [repr(index.get(hit.id)) for hit in index.search("", limit=100)]
    assert not leaked(json.dumps(shown).encode())


def test_nothing_logs_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    archive = Archive(tmp_path / "archive")
    deliver(archive)
    with caplog.at_level(logging.DEBUG):
        index = NewsIndex.create(tmp_path / "index")
        index.sync([archive.folder])
        index.search("kelp")
        index.close()
    assert not leaked(caplog.text.encode())
