"""The words of the archive that a prefix, a pattern or a misspelt word stands for, asked of the cluster.

    expansion = Expansions(view, most=200).of(Form("prefix", "recogni", 0, MAX_EXPANSIONS))
    expansion.worths                        # {"recognise": 1.0, "recognition": 1.0}

Which words count, and which of too many, is as on the embedded engine. A cluster takes fewer clauses in a query, so the
number of words is bounded by what it allows.
"""

import re
from typing import Any, NamedTuple

from newsearch.engine.opensearch.view import Query, View
from newsearch.engine.rules.sought import Form
from newsearch.query.written import edits

__all__ = ["Expansion", "Expansions", "near"]

_LISTED = 10_000
"""Words that the cluster is asked for at once."""

_LONGEST = 61
_NEAR = 1000
_MAX_EDITS = 2
_SIGNS = re.compile(r'[.?+*|{}\[\]()"\\#@&<>~^$-]')


class Expansion(NamedTuple):
    """The words, each with what an occurrence of it is worth; `truncated`: there are more, which are not searched."""

    worths: dict[str, float]
    truncated: bool


class Expansions:
    """Finds the words of one view's articles; `most` is how many the forms of a query may stand for together."""

    def __init__(self, view: View, *, most: int) -> None:
        self._view = view
        self.most = most

    def of(self, form: Form) -> Expansion:
        """The words that a form stands for."""
        key = f"expansion {form} {self.most}"
        if key not in self._view.kept:
            self._view.kept[key] = self._nearly(form) if form.kind == "fuzzy" else self._listed(form)
        found: Expansion = self._view.kept[key]
        return found

    def _listed(self, form: Form) -> Expansion:
        most = min(form.most, self.most)
        words, complete = self._matching(form)
        words.sort(key=lambda word: (len(word), word))
        return Expansion(dict.fromkeys(words[:most], 1.0), len(words) > most or not complete)

    def _matching(self, form: Form) -> tuple[list[str], bool]:
        """The words that fit: all of them or, of very many, the shortest; and whether these are all."""
        pattern = _regexp(form.text) + (".*" if form.kind == "prefix" else "")
        words = self._words(pattern)
        if len(words) < _LISTED:
            return words, True
        found: list[str] = []
        for longest in range(1, _LONGEST):
            shorter = self._words(f"({pattern})&.{{0,{longest}}}")
            if len(shorter) >= _LISTED:
                return found or shorter, False
            found = shorter
            if len(found) > self.most:
                return found, False
        return found, False

    def _words(self, pattern: str) -> list[str]:
        listed: Query = {"field": "words", "size": _LISTED, "include": pattern, "order": {"_key": "asc"}}
        body = {"size": 0, "query": self._view.among(), "aggs": {"words": {"terms": listed}}, "track_total_hits": False}
        return [bucket["key"] for bucket in self._view.ask(body)["aggregations"]["words"]["buckets"]]

    def _nearly(self, form: Form) -> Expansion:
        most = min(form.most, self.most)
        limit = min(form.distance, len(form.text) - 1, _MAX_EDITS)
        ranked = near(form.text, limit, self._view)
        chosen = ranked[:most]
        worths = {word: 1 - count / len(form.text) for count, word in chosen}
        return Expansion(worths, len(ranked) > most)


def near(text: str, limit: int, view: View) -> list[tuple[int, str]]:
    """The words of visible articles that are so many edits from a text at most, with their edits; fewest first."""
    words = {text}
    if limit > 0:
        told: dict[str, Any] = {"field": "words", "analyzer": "keyword", "max_edits": limit, "prefix_length": 0}
        told |= {"min_word_length": 1, "suggest_mode": "always", "size": _NEAR, "max_term_freq": 2_000_000_000}
        told |= {"accuracy": 0, "string_distance": "damerau_levenshtein", "max_inspections": 100, "shard_size": _NEAR}
        found = view.ask({"size": 0, "suggest": {"near": {"text": text, "term": told}}, "track_total_hits": False})
        for entry in found["suggest"]["near"]:
            words.update(option["text"] for option in entry["options"])
    ranked = sorted((count, word) for word in words if (count := edits(text, word, most=limit)) is not None)
    # What is suggested may be of articles that are gone, or not there yet.
    counts = view.counts([{"term": {"words": word}} for _, word in ranked])
    return [pair for pair, count in zip(ranked, counts, strict=True) if count]


def _regexp(pattern: str) -> str:
    """A pattern of `*` and `?` as the cluster's regular expression."""
    pieces = [".*" if sign == "*" else "." if sign == "?" else _SIGNS.sub(r"\\\g<0>", sign) for sign in pattern]
    return "".join(pieces)
