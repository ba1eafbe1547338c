"""Errors told in the words of the command line, with advice that fits the command that was typed.

    told(error, {"index": "elsewhere"})      # "... make one with: newsearch index --index elsewhere"

The library speaks of options as Python calls them, and advises a command without knowing how it was called. Both are
put right here and nowhere else.
"""

import re
import shlex
from collections.abc import Mapping
from typing import Any

from newsearch.errors import NewsearchError, QueryError

__all__ = ["fitted", "told", "usage"]

# At the end alone: what stands before it may quote the user.
_ADVICE = re.compile(r"(?<=: )newsearch index(?P<flag> --rebuild(?: --yes)?| --wait)?(?P<path> PATH)?\Z")


def told(error: NewsearchError, given: Mapping[str, Any]) -> str:
    """The sentence of an error; `given` are the values of the command's options and arguments."""
    text = str(error)
    if isinstance(error, QueryError):
        from newsearch.query.filters import OptionError  # only what is wrong needs the query language

        if isinstance(error, OptionError):
            text = error.told(_flag)
    return fitted(text, given)


def usage(error: Exception) -> str:
    """The sentence of an error in how a command was typed, which is click's, in the words of all others."""
    unknown, near = getattr(error, "option_name", None), getattr(error, "possibilities", None)
    if unknown and hasattr(error, "possibilities"):
        return f"There is no option {unknown}{f'; the nearest is {near[0]}' if near else ''}."
    message: str = getattr(error, "message", "") or ""
    parameter = getattr(error, "param", None)
    if parameter is not None:
        name = parameter.metavar if parameter.param_type_name == "argument" else parameter.opts[0]
        if message:
            return f"{name} {message}"
        return f"{name} is missing." if not parameter.help else f"{name} is missing: {parameter.help}"
    message = message or getattr(error, "format_message", error.__str__)()
    return message if message.endswith(("?", ".")) else f"{message}."


def fitted(sentence: str, given: Mapping[str, Any]) -> str:
    """A sentence that may end with a `newsearch index`, with the folders and the index that were given."""
    return _ADVICE.sub(lambda found: _command(found, given), sentence)


def _command(found: re.Match[str], given: Mapping[str, Any]) -> str:
    words = found["path"] or "".join(f" {shlex.quote(str(path))}" for path in given.get("paths") or ())
    index = given.get("index")
    place = "" if index is None else f" --index {shlex.quote(str(index))}"
    return f"newsearch index{words}{found['flag'] or ''}{place}"


_FLAGS = {"facets": "--facet", "timeline": "--by"}
"""The options that are called otherwise here than in Python."""


def _flag(option: str) -> str:
    return _FLAGS.get(option) or "--" + option.replace("_", "-")
