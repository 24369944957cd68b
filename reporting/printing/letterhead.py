"""What a whole document begins with: who issues it, below whom, number, place and date."""

from reporting.printing.appendix import Appendix, Letterhead

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"


def letterhead_of(appendix: Appendix, *, issuer: str, above: str, number: str) -> Letterhead:
    """Return the letterhead of a document by ``issuer``; place and date are those of the signature
    of ``appendix``, a number not given yet is left to be written."""
    return Letterhead(
        above=above.upper(),
        issuer=issuer.upper(),
        number=f"Số: {number.strip() or '……'}",
        place_and_date=appendix.signature.place_and_date,
    )
