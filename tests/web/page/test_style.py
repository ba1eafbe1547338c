"""The page's style sheet: its colours can be read, and it needs nothing else."""

import re
from itertools import product

import pytest

pytest.importorskip("jinja2", reason="the page needs newsearch[serve]")

from newsearch.web.page.files import STATIC

STYLE = (STATIC / "page.css").read_text(encoding="utf-8")
LIGHT, DARK = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part)) for part in STYLE.split("@media", 2)[:2])

PAIRS = [
    *product(("ink", "soft", "link"), ("paper", "raised", "sunken", "share")),
    *product(("ink", "link"), ("mark",)),
    ("paper", "link"),
    ("warn", "warn-ground"),
]
"""Colours of text with what they stand on."""

SHAPES = list(product(("accent", "part-1", "part-2", "part-3"), ("paper",)))


def luminance(colour: str) -> float:
    """Relative luminance, 0..1, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Of two colours, 1..21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(colours: dict[str, str], text: str, ground: str) -> None:
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_that_mean_something_can_be_seen(colours: dict[str, str], shape: str, ground: str) -> None:
    assert contrast(colours[shape], colours[ground]) >= 3


def test_dark_names_the_colours_that_light_has() -> None:
    assert set(DARK) == set(LIGHT)


def test_nothing_comes_from_elsewhere() -> None:
    for name in ("page.css", "page.js"):
        text = (STATIC / name).read_text(encoding="utf-8")
        assert re.findall(r"https?:|url\(|@import|import\(|eval\(|innerHTML", text) == []


def test_the_script_is_small() -> None:
    assert (STATIC / "page.js").stat().st_size < 16_000
