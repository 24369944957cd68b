"""The neutral Letter: what PDF and Word print of a letter by an office of the state."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.printing.appendix import Letterhead, Signature

ENDED = "./."


@dataclass(frozen=True, slots=True)
class LetterTable:
    """A table within a letter: headings with the part of the width that each column takes, in
    hundredths, and rows of words."""

    headings: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. A letter to somebody has an ``addressee`` and tells what it is about below its
    number; a paper of its own kind, such as a receipt, has a ``name`` instead, and below that what
    it is ``about``. The last of ``closing`` ends the letter."""

    letterhead: Letterhead
    about: str
    paragraphs: Sequence[str]
    closing: Sequence[str]
    signature: Signature
    recipients: Sequence[str]
    name: str = ""
    addressee: str = ""
    table: LetterTable | None = None

    @property
    def title(self) -> str:
        """What the file is called by programs that show it."""
        return f"{self.name}: {self.about}" if self.name else self.about

    @property
    def last_words(self) -> Sequence[str]:
        """The closing as it is printed, with the sign that nothing follows.

        >>> head, sign = Letterhead("", "", "", ""), Signature("", "", "")
        >>> Letter(head, "", [], ["Xin cảm ơn.", "Đề nghị gửi lại."], sign, []).last_words
        ['Xin cảm ơn.', 'Đề nghị gửi lại./.']
        """
        *before, last = self.closing
        return [*before, f"{last.rstrip('. ')}{ENDED}"]
