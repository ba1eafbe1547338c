"""Topics: the queries of a judged set, each with an id.

    topics = read_topics(Path("queries.jsonl"))
    plain_text('what is "lift" (exactly)?')           'what is lift exactly'

The queries of public sets are sentences; their quotes, colons and capitals mean nothing in particular. `plain_text`
takes from one whatever the query language would take for a sign. Queries for an archive of one's own are left as they
are: their signs were meant.
"""

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from unicodedata import category

from newsearch.evaluation.lines import faulty, json_lines, writing

__all__ = ["Topic", "append_topics", "plain_text", "read_topics"]


class Topic(NamedTuple):
    """A query with its id."""

    id: str
    text: str


_INSIDE_WORDS = frozenset("'’.,&+#_")
"""Punctuation that may be part of a word: IBM's, U.S., C++, AT&T."""

_LOOSE = re.compile(r"(?<![\w+&#])[+&#]+|&+(?!\w)")
_OPERATORS = re.compile(r"\b(?:AND|OR|NOT)\b")


def plain_text(text: str) -> str:
    """A text without anything that the query language takes for a sign: its words side by side, each on its own.

    That goes for words that a hyphen joins too, which are a phrase in the query language.
    """
    kept = "".join(char if char in _INSIDE_WORDS or category(char)[0] not in "PS" else " " for char in text)
    # In a text all in capitals they are words like the others. They are stop words, so it is the same without them;
    # in small letters they would make of it a text that is not all in capitals, in which "US" is the country.
    kept = _OPERATORS.sub("" if text.isupper() else lambda found: found[0].lower(), _LOOSE.sub(" ", kept))
    return " ".join(kept.split())


def read_topics(file: Path) -> list[Topic]:
    """The queries of a file with a JSON object on each line, `{"_id": "q1", "text": "…"}`. Raises JudgedSetError."""
    found: dict[str, Topic] = {}
    for line in json_lines(file):
        name, text = line.id, line.fields.get("text")
        if name is None or not isinstance(text, str):
            raise faulty(file, line.number, 'this is no query; it has to look like {"_id": "q1", "text": "…"}.')
        if name in found:
            raise faulty(file, line.number, f"there is a query {name} already; each needs an id of its own.")
        found[name] = Topic(name, text)
    return list(found.values())


def append_topics(file: Path, texts: Iterable[str]) -> list[Topic]:
    """Add queries to a file, which is made if it is not there; those that are in it already are not added again.

    Returns the topics of all the texts, each once. Their ids are q1, q2 and so on. Raises JudgedSetError.
    """
    known = {topic.text: topic for topic in (read_topics(file) if file.exists() else [])}
    taken = {topic.id for topic in known.values()}
    asked: dict[str, Topic] = {}
    added: list[Topic] = []
    number = 0
    for text in (" ".join(text.split()) for text in texts):
        if text and text not in known:
            while (name := f"q{(number := number + 1)}") in taken:
                pass
            taken.add(name)
            known[text] = Topic(name, text)
            added.append(known[text])
        if text:
            asked[text] = known[text]
    with writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8", newline="\n") as out:
            for topic in added:
                out.write(json.dumps({"_id": topic.id, "text": topic.text}, ensure_ascii=False) + "\n")
            out.flush()
            os.fsync(out.fileno())
    return list(asked.values())
