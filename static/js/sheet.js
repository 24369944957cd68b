// The sheet as a person fills it in: each cell goes to the portal by itself when it is left, and
// the page shows what has become of it. Reading numbers and computing rates is the portal's.

import { drawCounts, drawFindings } from "./answers.js";
import { Bar } from "./bar.js";
import { Boxes } from "./boxes.js";
import { copySheet, selectCells } from "./copying.js";
import { showOnly, showWhatLinksLeadTo } from "./filters.js";
import { moveBetween } from "./keys.js";
import { showLeftovers } from "./leftovers.js";
import { Messages, made } from "./messages.js";
import { openPanels } from "./panels.js";
import { Queue, STILL_TYPED } from "./queue.js";
import { renewTokens } from "./server.js";
import { SignInAgain } from "./signing.js";
import { Store } from "./store.js";
import { Trial } from "./trial.js";

showOnly(document);
showWhatLinksLeadTo(document);
const form = document.getElementById("bieu");
if (form) start();
else showLeftovers(document.querySelector(".with-side"));

function start() {
  const { user, submission, cells, read, login } = form.dataset;
  const block = document.getElementById("dan");
  const boxes = new Boxes(form);
  const queue = new Queue({
    store: new Store(user, submission),
    page: newPage(),
    address: cells,
    user: Number(user),
    revision: Number(form.elements.revision.value),
    on: { answered, stopped, changed, refused: settle },
  });
  const bar = new Bar({
    boxes,
    queue,
    act,
    undo,
    open: (box) => panels.open(boxes.lineOf(box)),
    signIn: () => signing.ask(),
    goTo: (row) => boxes.figure(row).focus(),
  });
  const messages = new Messages({ boxes, keep, insist });
  const trial = new Trial({ boxes, queue, bar, messages, address: read });
  const signing = new SignInAgain({ user, address: login, resume: () => queue.resume() });
  const panels = openPanels({
    form,
    boxes,
    drained,
    refresh: () => queue.send({ isAsking: true }),
    signedOut: () => queue.stop("signed-out"),
  });
  let undone = null; // what the last act of a button took away
  moveBetween({
    form,
    boxes,
    restore,
    open: (box) => panels.open(boxes.lineOf(box)),
    atEnd: (box, step) => {
      leave(box);
      bar.hear(step > 0 ? "Đã đến ô cuối." : "Đã đến ô đầu.");
    },
    undo,
    saveAll: (box) => {
      leave(box);
      bar.hear("Mỗi ô được lưu khi rời ô, không cần bấm Lưu.");
    },
  });
  selectCells({ form, boxes });

  // Typing

  on("input", (box) => {
    type(box);
    if (boxes.isFigure(box)) trial.later(box);
  });
  on("change", leave);
  on("focusout", leave);
  on("focusin", (box) => bar.look(box));

  function on(what, act) {
    form.addEventListener(what, (event) => {
      if (boxes.isBox(event.target)) act(event.target);
    });
  }

  function type(box) {
    const row = boxes.rowOf(box);
    const half = boxes.isFigure(box) ? "figure" : "note";
    queue.type(row, boxes.keyOf(boxes.lineOf(box)), half, box.value);
    undone = null;
    changed([row]);
  }

  function leave(box) {
    const row = boxes.rowOf(box);
    const mine = queue.of(row);
    if (!mine.some((entry) => entry.isTyping)) return;
    const isAsSeen = mine.length === 1 && mine[0].base === queue.revision;
    if (isAsSeen && boxes.isAsStored(row)) queue.forget(row);
    else queue.commit(row);
    trial.end();
    mark(row);
  }

  function leaveAll() {
    for (const entry of queue.all) if (entry.isTyping) queue.commit(entry.row);
  }

  function drained(patience = 3000) {
    leaveAll();
    return queue.drained(patience);
  }

  /** Put the words of an act into a box as if they were typed. */
  function act(box, words) {
    const before = box.value;
    boxes.put(box, words);
    type(box);
    leave(box);
    box.focus();
    if (before === words) return;
    undone = () => act(box, before);
    bar.hear(`Đã thay «${before || "trống"}».`, false, true);
  }

  /** Take back the last act of a button; say whether there was one. */
  function undo() {
    const back = undone;
    undone = null;
    back?.();
    return Boolean(back);
  }

  /** Show what is stored again, unless what was typed is on its way. */
  function restore(box) {
    const row = boxes.rowOf(box);
    if (queue.of(row).some((entry) => entry.wasSent && !entry.problem)) return;
    boxes.putStored(row);
    queue.forget(row);
    messages.clear(row);
    trial.end();
    mark(row);
    bar.look(box);
  }

  // Answers

  function answered(answer, batch) {
    bar.savedAt = answer.at;
    signing.dialog.close(); // open still where the person has signed in in another tab
    // Of these two only: what another form of the page shows may be older.
    for (const one of [form, block]) one.elements.revision.value = queue.revision;
    for (const line of answer.rows) redraw(line, answer.moved.includes(line.id));
    for (const entry of batch) settle(entry);
    drawFindings(boxes, answer);
    drawCounts(form, answer, queue.problems.length);
    const box = document.activeElement;
    const isTyped = boxes.isBox(box) && queue.of(boxes.rowOf(box)).some((entry) => entry.isTyping);
    // Where a button of the row has the focus, the bar still speaks of the row's box.
    const shown = boxes.isBox(box) ? box : bar.box;
    if (shown && !isTyped && !undone) bar.look(shown);
    for (const [row, words] of Object.entries(answer.beside ?? {})) drawBeside(row, words);
    if (queue.problems.length) box?.scrollIntoView?.({ block: "nearest" });
  }

  /** How much stands beside a row; a computed one has its figure in an output. */
  function drawBeside(row, words) {
    const line = (boxes.figure(row) ?? document.getElementById(`o-${row}`))?.closest("tr");
    const link = line?.querySelector(".more");
    if (!link) return;
    link.textContent = words;
    line.classList.toggle("noted", hasWords(line));
  }

  function hasWords(line) {
    const note = line.querySelector("textarea[name^=n]");
    return Boolean(note?.value) || line.querySelector(".more").textContent.includes("ý kiến");
  }

  function redraw(line, isOthers) {
    trial.take(line);
    const box = boxes.figure(line.id);
    if (!box) return;
    boxes.hold(box, line.box);
    boxes.hold(boxes.note(line.id), line.note);
    const row = boxes.lineOf(box);
    row.classList.toggle("blank", line.isBlank);
    const echo = boxes.cell(line.id).querySelector("i[id]");
    if (echo && echo.textContent !== line.echo) echo.textContent = line.echo;
    const details = row.querySelectorAll(".w .e");
    if (details.length || line.details) {
      for (const detail of details) detail.remove();
      row.querySelector(".ways").insertAdjacentHTML("beforebegin", line.details); // escaped by the portal
    }
    if (queue.of(line.id).length) return;
    boxes.putStored(line.id);
    row.classList.toggle("noted", hasWords(row));
    if (isOthers) mark(line.id, "moved");
  }

  /** Show what has become of an entry that was sent. */
  function settle(entry) {
    if (entry.problem && queue.entries.has(entry.name)) messages.show(entry);
    else if (!queue.problems.some((one) => one.row === entry.row)) messages.clear(entry.row);
    mark(entry.row, "saved");
  }

  function keep(entry) {
    messages.clear(entry.row);
    queue.yield(entry);
    boxes.putStored(entry.row);
    for (const left of queue.of(entry.row)) boxes.showWaiting(left);
    mark(entry.row, "saved");
    boxes.figure(entry.row).focus();
  }

  function insist(entry) {
    messages.clear(entry.row);
    queue.insist(entry);
    mark(entry.row);
    boxes.figure(entry.row).focus();
  }

  function mark(row, settled = "") {
    const last = queue.of(row).at(-1);
    const cell = boxes.cell(row);
    const state = last ? last.problem || stateOf(last) : settled;
    if (state) cell.dataset.s = state;
    else delete cell.dataset.s;
  }

  function changed(rows = []) {
    for (const row of new Set([...rows, ...queue.all.map((entry) => entry.row)])) mark(row);
    bar.tell();
  }

  function stopped(is, sentence) {
    if (is === "signed-out") return signing.ask();
    const words = sentence ?? "Báo cáo này không còn thuộc phạm vi của ông/bà.";
    const kept = "Các ô chưa gửi vẫn giữ trong máy này và hiện lại khi mở trang.";
    const said = made("div", "note error", `${words} ${kept}`);
    said.setAttribute("role", "alert");
    form.before(said);
    said.scrollIntoView({ block: "center" });
    return undefined;
  }

  // Buttons of the whole page, and pasting

  form.addEventListener("submit", (event) => event.preventDefault());

  form.querySelector("[name=submit]").addEventListener("click", async () => {
    if (queue.stopped === "signed-out") return void signing.ask();
    const isDone = await drained(8000);
    if (isDone) return void window.location.assign(`${form.action}gui/`);
    const [problem] = queue.problems;
    if (problem) boxes.figure(problem.row).focus();
    const why = problem ? "còn ô chưa nhận" : "còn ô chờ mạng; trang tự gửi các ô khi có mạng";
    bar.hear(`Chưa chuyển sang bước gửi: ${why}.`, true);
    return undefined;
  });

  document.getElementById("chep-bieu").addEventListener("click", async (event) => {
    const count = await copySheet(form);
    event.target.textContent = count ? `Đã chép ${count} dòng` : "Trình duyệt không cho chép";
  });

  form.addEventListener("paste", async (event) => {
    const box = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const isBlock = (box.tagName === "TEXTAREA" ? /\t/ : /[\t\n]./).test(text.trimEnd());
    if (!isBlock || !boxes.isBox(box) || !boxes.isFigure(box)) return;
    event.preventDefault();
    await drained();
    if (queue.unsent.length) return bar.hear("Chưa dán được: còn ô chờ gửi. Hãy dán lại khi có mạng.", true);
    block.elements.text.value = text;
    block.elements.start.value = boxes.keyOf(boxes.lineOf(box));
    block.submit();
    return undefined;
  });

  const boxesOnly = document.getElementById("boxes-only");
  const showFewer = () => form.classList.toggle("only-boxes", boxesOnly.checked);
  boxesOnly.addEventListener("change", showFewer);
  window.addEventListener("pageshow", showFewer); // a browser may remember the tick

  // A fold that is opened takes the cursor along.
  form.addEventListener("click", ({ target }) => {
    const fold = target.closest("summary")?.parentElement;
    if (fold?.matches(".n") && !fold.open) setTimeout(() => fold.querySelector("textarea, input, select").focus());
  });

  document.querySelector(".rows-filter").addEventListener("click", () => bar.leave());

  // What was typed before, here and in closed pages; what happens to this one

  /** Typed while this script was on its way, or put back by a browser that remembers forms. */
  function noteTyped() {
    for (const box of boxes.every()) {
      const text = boxes.stored(box);
      if (text === null || text === box.value) continue;
      type(box);
      if (box !== document.activeElement) leave(box);
    }
  }

  async function takeOver() {
    const alive = await alivePages();
    for (const entry of queue.adopt(before(), alive)) {
      if (!boxes.figure(entry.row)) {
        queue.entries.delete(entry.name); // it stays in the store; a report keeps its form for ever
        continue;
      }
      boxes.keep(entry.row);
      boxes.showWaiting(entry);
      if (entry.problem) messages.show(entry);
      mark(entry.row);
    }
    queue.send();
  }

  /** Ask what others have saved; who has signed in elsewhere meanwhile goes on. */
  function refresh() {
    if (queue.stopped !== "signed-out") return void queue.send({ isAsking: true });
    renewTokens();
    queue.resume();
    return undefined;
  }

  // Last: a script that breaks down before leaves the page as it is without, with its button.
  document.documentElement.classList.add("js");
  noteTyped();
  takeOver();
  setTimeout(takeOver, STILL_TYPED + 1000); // what a tab that broke down was being typed into

  window.addEventListener("online", () => queue.send());
  window.addEventListener("pagehide", leaveAll);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) refresh(); // kept by the browser as it was left
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leaveAll();
    else refresh();
  });
  window.addEventListener("storage", (event) => {
    const row = queue.sentElsewhere(event);
    if (row === null) return;
    for (const box of boxes.of(row)) boxes.hold(box, null); // what is stored is not known here yet
    refresh();
  });
  window.addEventListener("beforeunload", (event) => {
    leaveAll();
    if (queue.unsent.length && (queue.isOffline || queue.stopped)) event.preventDefault();
  });
}

function stateOf(entry) {
  if (entry.isTyping) return "typing";
  return entry.sending ? "saving" : "waiting";
}

/** The pages of this browser that are open; null where it does not tell (over plain HTTP). */
async function alivePages() {
  const found = await navigator.locks?.query();
  return found ? new Set(found.held.map((lock) => lock.name)) : null;
}

/** A name for this opening of the page; its last one is kept over a reload. */
function newPage() {
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  const page = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((number) => letters[number % letters.length])
    .join("");
  navigator.locks?.request(page, () => new Promise(() => {})); // held until the page is gone
  try {
    sessionStorage.setItem("cchc:before", sessionStorage.getItem("cchc:page") ?? "");
    sessionStorage.setItem("cchc:page", page);
  } catch {
    // Without it, what was being typed is taken over a few seconds later.
  }
  return page;
}

function before() {
  try {
    return sessionStorage.getItem("cchc:before");
  } catch {
    return null;
  }
}
