"""Files that came and went, to the articles on the cluster.

    Commit(server, target, documents, at=now).run(deliveries, removed)

What was read of each file is kept in an index of its own, so that the next run knows what has changed and whoever moves
the articles needs no files. Two ways lead to the articles, by the same rules (`newsearch.items.articles`):

- `run` brings an index up to date: files are written first, marked with the addresses they decide about; then, for
  these addresses, it is settled whose they are; then the marks go. A run that is stopped leaves marks, and the next one
  goes on from them: nothing acknowledged is lost, and nothing is half settled for longer than that.
- `fill` makes an index that nobody sees yet, as the files come, with what is decided so far in memory: one figure or
  two for each address. It is several times as quick.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from newsearch.engine.base import Delivery, SourceKey
from newsearch.engine.opensearch.documents import ALWAYS, Documents, Source
from newsearch.engine.opensearch.files import file_id, file_source
from newsearch.engine.opensearch.indices import Target
from newsearch.engine.opensearch.records import restore_item
from newsearch.engine.opensearch.server import Server
from newsearch.engine.opensearch.spool import Spool
from newsearch.engine.opensearch.writing import Writing
from newsearch.items.articles import Claim, claim_of, earliest, preferred
from newsearch.items.ids import article_id, article_key
from newsearch.model import NewsItem
from newsearch.query.dates import to_seconds

__all__ = ["Commit"]

_MARKED: dict[str, Any] = {"bool": {"should": [{"exists": {"field": "pending"}}, {"term": {"kind": "gone"}}]}}
_FILES_AT_ONCE = 500
_FIELDS = ("root", "path", "key", "record")
_ADDRESSES_AT_ONCE = 300


class _File(NamedTuple):
    """A readable file as the cluster has it."""

    claim: Claim
    key: str
    item: NewsItem


class Commit:
    """One run that writes. `alive` is called now and then, to say that the writer is still there."""

    def __init__(
        self,
        server: Server,
        target: Target,
        documents: Documents,
        *,
        state: Mapping[str, Any],
        at: datetime,
        alive: Callable[[], None],
    ) -> None:
        self._server = server
        self._target = target
        self._documents = documents
        self._alive = alive
        self._writing = Writing(server, alive)
        self._at = to_seconds(at) or 0
        self._arrived = int(state.get("arrived", 0))
        # Later than every arrival before it, whatever the clock says: `new` goes by their order.
        self._arrival = max(self._at, self._arrived + 1)

    # --- An index up to date ---

    def run(self, deliveries: Iterable[Delivery], removed: Iterable[SourceKey]) -> bool:
        """Bring the index up to date; False where there was nothing to do.

        Nothing is written before all is delivered and `removed` is known: whatever either raises leaves all as it was.
        """
        seen: set[str] = set()
        with Spool() as spool:
            for delivery in deliveries:
                identity = file_id(*delivery.source[:2])
                if identity in seen:  # a file counts as it was first delivered
                    continue
                seen.add(identity)
                spool.add(file_source(delivery))
                if not len(seen) % _FILES_AT_ONCE:
                    self._alive()
            # After them: whoever delivers from a stream knows only then what was not in it.
            gone = [identity for key in removed if (identity := file_id(*key)) not in seen]
            changed, affected = self._mark_delivered(spool)
        for chunk in _chunks(gone, _FILES_AT_ONCE):
            for identity, known in self._server.documents(self._target.files, chunk).items():
                changed = True
                marks = _addresses(known)
                affected.update(marks)
                self._writing.put(self._target.files, identity, {**known, "kind": "gone", "pending": sorted(marks)})
        self._writing.flush()
        self._server.refresh(self._target.files)
        # Of this run, and of one that was stopped.
        for _, marked in self._server.scan(self._target.files, _MARKED, ["pending"]):
            changed = True
            affected.update(marked.get("pending", ()))
        if affected or changed:
            self._settle(affected)
            self._unmark()
        return changed

    def _mark_delivered(self, spool: Spool) -> tuple[bool, set[str]]:
        """Write what was delivered, marked; whether that was anything, and the addresses that it decides about."""
        changed = False
        affected: set[str] = set()
        for several in _chunks(spool, _FILES_AT_ONCE):
            by_id = {file_id(source["root"], source["path"]): source for source in several}
            known_files = self._server.documents(self._target.files, list(by_id))
            for identity, source in by_id.items():
                before = known_files.get(identity, {})
                if "kind" not in source and not before:  # touched, and not known
                    continue
                changed = True
                new = source if "kind" in source else {**before, **source}
                marks = _addresses(new) | _addresses(before)
                affected.update(marks)
                self._writing.put(self._target.files, identity, {**new, "pending": sorted(marks)})
        return changed, affected

    def _settle(self, affected: set[str]) -> None:
        """Decide about addresses, and about all that their files cite, and write what comes of it."""
        uncertain = set(affected)
        for chunk in _chunks(sorted(affected), _ADDRESSES_AT_ONCE):
            for one in self._files({"terms": {"key": chunk}}):
                uncertain.update(article_id(article_key(related.address)) for related in one.item.related)
            # What an address's article cited until now may have no other to cite it.
            for known in self._server.documents(self._target.articles, chunk, ["record"]).values():
                cited = known["record"].get("related", ())
                uncertain.update(article_id(article_key(related["address"])) for related in cited)
        for chunk in _chunks(sorted(uncertain), _ADDRESSES_AT_ONCE):
            self._settle_some(chunk)
        self._writing.flush()

    def _settle_some(self, keys: Sequence[str]) -> None:
        owners = _owners(self._files({"terms": {"key": list(keys)}}))
        citing: dict[str, list[_File]] = defaultdict(list)
        unowned = [key for key in keys if key not in owners]
        candidates = list(self._files({"terms": {"cites": unowned}})) if unowned else []
        others = sorted({one.key for one in candidates})
        speaking = {}
        for chunk in _chunks(others, _ADDRESSES_AT_ONCE):
            speaking.update(_owners(self._files({"terms": {"key": chunk}})))
        wanted = set(unowned)
        for one in speaking.values():
            for key in {article_id(article_key(related.address)) for related in one.item.related} & wanted:
                citing[key].append(one)
        known = self._server.documents(self._target.articles, keys, ["first_indexed", "made_of"])
        for key in keys:
            before = known.get(key, {})
            if key in owners:
                owner = owners[key]
                self._write_item(owner.item, owner.claim.path, before)
            elif citing[key]:
                self._write_related(key, citing[key], before)
            elif before:
                self._writing.delete(self._target.articles, key)

    def _write_item(self, item: NewsItem, path: str, before: Mapping[str, Any]) -> None:
        self._put(self._documents.of_item(item, path=path, first_indexed=self._first(before)), before)

    def _write_related(self, key: str, citing: Sequence[_File], before: Mapping[str, Any]) -> None:
        best = earliest(one.claim for one in citing)
        speaker = next(one for one in citing if one.claim == best)
        # Of several descriptions in one item the last counts, as everywhere.
        described = {article_id(article_key(one.address)): one for one in speaker.item.related}[key]
        since, first = _visible_from(best), self._first(before)
        self._put(self._documents.of_related(described, cited_from=since, first_indexed=first), before)

    def _put(self, source: Source, before: Mapping[str, Any]) -> None:
        if source["made_of"] != before.get("made_of"):
            self._writing.put(self._target.articles, source["id"], source)

    def _first(self, before: Mapping[str, Any]) -> int:
        if "first_indexed" in before:
            return int(before["first_indexed"])
        self._arrived = self._arrival
        return self._arrival

    def _files(self, query: Mapping[str, Any]) -> Iterator[_File]:
        """The readable files that a query of the cluster finds."""
        wanted = {"bool": {"filter": [query, {"term": {"kind": "item"}}]}}
        # Nothing writes to the files meanwhile, so that a page can begin where the one before ended.
        for source in self._server.pages(self._target.files, wanted, sort=("root", "path"), fields=_FIELDS):
            item = restore_item(source["record"])
            yield _File(claim_of(item, root=source["root"], path=source["path"]), source["key"], item)

    def _unmark(self) -> None:
        """Take the marks off the files whose addresses are settled, and delete those that are gone."""
        marked = self._server.scan(self._target.files, _MARKED, ["kind"])
        for identity, source in marked:
            if source["kind"] == "gone":
                self._writing.delete(self._target.files, identity)
            else:
                self._writing.update(self._target.files, identity, {"pending": []})
        self._writing.flush()

    # --- An index anew ---

    def fill(self, deliveries: Iterable[Delivery], arrivals: Mapping[str, int]) -> None:
        """Fill two indices that are empty. `arrivals` has when articles first came in, of an index there was."""
        seen: set[str] = set()
        owners: dict[str, Claim] = {}
        speakers: dict[str, Claim] = {}
        contested: set[str] = set()
        for delivery in deliveries:
            identity = file_id(*delivery.source[:2])
            source = file_source(delivery)
            if identity in seen or "kind" not in source:  # touched, of what is not known
                continue
            seen.add(identity)
            self._writing.put(self._target.files, identity, source)
            item = delivery.item
            if item is None:
                continue
            key, claim = source["key"], claim_of(item, root=delivery.source.root, path=delivery.source.path)
            if key in owners:  # who cites what from here is settled when all files are known
                contested.update({key, *source["cites"]})
                if preferred((claim, owners[key])) != claim:
                    continue
                contested.update(self._cited_before(key))
            owners[key] = claim
            first = self._arrival_of(key, arrivals)
            self._writing.put(
                self._target.articles, key, self._documents.of_item(item, path=claim.path, first_indexed=first)
            )
            described = {article_id(article_key(one.address)): one for one in item.related}
            for cited, related in described.items():
                if cited in owners or (cited in speakers and earliest((claim, speakers[cited])) != claim):
                    continue
                speakers[cited] = claim
                first = self._arrival_of(cited, arrivals)
                new = self._documents.of_related(related, cited_from=_visible_from(claim), first_indexed=first)
                self._writing.put(self._target.articles, cited, new)
        self._writing.flush()
        if contested:
            self._server.refresh(self._target.files)
            self._settle(contested)

    def _cited_before(self, key: str) -> list[str]:
        """What the article with a key cites, as it was written last."""
        self._writing.flush()
        known = self._server.documents(self._target.articles, [key], ["record"]).get(key, {"record": {}})
        return [article_id(article_key(one["address"])) for one in known["record"].get("related", ())]

    def _arrival_of(self, key: str, arrivals: Mapping[str, int]) -> int:
        return self._first({"first_indexed": arrivals[key]} if key in arrivals else {})

    @property
    def arrived(self) -> int:
        """When the newest articles came in, in UTC epoch seconds."""
        return self._arrived


def _visible_from(claim: Claim) -> int:
    """Since when a file is there; the earliest to cite an article, undated ones first, is the first to be there."""
    return ALWAYS if claim.date == float("-inf") else int(claim.date)


def _owners(files: Iterable[_File]) -> dict[str, _File]:
    """For each address the file that it belongs to."""
    by_key: dict[str, list[_File]] = defaultdict(list)
    for one in files:
        by_key[one.key].append(one)
    owners = {}
    for key, several in by_key.items():
        best = preferred(one.claim for one in several)
        owners[key] = next(one for one in several if one.claim == best)
    return owners


def _addresses(source: Mapping[str, Any]) -> set[str]:
    """What a file decides about: its own address, and what was not settled of it yet."""
    own = {source["key"], *source.get("cites", ())} if "key" in source else set()
    return own | set(source.get("pending", ()))


def _chunks(many: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(many)
    while chunk := list(islice(iterator, size)):
        yield chunk
