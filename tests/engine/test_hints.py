"""What is said to someone whose query found nothing."""

from pathlib import Path

from newsearch.engine.whoosh.engine import WhooshEngine
from tests.archive import build, find, update

ITEMS = [
    {"path": "a.md", "title": "kelp", "date": "2019-05-01", "topics": ["Laws of the sea"]},
    {"path": "b.md", "title": "kelp", "date": "2020-05-01", "topics": ["Law of the sea"]},
]


def engine_in(folder: Path) -> WhooshEngine:
    return build(folder, ITEMS)


def test_the_nearest_value_is_named(tmp_path: Path) -> None:
    (said,) = find(engine_in(tmp_path), 'topic:"law of the seas"').warnings
    assert said == 'No article has the topic "law of the seas". Did you mean law of the sea?'


def test_looking_back_a_value_of_later_articles_is_not_named(tmp_path: Path) -> None:
    (said,) = find(engine_in(tmp_path), 'topic:"law of the seas"', as_of="2019-12-31").warnings
    assert said.endswith("Did you mean laws of the sea?")


def test_a_value_of_deleted_articles_alone_is_not_named(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)
    update(engine, removed=["a.md", "b.md"])
    (said,) = find(engine, 'topic:"law of the seas"').warnings
    assert said == 'No article has the topic "law of the seas".'
