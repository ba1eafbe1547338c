"""A corpus as an archive: a folder of Markdown files with front matter, as curators keep it.

    write(documents, Path("build/bench/archive"))
    touch_up(folder, 10)                             # ten files with a changed excerpt

A document that came from a Markdown file is copied; others are written with the keys that items have in practice, an
image and the opaque `secured` value among them. Every file is dated an hour back, for one written just now
would have to be read again to be known as unchanged.
"""

import base64
import json
import os
import random
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.corpus import Cited, Document

__all__ = ["markdown", "touch_up", "write"]

_HOUR = 3600
_FILES_A_FOLDER = 5000


def write(documents: Iterable[Document], folder: Path) -> int:
    """Write one file for each document into a folder; returns how many."""
    then = time.time() - _HOUR
    count = 0
    for document in documents:
        file = folder / f"{document.number // _FILES_A_FOLDER:03}" / f"{document.number:07}.md"
        if document.number % _FILES_A_FOLDER == 0:
            file.parent.mkdir(parents=True, exist_ok=True)
        if document.file is not None:
            shutil.copyfile(document.file, file)
        else:
            file.write_text(markdown(document), encoding="utf-8")
        os.utime(file, (then, then))
        count += 1
    return count


def touch_up(folder: Path, count: int) -> None:
    """Change the body of `count` files, spread over the folder; each call makes another change."""
    files = sorted(folder.rglob("*.md"))
    then = time.time() - _HOUR // 2
    for file in files[:: max(1, len(files) // count)][:count]:
        with file.open("a", encoding="utf-8") as text:
            text.write("Seen again.\n")
        os.utime(file, (then, then))


def markdown(document: Document) -> str:
    """The text of an item's file."""
    rnd = random.Random(document.number)
    lines = ["---", "category: news", *_described(document), f"originalUrl: {_quoted(document.url)}"]
    lines += [f"heat: {rnd.choice([-1, document.quality])}", f"published: {rnd.choice(['true', 'false'])}"]
    if document.topics:
        lines += ["topics:", *(f"  - {_quoted(topic)}" for topic in document.topics)]
    if rnd.random() < 0.7:
        image = f"https://images.example/{document.number}.jpg"
        lines += ["images:", f"  - url: {_quoted(image)}", "    width: 846", "    height: 571", "    isCached: true"]
    if document.related:
        lines.append("related:")
        for cited in document.related:
            first, *others = _described(cited)
            lines += [f"  - {first}", *(f"    {line}" for line in others)]
    secured = base64.b64encode(rnd.randbytes(rnd.randrange(300, 760))).decode()
    return "\n".join([*lines, f"secured: {_quoted(secured)}", "---", ""])


def _described(article: Document | Cited) -> list[str]:
    """The keys that an item and a related article share."""
    lines = [f"title: {_quoted(article.title)}", f"excerpt: {_quoted(article.excerpt)}"]
    if article.date:
        lines.append(f"publishedDateTime: {article.date}")
    lines += [f"webUrl: {_quoted(article.url)}", "type: article", f"quality: {article.quality}"]
    return [*lines, "provider:", f"  name: {_quoted(article.provider)}", f"  domain: {_quoted(article.domain)}"]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
