"""The steps that bring an older ledger up to the present schema."""

from collections.abc import Callable

from sqlalchemy import Connection, insert, select, text, update

from index.articles import derived_id
from index.dates import utc_days
from index.errors import AddressError
from index.ledger.job_tables import create_job_tables
from index.ledger.schema import articles, create, former_ids, items, readings, sources, versions
from index.urls import normalise_url

__all__ = ["MIGRATIONS", "SCHEMA", "published_day"]


def published_day(published_at: str | None) -> int | None:
    """Return the first UTC day of a publication date as an ordinal number, which windows are compared with."""
    return utc_days(published_at)[0].toordinal() if published_at else None


def _part_contents_from_passages(connection: Connection) -> None:
    """Drop passages of the first layout.

    Their generation's manifest differs from any of now, so that a search names the command that makes them anew.
    """
    for name in ("lexicon_words", "lexicon", "sentences", "passages"):
        connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    for column in ("published_day", "story"):
        connection.execute(text(f"ALTER TABLE versions ADD COLUMN {column} INTEGER"))
    connection.execute(text("DROP INDEX IF EXISTS ix_versions_language"))
    create(connection)
    for index in (*versions.indexes, *versions.metadata.tables["articles"].indexes):
        index.create(connection, checkfirst=True)
    dated = select(versions.c.key, versions.c.published_at).where(versions.c.published_at.is_not(None))
    for row in connection.execute(dated).all():
        day = published_day(row.published_at)
        connection.execute(update(versions).where(versions.c.key == row.key).values(published_day=day))


def _follow_sources(connection: Connection) -> None:
    """Add what is followed, and let articles keep the ids that were made of another form of their URLs."""
    for table in (former_ids, sources, items):
        table.create(connection, checkfirst=True)
    live = select(articles.c.id, versions.c.url).join(versions, versions.c.key == articles.c.live_version)
    known = {row.id: row.url for row in connection.execute(live.order_by(versions.c.key))}
    former: dict[str, str] = {}
    for article_id, url in known.items():
        if url and article_id == derived_id(url) and (present := _present_id(url)) and present not in known:
            former.setdefault(present, article_id)
    if former:
        connection.execute(insert(former_ids), [{"id": new, "article_id": old} for new, old in former.items()])


def _present_id(url: str) -> str | None:
    try:
        return derived_id(normalise_url(url))
    except AddressError:
        return None


def _add_pages(connection: Connection) -> None:
    """Make room for the pages of printed documents; those added before have none until they are added again."""
    connection.execute(text("ALTER TABLE versions ADD COLUMN pages JSON"))


def _keep_readings(connection: Connection) -> None:
    """Make room for what files were read as; each file is read once more before it is known."""
    readings.create(connection, checkfirst=True)


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (
    _part_contents_from_passages,
    _follow_sources,
    create_job_tables,
    _add_pages,
    _keep_readings,
)
"""Step n brings a ledger from schema version n + 1 to n + 2."""

SCHEMA = 1 + len(MIGRATIONS)
"""The present schema version."""
