"""Reading a posted form while it arrives: text stays in memory, files are sealed at once.

The framework's own form parser writes files to temporary ones before anybody can seal them, so
it is never used here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from portal_api.errors import NotAForm, SubmissionMalformed, TooLarge
from portal_protocol.files import LARGEST_FILE, AttachedFile, FileSealer
from portal_protocol.manifest import MOST_FILES

LONGEST_NAME = 120
"""Characters of a file's name that a page repeats."""
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
"""Bytes of all files."""
MULTIPART = b"multipart/form-data"


@dataclass(frozen=True)
class PostedFile:
    """A file that was sealed as it came."""

    question: str
    """Name of the input; nobody has looked yet whether the form asks for files there."""
    file: AttachedFile


@dataclass(frozen=True)
class LeftOut:
    """A file that could not be taken."""

    question: str
    name: str = field(repr=False)
    """As the device named it; without one if it is not about this file alone."""
    reason: str
    """Key below `forms.problems`."""


@dataclass
class PostedForm:
    """What a page sent."""

    inputs: dict[str, list[str]] = field(default_factory=dict)
    """Every input's name with its values, in order."""
    files: list[PostedFile] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    """Files that are not among them, at most one for each reason."""

    def first(self, name: str) -> str:
        """Return the first value of an input, or nothing."""
        values = self.inputs.get(name, [])
        return values[0] if values else ""


class FormReader:
    """Takes the body of a request in pieces of any size.

    Args:
        content_type: Header of the request; it names the boundary between parts.
        new_sealer: Makes what seals one file; without it files are passed over.

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
        self._parts = self._text_size = self._file_size = 0
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
        if part.is_file and part.name and part.file_name and self._new_sealer:
            if len(self.posted.files) >= MOST_FILES:
                self._leave_out("files_too_many")
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
            self._file_size += size
            if self._part.sealer.size + size > LARGEST_FILE:
                self._leave_out("file_too_large")
            elif self._file_size > LARGEST_FILES:
                self._leave_out("files_too_large")
            else:
                self._part.sealer.write(data[start:end])

    def _leave_out(self, reason: str) -> None:
        """Read on without this file: the answers behind it are kept for the page."""
        part, known = self._part, {one.reason for one in self.posted.left_out}
        part.sealer = None
        if reason not in known:
            name = part.file_name[-LONGEST_NAME:] if reason == "file_too_large" else ""
            self.posted.left_out.append(LeftOut(part.name, name, reason))

    def _end_part(self) -> None:
        part = self._part
        if not part.is_file:
            # A browser sends line ends as CR LF, whatever was typed.
            text = part.text.decode("utf-8", "replace").replace("\r\n", "\n")
            self.posted.inputs.setdefault(part.name, []).append(text)
        elif part.sealer is not None and part.sealer.size:
            kind = part.content_type.split(";")[0].strip()
            file = part.sealer.finish(name=part.file_name, mime=kind, processing="none")
            self.posted.files.append(PostedFile(part.name, file))
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
