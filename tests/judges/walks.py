"""What is done on a page before it is judged: a mistake posted, a panel opened, a session ended."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from playwright.sync_api import FilePayload, Page

from tests.pictures import PASSWORD

Walk = Callable[[Page], None]

# Every box by its name, also where the browser would refuse to send it: the portal's own words are
# what is wanted. A button is pressed by its name, or the form's first one.
_POST = """
([selector, fields, button]) => {
  const form = document.querySelector(selector);
  form.noValidate = true;
  for (const [name, value] of Object.entries(fields)) {
    const boxes = form.querySelectorAll(`[name="${name}"]`);
    if (!boxes.length) throw new Error(`No box is named ${name}.`);
    for (const box of boxes) {
      if (["checkbox", "radio"].includes(box.type)) box.checked = value === box.value;
      else box.value = value;
    }
  }
  const pressed = form.querySelector(button || "button:not([disabled])");
  form.requestSubmit(pressed);
}
"""


def stay(page: Page) -> None:
    """Do nothing."""


def posted(
    fields: Mapping[str, str] | None = None,
    form: str = "main form[method=post]",
    button: str = "",
) -> Walk:
    """Return a walk that fills in a form and sends it."""

    def walk(page: Page) -> None:
        with page.expect_navigation():
            page.evaluate(_POST, [form, dict(fields or {}), button])

    return walk


def brought(
    name: str,
    content: bytes,
    fields: Mapping[str, str] | None = None,
    box: str = "input[type=file]",
) -> Walk:
    """Return a walk that sends a form with a file."""

    def walk(page: Page) -> None:
        payload: FilePayload = {
            "name": name,
            "mimeType": "application/octet-stream",
            "buffer": content,
        }
        page.locator(f"main {box}").first.set_input_files(payload)
        posted(fields, f"main form:has({box})")(page)

    return walk


def typed(box: str, text: str) -> Walk:
    """Return a walk that types into a box of the sheet and leaves it, until it is answered."""

    def walk(page: Page) -> None:
        page.locator("html.js").wait_for(state="attached")
        found = page.locator(f"[id='{box}']")
        found.fill(text)
        found.press("Enter")
        page.get_by_text("ô chưa nhận").first.wait_for()
        found.focus()

    return walk


def pressed(box: str, key: str) -> Walk:
    """Return a walk that opens the panel of a row."""

    def walk(page: Page) -> None:
        page.locator("html.js").wait_for(state="attached")
        page.locator(f"[id='{box}']").focus()
        page.keyboard.press(key)
        page.locator("#ngan .row-panel").wait_for()

    return walk


def signed_out(box: str) -> Walk:
    """Return a walk that types after the session has ended: the page asks to sign in again."""

    def walk(page: Page) -> None:
        page.locator("html.js").wait_for(state="attached")
        kept = page.context.cookies()
        page.context.clear_cookies()
        found = page.locator(f"[id='{box}']")
        found.fill("13")
        found.press("Enter")
        page.locator("dialog[open]").wait_for()
        page.context.add_cookies([dict(cookie) for cookie in kept])  # type: ignore[misc]

    return walk


def comparing(name: str, changes: Sequence[tuple[bytes, bytes]] = ()) -> Walk:
    """Return a walk that brings the very file of a code, perhaps changed, to its page."""

    def walk(page: Page) -> None:
        at = page.locator("main .links a").first.get_attribute("href") or ""
        content = page.request.get(f"{at.partition('?')[0].rstrip('/')}/{name}").body()
        brought(name, _changed(content, changes))(page)

    return walk


def reread(at: str, changes: Sequence[tuple[bytes, bytes]] = ()) -> Walk:
    """Return a walk that takes a list out of the portal and brings it back, perhaps changed."""

    def walk(page: Page) -> None:
        content = page.request.get(at).body()
        brought(at.lstrip("/"), _changed(content, changes))(page)

    return walk


def _changed(content: bytes, changes: Sequence[tuple[bytes, bytes]]) -> bytes:
    for before, after in changes:
        if before not in content:
            raise LookupError(f"The file has no {before!r} to change.")
        content = content.replace(before, after, 1)
    return content


def too_often() -> Walk:
    """Return a walk that sends the form of a page until the portal has had enough of it."""

    def walk(page: Page) -> None:
        page.evaluate(
            """async () => {
              const data = new FormData(document.querySelector("main form[method=post]"));
              for (let n = 0; n < 100; n++) {
                const answer = await fetch("", { method: "POST", body: data });
                if (answer.status === 429) return;
              }
            }"""
        )
        posted()(page)

    return walk


def both(first: Walk, second: Walk) -> Walk:
    def walk(page: Page) -> None:
        first(page)
        second(page)

    return walk


def locked_out() -> Walk:
    """Return a walk that fails to sign in until the portal hears no more of it."""

    def walk(page: Page) -> None:
        for _ in range(30):
            posted({"username": "khong-co-ai", "password": "sai"})(page)
            if page.get_by_text("phút").count():
                return

    return walk


def new_codes() -> Walk:
    """Return a walk that has recovery codes made anew, by the one that the address names."""

    def walk(page: Page) -> None:
        code = page.url.rpartition("=")[2]
        posted({"ma-moi-password": PASSWORD, "ma-moi-code": code}, form="form:has([value=ma-moi])")(
            page
        )

    return walk


def without_token() -> Walk:
    """Return a walk that sends a form which was open too long."""

    def walk(page: Page) -> None:
        page.evaluate("document.querySelector('main [name=csrfmiddlewaretoken]').value = 'x'")
        posted()(page)

    return walk


def standing_in(template: str, status: int) -> Walk:
    """Return a walk to what the portal shows only when it is broken, at a stand-in."""

    def walk(page: Page) -> None:
        body = Path("templates", template).read_text(encoding="utf-8").partition("{% endcomment %}")
        page.route(
            page.url,
            lambda route: route.fulfill(status=status, body=body[2], content_type="text/html"),
        )
        page.goto(page.url)

    return walk
