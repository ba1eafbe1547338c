"""Did you mean: a query whose words are none of the archive's, with the nearest that are.

    corrected("facial recogniton", tree, analyzer, articles=articles, near=near)    # 'facial recognition'

A word is replaced if no visible article has it in its field, and never otherwise. What takes its place is the word with
the fewest edits, then one with the same first letter, which people rarely mistype, then that of the most articles, then
the first of the alphabet. An edit is a letter too many, a letter missing, a wrong letter, or two neighbours that
changed places.

What looks like a filter or an operator of some other language, and whatever the parser has told a better form of, is no
slip of spelling, and is let be. The rest of the text stays as it was typed, but for marks that have no partner. Whether
the new query finds anything is for the caller to see, and which words the archive has for the engines to tell.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from newsearch.engine.rules.analysis import Analyzer, Token
from newsearch.engine.rules.sought import Terms
from newsearch.query import ast
from newsearch.query.fields import TEXT_FIELDS
from newsearch.query.stray import Edit, edited, stray_marks

__all__ = ["corrected", "edits_allowed"]

_LONGEST = 500
"""Characters of a text that is looked at for slips; a longer one was pasted rather than typed."""

_MAX_REPLACED = 8
"""Words of one query that are looked for among all of the archive's; a query of more unknown ones is no slip."""

_LONGEST_WORD = 26
"""Words of more characters are addresses and hashes rather than misspelt."""

_SHORT, _MIDDLING = 3, 6

Fields = tuple[str, ...]


def edits_allowed(word: str) -> int:
    """How many edits the word meant may be away from a written one; 0 for one that nothing is looked for near.

    Near a short one is everything; digits, and what is longer than _LONGEST_WORD, are no slips of spelling.
    """
    if len(word) < _SHORT or len(word) > _LONGEST_WORD or not any(char.isalpha() for char in word):
        return 0
    return 1 if len(word) < _MIDDLING else 2


def corrected(
    text: str,
    tree: ast.Node,
    analyzer: Analyzer,
    *,
    articles: Callable[[Terms, Fields], int],
    near: Callable[[str], list[tuple[int, str]]],
    doubtful: Sequence[ast.Span] = (),
) -> str | None:
    """`text`, from which `tree` was read, with its unknown words replaced; None where there is nothing to replace.

    The words of phrases and of fields count too, those after a NOT do not, nor those in the places that are `doubtful`.
    `articles` counts those that have one of some terms in one of some fields; `near` gives the words of the archive
    that are `edits_allowed` or fewer away from one, with their edits, fewest first.
    """
    if len(text) > _LONGEST:
        return None
    replaced = list(_Corrector(analyzer, articles, near).replacements(text, tree, doubtful))
    return edited(text, [*replaced, *stray_marks(text, doubtful)]) if replaced else None


class _Corrector:
    """Finds what should stand in place of unknown words."""

    def __init__(
        self,
        analyzer: Analyzer,
        articles: Callable[[Terms, Fields], int],
        near: Callable[[str], list[tuple[int, str]]],
    ) -> None:
        self._analyzer = analyzer
        self._counted = articles
        self._near = near

    def replacements(self, text: str, tree: ast.Node, doubtful: Sequence[ast.Span]) -> Iterator[Edit]:
        """Ranges of the text, ascending, and what should stand there."""
        looked_for = 0
        for node in _words(tree):
            # The text comes last in what a node was read from, after a field or a quotation mark. If it is not there
            # as it is, it was typed with escapes, and is let be.
            place = text.rfind(node.text, *node.span)
            end = place + len(node.text)
            if place < 0 or any(first < end and place < last for first, last in doubtful):
                continue
            # `name:value` and `NEAR(` are meant for some other language.
            if isinstance(node, ast.Word) and (":" in node.text or text[end : end + 1] == "("):
                continue
            fields = TEXT_FIELDS if node.field is None else (node.field,)
            for token in self._unknown(node.text, fields):
                looked_for += 1
                if looked_for > _MAX_REPLACED:
                    return
                better = self._nearest(node.text[token.start : token.end], fields)
                if better is not None:
                    yield place + token.start, place + token.end, better

    def _unknown(self, text: str, fields: Fields) -> Iterator[Token]:
        for token in self._analyzer.tokens(text):
            if not token.stop and not self._frequency(token.term, fields):
                yield token

    def _nearest(self, written: str, fields: Fields) -> str | None:
        ((word, _), *others) = self._analyzer.written_terms(written) or [("", "")]
        if others:
            return None
        for _, near in groupby(self._near(word), key=itemgetter(0)):
            found = [(one, count) for _, one in near if (count := self._articles(one, fields))]
            if found:
                return min(found, key=lambda pair: (pair[0][0] != word[0], -pair[1], pair[0]))[0]
        return None

    def _articles(self, word: str, fields: Fields) -> int:
        """How many articles a search for a word as written finds."""
        terms = self._analyzer.terms(word)
        return self._frequency(terms[0], fields) if len(terms) == 1 else 0

    def _frequency(self, term: str, fields: Fields) -> int:
        return self._counted(self._analyzer.alternatives(term), fields)


def _words(tree: ast.Node) -> Iterator[ast.Word | ast.Phrase]:
    """The words and phrases that an article should have, in the order of the text."""
    match tree:
        case ast.Word() | ast.Phrase():
            yield tree
        case ast.Boosted(child=child):
            yield from _words(child)
        case ast.Sequence(children=children) | ast.And(children=children) | ast.Or(children=children):
            for child in children:
                yield from _words(child)
