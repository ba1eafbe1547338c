"""What of a typed query is an option, and what is text."""

import json
from pathlib import Path

import pytest

from tests.archive import Archive
from tests.cli.command import indexed, run


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("options")
    Archive(folder / "archive").deliver(title="Amazon in Brazil")
    return indexed(folder / "archive", folder / "index")


def text_of(index: Path, *words: str) -> str:
    """The query that these words were taken for."""
    outcome = run("query", "--index", index, "--json", *words)
    assert outcome.code == 0, outcome.err
    text: str = json.loads(outcome.out)["query"]["text"]
    return text


@pytest.mark.parametrize(
    "words",
    [
        ("amazon", "-china"),
        ("-china", "amazon"),
        ("-nuclear",),
        ("-quality", "-verbose"),
        ("-",),
        ("---",),
        ("amazon", '-"south china"'),
        ("-title:ban", "-(a", "OR", "b)"),
        ("-5",),
    ],
)
def test_a_word_with_one_dash_is_text(index: Path, words: tuple[str, ...]) -> None:
    assert text_of(index, *words) == " ".join(words)


@pytest.mark.parametrize(
    "words",
    [
        ("amazon", "-china", "--limit", "3"),
        ("--limit=3", "amazon", "-china"),
        ("amazon", "-n", "3", "-china"),
        ("amazon", "-n3", "-china"),
        ("-q", "amazon", "-n3", "-china", "-v"),
    ],
)
def test_options_are_taken_wherever_they_stand(index: Path, words: tuple[str, ...]) -> None:
    outcome = run("query", "--index", index, "--json", *words)
    document = json.loads(outcome.out)
    assert (document["query"]["text"], document["limit"]) == ("amazon -china", 3)


def test_after_two_dashes_everything_is_text(index: Path) -> None:
    assert text_of(index, "amazon", "--", "--limit", "-n", "5") == "amazon --limit -n 5"


def test_the_value_of_an_option_may_begin_with_a_dash(index: Path) -> None:
    assert text_of(index, "amazon", "--provider", "-x", "ban") == "amazon ban"


def test_an_unknown_option_is_refused_with_the_nearest(index: Path) -> None:
    outcome = run("query", "amazon", "--limti", "3", "--index", index)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "newsearch: There is no option --limti; the nearest is --limit. See: newsearch query --help\n"


@pytest.mark.parametrize("option", ["--limit", "-n", "--provider", "--since", "--index"])
def test_an_option_without_its_value_is_refused(option: str) -> None:
    outcome = run("query", "amazon", option)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"newsearch: The option {option} needs a value. See: newsearch query --help\n"


def test_a_limit_that_is_no_number_is_refused() -> None:
    outcome = run("query", "amazon", "--limit", "many")
    assert outcome.code == 2
    assert "'many' is not a whole number." in outcome.err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--sort", "dat", "the nearest is date"),
        ("--match", "al", "the nearest is all"),
        ("--kind", "items", "the nearest is item"),
        ("--format", "jsn", "the nearest is json"),
        ("--limit", "1001", "from 0 to 1,000"),
        ("--limit", "-1", "from 0 to 1,000"),
        ("--offset", "-1", "from 0 to"),
        ("--min-quality", "-1", "from 0 to"),
        ("--since", "2020-13", "2020-13"),
        ("--as-of", "2020-13", "as_of: "),
        ("--topic", "", "topic is empty"),
    ],
)
def test_a_wrong_value_is_refused_before_an_index_is_looked_for(option: str, value: str, said: str) -> None:
    outcome = run("query", "amazon", option, value, "--index", "nowhere")
    assert (outcome.code, outcome.out) == (2, "")
    assert said in outcome.err


def test_two_formats_at_once_are_refused() -> None:
    outcome = run("query", "amazon", "--json", "--format", "plain")
    assert outcome.code == 2
    assert "contradict" in outcome.err
