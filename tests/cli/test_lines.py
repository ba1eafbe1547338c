"""Text in lines of given widths."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from newsearch.cli.lines import filled, wrapped
from newsearch.cli.terminal import clean


def plain(text: str, *widths: int) -> list[str]:
    return [line.plain for line in wrapped(Text(text), widths)]


def test_lines_break_at_words() -> None:
    assert plain("Harbour ban lifted", 11) == ["Harbour ban", "lifted"]


def test_a_word_longer_than_a_line_goes_on_in_the_next() -> None:
    assert plain("a container-terminal", 9) == ["a", "container", "-terminal"]


def test_the_last_width_goes_for_all_further_lines() -> None:
    assert plain("one two three four five", 4, 9) == ["one", "two three", "four five"]


def test_a_wide_character_takes_two_cells() -> None:
    assert plain("東京の港で", 5) == ["東京", "の港", "で"]


def test_styles_stay_with_their_words() -> None:
    text = Text("Harbour ban", style="dim")
    text.stylize("bold", 8, 11)
    assert [[(span.start, span.end) for span in line.spans if span.style == "bold"] for line in wrapped(text, [8])] == [
        [],
        [(0, 3)],
    ]


def test_no_text_is_one_empty_line() -> None:
    assert plain("", 8) == [""]


@given(st.text(max_size=200).map(clean), st.lists(st.integers(2, 40), min_size=1, max_size=4))
def test_lines_fit_and_lose_only_spaces(text: str, widths: list[int]) -> None:
    lines = plain(text, *widths)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(
        cell_len(line) <= width for line, width in zip(lines, [*widths, *widths[-1:] * len(lines)], strict=False)
    )


@given(st.lists(st.text(max_size=5).map(clean), min_size=2, max_size=5))
def test_filled_cells_are_equally_wide_on_either_side(cells: list[str]) -> None:
    for right in (False, True):
        widths = [filled(Text(cell), 12, right=right).cell_len for cell in cells]
        assert all(one == other for one, other in pairwise(widths))
