"""The words of an archive that are written nearly like another.

    spelling = Spelling([segment.file.vocabulary for segment in snapshot.segments])
    spelling.near("recogniton")                     # [(1, 'recognition'), ...], by edits

How common a word is, and whether any article still has it, is for those who choose (newsearch.engine.rules.correction).
"""

from collections.abc import Sequence

from newsearch.engine.rules.correction import edits_allowed
from newsearch.engine.whoosh.vocabulary import Vocabulary

__all__ = ["Spelling"]


class Spelling:
    """The words of some vocabularies, to be found by how they are written. Safe for threads."""

    def __init__(self, vocabularies: Sequence[Vocabulary]) -> None:
        self._vocabularies = vocabularies

    def near(self, word: str) -> list[tuple[int, str]]:
        """The words within `edits_allowed` of a word, with their edits, fewest first, then alphabetical.

        The word itself is among them with no edits. Nothing is near a word of digits, or of very many letters.
        """
        limit = edits_allowed(word)
        if not limit:
            return []
        found: set[tuple[int, str]] = set()
        for vocabulary in self._vocabularies:
            places, edits = vocabulary.near(word, limit)
            found.update(zip(edits.tolist(), vocabulary.texts(places), strict=True))
        return sorted(found)
