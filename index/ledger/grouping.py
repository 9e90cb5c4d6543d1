"""Near-duplicates in the ledger: which versions belong to one story."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select, update

from index.ledger.schema import articles, bands, signatures, versions
from index.stories import SAME_STORY, Signature, bands_of, similarity

__all__ = ["sign_version", "unsign_versions"]

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
    alike = select(bands.c.version_key).where(bands.c.band.in_(numbers)).group_by(bands.c.version_key)
    near = alike.order_by(func.count().desc()).limit(_COMPARED)
    statement = (
        select(versions.c.story, signatures.c.hashes)
        .join(signatures, signatures.c.version_key == versions.c.key)
        .join(articles, articles.c.id == versions.c.article_id)
        .where(versions.c.key.in_(near))
    )
    found = [
        (similarity(signature, np.frombuffer(row.hashes, dtype=np.uint32)), row.story)
        for row in connection.execute(statement)
    ]
    likest, story = max(found, default=(0.0, None))
    return story if likest >= SAME_STORY else None
