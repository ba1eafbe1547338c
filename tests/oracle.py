"""What a search must give, computed by brute force: the ranking of the guide in floats, dicts and loops.

    answer = search(files, ("seq", ("word", "kelp"), ("phrase", "the norb")), now=1_601_510_400)
    answer.scores                        # {"paper.example/1": 0.93, ...}, best first

It shares no code with newsearch: it has its own rules for whose an address is, its own tree, its own arithmetic. Its
analyzer is `text.lower().split()`, so it is for archives of plain words that stemming leaves alone (`WORDS`) and the
stop words in `STOP_WORDS`; a word's term is the word as written. Files are plain dicts (tests.archive.Spec), queries
nested tuples:

    ("word", text[, field])  ("phrase", text[, field])  ("and", q, ...)  ("or", q, ...)  ("seq", q, ...)  ("not", q)
    ("near", text, slop[, field])  ("prefix", text[, field])  ("wildcard", pattern[, field])
    ("fuzzy", text, distance[, field])  ("boost", q, factor)
    ("quality", low, high)  ("date", low, high)  ("provider", name)  ("topic", name)  ("type", name)
    ("kind", "item" or "related")  ("published",)  ("image",)
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

__all__ = [
    "DEFAULTS",
    "FIELDS",
    "STOP_WORDS",
    "WORDS",
    "Answer",
    "Article",
    "articles",
    "distance",
    "fits",
    "key",
    "search",
    "text_of",
]

WORDS = ("kelp", "norb", "tarn", "vost", "brum", "fenk", "glim", "zorn")
STOP_WORDS = ("the", "of", "and")
FIELDS = ("title", "excerpt", "topics", "body", "related")
DEFAULTS: dict[str, Any] = {
    "quality_weight": 0.10,
    "recency_weight": 0.10,
    "half_life": 180.0,
    "k1": 1.2,
    "b": 0.75,
    "weights": {"title": 2.0, "excerpt": 1.0, "topics": 1.0, "body": 1.0, "related": 0.5},
}

Query = tuple[Any, ...]
Spec = Mapping[str, Any]

_DAY = 86_400.0
_COMBINATIONS = ("and", "or", "seq")
_TEXTS = ("word", "phrase", "near", "prefix", "wildcard", "fuzzy")


@dataclass
class Article:
    """An article; `text` has, for each field, the words of each of its values."""

    address: str
    kind: str
    title: str
    date: int | None
    quality: int | None
    heat: int | None
    provider: Mapping[str, str]
    type: str | None
    published: bool
    image: bool
    topics: tuple[str, ...]
    text: dict[str, list[list[str]]]
    cites: tuple[str, ...] = ()
    path: str | None = None
    cited_by: list[str] = field(default_factory=list)

    def words(self, name: str) -> list[str]:
        return [word for value in self.text[name] for word in value]

    def length(self, name: str) -> int:
        return sum(word not in STOP_WORDS for word in self.words(name))

    def has(self, word: str) -> bool:
        return word in self.all_words()

    def all_words(self) -> set[str]:
        return {word for name in FIELDS for word in self.words(name)}


@dataclass
class Answer:
    """`scores` by address, best first; `articles` are the visible ones; `relaxed` as the engine says it."""

    scores: dict[str, float]
    relaxed: bool
    articles: dict[str, Article]


def key(address: str) -> int:
    """What ties are broken by last: the article's id as a number."""
    return int.from_bytes(hashlib.blake2b(address.encode(), digest_size=8).digest(), "big")


# Articles


def articles(files: Iterable[Spec]) -> dict[str, Article]:
    """The articles of some files, by address: a file wins, of several the newest update and then the smaller path.

    One known by citation alone is as its earliest citing item describes it, an undated one first, then by path.
    """
    owners: dict[str, Spec] = {}
    for file in sorted(files, key=lambda file: (-_updated(file), file["path"])):
        owners.setdefault(_address(file), file)
    found = {address: _item(address, file) for address, file in owners.items()}
    for citing in sorted(owners.values(), key=lambda file: (_seconds(file.get("date"), -math.inf), file["path"])):
        for related in _related(citing):
            address = _address(related)
            found.setdefault(address, _cited(address, related))
            found[address].cited_by.append(_address(citing))
    return found


def _address(spec: Spec) -> str:
    url = spec.get("url") or spec.get("original_url")
    return str(url).removeprefix("https://") if url else f"path:{spec['path']}"


def _seconds(date: str | None, missing: Any) -> Any:
    if date is None:
        return missing
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp())


def _updated(file: Spec) -> float:
    return float(_seconds(file.get("updated"), _seconds(file.get("date"), -math.inf)))


def _known(number: int | None) -> int | None:
    return None if number is None or number < 0 else number


def _split(*values: str | None) -> list[list[str]]:
    return [value.lower().split() for value in values if value]


def _related(file: Spec) -> list[Spec]:
    """A file's related articles: each address once, its own not at all."""
    found: dict[str, Spec] = {}
    for related in file.get("related") or ():
        found.setdefault(_address(related), related)
    found.pop(_address(file), None)
    return list(found.values())


def _item(address: str, file: Spec) -> Article:
    related = _related(file)
    return Article(
        address,
        "item",
        file["title"],
        _seconds(file.get("date"), None),
        _known(file.get("quality")),
        _known(file.get("heat")),
        file.get("provider") or {},
        file.get("type"),
        bool(file.get("published")),
        bool(file.get("images")),
        tuple(file.get("topics") or ()),
        {
            "title": _split(file["title"]),
            "excerpt": _split(file.get("excerpt")),
            "topics": _split(*dict.fromkeys(file.get("topics") or ())),
            "body": _split(file.get("body")),
            "related": _split(*(text for one in related for text in (one["title"], one.get("excerpt")))),
        },
        tuple(_address(one) for one in related),
        file["path"],
    )


def _cited(address: str, related: Spec) -> Article:
    return Article(
        address,
        "related",
        related["title"],
        _seconds(related.get("date"), None),
        _known(related.get("quality")),
        None,
        related.get("provider") or {},
        related.get("type"),
        False,
        bool(related.get("images")),
        (),
        {
            "title": _split(related["title"]),
            "excerpt": _split(related.get("excerpt")),
            "topics": [],
            "body": [],
            "related": [],
        },
    )


def _visible(found: dict[str, Article], as_of: int) -> dict[str, Article]:
    current = {address: one for address, one in found.items() if one.date is None or one.date <= as_of}
    items = {address for address, one in current.items() if one.kind == "item"}
    cited = {cited for address in items for cited in current[address].cites}
    return {address: one for address, one in current.items() if address in items or address in cited}


# Queries


def text_of(query: Query) -> str:  # noqa: PLR0911 - a line a kind
    """A query in the query language."""
    match query:
        case ("word", text, *where):
            return f"{where[0]}:{text}" if where else text
        case ("phrase", text, *where):
            return f'{where[0]}:"{text}"' if where else f'"{text}"'
        case ("near", text, slop, *where):
            return f"{text_of(('phrase', text, *where))}~{slop}"
        case ("prefix", text, *where):
            return text_of(("word", f"{text}*", *where))
        case ("wildcard", pattern, *where):
            return text_of(("word", pattern, *where))
        case ("fuzzy", text, distance, *where):
            return text_of(("word", f"{text}~{distance}", *where))
        case ("boost", child, factor):
            return f"{_enclosed(child)}^{factor}"
        case ("and", *children):
            return " AND ".join(map(_enclosed, children))
        case ("or", *children):
            return " OR ".join(map(_enclosed, children))
        case ("seq", *children):
            return " ".join(map(_enclosed, children))
        case ("not", child):
            return f"-{_enclosed(child)}"
        case ("quality" | "date", low, high):
            return f"{query[0]}:{'' if low is None else low}..{'' if high is None else high}"
        case ("published",):
            return "is:published"
        case ("image",):
            return "has:image"
        case (name, value):
            return f'{name}:"{value}"'
    raise ValueError(query)


def _enclosed(query: Query) -> str:
    return f"({text_of(query)})" if query[0] in (*_COMBINATIONS, "boost") else text_of(query)


def _is_constraint(query: Query) -> bool:
    if query[0] in _COMBINATIONS:
        return all(map(_is_constraint, query[1:]))
    return _is_constraint(query[1]) if query[0] == "boost" else query[0] not in _TEXTS


def _flat(query: Query) -> Query:
    """Combinations of one kind inside each other are one; what stands alone is itself. Constraints have no boost."""
    if query[0] == "boost":
        child = _flat(query[1])
        return child if _is_constraint(child) else ("boost", child, query[2])
    if query[0] not in _COMBINATIONS:
        return query
    children: list[Query] = []
    for child in map(_flat, query[1:]):
        children.extend(child[1:] if child[0] == query[0] else [child])
    return children[0] if len(children) == 1 else (query[0], *children)


def _take_constraints(query: Query, constraints: list[Query]) -> Query | None:
    """What is left of a query without the constraints that every hit has to meet, which are collected."""
    if _is_constraint(query):
        if query[0] in ("and", "seq"):
            for child in query[1:]:
                _take_constraints(child, constraints)
        else:
            constraints.append(query)
        return None
    if query[0] == "boost":
        left = _take_constraints(query[1], constraints)
        return None if left is None else ("boost", left, query[2])
    if query[0] not in ("and", "seq"):
        return query
    kept = [left for child in query[1:] if (left := _take_constraints(child, constraints)) is not None]
    return _flat((query[0], *kept))


def _without_stop_words(query: Query) -> Query | None:
    if query[0] == "word" and query[1] in STOP_WORDS:
        return None
    if query[0] in _COMBINATIONS:
        kept = [left for child in query[1:] if (left := _without_stop_words(child)) is not None]
        return (query[0], *kept) if kept else None
    if query[0] == "boost":
        left = _without_stop_words(query[1])
        return None if left is None else ("boost", left, query[2])
    return query


# Words as written


def fits(word: str, pattern: str) -> bool:
    """Whether a word fits a pattern of `*` and `?`, sign by sign."""
    if not pattern:
        return not word
    if pattern[0] == "*":
        return any(fits(word[start:], pattern[1:]) for start in range(len(word) + 1))
    return bool(word) and pattern[0] in ("?", word[0]) and fits(word[1:], pattern[1:])


@cache
def distance(first: str, second: str) -> int:
    """Insertions, deletions, replacements and swaps of neighbours from one word to the other, off the definition."""
    if not first or not second:
        return len(first) + len(second)
    costs = [
        distance(first[1:], second) + 1,
        distance(first, second[1:]) + 1,
        distance(first[1:], second[1:]) + (first[0] != second[0]),
    ]
    if first[:2] == second[1::-1] and len(first) > 1:
        costs.append(distance(first[2:], second[2:]) + 1)
    return min(costs)


def _worth(query: Query, word: str) -> float:
    """What an occurrence of a word counts for a prefix, pattern or misspelt word, from 0 to 1."""
    match query:
        case ("prefix", text, *_):
            return float(word.startswith(text))
        case ("wildcard", pattern, *_):
            return float(fits(word, pattern))
        case ("fuzzy", text, most, *_):
            edits = distance(text, word)
            return 1 - edits / len(text) if edits <= most and edits < len(text) else 0.0
    raise ValueError(query)


# Scores


class _Scorer:
    def __init__(self, found: dict[str, Article], settings: Mapping[str, Any], match: str) -> None:
        self.articles = found
        self.settings = settings
        self.match = match
        self.averages = {}
        for name in FIELDS:
            lengths = [length for one in found.values() if (length := one.length(name))]
            self.averages[name] = sum(lengths) / len(lengths) if lengths else 0.0

    def raw(self, query: Query, one: Article) -> float | None:
        """B of an article, or None where it does not match."""
        if _is_constraint(query):
            return 0.0 if self.meets(query, one) else None
        if query[0] in _TEXTS:
            return self.term(query, one)
        if query[0] == "boost":
            part = self.raw(query[1], one)
            return None if part is None else part * query[2]
        parts = [self.raw(child, one) for child in query[1:]]
        if query[0] == "or":
            return self.any(parts)
        if query[0] == "seq" and self.match == "any":
            scoring = [part for child, part in zip(query[1:], parts, strict=True) if not _is_constraint(child)]
            required = [part for child, part in zip(query[1:], parts, strict=True) if _is_constraint(child)]
            return None if None in required else self.any(scoring)
        return None if None in parts else sum(part for part in parts if part is not None)

    @staticmethod
    def any(parts: Sequence[float | None]) -> float | None:
        matched = [part for part in parts if part is not None]
        return sum(matched) if matched else None

    def term(self, query: Query, one: Article) -> float | None:
        fields = query[3:] if query[0] in ("near", "fuzzy") else query[2:]
        x, occurs = 0.0, False
        for name in fields or FIELDS:
            tf = _frequency(query, one.text[name])
            occurs = occurs or tf > 0
            average, b = self.averages[name], self.settings["b"]
            norm = 1 - b + b * one.length(name) / average if average else 1.0
            weighted = self.settings["weights"][name] * tf
            # With b = 1 a word weighs without end in a field of stop words alone, which has length 0.
            x += weighted / norm if norm else math.inf if weighted else 0.0
        if not occurs:
            return None
        saturation = 1.0 if x == math.inf else x / (self.settings["k1"] + x)
        return self.idf(query) * saturation

    def idf(self, query: Query) -> float:
        """That of a word, of the group of words that a sign stands for, or the sum of a phrase's words'."""
        if query[0] in ("word", "phrase", "near"):
            return sum(self._idf(sum(one.has(word) for one in self.articles.values())) for word in query[1].split())
        return self._idf(sum(any(_worth(query, word) for word in one.all_words()) for one in self.articles.values()))

    def _idf(self, df: int) -> float:
        return math.log(1 + (len(self.articles) - df + 0.5) / (df + 0.5))

    def meets(self, query: Query, one: Article) -> bool:  # noqa: PLR0911 - a line a kind
        """Whether an article meets a constraint, or has the words within one."""
        match query:
            case (("word" | "phrase" | "near" | "prefix" | "wildcard" | "fuzzy"), *_):
                return self.term(query, one) is not None
            case ("boost", child, _):
                return self.meets(child, one)
            case ("not", child):
                return not self.meets(child, one)
            case ("and", *children):
                return all(self.meets(child, one) for child in children)
            case ("seq", *children):
                required = [child for child in children if self.match != "any" or _is_constraint(child)]
                words = [child for child in children if child not in required]
                return all(self.meets(child, one) for child in required) and (
                    not words or any(self.meets(child, one) for child in words)
                )
            case ("or", *children):
                return any(self.meets(child, one) for child in children)
            case ("quality", low, high):
                return one.quality is not None and _within(one.quality, low, high)
            case ("date", low, high):
                first = None if low is None else _seconds(low, None)
                last = None if high is None else _seconds(high, None) + 86_399
                return one.date is not None and _within(one.date, first, last)
            case ("provider", name):
                return name.lower() in {value.lower() for value in one.provider.values()}
            case ("topic", name):
                return name.lower() in {topic.lower() for topic in one.topics}
            case ("type", name):
                return one.type is not None and one.type.lower() == name.lower()
            case ("kind", kind):
                return bool(one.kind == kind)
            case ("published",):
                return one.published
            case ("image",):
                return one.image
        raise ValueError(query)


def _frequency(query: Query, values: Sequence[Sequence[str]]) -> float:
    """How often a word, a phrase or a group of words is in a field."""
    if query[0] in ("word", "phrase") or (query[0] == "near" and not query[2]):
        return _occurrences(query[1].split(), values)
    if query[0] == "near":
        return sum(_windows(query[1].split(), value, query[2]) for value in values)
    return sum(_worth(query, word) for value in values for word in value)


def _windows(words: Sequence[str], value: Sequence[str], slop: int) -> int:
    """The stretches of a text that have all the words, as often as they are asked for, and none such within them."""

    def has_all(start: int, end: int) -> bool:
        return not Counter(words) - Counter(value[start:end])

    return sum(
        has_all(start, end) and not has_all(start + 1, end) and not has_all(start, end - 1)
        for start in range(len(value))
        for end in range(start + 1, min(len(value), start + len(words) + slop) + 1)
    )


def _occurrences(words: Sequence[str], values: Iterable[Sequence[str]]) -> int:
    return sum(
        list(value[start : start + len(words)]) == list(words) for value in values for start in range(len(value))
    )


def _within(number: int, low: int | None, high: int | None) -> bool:
    return (low is None or number >= low) and (high is None or number <= high)


def search(
    files: Iterable[Spec],
    query: Query | None,
    *,
    now: int,
    match: str = "auto",
    settings: Mapping[str, Any] = DEFAULTS,
    as_of: str | None = None,
    filters: Sequence[Query] = (),
) -> Answer:
    """The articles that a query finds and their scores. `now` is the last commit's time, `as_of` a day.

    `filters` are constraints beside the query, as the options of a request are.
    """
    found = articles(files)
    if as_of is not None:
        found = _visible(found, _seconds(as_of, None) + 86_399)
    scorer = _Scorer(found, settings, match)
    raw, relaxed, constraints = _matches(query, scorer)
    # The largest B is that of the articles found before any constraint is looked at.
    best = max(raw.values(), default=0.0)
    quality, recency = _quality(found), _recency(found, now + _DAY, settings["half_life"])
    wq, wr = settings["quality_weight"], settings["recency_weight"]
    scores = {
        address: (1 - wq - wr) * (b / best if best else 1.0) + wq * quality[address] + wr * recency[address]
        for address, b in raw.items()
        if all(scorer.meets(constraint, found[address]) for constraint in (*constraints, *filters))
    }
    order = sorted(scores, key=lambda address: (-scores[address], -_date_or_never(found[address]), key(address)))
    return Answer({address: scores[address] for address in order}, relaxed, found)


def _matches(query: Query | None, scorer: _Scorer) -> tuple[dict[str, float], bool, list[Query]]:
    constraints: list[Query] = []
    scoring = None if query is None else _take_constraints(_flat(query), constraints)
    if scoring is None:
        return dict.fromkeys(scorer.articles, 0.0), False, constraints
    while scoring[0] == "boost":
        scoring = scoring[1]  # to multiply every B changes no score
    scoring = _without_stop_words(scoring) or scoring
    raw = {address: b for address, one in scorer.articles.items() if (b := scorer.raw(scoring, one)) is not None}
    if not raw and scorer.match == "auto" and scoring[0] == "seq" and len(scoring) > 2:
        relaxed = _most(scoring[1:], scorer)
        return relaxed, bool(relaxed), constraints
    return raw, False, constraints


def _most(children: Sequence[Query], scorer: _Scorer) -> dict[str, float]:
    """The articles that have more than half of the words, or as many as the best article has."""
    parts = {
        address: [b for child in children if (b := scorer.raw(child, one)) is not None]
        for address, one in scorer.articles.items()
    }
    most = max(map(len, parts.values()), default=0)
    wanted = max(1, min(most, math.floor(len(children) / 2) + 1))
    return {address: sum(found) for address, found in parts.items() if len(found) >= wanted}


def _quality(found: dict[str, Article]) -> dict[str, float]:
    median = _lower_median([one.quality for one in found.values() if one.quality is not None], 50)
    return {address: min(median if one.quality is None else one.quality, 100) / 100 for address, one in found.items()}


def _recency(found: dict[str, Article], latest: float, half_life: float) -> dict[str, float]:
    dates = {address: one.date for address, one in found.items() if one.date is not None and one.date <= latest}
    newest = max(dates.values(), default=0)
    ages = {address: (newest - date) / _DAY for address, date in dates.items()}
    if not ages:
        return dict.fromkeys(found, 0.5)
    median = _lower_median(list(ages.values()), None)
    return {address: 2 ** (-ages.get(address, median) / half_life) for address in found}


def _lower_median(values: Sequence[Any], missing: Any) -> Any:
    return sorted(values)[(len(values) - 1) // 2] if values else missing


def _date_or_never(one: Article) -> float:
    return -math.inf if one.date is None else one.date
