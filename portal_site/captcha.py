"""hCaptcha on form pages: only where its key is set, and only after somebody pressed for it.

Source: hCaptcha's developer guide, for the hosts a policy must allow.
"""

from typing import Any

from portal_site.values import Site


def captcha_view(site: Site, lang: str) -> dict[str, Any] | None:
    """Return what a form page shows of hCaptcha, or none: then no page names its hosts."""
    sitekey = site.settings.hcaptcha_sitekey
    if not sitekey:
        return None
    words = site.library.strings.section("hcaptcha", lang)
    return {
        "sitekey": sitekey,
        "api": site.settings.api_url,
        "lang": lang,
        "texts": words,
    }
