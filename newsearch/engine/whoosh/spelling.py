"""The words of an archive that are written nearly like another.

    spelling = Spelling([segment.file.vocabulary for segment in snapshot.segments])
    spelling.near("recogniton")                     # [(1, 'recognition'), ...], by edits

An edit is a letter too many, a letter missing, a wrong letter, or two neighbours that changed places
(newsearch.engine.whoosh.vocabulary). How common a word is, and whether any article still has it, is for those who
choose.
"""

from collections.abc import Sequence

from newsearch.engine.whoosh.vocabulary import Vocabulary

__all__ = ["LONGEST", "Spelling", "edits_allowed"]

LONGEST = 26
"""Words of more characters are not looked for: they are addresses and hashes rather than misspelt."""

_SHORT, _MIDDLING = 3, 6
_MAX_EDITS = 2


def edits_allowed(length: int) -> int:
    """How many edits a word of so many characters may be away: of shorter ones everything is near everything."""
    return 0 if length < _SHORT else 1 if length < _MIDDLING else _MAX_EDITS


class Spelling:
    """The words of some vocabularies, to be found by how they are written. Safe for threads."""

    def __init__(self, vocabularies: Sequence[Vocabulary]) -> None:
        self._vocabularies = vocabularies

    def near(self, word: str) -> list[tuple[int, str]]:
        """The words within `edits_allowed` of a word, with their edits, fewest first, then alphabetical.

        The word itself is among them with no edits. Nothing is near a word of digits, or of more than LONGEST letters.
        """
        limit = edits_allowed(len(word))
        if not limit or len(word) > LONGEST or not any(char.isalpha() for char in word):
            return []
        found: set[tuple[int, str]] = set()
        for vocabulary in self._vocabularies:
            places, edits = vocabulary.near(word, limit)
            found.update(zip(edits.tolist(), vocabulary.texts(places), strict=True))
        return sorted(found)
