"""The words that are known beforehand: the common queries, and what queries are never made of.

Shared by the queries and by the invented corpus, in which the common queries have to find something too.
"""

__all__ = ["COMMON", "STOP_WORDS"]

COMMON = (
    "oil",
    "market",
    "president",
    "trump",
    "company share",
    "net profit",
    "coronavirus",
    "bank rate",
    "u.s. trade japan",
    "new york",
)
"""Ten queries of words that many articles have."""

_ENGLISH = """
a about after all an and any are as at be been but by can could did do does for from had has have he her his how if in
into is it its just may me my no not of off on or our out over she so than that the their them then there these they
this to too under up us was we were what when where which who why will with would yet you your
"""

STOP_WORDS = frozenset(_ENGLISH.split())
"""Words that some engines index and others leave out."""
