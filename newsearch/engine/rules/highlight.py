"""Where in an article's text a query matched.

    highlighter = Highlighter(clauses, analyzer)
    highlighter.spans("Harbour ban", "title")           # ((0, 7),)

The stored text is analysed again, word by word with the characters each was written in, so stems and accents mark what
the reader sees: a phrase only where its words stand together, words near each other only where they are near enough,
and of a prefix, a pattern or a misspelt word those that are written so. Each text is gone through once, for all clauses
together.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from newsearch.engine.rules.analysis import Analyzer, Token
from newsearch.engine.rules.sought import Form, OneOf, Run, Sought, Terms

__all__ = ["Highlighter", "Marked", "Spans"]

Spans = tuple[tuple[int, int], ...]
"""Half-open character ranges, ascending, none touching another."""

_REMEMBERED = 64


class Marked(Protocol):
    """What a clause, of whatever engine, has to say to be marked."""

    @property
    def sought(self) -> Sought:
        """What it asks for."""
        ...

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it is looked for in."""
        ...

    @property
    def fits(self) -> Callable[[str], bool]:
        """What tells whether it stands for a word as written."""
        ...


class _Found(NamedTuple):
    """A range of characters, and the clause it is of by its place among all."""

    start: int
    end: int
    clause: int


class Highlighter:
    """Marks texts with the clauses of a query. It remembers the last texts, which are asked for several times a hit."""

    def __init__(self, clauses: Sequence[Marked], analyzer: Analyzer) -> None:
        self._clauses = clauses
        self._analyzer = analyzer
        self._matchers: dict[tuple[int, ...], _Matcher] = {}
        self._by_field: dict[str, _Matcher] = {}
        self._known: dict[tuple[str, str], list[_Found]] = {}

    def spans(self, text: str, field: str) -> Spans:
        """The ranges of a field's text that the clauses match, overlapping ones joined."""
        return _joined(self._found(text, field))

    def spans_by_clause(self, text: str, field: str) -> list[Spans]:
        """The same, clause by clause."""
        found: list[list[_Found]] = [[] for _ in self._clauses]
        for one in self._found(text, field):
            found[one.clause].append(one)
        return list(map(_joined, found))

    def _found(self, text: str, field: str) -> list[_Found]:
        """All that the clauses match in a text, by where it starts."""
        found = self._known.get((field, text))
        if found is None:
            found = self._matcher(field).search(text, self._analyzer) if text else []
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[field, text] = found
        return found

    def _matcher(self, field: str) -> "_Matcher":
        """What to look for in a field."""
        matcher = self._by_field.get(field)
        if matcher is None:
            # Most queries ask for the same in all fields.
            places = tuple(place for place, clause in enumerate(self._clauses) if field in clause.fields)
            matcher = self._matchers.get(places)
            if matcher is None:
                matcher = self._matchers[places] = _Matcher([(place, self._clauses[place]) for place in places])
            self._by_field[field] = matcher
        return matcher


class _Matcher:
    """What to look for in the texts of one field: by the term, or the written form, that it can begin with."""

    def __init__(self, clauses: Iterable[tuple[int, Marked]]) -> None:
        self._terms: dict[str, dict[int, None]] = {}
        self._forms: list[tuple[int, Callable[[str], bool]]] = []
        self._words: dict[str, list[int]] = {}
        self._runs: dict[str, dict[tuple[int, Run], None]] = {}
        # With how often a stretch has to have each of its words.
        self._windows: dict[tuple[int, Run], Counter[Terms]] = {}
        for place, clause in clauses:
            match clause.sought:
                case Form():
                    self._forms.append((place, clause.fits))
                case OneOf(terms=terms, runs=runs):
                    self._take(place, terms, runs)
                case Run(slots=(terms,)):
                    self._take(place, terms, ())
                case run:
                    self._take(place, (), (run,))

    def _take(self, place: int, terms: Terms, runs: Iterable[Run]) -> None:
        for term in terms:
            self._terms.setdefault(term, {})[place] = None
        for run in runs:
            if run.slop:
                self._windows[place, run] = Counter(run.slots)
                continue
            for term in run.slots[0]:
                self._runs.setdefault(term, {})[place, run] = None

    def _of_word(self, word: str) -> list[int]:
        """The clauses that stand for a word as written."""
        places = self._words.get(word)
        if places is None:
            places = self._words[word] = [place for place, fits in self._forms if fits(word)]
        return places

    def search(self, text: str, analyzer: Analyzer) -> list[_Found]:
        """What is found in a text, by where it starts."""
        if self._forms or self._runs or self._windows:
            return sorted(self.found(list(analyzer.tokens(text)), text, analyzer.written))
        # Of single words, which most queries consist of, no others have to be looked at.
        located = analyzer.located(text, self._terms)
        return sorted(_Found(start, end, place) for start, end, term in located for place in self._terms[term])

    def found(self, tokens: Sequence[Token], text: str, written: Callable[[str], str]) -> Iterator[_Found]:
        """What is found in the words of a text, in any order."""
        for number, token in enumerate(tokens):
            for place in self._terms.get(token.term, ()):
                yield _Found(token.start, token.end, place)
            for place, run in self._runs.get(token.term, ()):
                if _stands(run.slots, tokens, number):
                    yield _Found(token.start, tokens[number + len(run.slots) - 1].end, place)
            if self._forms:
                for place in self._of_word(written(text[token.start : token.end])):
                    yield _Found(token.start, token.end, place)
        if self._windows and tokens:
            numbers: dict[str, list[int]] = {}
            for number, token in enumerate(tokens):
                numbers.setdefault(token.term, []).append(number)
            own: dict[Terms, list[int]] = {}
            for place, run in self._windows:
                for number in _near(run, self._windows[place, run], numbers, own):
                    yield _Found(tokens[number].start, tokens[number].end, place)


def _stands(slots: Sequence[Terms], tokens: Sequence[Token], first: int) -> bool:
    """Whether the words of a run follow each other from a word on."""
    return first + len(slots) <= len(tokens) and all(
        token.term in terms for terms, token in zip(slots, tokens[first : first + len(slots)], strict=True)
    )


def _near(run: Run, wanted: Counter[Terms], numbers: dict[str, list[int]], own: dict[Terms, list[int]]) -> set[int]:
    """The words of a run, by their numbers, in the smallest stretches that have all of them (`runs`).

    `numbers` has those of each term, and `own`, as far as they were needed before, those of each slot.
    """
    for slot, count in wanted.items():
        places = own.get(slot)
        if places is None:
            places = own[slot] = sorted(number for term in slot for number in numbers.get(term, ()))
        if len(places) < count:
            return set()
    slots_at: dict[int, list[Terms]] = {}
    for slot in wanted:
        for number in own[slot]:
            slots_at.setdefault(number, []).append(slot)
    passed = dict.fromkeys(wanted, 0)
    before = -1
    found: set[int] = set()
    ordered = sorted(slots_at)
    for end in ordered:
        for slot in slots_at[end]:
            passed[slot] += 1
        if any(passed[slot] < count for slot, count in wanted.items()):
            continue
        begin = min(own[slot][passed[slot] - count] for slot, count in wanted.items())
        if begin > before and end - begin < len(run.slots) + run.slop:
            found.update(number for number in range(begin, end + 1) if number in slots_at)
        before = begin
    return found


def _joined(found: Iterable[_Found]) -> Spans:
    joined: list[tuple[int, int]] = []
    for start, end, _ in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
