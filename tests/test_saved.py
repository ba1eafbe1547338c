"""Saved queries: a file that people edit stays theirs, and what is wrong in it is named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.errors import ConfigError, QueryError
from newsearch.model import SearchRequest
from newsearch.saved import FILE_NAME, MAX_NAME, MAX_QUERIES, SavedQueries
from tests.full import no_room

HAND_WRITTEN = """\
# Ours.

[tram]   # the old one
text = "tram"
# before the text was longer

# About faces.
[faces]
text = '''facial
recognition'''
min_quality = 40
"""


def test_what_is_saved_is_found_again(tmp_path: Path) -> None:
    queries = SavedQueries(tmp_path)
    assert queries.save("faces", {"text": "facial recognition", "since": "7d", "min_quality": 40}) is None
    assert queries.get("faces").request == SearchRequest("facial recognition", since="7d", min_quality=40)


def test_a_query_saved_again_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    queries = SavedQueries(tmp_path)
    for text in ("one", "two", "three"):
        queries.save(text, {"text": text})
    before = queries.save("two", {"text": "deux"})
    assert before is not None
    assert before.options == {"text": "two"}
    assert [(name, query.options["text"]) for name, query in queries.all().items()] == [
        ("one", "one"),
        ("two", "deux"),
        ("three", "three"),
    ]


def test_comments_and_the_other_queries_stay_as_they_were_written(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(HAND_WRITTEN)
    queries = SavedQueries(tmp_path)
    queries.save("tram", {"text": "trams"})
    queries.save("new", {"topic": "law"})
    assert (tmp_path / FILE_NAME).read_text() == HAND_WRITTEN.replace(
        '[tram]   # the old one\ntext = "tram"\n', '[tram]\ntext = "trams"\n'
    ) + '\n[new]\ntopic = "law"\n'


def test_removing_one_leaves_the_others_and_their_comments(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(HAND_WRITTEN)
    queries = SavedQueries(tmp_path)
    assert queries.remove("tram").options == {"text": "tram"}
    assert "# About faces.\n[faces]\n" in (tmp_path / FILE_NAME).read_text()
    assert list(queries.all()) == ["faces"]


@pytest.mark.parametrize(
    "text", ['faces = {text = "x"}\n', '[faces]\ntext = """\n[faces]\n"""\n', '["a"]\ntext = "x"\n[faces.x]\n']
)
def test_a_file_that_cannot_be_changed_safely_is_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    queries = SavedQueries(tmp_path)
    try:
        queries.save("faces", {"text": "y"})
    except ConfigError:
        assert (tmp_path / FILE_NAME).read_text() == text
    else:
        assert queries.get("faces").options == {"text": "y"}


def test_lines_end_as_they_did(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b'[one]\r\ntext = "x"\r\n')
    SavedQueries(tmp_path).save("two", {"text": "y"})
    assert (tmp_path / FILE_NAME).read_bytes() == b'[one]\r\ntext = "x"\r\n\r\n[two]\r\ntext = "y"\r\n'


@given(st.text(), st.text(min_size=1))
def test_any_text_survives(text: str, topic: str) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        queries = SavedQueries(Path(folder))
        queries.save("before", {"text": "kelp"})
        queries.save("any", {"text": text, "topic": topic})
        queries.save("before", {"text": "norb"})
        assert queries.get("any").options == {"text": text, "topic": topic}


@pytest.mark.parametrize("name", ["", "a b", "ä", "a.b", "[a]", "a\n", "x" * (MAX_NAME + 1)])
def test_a_name_of_other_characters_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(QueryError, match="no name for a query"):
        SavedQueries(tmp_path).save(name, {"text": "x"})
    assert not (tmp_path / FILE_NAME).exists()


def test_a_name_that_is_not_there_is_refused_with_the_nearest(tmp_path: Path) -> None:
    queries = SavedQueries(tmp_path)
    with pytest.raises(QueryError, match="newsearch save faces TEXT"):
        queries.get("faces")
    queries.save("faces", {"text": "x"})
    with pytest.raises(QueryError, match='no saved query "fases"; the nearest is faces'):
        queries.get("fases")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[faces]\ntxt = 'x'\n", "did you mean text"),
        ("[faces]\ntext = 3\n", "text of faces is 3; it has to be text in quotes"),
        ("[faces]\nmin_quality = true\n", "has to be a whole number"),
        ("faces = 'x'\n", "has to be a table"),
        ("['a b']\ntext = 'x'\n", "no name for a query"),
        ("text = 1\n[faces\n", r"newsearch\.queries\.toml:2: this is not TOML"),
        ("[faces]\nlimit = 5\n", "has no option"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_with_it(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(ConfigError, match=reason) as caught:
        SavedQueries(tmp_path).all()
    assert str(tmp_path / FILE_NAME) in str(caught.value)


def test_a_file_that_is_not_utf_8_is_named_with_the_line(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"[a]\ntext = '\xff'\n")
    with pytest.raises(ConfigError, match=f"{FILE_NAME}:2: this is not UTF-8"):
        SavedQueries(tmp_path).all()


def test_the_file_is_beside_the_configuration_above_or_else_here(tmp_path: Path) -> None:
    inner = tmp_path / "project" / "inner"
    inner.mkdir(parents=True)
    assert SavedQueries.near(inner).folder == inner
    (tmp_path / FILE_NAME).touch()
    assert SavedQueries.near(inner).folder == tmp_path
    (tmp_path / "project" / "newsearch.toml").touch()
    assert SavedQueries.near(inner).folder == tmp_path / "project"


def test_a_link_to_the_file_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text("")
    real.chmod(0o640)
    (tmp_path / FILE_NAME).symlink_to(real)
    SavedQueries(tmp_path).save("faces", {"text": "x"})
    assert (tmp_path / FILE_NAME).is_symlink()
    assert "[faces]" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE_NAME, "real.toml"]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(ConfigError, match=rf"{FILE_NAME}: this file cannot be read"):
        SavedQueries(tmp_path).all()


def test_a_disk_that_is_full_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(HAND_WRITTEN)
    with no_room(), pytest.raises(ConfigError, match=rf"{FILE_NAME}: this file cannot be written"):
        SavedQueries(tmp_path).save("kelp", {"text": "kelp"})
    assert [path.read_text() for path in tmp_path.iterdir()] == [HAND_WRITTEN]


def test_a_last_line_without_an_end_is_given_one(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('[tram]\ntext = "tram"')
    queries = SavedQueries(tmp_path)
    queries.save("kelp", {"text": "kelp"})
    assert {name: query.options for name, query in queries.all().items()} == {
        "tram": {"text": "tram"},
        "kelp": {"text": "kelp"},
    }


def test_there_are_so_many_at_most(tmp_path: Path) -> None:
    text = "".join(f'[q{number}]\ntext = "kelp"\n' for number in range(MAX_QUERIES))
    (tmp_path / FILE_NAME).write_text(text)
    queries = SavedQueries(tmp_path)
    with pytest.raises(QueryError, match="saved queries already; remove one"):
        queries.save("another", {"text": "norb"})
    queries.save("q0", {"text": "norb"})
    assert queries.get("q0").options == {"text": "norb"}
