"""Whether an output is the one that a page shows.

    matches("10 articles, [..] ms", "10 articles, 0.4 ms")          # True

Compared line by line and exactly, but for two marks: a line `...` stands for any number of lines, `[..]` within a line
for anything in it. Spaces at the ends of lines, and blank lines at the end of an output, do not count.
"""

import re

__all__ = ["matches", "trimmed"]

ANY_LINES = "..."
ANYTHING = "[..]"


def matches(shown: str, actual: str) -> bool:
    """Whether `actual` is what a page shows as `shown`."""
    pattern = "".join(
        r"(?:[^\n]*\n)*?" if line == ANY_LINES else _line_pattern(line) for line in trimmed(shown).splitlines()
    )
    return re.fullmatch(pattern, trimmed(actual)) is not None


def trimmed(output: str) -> str:
    """An output without the spaces that do not count, each line ended."""
    lines = [line.rstrip() for line in output.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return "".join(line + "\n" for line in lines)


def _line_pattern(line: str) -> str:
    return "[^\n]*?".join(map(re.escape, line.split(ANYTHING))) + "\n"
