"""The floor: the least a service can do that says "saved" only when it is.

One bare route writes one row into the table of submissions and commits. Nothing is checked,
nothing signed, nobody asked to wait. Database, driver, its settings and the web server are those
of the service.
"""

import hashlib
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date

import anyio.to_thread
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from sqlalchemy import insert

from portal_api.database import create_engine, upgrade
from portal_api.submissions.tables import Submission

MANIFEST = 160
"""Bytes of the body that go into the row's first column: about a manifest without files."""


def floor_app(database_url: str) -> FastAPI:
    """Wire the bare service together."""
    write = _writing(database_url)
    app = FastAPI(openapi_url=None)

    @app.post("/v1/submissions", status_code=201)
    async def create(request: Request) -> Response:
        body = await request.body()
        return PlainTextResponse(await anyio.to_thread.run_sync(write, body), status_code=201)

    @app.get("/v1/keys")
    def ready() -> Response:
        return PlainTextResponse("ready")

    return app


def _writing(database_url: str) -> Callable[[bytes], str]:
    engine = create_engine(database_url)
    upgrade(engine)
    row = insert(Submission)
    # SQLite has one writer, and who finds it busy sleeps longer than a commit takes.
    alone: AbstractContextManager[object] = nullcontext()
    if engine.dialect.name == "sqlite":
        engine = engine.execution_options(writes=True)
        alone = threading.Lock()
    today = date(2026, 11, 20)

    def write(body: bytes) -> str:
        name = hashlib.sha256(body).hexdigest()
        values = {
            "id": name,
            "received_on": today,
            "manifest": body[:MANIFEST],
            "envelope": body[MANIFEST:],
        }
        with alone, engine.begin() as connection:
            connection.execute(row, values)
        return name

    return write


def main(database_url: str, port: int) -> None:
    """Serve as portal_api.server does."""
    uvicorn.run(
        floor_app(database_url),
        port=port,
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=False,
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
