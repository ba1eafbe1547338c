"""What a sentence has besides what it is about: words such as `what`, `has` and `their` fall away from long queries.

    without_function_words(parse("what has the council decided about trams in the old town", today=now).tree, "english")
    # council decided trams old town

In a query of a few words each was chosen, and `who` may be the World Health Organization. In a sentence such words
only hold it together; left in, they must all be there, and add to the scores of articles that are about something else.
What this gains on judged queries is in docs/ranking-trials.md. Stop words are something else: they fall away from every
query, and from the lengths of articles, and are the engine's.
"""

import re
from dataclasses import replace

from newsearch.query import ast

__all__ = ["FUNCTION_WORDS", "LEAST_OTHERS", "without_function_words"]

FUNCTION_WORDS = frozenset(
    """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it
    its itself they them their theirs themselves what which who whom this that these those am is are was were be been
    being have has had having do does did doing would should could ought a an the and but if or because as until while
    of at by for with about into through during to from in on again further then once here there when where why how all
    any both each few more most other some such no not so than
    """.split()  # noqa: SIM905 - as a list of strings it would be a page
)
"""Snowball's English stop words, without contractions and those that say where or when: against, before, over, up."""

LEAST_OTHERS = 4
"""A query is a sentence, and not words that were chosen, if it has so many others."""

_NO_LETTERS = re.compile(r"[\W_]+")


def without_function_words(tree: ast.Node, language: str) -> ast.Node:
    """`tree` without the function words that stand side by side with at least LEAST_OTHERS other words.

    Only words as such fall away: not in quotes, with a field or a sign, and not those in capitals beside
    words that are not (`WHO`). Only English has been measured, so texts in other languages stay as they are.
    """
    if language != "english" or not isinstance(tree, ast.Sequence) or len(tree.children) <= LEAST_OTHERS:
        return tree
    words = [child for child in tree.children if isinstance(child, ast.Word) and child.field is None]
    in_capitals = " ".join(word.text for word in words).isupper()
    dropped = [word for word in words if _is_function_word(word.text, in_capitals=in_capitals)]
    if not dropped:
        return tree
    gone = set(map(id, dropped))
    kept = tuple(child for child in tree.children if id(child) not in gone)
    others = {child.text.lower() if isinstance(child, ast.Word) else child for child in kept if not _selects(child)}
    if len(others) < LEAST_OTHERS:
        return tree
    return replace(tree, children=kept)


def _selects(node: ast.Node) -> bool:
    return not isinstance(node, ast.Word) and ast.is_constraint(node)


def _is_function_word(text: str, *, in_capitals: bool) -> bool:
    word = text if text.isalpha() else _NO_LETTERS.sub("", text)
    return word.lower() in FUNCTION_WORDS and (in_capitals or len(word) == 1 or not word.isupper())
