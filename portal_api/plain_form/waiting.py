"""A form that waits for its turn: packed for the waiting page, and unpacked again."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request

from portal_api.abuse.asking import is_within_limit
from portal_api.abuse.waiting_room import Turn, WaitingRoom
from portal_api.plain_form.parser import WAITING, PostedForm
from portal_api.plain_form.photos import PhotoStore
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
    photos_left: int = 0
    """Photos that there was no room for."""

    def sealed(self, room: WaitingRoom, *, now: float) -> str:
        """Return everything, sealed, for the page to carry."""
        inputs = {name: values for name, values in self.posted.inputs.items() if name != WAITING}
        photos = [photo.to_json() for photo in self.posted.photos]
        carried = {"inputs": inputs, "photos": photos, "left": self.photos_left}
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


def keep_photos(room: WaitingRoom, waiting: Waiting, photos: PhotoStore, *, now: float) -> None:
    """Let the photos of a form wait too, as far as there is room for them."""
    if not waiting.posted.photos:
        return
    if room.photos.take(photos.size, now=now):
        photos.keep()
    else:
        waiting.photos_left += len(waiting.posted.photos)
        waiting.posted.photos.clear()


def _unpacked(carried: dict[str, Any]) -> PostedForm:
    # We sealed it ourselves a moment ago: it is what we packed.
    photos = [AttachedFile.from_json(value) for value in carried["photos"]]
    return PostedForm(inputs=carried["inputs"], photos=photos)
