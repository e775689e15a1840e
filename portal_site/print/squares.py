"""Square codes (QR) as drawings that stay sharp at any size."""

import io

import segno

QUIET = 4
"""Empty modules around it, as ISO/IEC 18004 asks for."""


def square(address: str) -> str:
    """Return an address as a QR code in SVG; a seventh of it may be dirty or torn."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", border=QUIET, xmldecl=False, light="#fff"
    )
    return drawn.getvalue().decode()
