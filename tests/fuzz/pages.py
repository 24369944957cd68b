"""What a page leads to: its links, and its forms with what their boxes hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any


@dataclass(slots=True)
class Form:
    """A form as the page has it: pairs to post, and the names of its boxes for files."""

    action: str
    method: str
    pairs: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.named: dict[str, Form] = {}
        self.form: Form | None = None
        self.select: tuple[Form, str] | None = None
        self.textarea: tuple[Form, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said: dict[str, Any] = {name: text or "" for name, text in attrs}
        self.links += [said["href"]] if said.get("href") else []
        # Scripts find theirs in attributes of whichever name.
        self.links += [one for one in said.values() if one.startswith("/")]
        if tag == "form":
            self.form = Form(said.get("action", ""), said.get("method", "get").upper())
            self.forms.append(self.form)
            self.named[said.get("id", "")] = self.form
        if posted := said.get("hx-post"):
            self.forms.append(Form(posted, "POST"))
        form = self.named.get(said["form"]) if said.get("form") else self.form
        if form is None:
            return
        if said.get("formaction"):
            self.forms.append(Form(said["formaction"], form.method, form.pairs, form.files))
        name = said.get("name", "")
        match tag:
            case "input" if said.get("type") == "file":
                form.files.append(name)
            case "input" | "button" if name:
                form.pairs.append((name, said.get("value", "")))
            case "textarea" if name:
                self.textarea = (form, name)
            case "select" if name:
                self.select = (form, name)
            case "option" if self.select and "selected" in said:
                self.select[0].pairs.append((self.select[1], said.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select" and self.select:
            form, name = self.select
            if name not in {one for one, _ in form.pairs}:
                form.pairs.append((name, ""))
            self.select = None
        elif tag == "textarea" and self.textarea:
            self.textarea[0].pairs.append((self.textarea[1], ""))
            self.textarea = None


def read(page: str) -> tuple[Sequence[str], Sequence[Form]]:
    """Return the links and the forms of a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.links, reader.forms
