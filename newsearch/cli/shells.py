"""How shells ask for completions, and how they are told: bash, zsh, fish and PowerShell.

    request = asked("complete_bash")            from the variables that typer's script for bash sets
    print(told(request, [Candidate("Computer Vision", "8 articles")]))

What may be offered is none of this module's business; that a shell takes each offer as one word, whatever is in it, is
all of it: titles and topics come from outside, and zsh runs what it is told as a command.
"""

import os
import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Candidate", "Request", "asked", "only_whether", "told"]

_MEANING = 100
"""Characters of what stands beside an offer."""

# Of $COMP_WORDBREAKS, where bash divides one word into several. What divides an address, a field or an option from its
# value belongs to both its neighbours; an @ begins a name.
_BETWEEN = re.compile(r"[:=]+")
_BREAKS = ":=@"

_PLAIN = re.compile(r"([^\w@%+=:,./-])")
_IN_DOUBLE_QUOTES = re.compile(r'(["$`\\])')


class Candidate(NamedTuple):
    """A word to offer, and what it means."""

    value: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A command line as far as it was typed: its whole `words` after the program's name, and the one that was `begun`.

    `shell` is who asks. For bash, `quote` is the quotation mark that the begun word opens with, and `kept` how many
    characters of it stay on the screen as they are, because bash takes what follows for a word of its own.
    """

    shell: str
    words: tuple[str, ...]
    begun: str
    quote: str = ""
    kept: int = 0


def asked(instruction: str) -> Request | None:
    """What the shell wants to know; None for one that is not known, or an instruction that is no question."""
    kind, _, shell = instruction.partition("_")
    if kind != "complete" or shell not in _ASKED:
        return None
    return _ASKED[shell](shell)


def told(request: Request, found: Sequence[Candidate]) -> str:
    """The answer, as the shell's script reads it."""
    if request.shell == "bash":
        return "\n".join(_for_bash([one.value for one in found], request))
    return _TOLD[request.shell](found)


def only_whether() -> bool:
    """Whether the exit code is all that is wanted: fish asks first if there is anything to offer, or if files fit."""
    return os.environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args"


# --- bash ---


def _asked_by_bash(shell: str) -> Request:
    pieces = os.environ["COMP_WORDS"].split("\n")[: int(os.environ["COMP_CWORD"]) + 1]
    joined: list[str] = []
    glued = False
    for piece in pieces[1:]:
        if joined and (glued or (_BETWEEN.fullmatch(piece) and joined[-1])):
            joined[-1] += piece
        else:
            joined.append(piece)
        glued = _BETWEEN.fullmatch(piece) is not None or piece == "@"
    raw = joined.pop() if joined else ""
    quote = raw[:1] if raw[:1] in ("'", '"') else ""
    begun = _read(raw)[-1] if raw and _read(raw) else ""
    kept = 0 if quote else max((begun.rfind(sign) + 1 for sign in _BREAKS), default=0)
    words = tuple(word for piece in joined for word in (_read(piece) or [""])[:1])
    return Request(shell, words, begun, quote, kept)


def _for_bash(values: Iterable[str], request: Request) -> Iterable[str]:
    for value in values:
        rest = value[request.kept :]
        if request.quote == '"':
            yield _IN_DOUBLE_QUOTES.sub(r"\\\1", rest)
        elif request.quote != "'":
            yield _PLAIN.sub(r"\\\1", rest)
        elif "'" not in rest:  # within such quotes there is no way to write one
            yield rest


# --- zsh, fish, PowerShell ---


def _asked_by_words(shell: str) -> Request:
    typed = os.environ["_TYPER_COMPLETE_ARGS"]
    words = _read(typed)[1:]
    begun = words.pop() if words and not typed[-1:].isspace() else ""
    return Request(shell, tuple(words), begun)


def _told_to_zsh(found: Sequence[Candidate]) -> str:
    """A command of zsh's, which runs it: each offer stands in single quotes, in which nothing means anything."""
    if not found:
        return "_files"
    described = (
        re.sub(r"([\\:])", r"\\\1", one.value) + (f":{_short(one.meaning)}" if one.meaning else "") for one in found
    )
    offers = " ".join(map(shlex.quote, described))
    # In the order given; capitals do not matter, and a word is quoted by zsh where it has to be.
    anycase = "m:{[:lower:][:upper:]}={[:upper:][:lower:]}"
    return f"local -a offers; offers=({offers}); _describe -V newsearch offers -M '{anycase}'"


def _told_to_fish(found: Sequence[Candidate]) -> str:
    return "\n".join(f"{one.value}\t{_short(one.meaning)}" if one.meaning else one.value for one in found)


def _told_to_powershell(found: Sequence[Candidate]) -> str:
    return "\n".join(
        f"{one.value}:::{_short(one.meaning).replace(':::', '::') or ' '}"
        for one in found
        if ":::" not in one.value  # what its script divides at
    )


def _short(meaning: str) -> str:
    return meaning if len(meaning) <= _MEANING else meaning[: _MEANING - 1].rstrip() + "…"


def _read(typed: str) -> list[str]:
    """The words of a command line, the last of which may have a quotation mark that is not closed."""
    lexer = shlex.shlex(typed, posix=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    words: list[str] = []
    try:
        words.extend(lexer)
    except ValueError:
        words.append(lexer.token)
    return words


_ASKED = {
    "bash": _asked_by_bash,
    "zsh": _asked_by_words,
    "fish": _asked_by_words,
    "powershell": _asked_by_words,
    "pwsh": _asked_by_words,
}
_TOLD = {
    "zsh": _told_to_zsh,
    "fish": _told_to_fish,
    "powershell": _told_to_powershell,
    "pwsh": _told_to_powershell,
}
