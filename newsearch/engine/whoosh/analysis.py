"""The analyzer, by the name under which the table of contents of every index ever written has it.

    Analyzer("english") == newsearch.engine.rules.analysis.Analyzer("english")

For the schema that Whoosh keeps (`newsearch.engine.whoosh.stockschema`) and for nothing else.
"""

from newsearch.engine.rules import analysis

__all__ = ["Analyzer"]


class Analyzer(analysis.Analyzer):
    """An analyzer that is pickled as one of this module."""
