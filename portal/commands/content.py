"""Checking the content."""

from rich.console import Console
from rich.markup import escape

from portal.settings import ROOT, PortalSettings
from portal_content.checks import check_content
from portal_content.library import load_library


def print_content_problems(settings: PortalSettings, console: Console) -> int:
    """Print every problem of the content and return how many mislead readers."""
    library = load_library(ROOT)
    problems = check_content(library, production=settings.environment == "production")
    for problem in problems:
        console.print(escape(str(problem)), soft_wrap=True)
    console.print(f"{len(problems)} problems in content/ and translations/.")
    return len(problems)
