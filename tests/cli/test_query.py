"""`newsearch query`: formats, what is said beside them, and exit codes."""

import json
from pathlib import Path
from typing import get_args

import pytest

from newsearch.model import MatchMode, Sort
from tests.archive import Archive, cited
from tests.cli.command import indexed, run, terminal

EVIL = "Evil \x1b[31m\x1b]8;;http://evil.example\x07 [bold]ban[/bold] \u202egnp\t\x9b2J"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three files and what they cite."""
    folder = tmp_path_factory.mktemp("query")
    archive = Archive(folder / "archive")
    archive.deliver(
        title="Harbour bans face recognition",
        url="https://post.example/ban",
        date="2020-09-13",
        quality=43,
        topics=["Law", "AI"],
        provider={"name": "Harbour Post", "domain": "post.example"},
        related=[
            cited("Council votes on face recognition", "https://b.example/2", date="2020-09-14"),
            cited("Cameras stay up", "https://b.example/3"),
        ],
    )
    archive.deliver(title="Trams stop for pigeons", path="trams.md", url=None, excerpt="Nobody was hurt but a pigeon.")
    archive.deliver(title=EVIL, url="https://evil.example/\x1b]8;;\x07x", date="2020-09-15")
    return indexed(archive.folder, folder / "index")


# --- Plain ---


def test_in_a_pipe_a_hit_is_a_line_of_fields_between_tabs(index: Path) -> None:
    outcome = run("query", "harbour", "--index", index)
    identity, score, *rest = outcome.out.removesuffix("\n").split("\t")
    assert outcome.code == 0
    assert (len(identity), score[:2]) == (6, "0.")
    assert rest == ["2020-09-13", "Harbour Post", "Harbour bans face recognition", "https://post.example/ban"]


def test_a_plain_line_without_an_address_ends_with_the_path_and_unknown_fields_are_empty(index: Path) -> None:
    *_, date, provider, title, place = run("query", "pigeons", "--index", index).out.removesuffix("\n").split("\t")
    assert (date, provider, title, place) == ("", "", "Trams stop for pigeons", "trams.md")


def test_a_plain_line_is_never_wrapped_or_cut(tmp_path: Path) -> None:
    title = "word " * 200 + "end"
    Archive(tmp_path / "archive").deliver(title=title)
    index = indexed(tmp_path / "archive", tmp_path / "index")
    with terminal(60):
        out = run("query", "word", "--index", index).out
    assert title in out
    assert out.count("\n") == 1


def test_the_id_of_a_plain_line_is_one_that_show_takes(index: Path) -> None:
    identity = run("query", "harbour", "--index", index).out.split("\t", maxsplit=1)[0]
    assert "Harbour bans" in run("show", identity, "--index", index).out


@pytest.mark.parametrize("form", ["plain", "table"])
def test_nothing_in_an_item_reaches_the_terminal(index: Path, form: str) -> None:
    out = run("query", "evil", "--index", index, "--format", form).out
    assert [char for char in out if char in "\x1b\x07\x9b\u202e\x00"] == []
    assert "[bold]ban[/bold]" in out


def test_on_a_terminal_only_the_tables_own_sequences_are_written(index: Path) -> None:
    with terminal(200):
        out = run("query", "evil", "--index", index, terminal=True).out
    assert "\x1b[31m" not in out
    assert "http://evil.example\x07" not in out
    assert "\x9b" not in out


def test_explain_adds_a_tree_to_every_hit(index: Path) -> None:
    out = run("query", "face", "--index", index, "--explain").out
    assert out.count(" score (sum)  rank without quality ") == out.count("\t") // 5 == 2
    assert "├──" in out


# --- Table ---


def test_on_a_terminal_hits_come_as_a_table_with_totals(index: Path) -> None:
    with terminal(100):
        out = run("query", "harbour", "--index", index, terminal=True).out
    assert "Score" in out
    assert "Harbour Post" in out
    assert "1 article, all shown, " in out


def test_matched_words_are_marked_and_titles_link_to_the_article(index: Path) -> None:
    with terminal(100):
        out = run("query", "harbour", "--index", index, terminal=True).out
    assert "\x1b[1;4;33mHarbour\x1b[0m" in out
    assert ";https://post.example/ban\x1b\\" in out


def test_no_color_leaves_the_marks_and_takes_the_colours(index: Path) -> None:
    with terminal(100, NO_COLOR="1"):
        out = run("query", "harbour", "--index", index, terminal=True).out
    assert "\x1b[1;4mHarbour\x1b[0m" in out
    assert "33m" not in out


def test_a_dumb_terminal_gets_no_sequences_and_its_width(index: Path) -> None:
    with terminal(40, term="dumb"):
        out = run("query", "harbour", "--index", index, terminal=True).out
    # Of its own, rich would fill the 80 columns that it gives a terminal it knows nothing of.
    assert max(map(len, out.splitlines())) <= 40
    assert "\x1b" not in out


def test_a_table_in_a_pipe_is_text_alone(index: Path) -> None:
    out = run("query", "face", "--index", index, "--format", "table").out
    assert "Score" in out
    assert "\x1b" not in out
    assert [line for line in out.splitlines() if line != line.rstrip() or len(line) > 100] == []


def test_a_page_says_which_of_how_many_it_shows(index: Path) -> None:
    out = run("query", "--index", index, "--format", "table", "-n", "2", "--offset", "1").out
    assert "5 articles, 2-3 shown, " in out


# --- JSON ---


def test_json_has_the_request_the_totals_and_the_hits(index: Path) -> None:
    outcome = run("query", "harbour", "-china", "--index", index, "--json", "-n", "1", terminal=True)
    document = json.loads(outcome.out)
    assert document["query"]["text"] == "harbour -china"
    assert (document["version"], document["total"], document["limit"]) == (1, 1, 1)
    assert document["hits"][0]["title"] == "Harbour bans face recognition"


def test_json_keeps_text_as_it_is(index: Path) -> None:
    [hit] = json.loads(run("query", "evil", "--index", index, "--json").out)["hits"]
    assert "\x1b[31m" in hit["title"]
    assert "\u202e" in hit["title"]


def test_json_on_a_terminal_means_the_same_and_does_nothing_to_it(index: Path) -> None:
    piped = json.loads(run("query", "evil", "--index", index, "--json").out)
    out = run("query", "evil", "--index", index, "--json", terminal=True).out
    assert [char for char in out if char in "\x1b\x07\x7f\x9b\u202e"] == []
    assert json.loads(out)["hits"] == piped["hits"]


def test_in_a_pipe_json_is_one_line(index: Path) -> None:
    assert run("query", "face", "--index", index, "--format", "json").out.count("\n") == 1


def test_an_explanation_is_in_the_json_only_if_asked_for(index: Path) -> None:
    assert json.loads(run("query", "face", "--index", index, "--json").out)["hits"][0]["explain"] is None
    explained = json.loads(run("query", "face", "--index", index, "--json", "--explain").out)["hits"][0]
    assert explained["explain"]["value"] == pytest.approx(explained["score"])


def test_text_that_is_no_unicode_is_answered(index: Path) -> None:
    outcome = run("query", "ban\udcff", "--index", index, "--json")
    assert outcome.code == 0
    assert json.loads(outcome.out)["query"]["text"] == "ban\udcff"


# --- Filters ---


def titles(index: Path, *words: str) -> list[str]:
    """The titles of what is found, in their order."""
    outcome = run("query", "--index", index, "--json", *words)
    assert outcome.code == 0, outcome.err
    return [hit["title"] for hit in json.loads(outcome.out)["hits"]]


HARBOUR, COUNCIL = "Harbour bans face recognition", "Council votes on face recognition"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--provider", "post.example"], [HARBOUR]),
        (["--provider", "Harbour Post"], [HARBOUR]),
        (["--topic", "law"], [HARBOUR]),
        (["--min-quality", "40"], [HARBOUR]),
        (["face", "--since", "2020-09-14"], [COUNCIL]),
        (["face", "--until", "2020-09-13"], [HARBOUR]),
        (["face", "--kind", "item"], [HARBOUR]),
        (["face", "--kind", "related"], [COUNCIL]),
        (["face", "--sort", "date"], [COUNCIL, HARBOUR]),
        (["harbour", "council", "--match", "any", "--sort", "date"], [COUNCIL, HARBOUR]),
        (["face", "--sort", "date", "-n1", "--offset", "1"], [HARBOUR]),
        (["--as-of", "2020-09-14", "--since", "2d", "--sort", "date"], [COUNCIL, HARBOUR]),
        (["--as-of", "2020-09-14", "--since", "2d", "--until", "2020-09-13"], [HARBOUR]),
        (["--as-of", "latest", "--since", "3d", "--until", "2020-09-13"], [HARBOUR]),
    ],
)
def test_options_choose_and_order(index: Path, words: list[str], found: list[str]) -> None:
    assert titles(index, *words) == found


def test_help_names_the_choices_that_the_model_has() -> None:
    out = run("query", "--help").out
    assert [choices for choices in (get_args(Sort), get_args(MatchMode)) if "|".join(choices) not in out] == []


def test_no_text_finds_everything(index: Path) -> None:
    assert len(titles(index)) == 5


def test_words_need_not_be_quoted_for_the_shell(index: Path) -> None:
    assert titles(index, "face", "recognition", "council") == titles(index, "face recognition council")


# --- What is said beside the hits ---


def test_finding_nothing_is_said_on_stderr_and_no_failure(index: Path) -> None:
    outcome = run("query", "zeppelin", "--index", index)
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == "newsearch: No article matches.\n"


def test_a_pasted_address_that_finds_nothing_is_answered_with_how_to_look_it_up(index: Path) -> None:
    assert "newsearch show ADDRESS" in run("query", "https://zeppelin.example/1", "--index", index).err
    assert "newsearch show" not in run("query", "zeppelin", "--index", index).err


def test_finding_nothing_is_a_failure_with_fail_empty(index: Path) -> None:
    assert run("query", "zeppelin", "--index", index, "--fail-empty").code == 1
    assert run("query", "harbour", "--index", index, "--fail-empty").code == 0


def test_that_words_were_dropped_is_said(index: Path) -> None:
    outcome = run("query", "harbour", "zeppelin", "--index", index)
    assert "Harbour bans" in outcome.out
    assert "No article has all of these words" in outcome.err


def test_an_unknown_topic_is_said_with_the_nearest(index: Path) -> None:
    err = run("query", "face", "--topic", "laww", "--index", index).err
    assert "laww" in err
    assert "Did you mean law?" in err


def test_a_page_after_the_last_says_so(index: Path) -> None:
    outcome = run("query", "harbour", "--offset", "5", "--index", index)
    assert (outcome.code, outcome.out) == (0, "")
    assert "There are only 1; --offset 5 passes over all of them." in outcome.err


def test_quiet_leaves_the_hits_alone(index: Path) -> None:
    outcome = run("query", "harbour", "zeppelin", "--index", index, "-q")
    assert outcome.err == ""
    assert outcome.out


def test_verbose_says_how_the_query_was_understood(index: Path) -> None:
    assert "Understood as: " in run("query", "harbour", "--index", index, "-v").err


def test_an_empty_index_is_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    index = indexed(tmp_path / "empty", tmp_path / "index")
    outcome = run("query", "harbour", "--index", index)
    assert outcome.code == 0
    assert "The index is empty" in outcome.err


def test_a_warning_that_quotes_the_query_is_harmless(index: Path) -> None:
    outcome = run("query", "titel:\x1b[31mban", "--index", index)
    assert outcome.code == 0
    assert "\x1b" not in outcome.out + outcome.err


def test_a_date_in_the_past_is_answered_as_of_then(index: Path) -> None:
    outcome = run("query", "--as-of", "2020-09-13", "--index", index, "--json")
    assert json.loads(outcome.out)["query"]["as_of"] == "2020-09-13T23:59:59Z"


def test_plain_lines_on_a_terminal_are_not_filled_up(index: Path) -> None:
    with terminal(80):
        out = run("query", "harbour", "--index", index, "--format", "plain", "--explain", terminal=True).out
    assert [line for line in out.splitlines() if line.endswith("   ")] == []
