"""What a request asks of an archive: its text and options as one tree, and the moment it looks at.

    question = read_question(request, now=now, newest=newest, language="english", synonyms=None)
    question.tree, question.as_of, question.ages

Which articles that are is the engines'.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from newsearch.model import SearchRequest
from newsearch.query import ParsedQuery, ast, parse
from newsearch.query.dates import from_seconds, to_seconds
from newsearch.query.filters import as_of_latest, as_of_moment, request_ages, request_filters
from newsearch.query.function_words import without_function_words

if TYPE_CHECKING:
    from newsearch.query.synonyms import Synonyms

__all__ = ["Question", "has_choices", "moment_of", "read_question"]


class Question(NamedTuple):
    """A request as understood.

    `parsed` is its text; `tree` that with the synonyms and the options' constraints; `as_of` the moment it looks at in
    UTC epoch seconds, None for now; `ages` are the dates that count back from there, as typed.
    """

    parsed: ParsedQuery
    tree: ast.Node
    as_of: int | None
    ages: tuple[str, ...]

    @property
    def understood(self) -> str:
        """The request as understood, options included, in the query language."""
        return str(self.tree)

    @property
    def moment(self) -> datetime | None:
        """The moment that it looks at, if one was asked for."""
        return from_seconds(self.as_of)


def read_question(
    request: SearchRequest,
    *,
    now: datetime,
    newest: Callable[[], int | None],
    language: str,
    synonyms: "Synonyms | None",
) -> Question:
    """Read a request; any text is read. `newest` tells the second of the archive's newest article.

    Raises QueryError for an option that makes no sense.
    """
    as_of = moment_of(request, now=now, newest=newest)
    today = now if as_of is None else from_seconds(as_of)
    parsed = parse(request.text, today=today)
    if synonyms is not None:
        from newsearch.query.synonyms import expand  # noqa: PLC0415 - most archives have no synonyms

        parsed = replace(parsed, tree=expand(parsed.tree, synonyms))
    tree = without_function_words(parsed.tree, language)
    filters = request_filters(request, today=today)
    if filters:
        tree = ast.combined(ast.Sequence, filters if isinstance(tree, ast.Everything) else (tree, *filters))
    return Question(parsed, tree, as_of, (*parsed.ages, *request_ages(request)))


def moment_of(request: SearchRequest, *, now: datetime, newest: Callable[[], int | None]) -> int | None:
    """The moment a request looks at, in UTC epoch seconds; None for now. Raises QueryError where it cannot be read."""
    if as_of_latest(request):
        found = newest()
        return to_seconds(now) if found is None else found
    return as_of_moment(request, now)


def has_choices(tree: ast.Node, request: SearchRequest) -> bool:
    """Whether articles can match without one of the words, so that it may be one that none has."""
    match tree:
        case ast.Or():
            return True
        case ast.Boosted(child=child):
            return has_choices(child, request)
        case ast.Sequence() if request.match == "any":
            return True
        case ast.Sequence(children=children) | ast.And(children=children):
            return any(has_choices(child, request) for child in children)
    return False
