"""Records set aside on disk."""

from newsearch.engine.whoosh.spool import Spool


def test_records_come_back_from_their_places_in_any_order() -> None:
    with Spool() as spool:
        records = [b"first", b"", "Zürich".encode(), b"\x00" * 5]
        places = [spool.append(record) for record in records]
        assert [spool.read(place) for place in reversed(places)] == records[::-1]


def test_reading_in_between_does_not_disturb_what_is_appended() -> None:
    with Spool() as spool:
        first = spool.append(b"kelp")
        assert spool.read(first) == b"kelp"
        second = spool.append(b"norb")
        assert (spool.read(first), spool.read(second)) == (b"kelp", b"norb")


def test_more_than_memory_takes_goes_to_disk_and_back() -> None:
    with Spool() as spool:
        places = [spool.append(bytes([number]) * 3_000_000) for number in range(8)]
        assert all(spool.read(place) == bytes([number]) * 3_000_000 for number, place in enumerate(places))
