"""The code that a printed table bears: found again for the same content, else drawn anew."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import timezone

from indicators.models import FormVersion
from reporting.calculations.contributions import Basis
from reporting.filing import sha256_of
from reporting.models import Filing, Publication, Round, Submission, VerificationCode
from reporting.printing.appendix import Appendix, Mark
from reporting.verification.codes import new_code
from reporting.verification.content import content_text


def code_of_report(
    appendix: Appendix, submission: Submission, filing: Filing | None
) -> VerificationCode:
    """Return the code of a report's ``appendix``, which stands by ``filing``, if it is handed in.
    One query where it was printed before."""
    about: dict[str, object] = {
        "round": submission.round,
        "form_version": submission.form_version,
        "submission": submission,
        "state": submission.state,
    }
    if filing is not None:
        return _code(appendix, {"filing": filing}, about)
    return _code(appendix, {"submission": submission, "filing": None}, about)


def code_of_publication(appendix: Appendix, publication: Publication) -> VerificationCode:
    """Return the code of a published table. One query where it was printed before."""
    about = {"round": publication.round, "form_version": publication.form_version}
    return _code(appendix, {"publication": publication}, about)


def code_of_round(
    appendix: Appendix, round_: Round, layout: FormVersion, basis: Basis
) -> VerificationCode:
    """Return the code of a province's table as it stands now. One query where the same table was
    printed before."""
    of = {"round": round_, "form_version": layout, "submission": None, "publication": None}
    return _code(appendix, of, {"basis": basis.value})


def _code(
    appendix: Appendix, of: Mapping[str, object], about: Mapping[str, object]
) -> VerificationCode:
    """Of two who print the same at once the second gets the code of the first: ``of`` and the hash
    are what the table holds once."""
    content = content_text(appendix)
    drawn = {"code": new_code(), "content": content, "at": timezone.now(), **about}
    # The text is long; of one that is there it is of no use here.
    found, _ = VerificationCode.objects.defer("content").get_or_create(
        **of, sha256=sha256_of(content), defaults=drawn
    )
    return found


def mark_of(code: VerificationCode) -> Mark:
    """Return what a paper bears of ``code``."""
    return Mark(code.code, address_of(code.code))


def address_of(code: str) -> str:
    """Return the page that tells what a code is of: it is printed, so that it begins with the
    portal's own address and not with that of a request."""
    return f"{settings.PORTAL_URL}/kiem-chung/{code}/"
