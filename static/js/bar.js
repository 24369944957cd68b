// The bar under the sheet: the cell at hand with what is understood of it, and how the page stands.

import { isShown } from "./keys.js";

const STATES = {
  typing: "đang gõ",
  waiting: "chờ gửi",
  saving: "đang lưu",
  saved: "đã lưu",
  refused: "chưa nhận",
  contested: "hai người cùng ghi",
  moved: "người khác vừa ghi",
};

export class Bar {
  constructor({ boxes, queue, act, undo, open, signIn, goTo }) {
    Object.assign(this, { boxes, queue });
    this.signIn = document.getElementById("lai-dang-nhap");
    this.signIn.addEventListener("click", signIn);
    this.first = document.getElementById("den-o");
    this.first.addEventListener("click", () => goTo(queue.problems[0].row));
    this.where = document.getElementById("o-nao");
    this.heard = document.getElementById("nghe");
    this.back = document.getElementById("lay-lai");
    this.back.addEventListener("click", undo);
    this.state = document.getElementById("tinh-trang");
    this.buttons = boxes.form.querySelectorAll(".cell-bar .acts button");
    this.box = null;
    this.savedAt = "";
    for (const button of this.buttons)
      button.addEventListener("click", () => {
        if (!isShown(this.box)) return void this.leave(); // a filter has taken it out of sight
        if (button.id === "mo-dong") open(this.box);
        else act(this.box, button.dataset.act);
      });
  }

  leave() {
    this.box = null;
    this.where.textContent = "Chọn một ô để nhập.";
    this.hear("");
    for (const button of this.buttons) button.disabled = true;
  }

  look(box) {
    const line = this.boxes.lineOf(box);
    this.box = this.boxes.figure(this.boxes.rowOf(box));
    this.where.textContent = nameOf(line);
    const problem = this.queue.of(this.boxes.rowOf(box)).at(-1)?.sentence;
    const finding = line.classList.contains("found") && texts(line, "th .f").join(" ");
    this.hear(problem || finding || this.standing(line), Boolean(problem));
    for (const button of this.buttons) button.disabled = false;
  }

  standing(line) {
    const [before, year] = texts(line, "td.p", true);
    return [
      ...texts(line, ".u"),
      before && `kỳ trước ${before}`,
      year && `cùng kỳ ${year}`,
      STATES[this.box.closest("td").dataset.s],
    ]
      .filter(Boolean)
      .join(" · ");
  }

  hear(words, isWrong = false, canUndo = false) {
    this.heard.textContent = words;
    this.heard.parentElement.classList.toggle("wrong", isWrong);
    this.back.hidden = !canUndo;
  }

  /** Say how the page stands. */
  tell() {
    const waiting = this.queue.unsent.filter((entry) => !entry.isTyping).length;
    const problems = this.queue.problems.length;
    const said = [this.onTheWay(waiting), problems && `${problems} ô chưa nhận.`].filter(Boolean);
    if (!said.length) said.push(this.savedAt ? `✓ Đã lưu mọi ô lúc ${this.savedAt}` : "Mỗi ô được lưu khi rời ô.");
    if (this.queue.store.isFull)
      said.push("Trình duyệt không cho giữ trong máy: đừng đóng trang khi còn ô chờ gửi.");
    this.state.textContent = said.join(" ");
    this.signIn.hidden = this.queue.stopped !== "signed-out";
    this.first.hidden = !problems;
    const isHeldUp = problems || (waiting && this.queue.isOffline) || this.queue.stopped;
    this.state.classList.toggle("wrong", Boolean(isHeldUp));
    this.state.classList.toggle("said", !isHeldUp && !waiting && Boolean(this.savedAt));
  }

  onTheWay(waiting) {
    if (this.queue.stopped === "signed-out") return `Phiên làm việc đã hết hạn: ${waiting} ô chờ gửi.`;
    if (!waiting) return "";
    if (this.queue.stopped) return `${waiting} ô không gửi được, vẫn giữ trong máy này.`;
    if (this.queue.isOffline) return `Mất kết nối: ${waiting} ô chờ gửi, vẫn giữ trong máy này.`;
    return `Đang lưu ${waiting} ô…`;
  }
}

/** A row without a number of its own is named after the one above it that has one. */
function nameOf(line) {
  const [stt] = texts(line, ".s");
  const label = labelOf(line);
  if (stt) return `${stt} ${label}`;
  let above = line.previousElementSibling;
  while (above && !texts(above, ".s").length) above = above.previousElementSibling;
  return `${above ? `${texts(above, ".s")[0]} › ` : ""}${label.replace(/^- /, "")}`;
}

/** The words of a row, without what the checks say beneath them. */
export function labelOf(line) {
  return line.querySelector("th")?.firstChild?.textContent.trim() ?? "";
}

function texts(line, places, isWithEmpty = false) {
  const found = [...line.querySelectorAll(places)].map((element) => element.textContent.trim());
  return isWithEmpty ? found : found.filter(Boolean);
}
