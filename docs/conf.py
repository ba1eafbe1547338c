"""How the pages become a site: Sphinx, with MyST for Markdown and the furo theme.

    make docs               build/site/index.html, every warning an error
    make docs-links         the same pages' links to other sites, followed

The source is the repository's root, not this folder, so that a page has the same links here and on a code forge:
`../ARCHITECTURE.md` is a page of the site too, and `../newsearch/wire.schema.json` a file to download. Every page is
Markdown that a forge shows as it is; only api.md is made by the build, from the docstrings.
"""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import newsearch  # noqa: E402 - found through the line above, whether it is installed or not

project = "newsearch"
author = "newsearch contributors"
project_copyright = author
version = release = newsearch.__version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
root_doc = "docs/index"
source_suffix = {".md": "markdown"}
include_patterns = ["*.md", "docs/**.md"]
exclude_patterns = [".venv", "build", "dist", "data", "index", "tests", "**/__pycache__"]
nitpicky = False

# --- Markdown ---

# Anchors are those that forges make of headings, down to the deepest there is.
myst_heading_anchors = 4
myst_enable_extensions = ["strikethrough"]
# What a page shows as JSON Lines, or as a faulty item, is no file of that language to a highlighter.
suppress_warnings = ["misc.highlighting_failure"]
highlight_language = "text"

# --- the Python reference ---

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_class_signature = "mixed"
autodoc_default_options = {"members": True, "exclude-members": "__init__"}
python_maximum_signature_line_length = 100
default_role = "code"

# --- the site ---

html_theme = "furo"
html_title = f"newsearch {release}"
html_static_path: list[str] = []
html_copy_source = False
html_show_sphinx = False
# The first page is docs/index.html, as in the repository; this one leads there.
html_extra_path = ["site"]

# --- links to other sites: `make docs-links`, where there is a network ---

linkcheck_timeout = 15
linkcheck_workers = 4
linkcheck_ignore = [
    r"https?://[^/]*\.example(/.*)?$",  # the example archive's
    r"https?://(127\.0\.0\.1|localhost)[:/].*",
    r"https://(www\.)?(salon|techrepublic|zdnet)\.com/.*",  # articles of the example archive; they refuse robots
    r"https://www\.globaltimes\.cn/.*",
]

_LINKED = re.compile(r"\]\(([\w./-]+\.md)\)")
_MARKED = re.compile(r"(``?[^`]+``?)")
_SPECIAL = re.compile(r"([\\*|]|(?<=\w)_(?!\w))")


def as_restructured(_app: object, _what: str, _name: str, _object: object, _options: object, lines: list[str]) -> None:
    """Docstrings are plain text with `code` and indented examples; say that in the words of reStructuredText."""
    lines[:] = [
        "".join(part if part.startswith("`") else _SPECIAL.sub(r"\\\1", part) for part in _MARKED.split(line))
        if not line.startswith("    ")
        else line
        for line in lines
    ]
    for at in range(len(lines) - 1, 0, -1):
        if lines[at].startswith("    ") and not lines[at - 1].strip():
            before = next((line for line in reversed(lines[:at]) if line.strip()), "")
            if not before.startswith("    "):
                lines[at:at] = ["::", ""]


def with_contents(_app: object, page: str, text: list[str]) -> None:
    """The side bar's order is that of the links under each heading of the two pages that list others."""
    if page not in ("docs/index", "docs/decisions/README"):
        return
    trees = []
    for section in re.split(r"^## ", text[0], flags=re.MULTILINE)[page == "docs/index" :]:
        pages = [link.removesuffix(".md") for link in _LINKED.findall(section)]
        # A link to a page from the repository's root needs no folder before it.
        pages = ["/" + link.removeprefix("../") if link.startswith("../") else link for link in pages]
        caption = [f":caption: {section.partition(chr(10))[0]}"] if page == "docs/index" else []
        trees.append("\n".join(["```{toctree}", ":hidden:", *caption, "", *pages, "```"]))
    text[0] += "\n" + "\n\n".join(trees) + "\n"


def setup(app: "Sphinx") -> None:
    """What Sphinx calls."""
    app.connect("source-read", with_contents)
    app.connect("autodoc-process-docstring", as_restructured)
