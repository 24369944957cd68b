"""An address as a QR code."""

from io import BytesIO

import segno

# White modules around the code, without which cameras do not find it.
_BORDER = 2


def svg_address(address: str) -> str:
    """Return the code of ``address`` as a data: address of an SVG picture, which scales."""
    drawn: str = segno.make(address, micro=False).svg_data_uri(border=_BORDER)
    return drawn


def png(address: str) -> bytes:
    """Return the code of ``address`` as a PNG picture."""
    target = BytesIO()
    segno.make(address, micro=False).save(target, kind="png", scale=8, border=_BORDER)
    return target.getvalue()
