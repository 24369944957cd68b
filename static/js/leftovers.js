// A report that takes no figures any more, while some typed in this browser never reached it: they
// are shown, so that nobody believes them saved.

import { Store } from "./store.js";

export function showLeftovers(page) {
  const { user, submission } = page.dataset;
  const store = new Store(user, submission);
  const left = store.all();
  if (!left.length) return;
  const note = document.createElement("section");
  note.className = "note error";
  const head = document.createElement("h2");
  head.textContent = `${left.length} ô gõ trên máy này chưa được gửi khi báo cáo còn nhận số liệu`;
  const list = document.createElement("ul");
  list.append(...left.map(line));
  const drop = document.createElement("button");
  drop.className = "btn slim";
  drop.textContent = "Đã xem, bỏ các ô này";
  drop.addEventListener("click", () => {
    for (const entry of left) store.drop(entry);
    note.remove();
  });
  note.append(head, list, drop);
  page.before(note);
}

function line(entry) {
  const label = document.getElementById(`r-${entry.key}`)?.querySelector("th")?.textContent ?? entry.key;
  const texts = [entry.figure, entry.note && `ghi chú: ${entry.note}`].filter((text) => text !== undefined);
  const item = document.createElement("li");
  item.textContent = `${label}: ${texts.filter(Boolean).join("; ") || "xóa số"}`;
  return item;
}
