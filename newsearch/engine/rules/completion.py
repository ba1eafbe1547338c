"""What somebody began to type, and which topics and providers it may become.

    last_word("facial rec")                                         # ("facial ", "rec")
    beginning("sal", values_of("provider", {"Salon\\x1fsalon.com": 12}.items()))

Which words and values there are, and how many articles have each, is for the engines to tell.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from newsearch.engine.rules.analysis import fold
from newsearch.engine.rules.keywords import KEYWORD_SOURCES, domain_term, provider_parts

__all__ = ["Value", "beginning", "last_word", "values_of"]


@dataclass(slots=True)
class Value:
    """A topic or provider as it can be asked for.

    `spellings` tells how many articles write it how; `names`, of a provider's domain, the folded names it comes with.
    """

    term: str
    spellings: Counter[str] = field(default_factory=Counter)
    names: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        """As most articles write it; of several such ways the first by the alphabet."""
        return min(self.spellings, key=lambda text: (-self.spellings[text], text))

    @property
    def at_most(self) -> int:
        """How many articles have it at most: one that has it in two ways counts twice."""
        return self.spellings.total()


def last_word(prefix: str) -> tuple[str, str]:
    """What stands before the last word, its white space included, and that word; it is empty after white space."""
    start = len(prefix) - len(prefix.rsplit(maxsplit=1)[-1]) if prefix and not prefix[-1].isspace() else len(prefix)
    return prefix[:start], prefix[start:]


def values_of(kind: Literal["topic", "provider"], writings: Iterable[tuple[str, int]]) -> list[Value]:
    """The values of a field, from how they are written and how many articles write them so."""
    terms_of = KEYWORD_SOURCES[kind][1]
    values: dict[str, Value] = {}
    for written, count in writings:
        name, domain = provider_parts(written)
        for term in terms_of(written):
            value = values.setdefault(term, Value(term))
            if not domain or fold(name) == term:
                value.spellings[name] += count
            else:
                value.spellings[domain_term(domain)] += count
                value.names.add(fold(name))
    return list(values.values())


def beginning(prefix: str, values: Iterable[Value]) -> list[Value]:
    """The values of which a word begins with a folded prefix.

    A provider whose name begins so is given by that, and not by its domain too.
    """
    begins = re.compile(rf"(?<!\w){re.escape(prefix)}").search
    return [value for value in values if begins(value.term) and not (value.names and all(map(begins, value.names)))]
