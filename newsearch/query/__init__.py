"""The query language: from text to a tree of what to find.

    from newsearch.query import parse
    parse("amazon OR microsoft -china", today=now).tree

`ast` has the nodes, `parser` the grammar, `lexer` its tokens, `signs` what `*`, `~` and `^` say, `fields` its names,
`values` and `dates` what stands after a colon, `filters` the options of a request as the same nodes. `judge` says of
one article whether a tree matches it, and `written` which words a sign stands for. Nothing here knows of an engine.
"""

from newsearch.query.parser import ParsedQuery, parse

__all__ = ["ParsedQuery", "parse"]
