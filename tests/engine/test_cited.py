"""What items say of the articles they cite comes back, and is stored once if the article's document says the same."""

import io
from pathlib import Path

import pytest

from newsearch.engine.whoosh.records import restore_description
from newsearch.engine.whoosh.segmentfile import SegmentFile, write_segment
from tests.archive import Spec
from tests.segments import build, plain, specs

TOLD = {"title": "tarn", "excerpt": "vost", "url": "https://p.example/1"}
CITING: list[Spec] = [{"path": f"{name}.md", "title": name, "related": [TOLD]} for name in ("kelp", "vost")]


def written(folder: Path, files: list[Spec]) -> SegmentFile:
    parts = build(specs(files))
    file = io.BytesIO()
    write_segment(file, parts)
    path = folder / "MAIN_test.nws"
    path.write_bytes(file.getvalue())
    segment = SegmentFile(path)
    assert plain(segment.parts()) == plain(parts)
    return segment


def told(segment: SegmentFile) -> list[list[str]]:
    """The titles of what each document cites, as it says."""
    return [[restore_description(one).title for one in segment.cited(number)] for number in range(segment.documents)]


def rows(segment: SegmentFile) -> int:
    """How many descriptions are stored beside the documents."""
    return segment.file["cited/key"].size


def test_a_description_like_the_articles_document_is_not_stored_again(tmp_path: Path) -> None:
    segment = written(tmp_path, CITING)
    assert told(segment) == [["tarn"], [], ["tarn"], []]
    assert rows(segment) == 0


@pytest.mark.parametrize(
    "other",
    [{"title": "tern"}, {"excerpt": ""}, {"quality": 3}, {"date": "2020-09-13"}, {"provider": {"name": "Salon"}}],
)
def test_one_that_differs_in_anything_is_stored_as_it_is(tmp_path: Path, other: Spec) -> None:
    segment = written(tmp_path, [CITING[0], {**CITING[1], "related": [{**TOLD, **other}]}])
    described = segment.cited(2)[0]
    assert described != segment.cited(0)[0]
    assert restore_description(described).title == other.get("title", "tarn")
    assert rows(segment) == 1


def test_equal_descriptions_of_an_article_without_a_document_are_stored_once(tmp_path: Path) -> None:
    documents = [document for document in specs(CITING) if document.cites]
    parts = build(documents)
    file = io.BytesIO()
    write_segment(file, parts)
    path = tmp_path / "MAIN_test.nws"
    path.write_bytes(file.getvalue())
    segment = SegmentFile(path)
    assert told(segment) == [["tarn"], ["tarn"]]
    assert rows(segment) == 1
    assert segment.listing("cites").values.tolist() == parts.listings["cites"].values.tolist()


def test_a_document_says_something_of_all_that_it_cites_or_of_none() -> None:
    (document, _) = specs(CITING[:1])
    with pytest.raises(ValueError, match="of each article that it cites"):
        build([document._replace(cited=[b"one", b"two"])])
    assert build([document._replace(cited=())]).cited.content == b""
