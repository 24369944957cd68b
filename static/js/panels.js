// All that is known of one row, beside the sheet: htmx fetches and posts its parts.

// Where the panel is as wide as the window (.drawer in portal.css).
const NARROW = window.matchMedia("(max-width: 47.99rem)");

export function openPanels({ form, boxes, drained, refresh, signedOut }) {
  const drawer = document.getElementById("ngan");
  const place = drawer.querySelector(".place");
  let row = null;
  let isWarned = false;

  async function open(line) {
    if (row === line && !drawer.hidden) return close();
    if (!drawer.hidden && isDirty() && !isWarned) {
      isWarned = true;
      return say("Có nội dung chưa ghi: hãy bấm nút Lưu hoặc Ghi. Mở dòng khác lần nữa thì bỏ nội dung ấy.");
    }
    isWarned = false;
    row?.classList.remove("opened");
    row = line;
    row.classList.add("opened");
    place.replaceChildren();
    drawer.hidden = false;
    document.documentElement.classList.add("with-drawer");
    leaveWhatItCovers();
    row.scrollIntoView({ block: "nearest" });
    await drained();
    const address = `${form.getAttribute("action")}dong/${encodeURIComponent(boxes.keyOf(line))}/`;
    await window.htmx.ajax("GET", address, { source: place, target: place, swap: "innerHTML" });
    drawer.focus();
    return undefined;
  }

  /** What lies behind a panel that covers the window is out of reach, as behind a dialog. */
  function leaveWhatItCovers() {
    const isCovering = !drawer.hidden && NARROW.matches;
    for (let one = drawer; one !== document.body; one = one.parentElement) {
      for (const beside of one.parentElement.children) {
        if (beside !== one && !beside.matches("dialog")) beside.inert = isCovering;
      }
    }
  }

  function say(sentence) {
    const said = document.createElement("p");
    said.className = "note error";
    said.setAttribute("role", "alert");
    said.textContent = sentence;
    place.querySelector(".note.error")?.remove();
    place.prepend(said);
    drawer.scrollTop = 0;
  }

  /** Words typed into the panel that a closing would lose. */
  function isDirty() {
    return [...place.querySelectorAll("textarea, input")].some(
      (field) => field.value !== field.defaultValue && field.type !== "checkbox",
    );
  }

  function close() {
    if (isDirty() && !isWarned) {
      isWarned = true;
      return say("Có nội dung chưa ghi: hãy bấm nút Lưu hoặc Ghi. Đóng lần nữa thì bỏ nội dung ấy.");
    }
    isWarned = false;
    drawer.hidden = true;
    document.documentElement.classList.remove("with-drawer");
    leaveWhatItCovers();
    place.replaceChildren();
    row?.classList.remove("opened");
    (row?.querySelector("[id^='r-']") ?? row?.querySelector("a.more"))?.focus();
    row = null;
    return undefined;
  }

  form.addEventListener("click", (event) => {
    const link = event.target.closest("a.more");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(boxes.lineOf(link));
  });
  drawer.querySelector(".close").addEventListener("click", close);
  NARROW.addEventListener("change", leaveWhatItCovers);
  document.addEventListener("keydown", (event) => {
    const isElsewhere = event.target.closest(".entry, dialog");
    if (event.key === "Escape" && !drawer.hidden && !isElsewhere) close();
  });
  drawer.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    if (status === 401 || status === 403) signedOut();
    else say("Máy chủ chưa nhận được. Nội dung đã gõ vẫn còn ở đây: hãy bấm lại sau ít phút.");
  });
  drawer.addEventListener("htmx:sendError", () => {
    say("Mất kết nối. Nội dung đã gõ vẫn còn ở đây: hãy bấm lại khi có mạng.");
  });
  // What is drawn anew takes the focus with it that stood in the old.
  drawer.addEventListener("htmx:afterSettle", () => {
    isWarned = false;
    drawer.scrollTop = 0; // what came of it stands at the top
    if (document.activeElement === document.body) drawer.focus();
  });
  document.body.addEventListener("rowSaved", refresh);
  return { open };
}
