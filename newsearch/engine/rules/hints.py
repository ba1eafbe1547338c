"""What to tell someone whose query found nothing.

    hints(question, newest=view.reference, is_there=is_there, nearest_there=nearest_there)
    # ["The newest article is of 2021-12-02; ..."]

Only ever said about an empty result: a provider or topic that is not in the archive, with the nearest that is, and an
age that begins after the archive ends. Which values articles have is for the engines to tell.
"""

from collections.abc import Callable, Iterator

from newsearch.engine.rules.keywords import KEYWORDS_BY_TERM
from newsearch.engine.rules.questions import Question
from newsearch.query import ast
from newsearch.query.dates import from_seconds
from newsearch.query.fields import shown

__all__ = ["hints"]


def hints(
    question: Question,
    *,
    newest: int | None,
    is_there: Callable[[ast.Keyword], bool],
    nearest_there: Callable[[ast.Keyword], str | None],
) -> Iterator[str]:
    """Sentences that explain an empty result, as far as one can tell.

    Of the articles that can be seen, `newest` is the second of the newest one, `is_there` tells whether any meets a
    constraint, and `nearest_there` the value most like one that none has.
    """
    for asked in _keywords(question.tree):
        if not is_there(asked):
            near = nearest_there(asked)
            yield f"No article has the {asked.field} {shown(asked.value)}." + (f" Did you mean {near}?" if near else "")
    ages = question.ages if question.as_of is None else ()
    if ages and newest is not None and _begins_after(question.tree, newest):
        yield (
            f"The newest article is of {from_seconds(newest):%Y-%m-%d}; {', '.join(ages)} counts back from today. "
            "Count from the archive's end with --as-of latest."
        )


def _begins_after(tree: ast.Node, moment: int) -> bool:
    """Whether a tree asks for dates past a moment, where it asks for all of several things."""
    match tree:
        case ast.DateRange(low=low):
            return low is not None and low > moment
        case ast.Sequence(children=children) | ast.And(children=children):
            return any(_begins_after(child, moment) for child in children)
        case ast.Boosted(child=child):
            return _begins_after(child, moment)
    return False


def _keywords(tree: ast.Node) -> Iterator[ast.Keyword]:
    """The values that an article should have, and that may be misspelt."""
    match tree:
        case ast.Keyword(field=field) if field in KEYWORDS_BY_TERM:
            yield tree
        case ast.Sequence(children=children) | ast.And(children=children) | ast.Or(children=children):
            for child in children:
                yield from _keywords(child)
        case ast.Boosted(child=child):
            yield from _keywords(child)
