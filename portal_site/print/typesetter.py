"""Sets a sheet as PDF, or takes what was set from the same words before."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import typst

from portal_content.errors import ContentError
from portal_site.digests import digest_of
from portal_site.print.fonts import fonts_folder

STANDARD: Final = "ua-1"
"""PDF/UA: tagged for screen readers, with title and language."""


@dataclass(frozen=True)
class Sheet:
    """A finished PDF."""

    content: bytes
    pages: int


class Typesetter:
    """Sets the sheets of one language.

    The same words give the same bytes: no clock and no font of the machine goes in.

    Args:
        theme: Folder theme/, with templates in print/.
        memory: Folder that keeps what was set, or none.
    """

    def __init__(self, theme: Path, memory: Path | None) -> None:
        self._templates = theme / "print"
        self._memory = memory
        folder = fonts_folder(theme)
        self._fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]
        )
        made_by = (digest_of(self._templates, "*.typ"), folder.name, version("typst"), STANDARD)
        self._made_by = "\n".join(made_by)
        self._used: set[Path] = set()

    def set(self, template: str, data: Mapping[str, Any]) -> Sheet:
        """Set a sheet.

        Args:
            template: File in theme/print/, without its ending.
            data: Words and values for it; never markup.

        Raises:
            ContentError: If the words do not fit on the paper, or the template is wrong.
        """
        words = json.dumps(data, ensure_ascii=False, sort_keys=True)
        if self._memory is None:
            return self._made(template, words)
        name = hashlib.sha256(f"{self._made_by}\n{template}\n{words}".encode()).hexdigest()[:32]
        kept = next(iter(self._memory.glob(f"{name}.*.pdf")), None)
        if kept is None:
            sheet = self._made(template, words)
            kept = self._memory / f"{name}.{sheet.pages}.pdf"
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(sheet.content)
        self._used.add(kept)
        return Sheet(kept.read_bytes(), int(kept.name.split(".")[1]))

    def forget_the_rest(self) -> None:
        """Delete what is kept and was not asked for."""
        if self._memory is not None:
            for path in set(self._memory.glob("*.pdf")) - self._used:
                path.unlink()

    def _made(self, template: str, words: str) -> Sheet:
        path = self._templates / f"{template}.typ"
        try:
            compiler = typst.Compiler(
                path,
                root=self._templates,
                font_paths=self._fonts,
                ignore_system_fonts=True,
                sys_inputs={"data": words},
            )
            content = compiler.compile(format="pdf", pdf_standards=[STANDARD], timestamp=0)
            pages = json.loads(compiler.query("<pages>", field="value", one=True))
        except typst.TypstError as error:
            raise ContentError(path, f"cannot be set: {error.diagnostic}") from error
        if not isinstance(content, bytes):
            raise ContentError(path, "the typesetter gave no PDF")
        return Sheet(content, pages)
