"""Words that stand for others: the user's file of synonyms, and a query tree with them.

    synonyms = read_synonyms(Path("synonyms.yaml"))
    synonyms.of("USA")                              # ('us', 'united states')
    expand(parse("usa ban", today=today).tree, synonyms)

The file is a YAML list. An entry is a list of texts that all mean each other, or a mapping from a text to those that a
search for it finds as well, but not the other way round:

    - [us, usa, united states]
    - ai: [artificial intelligence, machine learning]

A text is a word or a few; case, accents and spaces do not count. What an entry says is not followed any further: two
that share a word do not join. Only text is read, no YAML tag, anchor or alias, and everything is bounded.

`expand` puts a `Synonym` wherever a word, a phrase, or a run of words side by side is one of these texts: also in a
field and after a NOT, for a word means the same wherever it stands. An engine scores a Synonym as one term.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias

from newsearch.errors import ConfigError
from newsearch.query.ast import And, Boosted, Node, Not, Or, Phrase, Sequence, Synonym, Word
from newsearch.query.lexer import is_bare_word

__all__ = ["Synonyms", "expand", "read_synonyms"]

MAX_BYTES: Final = 1 << 20
MAX_ENTRIES: Final = 10_000
MAX_ALTERNATIVES: Final = 50
"""Of one text, and of one entry."""
MAX_WORDS: Final = 8
"""Of one text."""
MAX_CHARACTERS: Final = 200
"""Of one text."""

_MAX_EXPANDED = 256
"""Alternatives that one query gets; what comes after is searched as it was typed."""

_MARKS = re.compile("[\u0300-\u036f]+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

Text: TypeAlias = Word | Phrase


class Synonyms:
    """What each text may be replaced by; `alternatives` are texts by folded text."""

    def __init__(self, alternatives: Mapping[str, tuple[str, ...]]) -> None:
        self._alternatives = dict(alternatives)
        self.longest = max((text.count(" ") + 1 for text in self._alternatives), default=0)

    def __len__(self) -> int:
        return len(self._alternatives)

    def of(self, text: str) -> tuple[str, ...]:
        """The other texts that a search for this one finds too, in the order of the file."""
        return self._alternatives.get(_folded(text), ())


def read_synonyms(path: Path) -> Synonyms:
    """Read a file of synonyms. ConfigError, with the file and the line, for what cannot be read or makes no sense."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path}: this file of synonyms cannot be read ({error.strerror}).") from None
    if len(raw) > MAX_BYTES:
        raise ConfigError(f"{path}: this file of synonyms is larger than {MAX_BYTES >> 20} MB.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: this is not UTF-8; save the file in that encoding.") from None
    return Synonyms(_Reader(path, text).read())


def expand(tree: Node, synonyms: Synonyms) -> Node:
    """`tree` with a Synonym for each text that has synonyms; the same object where none has.

    Words side by side are taken together where they are one text, the longest first. Then they are looked for as a
    phrase, as their synonyms are.
    """
    return _Expansion(synonyms).expanded(tree) if len(synonyms) else tree


class _Expansion:
    """The expansion of one tree."""

    def __init__(self, synonyms: Synonyms) -> None:
        self._synonyms = synonyms
        self._left = _MAX_EXPANDED

    def expanded(self, node: Node) -> Node:
        match node:
            case Word() | Phrase(slop=0):
                return self._synonym(node) or node
            case Sequence() | And() | Or():
                # `a OR b` is no run of words, and neither is `a AND b`.
                runs = isinstance(node, Sequence)
                children = tuple(self._children(node.children, runs=runs))
                if len(children) == len(node.children) and all(
                    new is old for new, old in zip(children, node.children, strict=True)
                ):
                    return node
                return children[0] if len(children) == 1 else replace(node, children=children)
            case Not() | Boosted():
                child = self.expanded(node.child)
                return node if child is node.child else replace(node, child=child)
        return node

    def _children(self, children: tuple[Node, ...], *, runs: bool) -> Iterator[Node]:
        place = 0
        while place < len(children):
            run = self._run(children[place : place + self._synonyms.longest]) if runs else None
            if run is None:
                yield self.expanded(children[place])
                place += 1
            else:
                taken, found = run
                yield found
                place += taken

    def _run(self, children: tuple[Node, ...]) -> tuple[int, Synonym] | None:
        """The length of the longest run of words at the beginning that is one text, and that as a Synonym."""
        words: list[Word] = []
        for child in children:
            if not isinstance(child, Word) or child.field != children[0].field:  # type: ignore[union-attr]  # a Word too
                break
            words.append(child)
        for length in range(len(words), 1, -1):
            text = " ".join(word.text for word in words[:length])
            phrase = Phrase(text, words[0].field, span=(words[0].span[0], words[length - 1].span[1]))
            if (found := self._synonym(phrase)) is not None:
                return length, found
        return None

    def _synonym(self, node: Text) -> Synonym | None:
        others = self._synonyms.of(node.text)
        if not others or len(others) > self._left:
            return None
        self._left -= len(others)
        return Synonym(node, (node, *(_typed(text, node) for text in others)))


def _typed(text: str, like: Text) -> Text:
    """A text as it would be read in the field, and from the characters, of another."""
    kind = Word if is_bare_word(text, fielded=like.field is not None) else Phrase
    return kind(text, like.field, span=like.span)


def _folded(text: str) -> str:
    """A text as it is compared: without case, accents and superfluous spaces."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return " ".join(unicodedata.normalize("NFKC", plain).split())


class _Reader:
    """Reads the events of one YAML file, without building what they mean in YAML."""

    def __init__(self, path: Path, text: str) -> None:
        import yaml  # noqa: PLC0415 - most archives have no synonyms

        self._path = path
        self._text = text
        self._yaml = yaml
        self._found: dict[str, dict[str, str]] = {}

    def read(self) -> dict[str, tuple[str, ...]]:
        yaml = self._yaml
        try:
            self._events = self._checked(yaml.parse(self._text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
            self._document()
        except yaml.MarkedYAMLError as error:
            mark = error.context_mark or error.problem_mark  # where a list was opened, rather than where it should end
            line = mark.line + 1 if mark else 1
            raise ConfigError(f"{self._path}:{line}: this is not valid YAML: {error.problem}.") from None
        except (yaml.YAMLError, UnicodeEncodeError):
            found = _CONTROL.search(self._text.translate({ord(sign): " " for sign in "\t\n\r"}))
            line = self._text.count("\n", 0, found.start() if found else 0) + 1
            raise ConfigError(f"{self._path}:{line}: this holds a control character; remove it.") from None
        return {text: tuple(others.values()) for text, others in self._found.items()}

    def _checked(self, events: Iterator[Any]) -> Iterator[Any]:
        """The events that hold something; what synonyms have no use for is refused."""
        yaml = self._yaml
        documents = 0
        for event in events:
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                self._fail("there is more than one YAML document; keep one", event)
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
                self._fail(
                    "anchors (&) and aliases (*) are not used here; write the text out, in quotes if need be", event
                )
            if getattr(event, "tag", None) not in (None, "!"):
                self._fail("tags (!) are not used here; put the text in quotes", event)
            if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
                yield event

    def _document(self) -> None:
        yaml = self._yaml
        start = next(self._events, None)
        if start is None or (isinstance(start, yaml.ScalarEvent) and not start.value):
            return  # an empty file, or one of comments
        if not isinstance(start, yaml.SequenceStartEvent):
            self._fail("a file of synonyms is a list; begin each line with '- '", start)
        entries = 0
        for event in self._events:
            if isinstance(event, yaml.CollectionEndEvent):
                continue  # of the list; what follows would be another document
            entries += 1
            if entries > MAX_ENTRIES:
                self._fail(f"there are more than {MAX_ENTRIES:,} entries", event)
            if isinstance(event, yaml.SequenceStartEvent):
                texts = self._texts(event)
                for text in texts:
                    self._add(text, texts, event)
            elif isinstance(event, yaml.MappingStartEvent):
                self._one_way()
            else:
                self._fail(
                    "an entry is a list, as in '- [us, usa]', or a text with others, as in '- ai: [robots]'", event
                )

    def _one_way(self) -> None:
        yaml = self._yaml
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                return
            text = self._text_of(event)
            value = next(self._events)
            others = self._texts(value) if isinstance(value, yaml.SequenceStartEvent) else [self._text_of(value)]
            self._add(text, others, event)

    def _texts(self, start: Any) -> list[str]:
        texts: list[str] = []
        for event in self._events:
            if isinstance(event, self._yaml.SequenceEndEvent):
                break
            if len(texts) >= MAX_ALTERNATIVES:
                self._fail(f"an entry has more than {MAX_ALTERNATIVES} texts", event)
            texts.append(self._text_of(event))
        if not texts:
            self._fail("an entry is empty", start)
        return texts

    def _text_of(self, event: Any) -> str:
        if not isinstance(event, self._yaml.ScalarEvent):
            self._fail("synonyms are texts, and lists of texts; nothing stands deeper", event)
        text = " ".join(_CONTROL.sub(" ", event.value).split())
        if not _folded(text):
            self._fail("a text is empty", event)
        if len(text) > MAX_CHARACTERS or text.count(" ") >= MAX_WORDS:
            self._fail(f"a text has more than {MAX_WORDS} words or {MAX_CHARACTERS} characters", event)
        return text

    def _add(self, text: str, others: list[str], event: Any) -> None:
        # What is searched is as it stands here: `US` is not `us`.
        found, itself = self._found.setdefault(_folded(text), {}), _folded(text)
        for other in others:
            if _folded(other) != itself:
                found.setdefault(_folded(other), other)
        if all(_folded(other) == itself for other in others):
            self._fail(f"{text!r} stands alone here; name what it means besides, or remove it", event)
        if len(found) > MAX_ALTERNATIVES:
            self._fail(f"{text!r} has more than {MAX_ALTERNATIVES} synonyms, all entries together", event)

    def _fail(self, reason: str, event: Any) -> NoReturn:
        raise ConfigError(f"{self._path}:{event.start_mark.line + 1}: {reason}.")
