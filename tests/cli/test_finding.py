"""`similar`, `related`, `terms` and `brief`, and the options of `query` that group and hold back."""

from pathlib import Path

import pytest

from newsearch.cli import exits
from tests.archive import Archive, cited
from tests.cli.command import Outcome, indexed, run, terminal


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finding")
    archive = Archive(folder / "archive")
    follow_up = cited("Ban returns", "https://b.example/2", date="2020-09-15", provider={"name": "Salon"})
    archive.deliver("Harbour ban", path="ban.md", date="2020-09-13", provider={"name": "Post"}, related=[follow_up])
    archive.deliver("Cameras and the ban", path="cameras.md", date="2020-09-20", related=[follow_up])
    archive.deliver("Harbour prices", path="prices.md", date="2020-01-01", provider={"name": "Post"})
    for number in range(20):
        archive.deliver(f"Weather {number}", date="2019-01-01", topics=["Rain"])
    return indexed(archive.folder, folder / "index")


def rows(outcome: Outcome) -> list[list[str]]:
    assert outcome.code == exits.DONE, outcome.err
    return [line.split("\t") for line in outcome.out.splitlines()]


def test_a_grouped_line_ends_with_what_is_told_of_the_story(index: Path) -> None:
    [row] = rows(run("query", "ban", "--group", "story", "--index", index))
    assert row[6:] == ["3", "2", "2020-09-13", "Post"]


def test_a_grouped_table_says_who_covered_it_and_counts_articles_and_stories(index: Path) -> None:
    with terminal(120):
        out = run("query", "harbour OR ban", "--group", "story", "--index", index, terminal=True).out
    assert "story: 3 articles, covered by 2 providers, first by Post on 2020-09-13" in out
    assert "4 articles in 2 stories, all shown" in out


def test_what_a_provider_has_too_much_of_is_held_back_and_counted(index: Path) -> None:
    with terminal(120):
        out = run("query", "harbour", "--max-per-provider", "1", "--index", index, terminal=True).out
    assert "2 articles, 1 held back, number 1 shown" in out


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--group", "storey", '--group is "storey"; it must be story.'),
        ("--max-per-provider", "0", "--max-per-provider is 0; it must be a whole number from 1 to 1,000."),
    ],
)
def test_a_wrong_value_is_refused(index: Path, option: str, value: str, sentence: str) -> None:
    outcome = run("query", "ban", option, value, "--index", index)
    assert outcome.code == exits.WRONG_USAGE
    assert sentence in outcome.err


def test_similar_articles_are_listed_without_the_article_itself(index: Path) -> None:
    titles = {row[4] for row in rows(run("similar", "ban.md", "--index", index))}
    assert titles == {"Ban returns", "Harbour prices", "Cameras and the ban"}


def test_similar_says_with_verbose_which_words_it_asked_for(index: Path) -> None:
    assert "Understood as: harbour OR ban -id:" in run("similar", "ban.md", "-v", "--index", index).err.replace(
        "ban OR harbour", "harbour OR ban"
    )


@pytest.mark.parametrize("command", ["similar", "related"])
def test_an_article_that_is_not_there_is_told(index: Path, command: str) -> None:
    outcome = run(command, "nowhere.md", "--index", index)
    assert outcome.code == exits.UNSUCCESSFUL
    assert outcome.err == "newsearch: No article has the id, address or path 'nowhere.md'.\n"


def test_related_articles_are_listed_with_the_way_to_them(index: Path) -> None:
    found = rows(run("related", "ban.md", "--depth", "2", "--index", index))
    assert [(row[1], row[5], row[7]) for row in found] == [
        ("1", "Ban returns", "it cites this"),
        ("2", "Cameras and the ban", "it cites “Ban returns”, which is cited by this"),
    ]


def test_related_on_a_terminal_counts_what_it_found(index: Path) -> None:
    with terminal(100):
        out = run("related", "ban.md", "--index", index, terminal=True).out
    assert "it cites this" in out
    assert "1 article within 1 step, all shown" in out


def test_related_looks_back(index: Path) -> None:
    found = rows(run("related", "ban.md", "--depth", "2", "--as-of", "2020-09-15", "--index", index))
    assert [row[5] for row in found] == ["Ban returns"]
    early = run("related", "ban.md", "--as-of", "2020-09-14", "--index", index)
    assert (early.code, early.err) == (exits.DONE, "newsearch: It cited nothing then, and nothing cited it.\n")
    before = run("related", "ban.md", "--as-of", "2019", "--index", index)
    assert (before.code, before.err.split(" was ")[1]) == (exits.UNSUCCESSFUL, "not there as of 2019.\n")


def test_typical_terms_and_briefs_take_saved_queries(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("save", "rain", "weather", "--until", "2019", "--index", index).code == exits.DONE
    assert run("save", "ban", "ban OR harbour", "--sort", "date", "--index", index).code == exits.DONE
    found = rows(run("terms", "@rain", "--against", "@ban", "--index", index))
    assert [row[:4] for row in found] == [["word", "rain", "20", "0"], ["topic", "Rain", "20", "0"]]
    page = run("brief", "@ban", "--index", index).out
    assert page.startswith("# ban\n\n4 articles in 2 stories.\n")
    assert "### 1. [Cameras and the ban]" in page


def test_a_brief_says_beside_the_page_what_a_query_says(index: Path) -> None:
    outcome = run("brief", "zeppelin", "--index", index)
    assert (outcome.code, outcome.err) == (exits.DONE, "newsearch: No article matches.\n")


def test_an_option_that_means_nothing_to_it_is_refused(index: Path) -> None:
    assert "There is no option --match" in run("similar", "ban.md", "--match", "any", "--index", index).err


def test_an_article_without_citations_is_told(index: Path) -> None:
    outcome = run("related", "prices.md", "--fail-empty", "--index", index)
    assert (outcome.code, outcome.err) == (exits.UNSUCCESSFUL, "newsearch: It cites nothing, and nothing cites it.\n")


def test_a_depth_out_of_range_is_refused(index: Path) -> None:
    outcome = run("related", "ban.md", "--depth", "4", "--index", index)
    assert outcome.code == exits.WRONG_USAGE
    assert "--depth is 4; it must be a whole number from 1 to 3." in outcome.err


def test_typical_terms_are_lines_of_kind_value_counts_and_strength(index: Path) -> None:
    found = rows(run("terms", "weather", "--index", index))
    assert [row[:4] for row in found] == [["word", "rain", "20", "0"], ["topic", "Rain", "20", "0"]]


def test_the_words_that_a_beginning_stands_for_are_its_own_and_not_typical_of_it(index: Path) -> None:
    found = rows(run("terms", "rai*", "--index", index))
    assert found
    assert all(row[:2] != ["word", "rain"] for row in found)


def test_nothing_typical_is_said(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    for number in range(8):
        archive.deliver("Kelp and tram", quality=number * 10)
    place = indexed(archive.folder, tmp_path / "index")
    outcome = run("terms", "quality:>=40", "--index", place)
    assert (outcome.code, outcome.out) == (0, "")
    assert "Nothing is typical of them: what they have, other articles have about as often." in outcome.err


def test_terms_with_nothing_to_compare_say_why_in_one_line(index: Path) -> None:
    assert run("terms", "--index", index).err == (
        "newsearch: The query finds all articles, so there are no others to compare them with; ask for fewer.\n"
    )


def test_typical_terms_stand_under_headings_on_a_terminal(index: Path) -> None:
    with terminal(100):
        out = run("terms", "weather", "--against", "ban", "--index", index, terminal=True).out
    assert "Topic  Hits  Others  Strength\nRain     20       0      17.8" in out
    assert out.endswith("20 hits compared with 3 articles\n")
    assert run("terms", "weather", "--against", "ban", "--index", index, "--format", "table").out == out


def test_a_brief_is_the_same_in_a_pipe_and_on_a_terminal(index: Path) -> None:
    piped = run("brief", "ban", "--index", index).out
    assert piped.startswith("# ban\n\n3 articles in 1 story.\n")
    assert run("brief", "ban", "--index", index, terminal=True).out == piped


@pytest.mark.parametrize("words", [["terms", "zeppelin"], ["similar", "prices.md", "--since", "2030"]])
def test_nothing_found_is_told_and_no_failure(index: Path, words: list[str]) -> None:
    outcome = run(*words, "--index", index)
    assert outcome.code == exits.DONE
    assert "No article matches." in outcome.err
