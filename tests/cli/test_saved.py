"""`newsearch save`, `saved`, `query @NAME` and `new`."""

import json
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from newsearch.saved import FILE_NAME
from newsearch.seen import FILE_NAME as SEEN
from tests.archive import Archive
from tests.cli.command import indexed, run, terminal


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive that is indexed, in the current folder."""
    archive = Archive(tmp_path / "data")
    archive.deliver("Harbour ban", date="2020-09-13", topics=["Law"])
    archive.deliver("Harbour view", date="2019-01-02")
    archive.deliver("Tram ban", date="2020-10-01")
    indexed(archive.folder, tmp_path / "index")
    with chdir(tmp_path):
        yield archive


def titles(*words: str) -> list[str]:
    outcome = run(*words)
    assert outcome.code == 0, outcome.err
    return [line.split("\t")[4] for line in outcome.out.splitlines()]


def test_a_saved_query_is_asked_by_its_name(archive: Archive) -> None:
    assert run("save", "port", "harbour", "--since", "2020").err == f"Saved port in {FILE_NAME}.\n"
    assert titles("query", "@port") == ["Harbour ban"]
    assert run("count", "@port").out == "1\n"
    assert run("facets", "year", "@port").out == "2020\t1\n"
    assert run("timeline", "@port").out == "2020-09\t1\n"


def test_more_text_narrows_it_and_options_take_the_place_of_its_own(archive: Archive) -> None:
    run("save", "port", "harbour OR tram", "--since", "2020", "--sort", "date")
    assert titles("query", "@port") == ["Tram ban", "Harbour ban"]
    assert titles("query", "@port", "-tram") == ["Harbour ban"]
    assert titles("query", "@port", "--until", "2019", "--since", "2019") == ["Harbour view"]
    assert titles("query", "@port", "--sort", "relevance", "-n", "1") == titles("query", "harbour OR tram", "-n", "1")


@pytest.mark.parametrize("text", ['"harbour', "harbour)", "(harbour", 'title:"harbour', "harbour “"])
def test_marks_without_a_partner_find_none_in_the_text_that_narrows(archive: Archive, text: str) -> None:
    run("save", "port", text)
    assert titles("query", "@port", 'ban "') == titles("query", "harbour ban") == ["Harbour ban"]


def test_a_name_that_is_not_there_is_refused_with_the_nearest(archive: Archive) -> None:
    run("save", "port", "harbour")
    outcome = run("query", "@prot")
    assert (outcome.code, outcome.err) == (
        2,
        'newsearch: There is no saved query "prot"; the nearest is port. '
        """To search for @prot as text, put it in quotes: '"@prot"'.\n""",
    )
    assert run("new", "prot").code == 2


@pytest.mark.parametrize("text", ["@", "@ harbour", '"@harbour"', "@harbour's", "a @harbour"])
def test_other_text_with_that_sign_is_text(archive: Archive, text: str) -> None:
    assert run("query", text).code == 0


def test_an_option_that_makes_no_sense_is_not_saved(archive: Archive) -> None:
    outcome = run("save", "port", "harbour", "--since", "nonsense")
    assert outcome.code == 2
    assert outcome.err.startswith("newsearch: --since")
    assert not Path(FILE_NAME).exists()


def test_saved_lists_them_as_they_would_be_typed(archive: Archive) -> None:
    assert "newsearch save NAME TEXT" in run("saved").err
    run("save", "port", "harbour", "-ban", "--min-quality", "3", "--topic", "computer vision")
    run("save", "all", "--kind", "all")
    assert run("saved").out == "port\tharbour -ban --topic 'computer vision' --min-quality 3\nall\t--kind all\n"


def test_what_is_removed_is_gone_and_so_is_what_was_seen_of_it(archive: Archive) -> None:
    run("save", "port", "harbour")
    run("new", "port")
    assert run("saved", "--remove", "port").err == "Removed port: harbour\n"
    assert run("saved", "--remove", "port").code == 2
    run("save", "port", "harbour")
    assert "for the first time" in run("new", "port").err


def test_new_shows_what_there_is_and_then_what_arrives(archive: Archive) -> None:
    run("save", "port", "harbour")
    first = run("new", "port")
    assert len(first.out.splitlines()) == 2
    assert "for the first time" in first.err
    assert run("new", "port").out == ""
    archive.deliver("Harbour closed", date="1999-01-01")
    archive.deliver("Tram closed")
    run("index", "data")
    assert titles("new", "port") == ["Harbour closed"]
    nothing = run("new", "@port")
    assert (nothing.out, nothing.code) == ("", 0)
    assert "Nothing new since 20" in nothing.err


def test_a_peek_marks_nothing_as_seen(archive: Archive) -> None:
    run("save", "port", "harbour")
    run("new", "port", "--peek")
    assert not Path(SEEN).exists()
    assert len(titles("new", "port")) == 2


def test_the_first_time_the_best_are_shown_and_all_count_as_seen(archive: Archive) -> None:
    run("save", "port", "harbour")
    outcome = run("new", "port", "-n", "1")
    assert len(outcome.out.splitlines()) == 1
    assert "the best 1 of 2 articles; from now on new shows what arrives after" in outcome.err
    assert run("new", "port").out == ""


def test_what_was_not_shown_stays_new(archive: Archive) -> None:
    run("save", "port", "harbour")
    run("new", "port")
    for number in range(3):
        archive.deliver(f"Harbour {number}")
    run("index", "data")
    first = run("new", "port", "-n", "2")
    assert "show more with -n 3, or count them as seen with --mark" in first.err
    assert len(run("new", "port", "-n", "3").out.splitlines()) == 3
    assert run("new", "port").out == ""


def test_what_arrives_between_two_looks_is_not_counted_as_seen(archive: Archive) -> None:
    run("save", "port", "harbour")
    run("new", "port")
    for number in range(2):
        archive.deliver(f"Harbour {number}")
    run("index", "data")
    run("new", "port", "-n", "1")
    archive.deliver("Harbour harbour harbour")
    run("index", "data")
    assert len(titles("new", "port")) == 3


def test_what_was_not_shown_can_be_counted_as_seen(archive: Archive) -> None:
    run("save", "port", "harbour")
    run("new", "port")
    archive.deliver("Harbour again")
    run("index", "data")
    run("new", "port", "-n", "0", "--mark")
    assert run("new", "port").out == ""
    assert run("new", "port", "--mark", "--peek").code == 2


def test_another_index_has_marks_of_its_own(archive: Archive) -> None:
    indexed(archive.folder, Path("other"))
    run("save", "port", "harbour")
    run("new", "port")
    assert len(titles("new", "port", "--index", "other")) == 2


def test_a_query_saved_anew_is_asked_for_the_first_time_again(archive: Archive) -> None:
    run("save", "port", "harbour")
    run("new", "port")
    assert "in place of: harbour" in run("save", "port", "tram").err
    assert titles("new", "port") == ["Tram ban"]


def test_new_in_json_says_since_when_and_whether_it_is_seen_now(archive: Archive) -> None:
    run("save", "port", "harbour")
    first = json.loads(run("new", "port", "--json").out)
    assert (first["total"], first["arrivals"]) == (2, {"name": "port", "since": None, "marked": True})
    again = json.loads(run("new", "port", "--json", "--peek").out)
    assert (again["total"], again["arrivals"]["marked"]) == (0, False)
    assert again["arrivals"]["since"] == json.loads(run("saved", "--json").out)["saved"][0]["seen"]


def test_on_a_terminal_nothing_new_is_one_line(archive: Archive) -> None:
    run("save", "port", "harbour")
    run("new", "port")
    with terminal(80, term="dumb"):
        assert run("new", "port", terminal=True).out == ""


def test_nothing_to_save_is_refused_and_replaces_nothing(archive: Archive) -> None:
    run("save", "port", "harbour")
    outcome = run("save", "port")
    assert (outcome.code, outcome.out) == (2, "")
    assert "needs a text or a filter" in outcome.err
    assert run("saved").out == "port\tharbour\n"


def test_a_saved_query_may_begin_with_another_ones_name(archive: Archive) -> None:
    run("save", "port", "harbour OR tram", "--since", "2020")
    run("save", "bans", "@port", "ban", "--sort", "date")
    assert titles("query", "@bans") == ["Tram ban", "Harbour ban"]
    assert titles("query", "@bans", "-tram") == ["Harbour ban"]
    assert titles("new", "bans") == ["Tram ban", "Harbour ban"]


def test_a_saved_name_further_on_in_a_text_is_pointed_out(archive: Archive) -> None:
    run("save", "port", "harbour")
    assert "@port was searched as text" in run("query", "ban", "@port").err
    assert "was searched as text" not in run("query", "ban", "@other", '"@port"').err


def test_saved_queries_that_lead_in_a_circle_are_refused(archive: Archive) -> None:
    run("save", "port", "harbour")
    run("save", "bans", "@port", "ban")
    outcome = run("save", "port", "@bans")
    assert (outcome.code, outcome.err) == (
        2,
        "newsearch: The saved queries lead in a circle: @port asks @bans asks @port; save one of them anew.\n",
    )
    Path(FILE_NAME).write_text('[port]\ntext = "@port"\n', encoding="utf-8")
    assert "lead in a circle: @port asks @port" in run("query", "@port").err
