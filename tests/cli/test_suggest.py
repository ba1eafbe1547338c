"""`newsearch suggest`, and what `newsearch query` says of words that no article has."""

import json
from pathlib import Path

import jsonschema
import pytest

from newsearch import wire
from tests.archive import Archive
from tests.cli.command import indexed, run


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("suggest")
    archive = Archive(folder / "archive")
    archive.deliver("Facial recognition ban", topics=["Recruiting"], provider={"name": "Record", "domain": "r.example"})
    archive.deliver("The recognition of faces", excerpt="a $5 ban")
    return indexed(archive.folder, folder / "index")


def test_a_line_in_a_pipe_has_text_kind_and_count(index: Path) -> None:
    lines = run("suggest", "rec", "--index", index).out.splitlines()
    assert lines == ["recognition\tword\t2", "Record\tprovider\t1", "Recruiting\ttopic\t1", "recruiting\tword\t1"]


def test_on_a_terminal_columns_are_lined_up(index: Path) -> None:
    assert run("suggest", "rec", "--kind", "word", "--index", index, terminal=True).out.splitlines() == [
        "recognition  word  2",
        "recruiting   word  1",
    ]


def test_kind_and_limit_choose(index: Path) -> None:
    assert run("suggest", "rec", "--kind", "topic", "--index", index).out == "Recruiting\ttopic\t1\n"
    assert run("suggest", "rec", "-n", "1", "--index", index).out == "recognition\tword\t2\n"


def test_json_is_as_the_schema_has_it(index: Path) -> None:
    document = json.loads(run("suggest", "facial rec", "--json", "--index", index).out)
    jsonschema.validate(document, wire.schema())
    assert document["completions"] == {
        "prefix": "facial rec",
        "values": [
            {"text": "facial recognition", "kind": "word", "count": 1},
            {"text": "facial recruiting", "kind": "word", "count": 1},
        ],
    }


def test_where_nothing_begins_so_it_says_so_and_exits_with_0(index: Path) -> None:
    outcome = run("suggest", "zzz", "--index", index)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "newsearch: Nothing in the archive begins so.\n")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--kind", "topics"], "--kind is 'topics'"),
        (["--limit", "1001"], "--limit is 1001"),
        (["--format", "paths"], "--format paths is none"),
        (["--json", "--format", "plain"], "contradict each other"),
    ],
)
def test_a_wrong_value_is_refused_before_an_index_is_looked_for(options: list[str], said: str) -> None:
    outcome = run("suggest", "rec", "--index", "nowhere", *options)
    assert outcome.code == 2
    assert said.replace("'", '"') in outcome.err.replace("'", '"')


def test_fields_that_begin_so_come_first_and_have_no_count(index: Path) -> None:
    assert run("suggest", "re", "--kind", "field", "--index", index).out == "related:\tfield\t\n"
    values = json.loads(run("suggest", "ban re", "-n", "1", "--json", "--index", index).out)["completions"]["values"]
    assert values == [{"text": "ban related:", "kind": "field", "count": None}]


def test_a_field_with_a_value_has_the_number_that_a_search_finds(index: Path) -> None:
    assert run("suggest", "is:it", "--index", index).out == "is:item\tfield\t2\n"
    assert run("suggest", "topic:Rec", "--index", index).out == "topic:Recruiting\tfield\t1\n"


def test_after_an_at_sign_saved_queries_are_offered(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("save", "faces", "facial")
    run("save", "bans", "zzz")
    document = json.loads(run("suggest", "@fa", "--kind", "saved", "--json", "--index", index).out)
    jsonschema.validate(document, wire.schema())
    assert document["completions"]["values"] == [{"text": "@faces", "kind": "saved", "count": 1}]
    assert run("suggest", "@fac", "--index", index).out.startswith("@faces\tsaved\t1\n")


def test_query_says_what_may_have_been_meant_and_how_to_search_for_it(index: Path) -> None:
    outcome = run("query", "facial", "recogniton", "--index", index)
    assert f'newsearch: Did you mean: newsearch query --index {index} "facial recognition"?\n' in outcome.err


@pytest.mark.parametrize("command", ["count", "facets topic", "timeline", "timeline --by year", "brief"])
def test_what_may_have_been_meant_is_asked_with_the_same_command(index: Path, command: str) -> None:
    err = run(*command.split(), "recogniton", "--index", index).err
    assert f'newsearch: Did you mean: newsearch {command} --index {index} "recognition"?\n' in err


def test_a_suggestion_with_signs_of_the_shell_is_quoted_for_it(index: Path) -> None:
    err = run("query", '"facial recogniton" -$9', "--index", index).err
    assert f"newsearch query --index {index} '\"facial recognition\" -$9'?" in err


def test_json_has_the_suggestion_and_reads_back(index: Path) -> None:
    document = json.loads(run("query", "recogniton", "--json", "--index", index).out)
    jsonschema.validate(document, wire.schema())
    assert document["suggestion"] == "recognition"
    assert wire.search_from_dict(document).suggestion == "recognition"
