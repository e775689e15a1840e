"""The registry of official channels on a page."""

from portal_content.pages import Page
from portal_site.values import Site


def channels_block(site: Site, page: Page) -> str:
    """Lay out every channel with what it is used for."""
    lang = page.lang
    channels = [
        {
            "kind": site.text(f"channels.kinds.{channel.kind}", lang),
            "value": channel.value,
            "placeholder": channel.placeholder,
            "status": site.text(f"channels.status.{channel.status}", lang),
            "used_for": channel.used_for.get(lang, ""),
            "never_used_for": channel.never_used_for.get(lang, ""),
        }
        for channel in site.library.channels
    ]
    return site.component("channels", lang, channels=channels)
