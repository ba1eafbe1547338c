"""Text to terms: what counts as a word, and which words are the same word.

    analyzer = Analyzer("english")
    analyzer.terms("IBM's U.S. labs")               # ['ibm', 'u.s', 'lab']

What a person expects, and what is done for it:

    Zürich, zurich          case is folded and accents are dropped
    IBM's, don't            a possessive 's goes, other apostrophes are closed up: ibm, dont
    covid-19                two words, covid and 19; in a query they stand as a phrase
    C++, C#, AT&T           one word each
    U.N., UN                one word, un; but where the letters would spell an everyday word they keep their dots
    U.S., US                u.s, so that neither is the pronoun; a query for `us` in small letters finds both
    1,000 and 1000, 3.5     one number each
    東京                     a word a character, found as a phrase

Every word is stemmed (Snowball; the language is a setting) but stop words and words with other signs than letters in
them. Stop words are terms like any other, so that phrases can ask for them; `is_stop` tells the callers that
count lengths or drop words from a query. One word is one position. This module knows nothing of fields, queries or
scores.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from newsearch.engine.rules.stem import stem
from newsearch.errors import ConfigError
from newsearch.query.signs import clean

__all__ = ["LANGUAGES", "POSITION_GAP", "STOP_WORDS", "Analyzer", "Token", "fold"]

STOP_WORDS = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not"),
        *("of", "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was"),
        *("will", "with"),
    )
)
"""The 33 English stop words of Lucene's StopAnalyzer; on eight judged sets leaving them out cost nothing."""

LANGUAGES = {
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "finnish": "fi",
    "french": "fr",
    "german": "de",
    "hungarian": "hu",
    "italian": "it",
    "none": "",
    "norwegian": "no",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "swedish": "sv",
}
"""The languages a Snowball stemmer is there for, and `none`: words as they stand, English stop words."""

POSITION_GAP = 32
"""Positions left free between the values of one field, so that no phrase spans two topics or two related articles."""

_CACHE_LIMIT = 500_000
_PIECES_LIMIT = 50_000
_LONGEST = 60

# Scripts without spaces between words are taken character by character.
_CJK = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
# Vowel signs and accents that stand as characters of their own belong to the word they are written on.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0dff\u0e31-\u0e4e\u1000-\u109f"


def _word_pattern(cjk: str) -> re.Pattern[str]:
    """What counts as a word, where the characters of a class are words of their own."""
    letter = rf"(?:[^\W_{cjk}]|[{_MARKS}])"
    run = rf"[^\W_{cjk}]{letter}*"
    alone = rf"| [{cjk}]" if cjk else ""
    return re.compile(
        rf"""
          (?<![\w.]) [^\W\d_{cjk}] (?: \. [^\W\d_{cjk}] )+ (?!\w) \.?     # an abbreviation of single letters: U.S.
        {alone}
        | (?<!\w) [A-Za-z]{{1,3}} & [A-Za-z]{{1,3}} (?!\w)                # AT&T
        | \d+ (?: [.,] \d+ )+ {letter}*                                   # 1,000.50  1.2bn
        | {run} (?: ['\u2019\u02bc] {run} )* (?: \+\+ | \# )? (?![+#])    # IBM's  C++  C#
        | {run}
        """,
        re.VERBOSE,
    )


_WORD = _word_pattern("")
_FIRST_CJK = _CJK[0]


@lru_cache(maxsize=1)
def _cjk_pattern() -> re.Pattern[str]:
    # Compiling it takes longer than most searches, and most texts have no such character.
    return _word_pattern(_CJK)


def _pattern(text: str) -> re.Pattern[str]:
    """The pattern that finds the words of a text."""
    return _WORD if text.isascii() or max(text) < _FIRST_CJK else _cjk_pattern()


_APOSTROPHES = re.compile("['\u2019\u02bc]")
_COMBINING = re.compile("[\u0300-\u036f]+")
_STEMMABLE = re.compile(r"[^\W\d_]+")
# Letters that Unicode does not take apart into a base letter and an accent, but readers of English do.
_LOOKALIKES = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "n"}
)
_PRONOUN, _COUNTRY = "us", "u.s"
_COUNTRY_WRITTEN = frozenset({"US", "US's", "US\u2019s"})
_KEEP_DOTS = STOP_WORDS | {_PRONOUN}


class Token(NamedTuple):
    """One word of a text: its term, its position, and the half-open range of characters it was written in."""

    term: str
    position: int
    start: int
    end: int
    stop: bool


def fold(text: str) -> str:
    """The text without case and accents, for comparing words and names; `Zürich` and `ZURICH` give `zurich`.

    A control character counts as a space, which is what a query can say of it.
    """
    if not text.isprintable():
        text = clean(text).strip()
    if text.isascii():
        return text.lower()
    plain = _COMBINING.sub("", unicodedata.normalize("NFKD", text.casefold())).translate(_LOOKALIKES)
    return unicodedata.normalize("NFKC", plain)


@lru_cache(maxsize=8)
def _stemmer(language: str) -> Callable[[str], str]:
    if language == "none":
        return str
    if language == "english":
        return stem
    from whoosh.lang import stemmer_for_language  # noqa: PLC0415 - a search of one number needs no stemmer

    return stemmer_for_language(LANGUAGES[language])  # type: ignore[no-any-return]


@lru_cache(maxsize=8)
def _stop_words(language: str) -> frozenset[str]:
    if language in ("english", "none"):
        return STOP_WORDS
    from whoosh.lang import stopwords_for_language  # noqa: PLC0415 - a search of one number needs none

    return frozenset(fold(word) for word in stopwords_for_language(LANGUAGES[language]))


class _Seen:
    """The pieces of text, between white space, that were seen, and which of them have a term.

    What one thread has taken in, another finds whole: a piece counts as seen when all its terms have it.
    """

    __slots__ = ("having", "pieces")

    def __init__(self) -> None:
        self.pieces: set[str] = set()
        self.having: dict[str, set[str]] = {}

    def take(self, piece: str, terms: Iterable[str]) -> None:
        """See a piece that may have these terms."""
        for term in terms:
            self.having.setdefault(term, set()).add(piece)
        self.pieces.add(piece)


class Analyzer:
    """Turns the text of one language into terms; the same for documents and queries.

    Raises ConfigError for a language there is no stemmer for. Safe for threads: its cache is a plain dict whose entries
    are the same whoever computes them.
    """

    def __init__(self, language: str = "english") -> None:
        if language not in LANGUAGES:
            raise ConfigError(f"language {language!r} is not known; choose one of {', '.join(LANGUAGES)}.")
        self.language = language
        self._stop_words = _stop_words(language)
        self._stem = _stemmer(language)
        self._cache: dict[str, tuple[str, str]] = {}
        self._seen = _Seen()

    def __reduce__(self) -> tuple[object, ...]:
        # An index keeps one with its schema, pickled; the cache is not worth keeping there.
        return type(self), (self.language,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Analyzer) and other.language == self.language

    def __hash__(self) -> int:
        return hash(self.language)

    def tokens(self, text: str) -> Iterator[Token]:
        """The words of a text in order, with the characters each was written in."""
        acronyms = not text.isupper()
        for position, match in enumerate(_pattern(text).finditer(text)):
            written = match.group()
            term = self._term(written, acronyms)
            yield Token(term, position, match.start(), match.end(), term in self._stop_words)

    def located(self, text: str, terms: Collection[str]) -> list[tuple[int, int, str]]:
        """Where words of some terms stand in a text, in order: as `tokens` finds them, many times as fast."""
        # Between two words with white space nothing depends on the other, and most pieces were seen before.
        seen, pieces = self._seen, text.split()
        wanted: set[str] = set()
        if not seen.pieces.issuperset(pieces):
            for piece in set(pieces).difference(seen.pieces):
                possible = self._terms_in(piece)
                if len(piece) <= _LONGEST:
                    seen.take(piece, possible)
                elif not possible.isdisjoint(terms):
                    wanted.add(piece)
            if len(seen.pieces) >= _PIECES_LIMIT:
                self._seen = _Seen()
        for term in terms:
            if (having := seen.having.get(term)) is not None:
                wanted |= having.intersection(pieces)
        if not wanted:
            return []
        acronyms = not text.isupper()
        found = []
        for piece in wanted:
            words = [
                (match.start(), match.end(), term)
                for match in _pattern(piece).finditer(piece)
                if (term := self._term(match.group(), acronyms)) in terms
            ]
            size, at = len(piece), text.find(piece)
            while at >= 0:
                end = at + size
                if (at == 0 or text[at - 1].isspace()) and (end == len(text) or text[end].isspace()):
                    found += [(at + start, at + stop, term) for start, stop, term in words]
                # There is no white space in a piece, so none begins within another.
                at = text.find(piece, end)
        found.sort()
        return found

    def _terms_in(self, piece: str) -> set[str]:
        """All terms that words of a piece may have, in a text of capitals or another."""
        written = _pattern(piece).findall(piece)
        return {self._term(word, acronyms) for word in written for acronyms in (True, False)}

    def terms(self, text: str, *, capitals: bool | None = None) -> list[str]:
        """The terms of a text in order, stop words included; a term's index is its position.

        `capitals` says whether it is part of a text all in capitals, where "US" may be the pronoun; otherwise the text
        itself is looked at.
        """
        acronyms = not (text.isupper() if capitals is None else capitals)
        return [self._term(written, acronyms) for written in _pattern(text).findall(text)]

    def occurrences(self, values: Sequence[str]) -> tuple[dict[str, list[int]], int]:
        """For a field's values: the ascending positions of each term, and the field's length without stop words."""
        positions: dict[str, list[int]] = {}
        length = start = 0
        for value in values:
            end = start
            for end, term in enumerate(self.terms(value), start):
                positions.setdefault(term, []).append(end)
                length += term not in self._stop_words
            start = end + POSITION_GAP
        return positions, length

    def written_terms(self, piece: str) -> list[tuple[str, str]]:
        """Each word of a piece of text as written, folded but not stemmed, and its term.

        A piece is text without white space out of one that is not all in capitals.
        """
        if piece.isascii() and piece.isalnum() and "US" not in piece:
            return [self._pair(piece)]  # nearly every piece is one plain word
        found = _pattern(piece).findall(piece)
        if "US" in piece:
            return [(self._pair(written)[0], self._term(written, True)) for written in found]
        return [self._pair(written) for written in found]

    @property
    def stop_words(self) -> frozenset[str]:
        """The stop words of the language."""
        return self._stop_words

    def terms_of(self, words: Sequence[str]) -> list[str]:
        """The terms of words as written, folded (`written_terms`); quick for many."""
        stem, stop_words = self._stem, self._stop_words
        stems = [stem(word) if word.isalpha() or _STEMMABLE.fullmatch(word) else word for word in words]
        return [
            word if stemmed in stop_words or word in stop_words or not stemmed else stemmed
            for word, stemmed in zip(words, stems, strict=True)
        ]

    def is_stop(self, term: str) -> bool:
        """Whether a term is a stop word, which counts in phrases alone."""
        return term in self._stop_words

    def written(self, word: str) -> str:
        """A word of a text, as `tokens` finds it, as written: folded and not stemmed."""
        return self._pair(word)[0]

    def term_of(self, word: str) -> str:
        """The term of one word as written, folded (`written_terms`)."""
        return self._pair(word)[1]

    def alternatives(self, term: str) -> tuple[str, ...]:
        """The terms that a query's term stands for, itself first: `us` in small letters may mean the country."""
        return (term, _COUNTRY) if term == _PRONOUN else (term,)

    def _term(self, written: str, acronyms: bool) -> str:
        if acronyms and written in _COUNTRY_WRITTEN:
            return _COUNTRY
        return self._pair(written)[1]

    def _pair(self, written: str) -> tuple[str, str]:
        """A word without case and accents, and its term."""
        pair = self._cache.get(written)
        if pair is None:
            word = self._bare(written)
            pair = word, self._stemmed(word)
            if len(written) <= _LONGEST:  # what is longer is an address or a picture, as large as a file may be
                if len(self._cache) >= _CACHE_LIMIT:
                    self._cache.clear()
                self._cache[written] = pair
        return pair

    def _stemmed(self, word: str) -> str:
        if word in self._stop_words or not _STEMMABLE.fullmatch(word):
            return word
        stemmed = self._stem(word)
        # "ins" must not become the stop word "in".
        return word if stemmed in self._stop_words or not stemmed else stemmed

    @staticmethod
    def _bare(written: str) -> str:
        """A word as written, folded, without its apostrophes, dots or commas."""
        word = fold(written)[:_LONGEST] or written
        if "." in word and not word[0].isdigit():
            joined = word.replace(".", "")
            return ".".join(joined) if joined in _KEEP_DOTS else joined
        if word[0].isdigit() and "," in word:
            return word.replace(",", "")
        if not word.isalnum():
            word = _APOSTROPHES.sub("'", word)
            word = word.removesuffix("'s").replace("'", "")
        return word
