"""What both listeners share: one database with one writer, one place for pieces."""

from dataclasses import dataclass

from sqlalchemy import Engine

from portal_api.chunks.disk import DiskChunks
from portal_api.chunks.storage import ChunkStore
from portal_api.database import check_durable, create_engine, upgrade
from portal_api.settings import ApiSettings
from portal_api.writer import Writer, open_writer


@dataclass(frozen=True)
class Store:
    """Where everything is kept."""

    engine: Engine
    writer: Writer
    chunks: ChunkStore

    def close(self) -> None:
        """Finish what waits to be written, then let go of the database."""
        self.writer.close()
        self.engine.dispose()


def open_store(settings: ApiSettings) -> Store:
    """Open the database at the newest step of its history; the caller closes the store.

    Raises:
        DatabaseNotDurable: If no receipt can be given over this database.
    """
    engine = create_engine(settings.database_url)
    check_durable(engine)
    upgrade(engine)
    return Store(engine, open_writer(engine), DiskChunks(settings.blobs))
