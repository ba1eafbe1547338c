"""The MCP server at the other end of a real pipe, asked by the SDK's own client."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from newsearch import NewsIndex
from newsearch.requests import MAX_REFERENCE
from tests.archive import Archive, cited
from tests.docs.pages import ROOT
from tests.mcp.session import Session, measured, served

pytestmark = pytest.mark.xdist_group("mcp")

BODY = "The vote was held at night. " * 400


def started(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Python in a folder, with nothing on its standard input, when it has ended."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), **measured()},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of a few articles."""
    folder = tmp_path_factory.mktemp("served")
    archive = Archive(folder / "data")
    archive.deliver(
        "Harbour bans cameras\nat last",
        path="2020/harbour.md",
        date="2020-09-13T12:08:00Z",
        quality=43,
        provider={"name": "The Lantern", "domain": "thelantern.example"},
        topics=["Privacy"],
        related=[cited("Cameras return", "https://b.example/r", publishedDateTime="2020-09-14T00:00:00Z")],
        body=BODY,
        secured="c2VjcmV0",
    )
    archive.deliver("Kelp in the harbour", path="2020/kelp.md", url=None, date="2020-10-01T00:00:00Z")
    with NewsIndex.create(folder / "index") as index:
        index.sync(archive.folder)
    return folder


@pytest.fixture(scope="module")
def session(folder: Path) -> Iterator[Session]:
    with served(folder / "index") as session:
        yield session


class TestTools:
    def test_there_are_six_and_none_changes_anything(self, session: Session) -> None:
        tools = session.run("list_tools").tools
        assert [tool.name for tool in tools] == ["search", "get", "similar", "related", "facets", "timeline"]
        assert all(tool.annotations.read_only_hint and tool.description for tool in tools)

    def test_every_argument_has_a_description_and_bounds(self, session: Session) -> None:
        for tool in session.run("list_tools").tools:
            assert tool.input_schema["additionalProperties"] is False
            for name, schema in tool.input_schema["properties"].items():
                bounds = {"enum", "maxLength", "maximum", "maxItems"} & set(schema)
                assert schema["description"], name
                assert bounds or schema["type"] == "boolean", name

    def test_the_schemas_are_json_schemas_by_themselves(self, session: Session) -> None:
        for tool in session.run("list_tools").tools:
            for schema in (tool.input_schema, tool.output_schema):
                jsonschema.Draft202012Validator.check_schema(schema)
                assert schema["type"] == "object"

    def test_a_search_gives_hits_and_counts(self, session: Session) -> None:
        found = session.document("search", text="harbour", facets=["provider"], timeline="month", explain=True)
        assert found["total"] == 2
        assert {hit["title"] for hit in found["hits"]} == {"Harbour bans cameras at last", "Kelp in the harbour"}
        assert found["facets"]["provider"][0]["value"] == "thelantern.example"
        assert [bucket["count"] for bucket in found["timeline"]["buckets"]] == [1, 1]

    def test_nothing_found_is_no_error(self, session: Session) -> None:
        assert session.document("search", text="zebra")["total"] == 0

    def test_an_argument_of_null_counts_as_not_given(self, session: Session) -> None:
        assert session.document("search", text="harbour", since=None, limit=None)["limit"] == 10

    def test_a_whole_number_may_have_a_point(self, session: Session) -> None:
        assert session.document("search", text="harbour", limit=1.0)["limit"] == 1

    def test_the_text_beside_says_what_a_model_needs(self, session: Session) -> None:
        text = session.text(session.call("search", text="cameras bans"))
        assert text.splitlines()[0] == "1 article, 1-1 shown. Read as: cameras bans"
        assert "Harbour bans cameras at last — The Lantern, 2020-09-13, quality 43, score " in text

    def test_the_text_of_an_article_is_cut_and_the_json_is_whole(self, session: Session) -> None:
        result = session.call("get", reference="https://paper.example/2020/harbour")
        assert len(session.text(result)) < 5000
        assert result.structured_content["article"]["body"] == BODY.strip()

    def test_similar_and_related_go_on_from_an_article(self, session: Session) -> None:
        reference = "https://paper.example/2020/harbour"
        assert {hit["title"] for hit in session.document("similar", reference=reference)["hits"]} == {
            "Cameras return",
            "Kelp in the harbour",
        }
        [relation] = session.document("related", reference=reference)["relations"]["articles"]
        assert relation["article"]["title"] == "Cameras return"

    def test_what_is_encrypted_is_nowhere(self, session: Session) -> None:
        assert "c2VjcmV0" not in session.call("get", reference="https://paper.example/2020/harbour").model_dump_json()

    def test_the_text_of_a_search_says_what_became_of_it(self, session: Session) -> None:
        relaxed = session.text(session.call("search", text="kelp harbour cameras norb"))
        assert "No article has all of these words; these are the articles with most of them." in relaxed
        assert "Did you mean: kelp" in session.text(session.call("search", text="kelpp"))
        assert "; offset 50 passes over all of them." in session.text(session.call("search", text="kelp", offset=50))
        stories = session.text(session.call("search", text="cameras", group="story"))
        assert " in 1 story" in stories
        assert "Story: 2 articles by " in stories

    def test_values_are_counted(self, session: Session) -> None:
        result = session.call("facets", field="kind", text="cameras")
        assert result.structured_content["facets"]["kind"][0]["value"] in ("item", "related")
        assert "item" in session.text(result)


class TestRefusals:
    @pytest.mark.parametrize(
        ("tool", "arguments", "sentence"),
        [
            ("search", {"txt": "x"}, 'There is no argument "txt"; the nearest is text.'),
            ("search", {"limit": 101}, "limit is 101; it must be a whole number from 0 to 100."),
            ("search", {"limit": True}, "limit is True; it must be a whole number from 0 to 100."),
            ("search", {"limit": "5"}, "limit is '5'; it must be a whole number from 0 to 100."),
            ("search", {"offset": 10**9}, "offset is 1000000000; it must be a whole number from 0 to 1,000,000."),
            ("search", {"text": "x" * 2001}, "text is longer than 2,000 characters."),
            ("get", {"reference": "x" * (MAX_REFERENCE + 1)}, "reference is longer than 1,000 characters."),
            ("search", {"text": 5}, "text is 5; it must be text."),
            ("search", {"provider": "x" * 301}, "provider is longer than 300 characters."),
            (
                "search",
                {"sort": "dates"},
                'sort is "dates"; it must be relevance or date or quality or heat; the nearest is date.',
            ),
            ("search", {"facets": ["year"] * 8}, "facets has more than 7 entries."),
            ("search", {"facets": "year"}, "facets is 'year'; it must be a list."),
            ("search", {"explain": 1}, "explain is 1; it must be true or false."),
            ("search", {"kind": 5}, "kind is 5; it must be text."),
            (
                "get",
                {},
                "reference is missing: The article's id, or the start of it, or its web address with https://.",
            ),
            ("get", {"reference": "zzzz"}, "No article has the id, address or path 'zzzz'."),
            ("get", {"reference": 5}, "reference is 5; it must be text."),
            ("related", {"reference": "x", "depth": 4}, "depth is 4; it must be a whole number from 1 to 3."),
            (
                "timeline",
                {"interval": "weak"},
                'interval is "weak"; it must be day or week or month or year; the nearest is week.',
            ),
        ],
    )
    def test_what_makes_no_sense_is_refused_with_a_sentence(
        self, session: Session, tool: str, arguments: dict[str, Any], sentence: str
    ) -> None:
        assert session.error(tool, **arguments) == sentence

    def test_a_date_that_is_none_is_explained(self, session: Session) -> None:
        assert session.error("search", since="bogus").startswith('since: "bogus" is not a date that can be read')

    def test_a_tool_that_is_not_there_is_an_error_of_the_protocol(self, session: Session) -> None:
        with pytest.raises(Exception, match="There is no tool 'serch'"):
            session.call("serch")

    def test_a_timeline_of_too_many_steps_is_refused(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("kelp", date="1990-01-01")
        archive.deliver("kelp", date="2020-01-01")
        with NewsIndex.create(tmp_path / "index") as index:
            index.sync(archive.folder)
        with served(tmp_path / "index") as session:
            assert session.error("timeline", interval="day").startswith("The timeline has 10,958 steps")
            assert len(session.document("timeline", interval="year")["timeline"]["buckets"]) == 31


class TestResources:
    def test_the_newest_articles_are_listed(self, session: Session) -> None:
        listed = session.run("list_resources").resources
        assert [resource.title for resource in listed] == ["Kelp in the harbour", "Harbour bans cameras at last"]

    def test_any_article_is_read_by_its_id(self, session: Session) -> None:
        article = session.document("get", reference="https://b.example/r")
        [content] = session.run("read_resource", f"newsearch://articles/{article['article']['id']}").contents
        assert content.mime_type == "application/json"
        assert json.loads(content.text) == article

    def test_the_template_says_how(self, session: Session) -> None:
        [template] = session.run("list_resource_templates").resource_templates
        assert template.uri_template == "newsearch://articles/{id}"

    @pytest.mark.parametrize(
        "uri",
        ["newsearch://articles/zzzzz", "newsearch://articles/", "newsearch://articles/../x", "file:///etc/passwd"],
    )
    def test_what_is_no_article_is_not_found(self, session: Session, uri: str) -> None:
        with pytest.raises(Exception, match=r"No article has|There is no such resource"):
            session.run("read_resource", uri)


class TestPaths:
    def test_no_file_is_named_unless_asked(self, session: Session) -> None:
        for result in (
            session.call("search", text="harbour"),
            session.call("get", reference="https://paper.example/2020/harbour"),
            session.call("get", reference=session.document("search", text="kelp")["hits"][0]["id"]),
            session.call("similar", reference="https://paper.example/2020/harbour"),
            session.call("related", reference="https://paper.example/2020/harbour"),
        ):
            assert ".md" not in result.model_dump_json()

    def test_nor_is_it_told_whether_there_is_such_a_file(self, session: Session) -> None:
        for path in ("2020/harbour.md", "2020/nothing.md", "path:2020/kelp.md"):
            assert session.error("get", reference=path) == f"No article has the id or address {path!r}."

    def test_they_are_when_asked(self, folder: Path) -> None:
        with served(folder / "index", "--paths") as session:
            assert session.document("get", reference="2020/kelp.md")["article"]["address"] == "path:2020/kelp.md"
            assert {hit["path"] for hit in session.document("search", text="harbour")["hits"]} == {
                "2020/harbour.md",
                "2020/kelp.md",
            }

    def test_an_index_that_breaks_is_told_of_in_the_log_alone(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("kelp")
        with NewsIndex.create(tmp_path / "index") as index:
            index.sync(archive.folder)
        log = tmp_path / "log"
        with served(tmp_path / "index", errors=log) as session:
            for file in (tmp_path / "index").iterdir():
                file.unlink()
            # What it has open is whole, and answers.
            for _ in range(3):
                assert session.document("search", text="kelp")["total"] == 1
            # And once there is one again, that is followed.
            archive.deliver("more kelp")
            rebuilt, _ = NewsIndex.rebuild(tmp_path / "index", archive.folder)
            rebuilt.close()
            assert session.document("search", text="kelp")["total"] == 2
        assert log.read_text().count("The newest commit cannot be read") == 1


class TestTheProcess:
    def test_it_follows_what_another_process_indexes(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("kelp")
        command = [sys.executable, "-m", "newsearch", "index", str(archive.folder), "--index", str(tmp_path / "index")]
        subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
        with served(tmp_path / "index") as session:
            assert session.document("search", text="kelp")["total"] == 1
            archive.deliver("more kelp")
            subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
            assert session.document("search", text="kelp")["total"] == 2

    def test_a_client_of_the_older_protocol_is_served_too(self, folder: Path) -> None:
        with served(folder / "index", mode="legacy") as session:
            assert session.document("search", text="harbour")["total"] == 2

    def test_nothing_but_the_protocol_is_on_standard_output(self, folder: Path) -> None:
        first = {"jsonrpc": "2.0", "id": 1, "method": "initialize"}
        hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
        call = {"name": "search", "arguments": {"text": '"unbalanced', "timeline": "week"}}
        lines = [
            {**first, "params": hello},
            {"jsonrpc": "2.0", "method": "notifications/initialized"},
            {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call},
        ]
        given = "not json\n" + "".join(json.dumps(line) + "\n" for line in lines)
        with subprocess.Popen(
            [sys.executable, "-W", "always", "-m", "newsearch", "mcp", "--index", "index", "--verbose"],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "PATH": "", **measured()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(given)
            process.stdin.flush()
            answers = [json.loads(process.stdout.readline())]
            while answers[-1].get("id") != 2:
                answers.append(json.loads(process.stdout.readline()))
            rest, errors = process.communicate()
        assert all(answer["jsonrpc"] == "2.0" for answer in answers)
        assert rest == ""
        assert "Serving the index" in errors
        assert process.returncode == 0

    def test_without_an_index_it_ends_at_once_with_one_line(self, tmp_path: Path) -> None:
        ended = started(tmp_path, "-m", "newsearch", "mcp", "--index", "nowhere")
        assert (ended.returncode, ended.stdout) == (3, "")
        assert (
            ended.stderr == "newsearch: There is no index in nowhere; make one with: newsearch index --index nowhere\n"
        )

    def test_without_the_extra_one_line_names_it(self, folder: Path) -> None:
        program = "import sys; sys.modules['mcp'] = None; from newsearch.cli import main; "
        ended = started(folder, "-c", program + "sys.exit(main(['mcp', '--index', 'index']))")
        assert (ended.returncode, ended.stdout) == (2, "")
        assert ended.stderr == ("newsearch: newsearch mcp needs mcp; install it with: pip install 'newsearch[mcp]'\n")
