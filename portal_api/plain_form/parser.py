"""Reading a posted form while it arrives: text stays in memory, photos are sealed at once.

The framework's own form parser writes photos to temporary files before anybody can seal them, so
it is never used here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from portal_api.errors import NotAForm, SubmissionMalformed, TooLarge
from portal_protocol.files import LARGEST_FILE, AttachedFile, FileSealer
from portal_protocol.manifest import MOST_FILES

PHOTOS = "photos"
LARGEST_TEXT = 40_000
"""Bytes of one answer."""
LARGEST_TEXTS = 200_000
"""Bytes of all answers."""
WAITING = "waiting"
"""Input of a waiting page: everything that was written, sealed."""
LARGEST_WAITING = 400_000
"""Bytes of it."""
MOST_PARTS = 400
LARGEST_FILES = 64 * 1024 * 1024
"""Bytes of all photos."""
MULTIPART = b"multipart/form-data"


@dataclass
class PostedForm:
    """What a page sent."""

    inputs: dict[str, list[str]] = field(default_factory=dict)
    """Every input's name with its values, in order."""
    photos: list[AttachedFile] = field(default_factory=list)
    photo_problems: list[str] = field(default_factory=list)
    """Why photos were left out; keys below `forms.problems`."""

    def first(self, name: str) -> str:
        """Return the first value of an input, or nothing."""
        values = self.inputs.get(name, [])
        return values[0] if values else ""


class FormReader:
    """Takes the body of a request in pieces of any size.

    Args:
        content_type: Header of the request; it names the boundary between parts.
        new_sealer: Makes what seals one photo; without it photos are passed over.

    Raises:
        NotAForm: If the header is not that of a posted form.
    """

    def __init__(
        self, content_type: str, new_sealer: Callable[[], FileSealer] | None = None
    ) -> None:
        kind, options = parse_options_header(content_type)
        if kind != MULTIPART or not options.get(b"boundary"):
            raise NotAForm
        self.posted = PostedForm()
        self._new_sealer = new_sealer
        self._part = _Part()
        self._parts = self._text_size = self._photo_size = 0
        self._complete = False
        try:
            self._parser = MultipartParser(
                options[b"boundary"],
                {
                    "on_part_begin": self._begin_part,
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._end_header,
                    "on_headers_finished": self._end_headers,
                    "on_part_data": self._data,
                    "on_part_end": self._end_part,
                    "on_end": self._end,
                },
            )
        except FormParserError:
            raise NotAForm from None

    def feed(self, data: bytes) -> None:
        """Read some more.

        Raises:
            SubmissionMalformed: If this cannot be a form as a browser sends it.
            TooLarge: If an answer is longer than any page allows.
        """
        try:
            self._parser.write(data)
        except FormParserError:
            raise SubmissionMalformed from None

    def finish(self) -> PostedForm:
        """Return what was read.

        Raises:
            SubmissionMalformed: If the end is missing: nothing is known of what else was in it.
        """
        if not self._complete:
            raise SubmissionMalformed
        return self.posted

    def _begin_part(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise TooLarge
        self._part = _Part()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._part.header_name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._part.header_value += data[start:end]

    def _end_header(self) -> None:
        self._part.end_header()

    def _end_headers(self) -> None:
        part = self._part
        part.read_disposition()
        if part.is_file and part.name == PHOTOS and part.file_name and self._new_sealer:
            if len(self.posted.photos) >= MOST_FILES:
                self._leave_out("photos_too_many")
            else:
                part.sealer = self._new_sealer()

    def _data(self, data: bytes, start: int, end: int) -> None:
        size = end - start
        if not self._part.is_file:
            self._text_size += size
            waiting = self._part.name == WAITING
            most, together = (
                (LARGEST_WAITING, LARGEST_WAITING) if waiting else (LARGEST_TEXT, LARGEST_TEXTS)
            )
            if len(self._part.text) + size > most or self._text_size > together:
                raise TooLarge
            self._part.text += data[start:end]
        elif self._part.sealer is not None:
            self._photo_size += size
            if self._part.sealer.size + size > LARGEST_FILE:
                self._leave_out("photo_too_large")
            elif self._photo_size > LARGEST_FILES:
                self._leave_out("photos_too_large")
            else:
                self._part.sealer.write(data[start:end])

    def _leave_out(self, problem: str) -> None:
        """Read on without this photo: the answers behind it are kept for the page."""
        self._part.sealer = None
        if problem not in self.posted.photo_problems:
            self.posted.photo_problems.append(problem)

    def _end_part(self) -> None:
        part = self._part
        if not part.is_file:
            # A browser sends line ends as CR LF, whatever was typed.
            text = part.text.decode("utf-8", "replace").replace("\r\n", "\n")
            self.posted.inputs.setdefault(part.name, []).append(text)
        elif part.sealer is not None and part.sealer.size:
            photo = part.sealer.finish(
                name=part.file_name, mime=part.content_type, processing="none"
            )
            self.posted.photos.append(photo)
        self._part = _Part()

    def _end(self) -> None:
        self._complete = True


@dataclass
class _Part:
    """One part of the body while it is read."""

    name: str = ""
    file_name: str = ""
    content_type: str = ""
    is_file: bool = False
    header_name: bytes = b""
    header_value: bytes = b""
    disposition: str = ""
    text: bytearray = field(default_factory=bytearray)
    sealer: FileSealer | None = None

    def end_header(self) -> None:
        value = self.header_value.decode("latin-1")
        match self.header_name.lower():
            case b"content-disposition":
                self.disposition = value
            case b"content-type":
                self.content_type = value
        self.header_name = self.header_value = b""

    def read_disposition(self) -> None:
        _, options = parse_options_header(self.disposition)
        self.name = options.get(b"name", b"").decode("utf-8", "replace")
        self.is_file = b"filename" in options
        self.file_name = options.get(b"filename", b"").decode("utf-8", "replace")
