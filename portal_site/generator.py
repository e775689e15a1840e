"""Runs MkDocs on a staged tree, in this process."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from portal_content.errors import ContentError

EXTENSIONS: list[Any] = ["admonition", "attr_list", "def_list", "tables", "sane_lists"]


def render(
    pages: Mapping[str, str], folder: Path, output: Path, options: Mapping[str, Any]
) -> None:
    """Render staged pages.

    Args:
        pages: Text of each page by its path without an ending.
        folder: Where to write the tree; kept, so that a person can look at it.
        output: Where to write `<path>/index.html`; emptied first.
        options: What the configuration adds: site_name, site_url, theme, extra.

    Raises:
        ContentError: If MkDocs refuses; its message is on the terminal.
    """
    for path, text in pages.items():
        file = folder / "docs" / f"{path}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    configuration = folder / "mkdocs.yml"
    configuration.write_text(
        yaml.safe_dump(_configuration(output, options), allow_unicode=True), encoding="utf-8"
    )
    # Material prints a banner about MkDocs 2 otherwise.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    try:
        build(load_config(str(configuration)))
    except MkDocsException as error:
        raise ContentError(configuration, f"MkDocs failed: {error}") from error


def _configuration(output: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "docs_dir": "docs",
        "site_dir": str(output),
        "strict": True,
        "use_directory_urls": True,
        "plugins": [{"portal": {"staged": True}}],
        "markdown_extensions": [*EXTENSIONS, {"toc": {"permalink": False}}],
        "validation": {"links": {"absolute_links": "ignore", "unrecognized_links": "ignore"}},
        **options,
    }
