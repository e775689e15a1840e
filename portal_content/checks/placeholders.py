"""Nothing that only the deployer knows is still a placeholder."""

from collections.abc import Iterator

from portal_content.errors import Problem
from portal_content.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Report every channel and organisation that is still a placeholder."""
    path = library.root / "content" / "channels.yml"
    for channel in library.channels:
        if channel.placeholder:
            yield Problem(path, 1, f"{channel.id} is still a placeholder: {channel.value}")
    path = library.root / "content" / "organisations.yml"
    for organisation in library.organisations:
        if organisation.placeholder:
            yield Problem(path, 1, f"{organisation.id} is still a placeholder")
