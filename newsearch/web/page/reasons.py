"""Why a hit has its score, for the page: three summands, and the whole calculation below them.

    reason = Reason.of(hit.explanation)
    [(part.name, part.value) for part in reason.parts]      # [("relevance", 0.71), ("quality", 0.04), …]

Figures stand as they were calculated with; nothing is calculated here but where a part begins in the bar.
"""

from dataclasses import dataclass
from typing import Self

from newsearch.model import Explanation

__all__ = ["Part", "Reason"]


@dataclass(frozen=True, slots=True)
class Part:
    """One summand of a score, 0..1; `start` is the sum of those before it, `most` what it could have been at best."""

    name: str
    value: float
    start: float
    most: float | None


@dataclass(frozen=True, slots=True)
class Reason:
    """The summands, the rank that the hit would have without some of them, and the explanation itself."""

    parts: tuple[Part, ...]
    ranks: tuple[tuple[str, int], ...]
    tree: Explanation

    @classmethod
    def of(cls, explanation: Explanation | None) -> Self | None:
        """The reason of a hit's score; None where it was not explained."""
        if explanation is None:
            return None
        parts, start = [], 0.0
        for detail in explanation.details:
            share = next((leaf.value for leaf in detail.details if leaf.description == "share of the score"), None)
            parts.append(Part(detail.description, detail.value, start, share))
            start += detail.value
        ranks = [
            (str(fact).removeprefix("rank_without_"), rank)
            for fact, rank in explanation.facts.items()
            if str(fact).startswith("rank_without_") and isinstance(rank, int)
        ]
        return cls(tuple(parts), tuple(ranks), explanation)
