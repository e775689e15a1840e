"""A form that waits for its turn: packed for the waiting page, and unpacked again."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request

from portal_api.abuse.asking import is_within_limit
from portal_api.abuse.waiting_room import Turn, WaitingRoom
from portal_api.plain_form.file_store import FileStore
from portal_api.plain_form.parser import WAITING, PostedFile, PostedForm
from portal_content.forms.trap import TRAP
from portal_protocol.files import AttachedFile

TRAPPED_SECONDS = 30
"""Whoever filled the input that nobody sees is a program, or a browser that fills everything."""
OFTEN_SECONDS = 60
"""From one address come more forms than people write."""
BUSY_SECONDS = 20


@dataclass
class Waiting:
    """A form with its turn."""

    posted: PostedForm
    turn: Turn
    files_left: int = 0
    """Files that there was no room for."""

    def sealed(self, room: WaitingRoom, *, now: float) -> str:
        """Return everything, sealed, for the page to carry."""
        inputs = {name: values for name, values in self.posted.inputs.items() if name != WAITING}
        files = [{"question": one.question, **one.file.to_json()} for one in self.posted.files]
        carried = {"inputs": inputs, "files": files, "left": self.files_left}
        return room.seal(self.turn, carried, now=now)


def arrive(request: Request, room: WaitingRoom, posted: PostedForm, *, now: float) -> Waiting:
    """Give a form that has just arrived its turn: now, if it is calm and nothing is strange."""
    hold = TRAPPED_SECONDS if posted.first(TRAP) else 0
    if not is_within_limit(request, "form", now=now):
        hold = max(hold, OFTEN_SECONDS)
    return Waiting(posted, room.enter(now=now, hold=hold))


def come_back(room: WaitingRoom, posted: PostedForm, *, now: float) -> Waiting | None:
    """Unpack what a waiting page brought back; none if nobody can open it any more."""
    opened = room.open(posted.first(WAITING), now=now)
    if opened is None:
        return None
    turn, carried = opened
    return Waiting(_unpacked(carried), turn, carried["left"])


def keep_files(room: WaitingRoom, waiting: Waiting, files: FileStore, *, now: float) -> None:
    """Let the files of a form wait too, as far as there is room for them."""
    posted = waiting.posted.files
    if not posted:
        return
    if room.photos.take(files.size, now=now):
        files.keep(name for one in posted for name in one.file.blob.chunks)
    else:
        waiting.files_left += len(posted)
        posted.clear()


def _unpacked(carried: dict[str, Any]) -> PostedForm:
    # We sealed it ourselves a moment ago: it is what we packed.
    files = [
        PostedFile(value.pop("question"), AttachedFile.from_json(value))
        for value in carried["files"]
    ]
    return PostedForm(inputs=carried["inputs"], files=files)
