"""The page with files to take along, and the page where a sealed file is sent."""

from portal_site.staging import Staging
from portal_site.values import alternates, frame

DOWNLOAD, UPLOAD = "download", "upload"
"""Paths of the pages; the files themselves lie in the folder `download` of the whole site."""
RELEASE = "release.note"
LIST_BEGINS, LIST_ENDS = "<!--downloads-->", "<!--/downloads-->"
"""Between these stands the list of files, which is known only when all pages are finished."""


def stage(staging: Staging) -> None:
    """Add both pages."""
    _stage_download(staging)
    _stage_upload(staging)


def _stage_download(staging: Staging) -> None:
    site, lang = staging.site, staging.lang
    carry = site.library.strings.section("carry", lang)
    texts, path = carry["download"], f"{DOWNLOAD}/"
    values = frame(
        site,
        lang,
        path,
        title=carry["page"],
        heading=texts["title"],
        description=texts["description"],
        alternates=alternates(site, list(site.library.languages), path),
        quick_exit=True,
        has_form=True,
        script="download",
        texts=texts,
        send=f"/{lang}/{UPLOAD}/",
        data={"lang": lang, "list": f"/{DOWNLOAD}/{RELEASE}", "texts": texts["script"]},
    )
    staging.page(DOWNLOAD, "download.html", values)


def _stage_upload(staging: Staging) -> None:
    site, lang = staging.site, staging.lang
    carry = site.library.strings.section("carry", lang)
    texts, path = carry["upload"], f"{UPLOAD}/"
    said = {name: texts[name] for name in ("ready", "script", "received", "failed")}
    values = frame(
        site,
        lang,
        path,
        title=carry["page"],
        heading=texts["title"],
        description=texts["description"],
        alternates=alternates(site, list(site.library.languages), path),
        quick_exit=True,
        has_form=True,
        sends=True,
        script="upload",
        texts=texts,
        action=f"{site.settings.api_url}/upload",
        data={"lang": lang, "api": site.settings.api_url, "texts": said},
    )
    staging.page(UPLOAD, "upload.html", values)
