"""Near-duplicates in the ledger: which versions belong to one story."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select, union_all, update

from index.ledger.schema import bands, signatures, versions
from index.stories import N_BANDS, SAME_STORY, Signature, bands_of, similarity

__all__ = ["sign_version", "unsign_versions"]

_OF_A_BAND = 16
_COMPARED = 64  # those that share the most bands


def sign_version(connection: Connection, version_key: int, signature: Signature) -> None:
    """Store the signature of a version, and put it into the story of the most similar one, else one of its own."""
    numbers = bands_of(signature)
    story = _story(connection, numbers, signature) or version_key
    connection.execute(update(versions).where(versions.c.key == version_key).values(story=story))
    connection.execute(insert(signatures).values(version_key=version_key, hashes=signature.tobytes()))
    connection.execute(insert(bands), [{"band": band, "version_key": version_key} for band in numbers])


def unsign_versions(connection: Connection, version_keys: Sequence[int]) -> None:
    """Forget the signatures of versions."""
    connection.execute(delete(bands).where(bands.c.version_key.in_(version_keys)))
    connection.execute(delete(signatures).where(signatures.c.version_key.in_(version_keys)))


def _story(connection: Connection, numbers: Sequence[int], signature: Signature) -> int | None:
    rows = connection.execute(_SIMILAR, {f"band{i}": number for i, number in enumerate(numbers)})
    found = [(similarity(signature, np.frombuffer(row.hashes, dtype=np.uint32)), row.story) for row in rows]
    likest, story = max(found, default=(0.0, None))
    return story if likest >= SAME_STORY else None


def _similar() -> Select[tuple[int, bytes]]:
    """Return what selects the versions that share most bands; of a band that very many share, some stand for all."""
    some = [
        select(bands.c.version_key).where(bands.c.band == bindparam(f"band{i}")).limit(_OF_A_BAND).subquery()
        for i in range(N_BANDS)
    ]
    sharing = union_all(*(select(one.c.version_key) for one in some)).subquery()
    near = select(sharing.c.version_key).group_by(sharing.c.version_key).order_by(func.count().desc()).limit(_COMPARED)
    return (
        select(versions.c.story, signatures.c.hashes)
        .join(signatures, signatures.c.version_key == versions.c.key)
        .where(versions.c.key.in_(near))
    )


_SIMILAR = _similar()
