"""Where an index may be.

    is_address("http://127.0.0.1:9200/news")        # True: on a cluster; "index" is a folder

Which engine that takes is `newsearch.engine.places`'s.
"""

import os

__all__ = ["Place", "is_address"]

Place = str | os.PathLike[str]
"""Where an index is: a folder, or an address."""


def is_address(place: Place) -> bool:
    """Whether it names an index on a cluster rather than a folder."""
    return isinstance(place, str) and place.strip().lower().startswith(("http://", "https://"))
