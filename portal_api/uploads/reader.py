"""Reading a posted sealed file while it arrives: each chunk is stored as soon as it is proven.

Nothing is spooled: the framework's own form parser would write the file to a temporary one.
"""

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from portal_api.errors import NotAForm, SubmissionMalformed, TooLarge
from portal_protocol.errors import SealedFileInvalid
from portal_protocol.sealed_files import (
    LARGEST_TEXT,
    TEXT_HEAD,
    Carried,
    SealedFileReader,
    TakeChunk,
    bytes_of_text,
    is_text,
)

MULTIPART = b"multipart/form-data"
MOST_PARTS = 10
LONGEST_LANG = 16
FILE, TEXT, LANG = "file", "text", "lang"
_BEGINNING = 2 * len(TEXT_HEAD)
"""Bytes that tell whether a file is a text."""


class NothingSent(SealedFileInvalid):
    """Neither a file nor a text."""


class BothSent(SealedFileInvalid):
    """A file and a text: nobody can say which one is meant."""


class UploadReader:
    """Takes the body of a request in pieces of any size.

    Args:
        content_type: Header of the request; it names the boundary between parts.
        take: Receives each chunk of the file.

    Raises:
        NotAForm: If the header is not that of a posted form.
    """

    def __init__(self, content_type: str, take: TakeChunk) -> None:
        kind, options = parse_options_header(content_type)
        if kind != MULTIPART or not options.get(b"boundary"):
            raise NotAForm
        self.lang = ""
        self._take = take
        self._parts = 0
        self._name = self._header = self._disposition = b""
        self._value = b""
        self._texts: dict[str, bytearray] = {LANG: bytearray(), TEXT: bytearray()}
        self._file = _PostedFile(take)
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
                    "on_end": self._end,
                },
            )
        except FormParserError:
            raise NotAForm from None

    def feed(self, data: bytes) -> None:
        """Read some more.

        Raises:
            SubmissionMalformed: If this cannot be a form as a browser sends it.
            TooLarge: If a text is longer than any that the form shows.
        """
        try:
            self._parser.write(data)
        except FormParserError:
            raise SubmissionMalformed from None

    def finish(self) -> Carried:
        """Return what was read.

        Raises:
            SubmissionMalformed: If the end of the request is missing.
            SealedFileInvalid: If what was sent is no sealed file.
        """
        if not self._complete:
            raise SubmissionMalformed
        text = bytes(self._texts[TEXT]).strip()
        if text and self._file.size:
            raise BothSent("file and text")
        if not text and not self._file.size:
            raise NothingSent("neither file nor text")
        if not text:
            return self._file.finish()
        return _read_text(text, self._take)

    def _begin_part(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise TooLarge
        self._header = self._value = self._disposition = self._name = b""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"")

    def _data(self, data: bytes, start: int, end: int) -> None:
        name = self._name.decode("utf-8", "replace")
        if name == FILE:
            self._file.feed(data[start:end])
        elif name in self._texts:
            text = self._texts[name]
            if len(text) + end - start > (LARGEST_TEXT if name == TEXT else LONGEST_LANG):
                raise TooLarge
            text += data[start:end]
            self.lang = self._texts[LANG].decode("utf-8", "replace")

    def _end(self) -> None:
        self._complete = True


class _PostedFile:
    """A posted file: sealed bytes, or a text of them that somebody saved."""

    def __init__(self, take: TakeChunk) -> None:
        self.size = 0
        self._take = take
        self._reader = SealedFileReader(take)
        self._beginning = bytearray()
        self._decided = self._is_text = False
        self._failure: SealedFileInvalid | None = None

    def feed(self, data: bytes) -> None:
        """Read some more; what cannot be used is read on and dropped, so that a page can answer."""
        self.size += len(data)
        if self._failure is not None:
            return
        if not self._decided:
            self._beginning += data
            if len(self._beginning) < _BEGINNING:
                return
            data = self._decide()
        self._read(data)

    def finish(self) -> Carried:
        """Return what was read.

        Raises:
            SealedFileInvalid: If it is no sealed file.
        """
        if not self._decided:
            self._read(self._decide())
        if self._failure is not None:
            raise self._failure
        if self._is_text:
            return _read_text(bytes(self._beginning), self._take)
        return self._reader.finish()

    def _decide(self) -> bytes:
        data = bytes(self._beginning)
        self._decided, self._is_text = True, is_text(data)
        self._beginning.clear()
        return data

    def _read(self, data: bytes) -> None:
        try:
            if not self._is_text:
                self._reader.feed(data)
                return
            self._beginning += data
            if len(self._beginning) > LARGEST_TEXT:
                raise SealedFileInvalid("text too long")  # noqa: TRY301 (one place that remembers)
        except SealedFileInvalid as error:
            self._failure = error


def _read_text(text: bytes, take: TakeChunk) -> Carried:
    reader = SealedFileReader(take)
    reader.feed(bytes_of_text(text))
    return reader.finish()
