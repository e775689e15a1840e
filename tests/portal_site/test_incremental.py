"""A build after a small change does little, and gives what a whole build gives."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest

from portal_content.errors import ContentError
from portal_site.build import build_site
from portal_site.settings import SiteSettings
from tests.projects import small_project


@pytest.fixture
def project(tmp_path: Path) -> SiteSettings:
    """A copy of the content, built once with a memory."""
    root = small_project(tmp_path / "project")
    settings = SiteSettings(
        root=root,
        site_directory=tmp_path / "site",
        cache_directory=tmp_path / "memory",
        base_url="https://portal.example.org",
    )
    build_site(settings)
    return settings


def edit(path: Path, pattern: str, replacement: str) -> None:
    text, count = re.subn(
        pattern, replacement, path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE
    )
    assert count == 1
    path.write_text(text, encoding="utf-8")


def fingerprint(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def built_whole(settings: SiteSettings, folder: Path) -> dict[str, str]:
    build_site(settings.model_copy(update={"site_directory": folder, "cache_directory": None}))
    return fingerprint(folder)


def test_nothing_changed_nothing_is_rendered(project: SiteSettings) -> None:
    assert build_site(project).rendered == 0


def test_an_edited_text_renders_its_page_and_the_site_is_as_if_built_whole(
    project: SiteSettings, tmp_path: Path
) -> None:
    edit(project.root / "content/institution/about.en.md", r"(\{#funding\}\n\n)", r"\1Changed. ")

    # The page itself, and the search page, which names the index of all words.
    assert build_site(project).rendered == 2

    assert fingerprint(project.site_directory) == built_whole(project, tmp_path / "whole")
    assert "Changed." in (project.site_directory / "en/about/index.html").read_text("utf-8")


def test_a_new_title_reaches_every_page_that_shows_it(
    project: SiteSettings, tmp_path: Path
) -> None:
    edit(project.root / "content/institution/about.ar.md", r"^title: .*", "title: عنوان جديد")

    assert build_site(project).rendered > 1

    assert fingerprint(project.site_directory) == built_whole(project, tmp_path / "whole")


def test_a_page_that_is_gone_leaves_nothing_behind(project: SiteSettings, tmp_path: Path) -> None:
    extra = project.root / "content/institution/extra.ar.md"
    shutil.copy(project.root / "content/institution/about.ar.md", extra)
    edit(extra, r"^id: P02", "id: P99")
    build_site(project)
    assert (project.site_directory / "ar/extra/index.html").exists()

    extra.unlink()
    build_site(project)

    assert not (project.site_directory / "ar/extra").exists()
    assert not (project.site_directory / "en/extra").exists()
    assert fingerprint(project.site_directory) == built_whole(project, tmp_path / "whole")


@pytest.mark.parametrize(
    ("path", "pattern", "replacement"),
    [
        ("theme/templates/main.html", r"<h1>", '<h1 class="new">'),
        ("theme/styles/base.css", r"^body \{", "body { outline: 0;"),
        ("translations/site.en.yml", r"^section: .*", "section: Further"),
        ("content/channels.yml", r"value: portal.example.org", "value: other.example.org"),
    ],
)
def test_what_many_pages_share_reaches_all_of_them(
    project: SiteSettings, tmp_path: Path, path: str, pattern: str, replacement: str
) -> None:
    edit(project.root / path, pattern, replacement)

    build_site(project)

    assert fingerprint(project.site_directory) == built_whole(project, tmp_path / "whole")


def test_a_build_that_fails_leaves_the_old_site_and_the_next_one_mends_it(
    project: SiteSettings, tmp_path: Path
) -> None:
    before = fingerprint(project.site_directory)
    about = project.root / "content/institution/about.en.md"
    text = about.read_text(encoding="utf-8")
    edit(about, r"^## ", "[[no-such-block]]\n\n## ")

    with pytest.raises(ContentError, match=r"about\.en\.md:\d+: no block \[\[no-such-block"):
        build_site(project)

    assert fingerprint(project.site_directory) == before
    about.write_text(text, encoding="utf-8")
    build_site(project)
    assert fingerprint(project.site_directory) == before
