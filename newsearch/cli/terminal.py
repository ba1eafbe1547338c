"""Text from outside made harmless for a terminal: the one place that decides what may be shown.

    clean("Harbour\x1b[31m ban")        # "Harbour�[31m ban"

Titles, paths, addresses and what a user typed can hold control characters, ANSI and OSC sequences and marks that turn
the direction of writing; a terminal obeys them. Everything printed passes through `clean` or `clean_lines`, but for
JSON: what of it goes to a terminal passes through `escaped`, which loses nothing.
Rich markup is not handled here: text is given to rich as `Text` objects, in which brackets mean nothing.
"""

import re

__all__ = ["clean", "clean_lines", "escaped"]

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Takes no place and has no direction of its own.
_NOTHING = "\N{ZERO WIDTH SPACE}"

# One character becomes one character, so that the ranges of highlights stay where they are.
_HARMLESS: dict[int, str] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), _REPLACEMENT),  # C0, DEL and C1, ESC and CSI among them
    **dict.fromkeys(map(ord, "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"), " "),
    **dict.fromkeys(
        (*range(0x202A, 0x202F), *range(0x2066, 0x206A)), _REPLACEMENT
    ),  # bidi embeddings, overrides, isolates
    **dict.fromkeys((0x200E, 0x200F, 0x061C), _NOTHING),  # bidi marks, which honest Arabic and Hebrew text has too
}
# Outside of strings JSON has none of these; inside, it has escaped C0 already.
_ESCAPES: dict[int, str] = {char: f"\\u{char:04x}" for char in _HARMLESS if char >= 0x7F}
# Half of a character, as in a file name that is not UTF-8; it cannot be written at all.
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")


def clean(text: str) -> str:
    """`text` as one line, of as many characters, none of which does anything to a terminal."""
    if text.isascii() and text.isprintable():
        return text
    return _SURROGATE.sub(_REPLACEMENT, text.translate(_HARMLESS))


def clean_lines(text: str) -> str:
    """`text` with its lines kept, each made harmless as by `clean`; tabs become four spaces."""
    return "\n".join(clean(line.replace("\t", "    ")) for line in _LINE_BREAK.split(text))


def escaped(json: str) -> str:
    """JSON that means the same, without a character that does anything to a terminal but end a line."""
    if json.isascii() and "\x7f" not in json:
        return json
    return json.translate(_ESCAPES)
