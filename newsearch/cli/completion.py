"""What a shell offers when Tab is pressed: commands, options, their values, and what the index has.

    _NEWSEARCH_COMPLETE=complete_zsh _TYPER_COMPLETE_ARGS="newsearch query --topic fa" newsearch

The shells' scripts are typer's (`newsearch --install-completion`); they ask in these variables, and what is printed is
for them to read. The answer is made here and not by typer, so that capitals do not matter, what a shell breaks at `:`
or `@` is one word again, a topic of two words comes back quoted, and no title from the archive is ever run by a shell.
How each shell is asked and answered is in `newsearch.cli.shells`. Whatever goes wrong, nothing is said and offered.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from newsearch.cli import exits, offers, shells, streams
from newsearch.cli.commands import COMMANDS
from newsearch.cli.shells import Candidate
from newsearch.cli.terminal import clean

if TYPE_CHECKING:
    from newsearch.library import NewsIndex

__all__ = ["answer", "candidates"]


def answer(program: Any, instruction: str) -> int:
    """Print what there is to offer to a shell that asks, `complete_bash` or another; 1 if that is nothing.

    `program` is the group of all commands.
    """
    try:
        request = shells.asked(instruction)
        found = [] if request is None else list(candidates(program, request.words, request.begun))
        if request is not None and not shells.only_whether():
            streams.write(shells.told(request, found) + "\n")
    except (Exception, KeyboardInterrupt):  # noqa: BLE001 - a line on the screen in the middle of typing helps nobody
        return exits.UNSUCCESSFUL
    return exits.DONE if found else exits.UNSUCCESSFUL


def candidates(program: Any, words: Sequence[str], begun: str) -> Iterator[Candidate]:
    """What the word that was `begun` may become after `words`, those after the name of the program; each once."""
    seen = set()
    folded = begun.casefold()
    for value, meaning in _possible(program, words, begun):
        # What would not be itself any more when made harmless is not offered: it could not be typed either.
        if value not in seen and value.casefold().startswith(folded) and clean(value) == value:
            seen.add(value)
            yield Candidate(value, clean(meaning))


def _possible(program: Any, words: Sequence[str], begun: str) -> Iterable[tuple[str, str]]:
    context = program.make_context("newsearch", [], resilient_parsing=True)
    at = next((place for place, word in enumerate(words) if not word.startswith("-")), None)
    if at is None:
        if begun.startswith("-"):
            return _options(program.get_params(context))
        return ((name, entry.purpose) for name, entry in COMMANDS.items())
    command = program.get_command(context, words[at])
    if command is None:
        return ()
    return _Line(command.name, command.get_params(context), words[at + 1 :]).offers(begun)


def _options(parameters: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for parameter in parameters:
        if parameter.param_type_name == "option" and not parameter.hidden:
            for name in sorted(parameter.opts, key=len, reverse=True):
                yield name, parameter.help or ""


class _Word(NamedTuple):
    """What a word stands for: the value of an option, or an argument, with the words of it that came before."""

    parameter: Any
    before: tuple[str, ...] = ()


class _Line:
    """A command with what was typed of it before the word to complete."""

    def __init__(self, command: str, parameters: Sequence[Any], words: Sequence[str]) -> None:
        self.command = command
        self.parameters = parameters
        self.arguments = [one for one in parameters if one.param_type_name == "argument"]
        self.valued = {
            name: one
            for one in parameters
            if one.param_type_name == "option" and not (one.is_flag or one.count)
            for name in one.opts
        }
        self.given: dict[str, str] = {}
        self.typed: list[str] = []
        self.pending: Any = None
        self.options_ended = False
        for word in words:
            self._read(word)

    def _read(self, word: str) -> None:
        name, equals, value = word.partition("=")
        if self.pending is not None:
            self.given[self.pending.name] = word
            self.pending = None
        elif self.options_ended or not word.startswith("-") or word == "-":
            self.typed.append(word)
        elif word == "--":
            self.options_ended = True
        elif word in self.valued:
            self.pending = self.valued[word]
        elif equals and name in self.valued:
            self.given[self.valued[name].name] = value

    def offers(self, begun: str) -> Iterable[tuple[str, str]]:
        """What may stand here."""
        name, equals, value = begun.partition("=")
        if self.pending is not None:
            return self._values(_Word(self.pending), begun)
        if begun.startswith("-") and not self.options_ended:
            if equals and name in self.valued:
                offered = self._values(_Word(self.valued[name]), value)
                return ((f"{name}={one}", meaning) for one, meaning in offered)
            return _options(self.parameters)
        word = self._argument()
        return () if word is None else self._values(word, begun)

    def _argument(self) -> _Word | None:
        left = list(self.typed)
        for argument in self.arguments:
            if argument.nargs == -1:
                return _Word(argument, tuple(left))
            if not left:
                return _Word(argument)
            left.pop(0)
        return None

    def _values(self, word: _Word, begun: str) -> Iterable[tuple[str, str]]:
        """What an option or argument takes, told from how its help writes it."""
        written = word.parameter.metavar or ""
        choices = [(choice, "") for choice in written.strip("[]").split("|") if choice and choice == choice.lower()]
        offered: Iterable[tuple[str, str]] = choices
        match written:
            case "TEXT" | "PREFIX":
                offered = self._text(begun, word.before)
            case "ID":
                offered = self._ids(begun)
            case "TOPIC":
                offered = self._of_archive("topic", begun)
            case "NAME" if word.parameter.name == "provider":
                offered = self._of_archive("provider", begun)
            case "PART":
                offered = self._of_archive("topic" if self.command == "topics" else "provider", begun)
            case "NAME":
                offered = offers.saved()
            case "TYPE":
                offered = self._types()
            case "FIELD[:N]":
                offered = self._facet_fields()
            case "DATE" | "DATE|latest":
                offered = [*choices, *offers.AGES]
        return offered

    # --- What the index and the files have ---

    def _opened(self) -> "NewsIndex":
        from newsearch.cli import asking  # commands and options are offered without an index

        return asking.opened(self.given.get("index"), streams.Voice(quiet=True))

    def _of_archive(self, kind: str, begun: str) -> Iterator[tuple[str, str]]:
        with self._opened() as index:
            yield from offers.of_archive(kind, begun, index)

    def _types(self) -> Iterator[tuple[str, str]]:
        with self._opened() as index:
            yield from offers.types(index)

    def _ids(self, begun: str) -> Iterator[tuple[str, str]]:
        if "/" in begun or "." in begun:  # an address or a path, of which the shell knows the latter
            return
        with self._opened() as index:
            for hit in index.search(f"id:{begun}" if begun else "", sort="date", limit=offers.MOST):
                yield hit.short_id, hit.title

    @staticmethod
    def _facet_fields() -> Iterator[tuple[str, str]]:
        from newsearch.query.facets import FACET_FIELDS

        yield from ((field, "") for field in FACET_FIELDS)

    def _text(self, begun: str, before: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """A saved query, a field's value, or a word, found together with the words before it."""
        if begun.startswith("@"):
            yield from offers.saved("@")
        elif ":" in begun:
            yield from offers.values(begun, self._opened)
        elif begun.strip():
            with self._opened() as index:
                for one in index.suggest(" ".join((*before, begun)), limit=offers.MOST, kinds=("word",)):
                    # The whole of what was typed comes back; here its last word is to be completed.
                    yield begun[: begun.rfind(" ") + 1] + one.text.rpartition(" ")[2], f"{one.count:,}"
