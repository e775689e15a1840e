"""A recording belongs to a page that says so, is small enough, and plays on every phone."""

from collections.abc import Iterator

from portal_content.errors import Problem
from portal_content.library import Library
from portal_content.recordings import FORMATS, LARGEST, Recording, file_slug, load_recordings


def check(library: Library) -> Iterator[Problem]:
    """Report recordings that nobody can hear, or that cost too much."""
    marked = {
        (file_slug(slug), lang): page.meta.audio != "none"
        for (slug, lang), page in library.pages.items()
    }
    for name, recording in load_recordings(library.root).items():
        first = recording.files[0]
        if name not in marked:
            yield Problem(first, 1, f"there is no page {recording.slug} in {recording.lang}")
        elif not marked[name]:
            yield Problem(first, 1, "the page says audio: none; write audio: recorded")
        yield from _about_files(recording)


def _about_files(recording: Recording) -> Iterator[Problem]:
    there = {file.suffix for file in recording.files}
    for missing in FORMATS.keys() - there:
        yield Problem(recording.files[0], 1, f"the same recording as {missing} is missing")
    for file in recording.files:
        size = file.stat().st_size
        if size > LARGEST[file.suffix]:
            message = (
                f"{size:,} bytes; at most {LARGEST[file.suffix]:,}, for those who pay for data"
            )
            yield Problem(file, 1, message)
