"""What is told of the parts of a query's text that could not be read as meant.

    warnings = Warnings("a ]b")
    warnings.add(2, 4, "it was searched as text")
    warnings.all()                                  # ('"]b" at character 3: it was searched as text.',)

What is not understood, and what becomes of it, is the parser's and the lexer's.
"""

from typing import Final

from newsearch.query.ast import Span
from newsearch.query.fields import shown

__all__ = ["MAX_WARNINGS", "Warnings"]

MAX_WARNINGS: Final = 10
"""Warnings told in full; one more says how many were left out."""


class Warnings:
    """The warnings of one query, in the order of its text; `places` are those of all, also of what is left out."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._told: list[tuple[int, str]] = []
        self.places: list[Span] = []
        self._left_out = 0

    @property
    def full(self) -> bool:
        """Whether no more are told."""
        return len(self._told) >= MAX_WARNINGS

    def add(self, start: int, end: int, reason: str) -> None:
        """Tell of the characters from `start` up to `end`; the reason goes on from them, without a full stop."""
        self.places.append((start, end))
        if self.full:
            self._left_out += 1
        else:
            self._told.append((start, f"{shown(self._text[start:end])} at character {start + 1}: {reason}."))

    def all(self) -> tuple[str, ...]:
        """What is told, as sentences."""
        told = tuple(warning for _, warning in sorted(self._told))
        if not self._left_out:
            return told
        return (*told, f"{self._left_out} more parts of the query were not understood.")
