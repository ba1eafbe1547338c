"""Tables in Markdown, in which text of the archive shows as it is and is neither markup nor a link.

    table(["Title", "Quality"], [[link("Harbour ban", "https://post.example/ban"), "43"]], [False, True])
    cell("1. - not a list")

The tables are GitHub's, which CommonMark's tools know as an extension. Which characters are escaped is
`newsearch.brief`'s, whose pages are Markdown too.
"""

from collections.abc import Sequence

__all__ = ["cell", "link", "link_cell", "table", "text"]


def text(value: str) -> str:
    """A value as one line that shows just these characters; those that print nothing become spaces."""
    from newsearch.brief import escaped  # not for other formats

    return escaped(value)


def link(value: str, url: str | None) -> str:
    """A value as a link, if `url` is a web address."""
    from newsearch.brief import linked  # as above

    return linked(value, url)


def cell(value: str) -> str:
    """A value as `text` has it, for a table, where no line is a list or a heading."""
    from newsearch.brief import escaped  # as above

    return escaped(value, opening=False)


def link_cell(value: str, url: str | None) -> str:
    """A value as `link` has it, for a table."""
    from newsearch.brief import linked  # as above

    return linked(value, url, opening=False)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[bool]) -> str:
    """Rows of cells that are Markdown already, under their heads; columns of numbers stand at the right."""
    ruled = ["---:" if number else "---" for number in numbers]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (heads, ruled, *rows))
