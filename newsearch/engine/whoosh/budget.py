"""How many phrases of common words a query may have: those that there is no room for are left out.

    tree, warning = within_budget(tree, view)

To see where words follow each other, or stand near each other, every place of theirs has to be read in all articles
that may have them all. That is no matter for a few phrases, nor for many of rarer words; a hundred of `"of the"` would
take a second. What a phrase takes is counted by how many articles have its words, so the same query loses the same
phrases in the same archive, however it lies in segments. What phrases find is `tallies`'.
"""

from collections.abc import Collection, Sequence
from typing import Final

from newsearch.engine.rules.sought import OneOf, Reading, Run
from newsearch.engine.whoosh.frequency import frequency
from newsearch.engine.whoosh.schema import TEXT_FIELDS
from newsearch.engine.whoosh.view import View
from newsearch.query import ast
from newsearch.query.fields import shown

__all__ = ["MOST_READ", "READ_PER_ARTICLE", "within_budget"]

MOST_READ: Final = 60_000
"""What the phrases of a query may take together: words, times articles that may have all the words of the phrase."""

READ_PER_ARTICLE: Final = 2
"""In a large archive they may take so much for each article."""

_LEAST_READ = 256
"""What every phrase may take, even where those before it have used up all."""

_Text = ast.Word | ast.Phrase | ast.Prefix | ast.Fuzzy | ast.Synonym


def within_budget(tree: ast.Node, view: View, *, room: int | None = None) -> tuple[ast.Node, str | None]:
    """`tree` without the phrases that there is no room for, in the order of the text, and what to tell of them.

    The first phrase always has room, and so has one of rare words. `room` is what they may take together; unless given
    it depends on the archive. Words written with a sign in between (`covid-19`) are phrases too.
    """
    if room is None:
        room = max(MOST_READ, READ_PER_ARTICLE * view.documents)
    phrases = _phrases(tree, view)
    if len(phrases) < 2 or view.documents * sum(len(run.slots) for runs in phrases.values() for run in runs) <= room:
        return tree, None
    left = room
    dropped: list[_Text] = []
    for number, (node, runs) in enumerate(phrases.items()):
        takes = sum(_reads(run, view) for run in runs)
        if number and takes > max(left, _LEAST_READ):
            dropped.append(node)
        else:
            left -= takes
    if not dropped:
        return tree, None
    return _without(tree, frozenset(dropped)) or ast.Everything(tree.span), _warning(dropped)


def _phrases(tree: ast.Node, view: View) -> dict[_Text, tuple[Run, ...]]:
    """The nodes of a tree that ask for several words in a row or near each other, and for which; equal ones once."""
    texts = dict.fromkeys(node for node in ast.walk(tree) if isinstance(node, _Text) and not _is_one_word(node))
    if len(texts) < 2:
        return {}
    reading = Reading(view.snapshot.analyzer, tree)
    # A query of stop words alone asks for them; which it is makes no difference to what they may take.
    reading.keep_stops = True
    return {node: runs for node in texts if (runs := _runs(node, reading))}


def _is_one_word(node: _Text) -> bool:
    """Whether it surely asks for one word: letters and digits of ASCII are one. Most queries have no other."""
    return not isinstance(node, ast.Synonym) and node.text.isascii() and node.text.isalnum()


def _runs(node: _Text, reading: Reading) -> tuple[Run, ...]:
    match reading.sought(node):
        case Run(slots=slots) as run if len(slots) > 1:
            return (run,)
        case OneOf(runs=runs):
            return runs
    return ()


def _reads(run: Run, view: View) -> int:
    """What a run takes: all its words, in as many articles as have the rarest of them."""
    slots = set(run.slots)
    return len(slots) * min(frequency(terms, TEXT_FIELDS, view) for terms in slots)


def _without(tree: ast.Node, dropped: Collection[ast.Node]) -> ast.Node | None:
    """A tree without some nodes, or None where nothing remains."""
    match tree:
        case ast.Sequence(children=children) | ast.And(children=children) | ast.Or(children=children):
            kept = [left for child in children if (left := _without(child, dropped)) is not None]
            return ast.combined(type(tree), kept, tree.span) if kept else None
        case ast.Not(child=child, span=span):
            left = _without(child, dropped)
            return None if left is None else ast.negated(left, span)
        case ast.Boosted(child=child, factor=factor, span=span):
            left = _without(child, dropped)
            return None if left is None else ast.boosted(left, factor, span)
    return _rest(tree) if tree in dropped else tree


def _rest(tree: ast.Node) -> ast.Node | None:
    """What is searched of a node that there is no room for: of a synonym what was typed, if that is a word."""
    return tree.original if isinstance(tree, ast.Synonym) and _is_one_word(tree.original) else None


def _warning(dropped: Sequence[_Text]) -> str:
    first, others = shown(dropped[0].text), len(dropped) - 1
    if _rest(dropped[0]) is not None:
        first = f"What means the same as {first}"
    more = f" and {others} more phrases were" if others > 1 else " and one more phrase were" if others else " was"
    return f"{first}{more} left out: a query has room for few phrases of words that many articles have."
