"""Items spoilt in every way: each is indexed or skipped with its name and a reason, in bounded time and memory.

    python -m tests.torture mutate --count 100000 --seed 1

Good items are changed in bytes, characters, lines, values, dates, nesting, aliases and sizes, several changes on top of
each other. The files are read in batches by `sync`, and each alone for the time that it takes. What was indexed can be
shown and turned into JSON, and the index is sound in the end.
"""

import json
import random
import resource
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from newsearch import wire
from newsearch.errors import ItemError
from newsearch.items.reader import parse_item
from newsearch.library import NewsIndex
from tests.archive import cited, markdown
from tests.torture.states import Broken

__all__ = ["mutated", "run"]

_BATCH = 500
_SECONDS = 5.0
"""CPU time that one file may take; the largest takes a tenth of it."""
_MEGABYTES = 1500

_GOOD = tuple(
    markdown(spec).encode()
    for spec in (
        {"title": "Harbour ban", "url": "https://a.example/1", "date": "2020-09-13T12:08:00Z", "quality": 80},
        {
            "title": "Zürich – 東京",
            "excerpt": "A law: of sorts",
            "topics": ["law", "AI"],
            "provider": {"name": "Paper", "domain": "paper.example"},
            "images": [{"url": "https://a.example/i.png", "width": 10, "height": 20}],
            "related": [cited(f"Follow-up {n}", f"https://b.example/{n}", date="2020-01-01") for n in range(3)],
            "body": "# A heading\n\nText with *marks* and `code`.",
        },
    )
)
_VALUES = (
    "9999-12-31T23:59:59-23:59", "0000-00-00", "2020-02-30", "1e400", "-1", "99999999999999999999", "0x10", ".nan", "~",
    "!!python/object/apply:os.system ['true']", "!!binary aGVsbG8=", "!<tag:x> y", "*unknown", "&a [*a]", "[[[[]]]]",
    "{a: {b: {c: d}}}", "'\\x00'", '"\\0\\e[31m\\x9b\\u202e"', "|\n  block", "? complex\n: key", "<<: *a",
    "'" + "x" * 70_000 + "'", "https://" + "a" * 5_000, "http://[::1", "javascript:alert(1)", "- - - - x", "%YAML 1.1",
    "https://\u202ea.example/\x1b]8;;",
)  # fmt: skip
_INSERTED = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\t", b"---\n", b"...\n", b"\x1b[2J", b"\xed\xa0\x80", b"\xe2\x80\xae",
    b"{" * 40, b"[" * 400, b"- " * 100, b"&a *a ", b": " * 30, b"'", b'"', b"secured: x\n", b"#" * 3000,
)  # fmt: skip


def run(work: Path, *, seed: int, count: int, bombs: int = 3) -> dict[str, object]:
    """Read so many spoilt items, and some enormous ones. Broken at the first fault."""
    chance = random.Random(seed)
    archive, index = work / "archive", work / "index"
    archive.mkdir()
    reasons: Counter[str] = Counter()
    slowest = 0.0
    indexed = skipped = done = 0
    with NewsIndex.create(index) as opened:
        while done < count:
            names = {f"{number}.md" for number in range(done, min(done + _BATCH, count))}
            for name in sorted(names):
                raw = mutated(chance)
                slowest = max(slowest, _timed(raw, told=f"seed {seed}, {name}"))
                (archive / name).write_bytes(raw)
            done += len(names)
            report = opened.sync(archive, allow_loss=True)
            named = {fault.path: fault.reason for fault in report.skipped}
            if report.items + report.duplicates + len(named) != len(names) or not set(named) <= names:
                raise Broken(f"seed {seed}, {done}: of {len(names)} files {report.items} and {len(named)} are told of")
            if silent := [name for name, reason in named.items() if not reason.strip()]:
                raise Broken(f"seed {seed}: skipped without a reason: {silent}")
            reasons.update(reason.partition(":")[0][:40] for reason in named.values())
            indexed += report.items + report.duplicates
            skipped += len(named)
            for hit in opened.search("", limit=50):
                json.dumps(wire.article_to_dict(opened.get(hit.id))).encode()
            shutil.rmtree(archive)
            archive.mkdir()
    for number, raw in enumerate(_enormous()[:bombs]):
        (archive / f"bomb-{number}.md").write_bytes(raw)
        slowest = max(slowest, _timed(raw, told=f"enormous item {number}"))
    with NewsIndex.create(index) as opened:
        opened.sync(archive, allow_loss=True)
    diagnosis = NewsIndex.check(index)
    if not diagnosis.is_sound:
        raise Broken(f"seed {seed}: the index is damaged in the end: {diagnosis.findings}")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    if megabytes > _MEGABYTES:
        raise Broken(f"seed {seed}: it took {megabytes} MB of memory")
    return {
        "seed": seed,
        "items": count,
        "indexed": indexed,
        "skipped": skipped,
        "kinds of reasons": len(reasons),
        "slowest file, CPU s": round(slowest, 3),
        "peak memory, MB": megabytes,
    }


def _timed(raw: bytes, *, told: str) -> float:
    """How long a file takes to parse. Broken where it takes too long or raises anything but an ItemError."""
    started = time.process_time()
    try:
        parse_item(raw, name="x.md")
    except ItemError:
        pass
    except Exception as error:
        raise Broken(f"{told}: {type(error).__name__}: {error}; it begins {raw[:200]!r}") from error
    took = time.process_time() - started
    if took > _SECONDS:
        raise Broken(f"{told}: it takes {took:.1f} s; it begins {raw[:200]!r}")
    return took


def mutated(chance: random.Random) -> bytes:
    """A good item, spoilt in one or two ways."""
    raw = chance.choice(_GOOD)
    for _ in range(chance.randrange(1, 3)):
        raw = chance.choice(_WAYS)(raw, chance)
    return raw


def _flip(raw: bytes, chance: random.Random) -> bytes:
    changed = bytearray(raw)
    for _ in range(chance.randrange(1, 9)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(raw: bytes, chance: random.Random) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)]


def _splice(raw: bytes, chance: random.Random) -> bytes:
    other = chance.choice(_GOOD)
    start, end = sorted(chance.randrange(len(other) + 1) for _ in range(2))
    place = chance.randrange(len(raw) + 1)
    return raw[:place] + other[start:end] + raw[place:]


def _repeat(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.splitlines(keepends=True) or [b""]
    place = chance.randrange(len(lines))
    return b"".join(lines[:place] + lines[place : place + 3] * chance.choice((2, 9, 200)) + lines[place:])


def _value(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.splitlines(keepends=True) or [b""]
    place = chance.randrange(len(lines))
    key = lines[place].partition(b":")[0]
    lines[place] = key + b": " + chance.choice(_VALUES).encode("utf-8", "surrogatepass") + b"\n"
    return b"".join(lines)


def _insert(raw: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(raw) + 1)
    what = chance.choice(_INSERTED)
    return raw[:place] + what + raw[place:]


def _recode(raw: bytes, chance: random.Random) -> bytes:
    code = chance.choice(("utf-16", "utf-32", "latin-1", "utf-8-sig"))
    return raw.decode("utf-8", "replace").encode(code, "replace")


def _deepen(raw: bytes, chance: random.Random) -> bytes:
    depth = chance.choice((5, 19, 20, 21, 200, 5000))
    nested = chance.choice(("[" * depth + "]" * depth, "{a: " * depth + "}" * depth))
    return raw.replace(b"---\n", f"---\nrelated: {nested}\n".encode(), 1)


def _bomb(raw: bytes, chance: random.Random) -> bytes:
    rungs = chance.randrange(3, 40)
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, rungs)]
    lines.append(f"related: *a{rungs - 1}\ntopics: *a{rungs - 1}")
    return raw.replace(b"---\n", b"---\n" + "\n".join(lines).encode() + b"\n", 1)


def _grow(raw: bytes, chance: random.Random) -> bytes:
    size = chance.choice((10_000, 200_000, (1 << 20) + 5)) if chance.random() < 0.1 else 3_000
    return raw.replace(b"title: ", b"title: " + chance.choice((b"x", b"x ", "\u0301".encode(), b"a.")) * size, 1)


_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_flip, _cut, _splice, _splice, _repeat, _value, _value, _value, _value, _value),
    *(_insert, _insert, _recode, _deepen, _bomb, _grow, _grow),
)


def _enormous() -> list[bytes]:
    """A scalar of 100 MB, an item just within the bound, and one of many aliases."""
    head, tail = b"---\ntitle: t\nexcerpt: ", b"\n---\nbody\n"
    return [
        head + b"x" * (100 << 20) + tail,
        b"---\ntitle: t\n---\n" + b"word " * ((8 << 20) // 5 - 10),
        b"---\ntitle: &t t\nrelated: [" + b"*t, " * 500_000 + b"]\n---\n",
    ]
