"""The runner itself: what it takes for an example, how it runs it, and when it calls two outputs the same."""

from pathlib import Path

import pytest

from tests.docs.matching import matches
from tests.docs.pages import Command, Example, File, Script, examples
from tests.docs.project import Project
from tests.docs.running import needs_index, run


def found(*lines: str) -> list[Example]:
    return list(examples("".join(line + "\n" for line in lines)))


def test_equal_outputs_match() -> None:
    assert matches("a\nb\n", "a\nb\n")


def test_one_other_character_does_not_match() -> None:
    assert not matches("a\nb\n", "a\nc\n")


def test_a_line_too_many_does_not_match() -> None:
    assert not matches("a\n", "a\nb\n")


def test_three_dots_on_a_line_stand_for_any_lines() -> None:
    assert matches("a\n...\nd\n", "a\nb\nc\nd\n")
    assert matches("a\n...\nd\n", "a\nd\n")
    assert not matches("a\n...\nd\n", "a\nb\n")


def test_two_dots_in_brackets_stand_for_anything_in_a_line() -> None:
    assert matches("took [..] ms\n", "took 0.4 ms\n")
    assert not matches("took [..] ms\n", "took 0.4\nms\n")


def test_signs_of_regular_expressions_mean_themselves() -> None:
    assert matches("C++ (a|b) .*\n", "C++ (a|b) .*\n")
    assert not matches(".*\n", "anything\n")


def test_spaces_at_line_ends_and_blank_lines_at_the_end_do_not_count() -> None:
    assert matches("a\n", "a   \n\n")


def test_each_prompt_of_a_console_block_is_a_command_with_its_output() -> None:
    assert found("```console", "$ newsearch stats", "one", "two", "$ newsearch config", "```") == [
        Command("newsearch stats", "one\ntwo\n", 2),
        Command("newsearch config", "", 5),
    ]


def test_a_backslash_continues_a_command() -> None:
    assert found("```console", "$ newsearch \\", "    stats", "one", "```") == [
        Command("newsearch \\\n    stats", "one\n", 2)
    ]


def test_a_text_block_right_after_a_script_is_what_it_prints() -> None:
    assert found("```python", "print(1)", "```", "", "```text", "1", "```") == [Script("print(1)\n", "1\n", 2)]


def test_a_text_block_after_a_sentence_is_not_what_a_script_prints() -> None:
    assert found("```python", "x = 1", "```", "And so:", "```text", "1", "```") == [Script("x = 1\n", None, 2)]


def test_a_block_with_a_name_is_a_file() -> None:
    assert found("```toml newsearch.toml", 'language = "none"', "```") == [
        File("newsearch.toml", 'language = "none"\n', 2)
    ]


def test_other_blocks_are_for_reading() -> None:
    assert found("```sh", "$ make demo", "```", "    $ indented") == []


def test_a_block_that_is_not_closed_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1 is not closed"):
        found("```console", "$ newsearch stats")


def test_a_console_block_without_a_command_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2"):
        found("```console", "newsearch stats", "```")


def faults(folder: Path, *lines: str) -> list[str]:
    page = folder / "page.md"
    page.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return [outcome.fault for outcome in run(page, Project(folder / "project")) if outcome.fault is not None]


def test_an_output_that_differs_is_a_fault_with_its_place_and_both_outputs(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "# Page", "", "```console", "$ newsearch --version", "newsearch 0.0", "```")
    assert fault.startswith(
        "page.md:4: newsearch --version\n--- the page shows\nnewsearch 0.0\n--- it prints\nnewsearch "
    )


def test_a_script_that_fails_is_a_fault_that_names_the_line(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "```python", "x = 1", "x / 0", "```")
    assert 'File "page.md", line 3' in fault


def test_scripts_of_a_page_share_their_names(tmp_path: Path) -> None:
    assert faults(tmp_path, "```python", "x = 1", "```", "```python", "print(x)", "```", "```text", "1", "```") == []


def test_a_file_is_there_for_what_follows(tmp_path: Path) -> None:
    lines = ["```toml newsearch.toml", 'language = "none"', "```"]
    assert faults(tmp_path, *lines, "```console", "$ newsearch config | grep none | cut -f 1", "language", "```") == []


def test_a_variable_before_a_command_is_set_for_it_alone(tmp_path: Path) -> None:
    commands = [
        "$ NEWSEARCH_LANGUAGE=none newsearch config | grep -c none",
        "1",
        "$ newsearch config | grep -c none",
        "0",
    ]
    assert faults(tmp_path, "```console", *commands, "```") == []


def test_a_line_for_a_shell_is_run_in_one(tmp_path: Path) -> None:
    assert faults(tmp_path, "```console", "$ newsearch --version > out && cat out", "newsearch [..]", "```") == []


def test_a_page_that_begins_with_index_makes_its_own(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ newsearch index\n```\n", encoding="utf-8")
    assert not needs_index(page)
