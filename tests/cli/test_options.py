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


@pytest.mark.parametrize(
    "words",
    [
        ("query", "amazon", "--topic", "a", "--topic", "b"),
        ("query", "amazon", "-n", "1", "--limit", "2"),
        ("stats", "--index", "a", "--index=b"),
    ],
)
def test_an_option_with_one_value_is_refused_if_given_twice(words: tuple[str, ...]) -> None:
    outcome = run(*words)
    assert (outcome.code, outcome.out) == (2, "")
    assert "takes one value and was given 2." in outcome.err


def test_an_option_without_a_value_may_be_given_twice(index: Path) -> None:
    assert run("query", "amazon", "--index", index, "-v", "-v").code == 0


@pytest.mark.parametrize("word", ["-vn", "-qv", "-n=a", "-v=1", "-vn1"])
def test_a_word_that_looks_like_several_options_is_text_and_pointed_out(index: Path, word: str) -> None:
    outcome = run("query", "amazon", word, "--index", index)
    assert outcome.code == 0
    assert f"newsearch: {word} was searched as 'without {word[1:]}'; give options one by one" in outcome.err


def test_words_that_only_begin_like_an_option_are_not_pointed_out(index: Path) -> None:
    words = ("amazon", "-china", "-nuclear", "-5", "-n5", "--", "-vn")
    assert "one by one" not in run("query", *words, "--index", index).err


@pytest.mark.parametrize("command", [("count",), ("timeline",), ("facets", "topic"), ("save", "name")])
@pytest.mark.parametrize("words", [("-n", "5"), ("-n5",), ("-n=5",)])
def test_a_limit_is_refused_where_there_is_none(command: tuple[str, ...], words: tuple[str, ...]) -> None:
    outcome = run(*command, "amazon", *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"newsearch: {command[0]} takes no -n; after -- everything is text. See:")


def test_what_looks_like_a_limit_is_text_after_two_dashes_or_without_a_number(index: Path) -> None:
    for words in (("--", "-n", "5"), ("-n", "amazon"), ("--provider", "-n", "5")):
        assert run("count", "amazon", "--index", index, *words).code == 0


def test_a_limit_after_an_equals_sign_is_refused_with_the_way_to_write_it() -> None:
    outcome = run("query", "amazon", "-n=2")
    assert (outcome.code, outcome.out) == (2, "")
    assert "Write -n 2; after -- everything is text." in outcome.err


def test_a_limit_that_is_no_number_is_refused() -> None:
    outcome = run("query", "amazon", "--limit", "many")
    assert outcome.code == 2
    assert '--limit is "many"; it must be a whole number.' in outcome.err


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
        ("--min-quality", "-1", "newsearch: --min-quality is -1; it must be a whole number from 0 to"),
        ("--since", "2020-13", "2020-13"),
        ("--as-of", "2020-13", "--as-of: "),
        ("--topic", "", "--topic is empty"),
        (
            "--since",
            "2020-08..2020-09",
            "give its start as --since and its end as --until, or write date:2020-08..2020-09",
        ),
        ("--until", "2020-08..2020-09", "give its start as --since and its end as --until"),
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


@pytest.mark.parametrize("command", ["query", "count", "timeline", "terms", "brief"])
def test_a_command_alone_is_asked_for_everything(index: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSEARCH_INDEX", str(index))
    outcome = run(command)
    assert (outcome.code, "should not have happened" in outcome.err) == (0, False)
