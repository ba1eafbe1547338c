"""The options that select articles, the same for every command that takes a query.

    @filtered
    def count(*, text: Text = None, filters: Filters, index: IndexFolder = None) -> None:
        request = request_of(text, filters, limit=0)

`filtered` puts the options where the command says `filters`, and hands over those that were given; `filtered_but` does
so without some that would mean nothing there. What they mean is `newsearch.query.filters`'s.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsearch.cli.options import whole_number
from newsearch.errors import QueryError

if TYPE_CHECKING:
    from newsearch.model import SearchRequest

__all__ = ["FILTERS", "AsOf", "Filters", "Text", "filtered", "filtered_but", "request_of"]

Text = Annotated[list[str] | None, typer.Argument(metavar="TEXT", help="What to find; nothing finds everything.")]

Filters = Mapping[str, Any]
"""The filters that were given, by their names in a SearchRequest."""

AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE|latest", help="The archive as it was then; latest: at its newest article."),
]

FILTERS: dict[str, Any] = {
    "match": Annotated[
        str | None,
        typer.Option(
            "--match",
            metavar="auto|all|any",
            help="How many of the words an article must have; auto: all, or most where none has all.",
        ),
    ],
    "since": Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Only articles of this date or later.")
    ],
    "until": Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Only articles of this date or earlier.")
    ],
    "as_of": AsOf,
    "provider": Annotated[
        str | None, typer.Option("--provider", metavar="NAME", help="Only of this provider, by name or domain.")
    ],
    "topic": Annotated[str | None, typer.Option("--topic", metavar="TOPIC", help="Only with this topic.")],
    "type": Annotated[str | None, typer.Option("--type", metavar="TYPE", help="Only of this type, such as article.")],
    "min_quality": Annotated[
        int | None,
        typer.Option("--min-quality", metavar="N", parser=whole_number, help="Only of this quality or better."),
    ],
    "kind": Annotated[
        str | None,
        typer.Option(
            "--kind", metavar="item|related|all", help="Files' own articles, those known by citation, or all."
        ),
    ],
}


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """A command with the options of FILTERS in place of its parameter `filters`."""
    return _filtered(command, FILTERS)


def filtered_but(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """As `filtered`, without the options of some names."""
    kept = {name: option for name, option in FILTERS.items() if name not in names}
    return lambda command: _filtered(command, kept)


def _filtered(command: Callable[..., None], options: Mapping[str, Any]) -> Callable[..., None]:
    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        if parameter.name == "filters":
            parameters += [
                inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option)
                for name, option in options.items()
            ]
        else:
            parameters.append(parameter)

    @wraps(command)
    def run(**given: Any) -> None:
        filters = {name: value for name in options if (value := given.pop(name)) is not None}
        command(filters=filters, **given)

    # What typer reads a command's options from.
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def request_of(text: Sequence[str] | None, filters: Filters, **options: Any) -> "SearchRequest":
    """The request of a command; `options` of None count as not given.

    Where the text begins with @NAME, the saved query of that name is asked, narrowed by the text after it and with the
    options given in place of its own. What is none of an option's choices is refused later, with the nearest one.
    """
    # The model's classes take longer to make than all of --help.
    from newsearch.model import SearchRequest

    words = " ".join(text or ())
    given = {**filters, **{name: value for name, value in options.items() if value is not None}}
    if words.startswith("@"):
        from newsearch.saved import SavedQueries, named

        found = named(words)
        if found is not None:
            queries = SavedQueries.near(Path.cwd())
            try:
                queries.get(found[0])
            except QueryError as error:
                quoted = f"'\"@{found[0]}\"'"
                sentence = str(error).removesuffix(".")
                raise QueryError(
                    f"{sentence}. To search for @{found[0]} as text, put it in quotes: {quoted}."
                ) from error
            resolved = queries.resolved(words)
            return SearchRequest(**{**resolved, **given, "text": str(resolved["text"])})
    return SearchRequest(text=words, **given)
