"""Tables of jobs: what is to be added, how far each item is, and the articles that were read but are not live yet."""

from sqlalchemy import JSON, Column, Connection, ForeignKey, Index, Integer, String, Table, Text

from index.ledger.schema import metadata

__all__ = ["create_job_tables", "job_articles", "job_items", "job_removals", "jobs"]

jobs = Table(
    "jobs",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("created_at", String, nullable=False),
    Column("ended_at", String, index=True),
    Column("cancelled", Integer, nullable=False),
    sqlite_autoincrement=True,
)

job_items = Table(
    "job_items",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("job", ForeignKey("jobs.number"), nullable=False),
    Column("kind", String, nullable=False),  # page, listing, entry, file, article
    Column("name", String, nullable=False),  # what it is called in errors; never a path
    Column("state", String, nullable=False),
    Column("spool", String),  # name of its bytes in the spool
    Column("spool_bytes", Integer, nullable=False),
    Column("fetched", JSON),  # of an address: what the listing that names it says, and what came with its bytes
    Column("article_id", String, index=True),
    Column("change", String),
    Column("error", String),
    Column("reason", Text),
    Column("warnings", JSON, nullable=False),
    Index("job_items_by_job", "job", "state"),
    Index("job_items_by_state", "state", "kind", "key"),
    sqlite_autoincrement=True,
)

job_articles = Table(
    "job_articles",
    metadata,
    Column("item", ForeignKey("job_items.key"), primary_key=True, autoincrement=False),
    Column("chars", Integer, nullable=False),
    Column("article", JSON, nullable=False),
)

job_removals = Table(
    "job_removals",  # articles that were removed while a job went on: it must not bring them back
    metadata,
    Column("job", ForeignKey("jobs.number"), primary_key=True, autoincrement=False),
    Column("article_id", String, primary_key=True),
)


def create_job_tables(connection: Connection) -> None:
    """Create the tables of jobs that are not there yet."""
    metadata.create_all(connection, tables=[jobs, job_items, job_articles, job_removals])
