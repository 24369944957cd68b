// The sheet as a person fills it in: each cell goes to the portal by itself when it is left, and
// the page shows what has become of it. Reading numbers and computing rates is the portal's.

import { copySheet, selectCells } from "./copying.js";
import { showOnly } from "./filters.js";
import { moveBetween } from "./keys.js";
import { showLeftovers } from "./leftovers.js";
import { openPanels } from "./panels.js";
import { Queue, STILL_TYPED } from "./queue.js";
import { post, renewTokens, signIn } from "./server.js";
import { Store } from "./store.js";

const PAUSE = 250;
const STATES = {
  typing: "đang gõ",
  waiting: "chờ gửi",
  saving: "đang lưu",
  saved: "đã lưu",
  refused: "chưa nhận",
  contested: "hai người cùng ghi",
};

showOnly(document);
const form = document.getElementById("bieu");
if (form) start();
else showLeftovers(document.querySelector(".with-side"));

function start() {
  document.documentElement.classList.add("js");
  const known = new Map(); // what the portal holds in each box, where it differs from the page
  const computed = new Map(); // computed figures as saved, while what is typed is tried
  let hasSaved = "";

  const queue = new Queue({
    store: new Store(form.dataset.user, form.dataset.submission),
    page: newPage(),
    address: form.dataset.cells,
    revision: Number(form.elements.revision.value),
    on: { answered, stopped, changed },
  });

  // Boxes and rows

  const named = (name) => form.querySelector(`[name="${name}"]`);
  const figureBox = (row) => named(`f${row}`);
  const noteBox = (row) => named(`n${row}`);
  const rowOf = (box) => Number(box.name.slice(1));
  const halfOf = (box) => (box.name[0] === "f" ? "figure" : "note");
  const isBox = (box) => /^[fn]\d+$/.test(box?.name ?? "");
  const lineOf = (box) => box.closest("tr");
  const keyOf = (line) => line.querySelector("[id^='r-']")?.id.slice(2) ?? line.id.slice(2);

  function stored(box) {
    if (known.has(box.name)) return known.get(box.name);
    if (box.getAttribute("aria-invalid")) return null;
    if (box.tagName !== "SELECT") return box.defaultValue;
    return [...box.options].find((option) => option.defaultSelected)?.value ?? "";
  }

  /** Note what the portal holds before the box says that what stands in it is something else. */
  function keepStored(row) {
    for (const box of [figureBox(row), noteBox(row)])
      if (box && !known.has(box.name)) known.set(box.name, stored(box));
  }

  function put(box, text) {
    if (box.value === text) return;
    box.value = text;
    if (box.tagName === "SELECT" && box.value !== text) {
      box.add(new Option(text, text, false, true)); // what the list cannot show is shown all the same
    }
  }

  // Typing

  form.addEventListener("input", (event) => {
    const box = event.target;
    if (!isBox(box)) return;
    typed(box);
    mark(rowOf(box));
    if (halfOf(box) === "figure") tryLater(box);
  });

  function typed(box) {
    queue.type(rowOf(box), keyOf(lineOf(box)), halfOf(box), box.value);
  }

  form.addEventListener("change", (event) => {
    if (isBox(event.target)) leave(event.target);
  });

  form.addEventListener("focusin", (event) => {
    if (isBox(event.target)) look(event.target);
  });

  form.addEventListener("focusout", (event) => {
    if (isBox(event.target)) leave(event.target);
  });

  function leave(box) {
    clearTimeout(trying);
    const row = rowOf(box);
    const mine = queue.of(row);
    if (!mine.some((entry) => entry.isTyping)) return;
    const [only] = mine;
    const isAsBefore =
      mine.length === 1 &&
      [figureBox(row), noteBox(row)].every((one) => !one || one.value === stored(one)) &&
      only.base === queue.revision;
    if (isAsBefore) queue.forget(row);
    else queue.commit(row);
    settleTried();
    mark(row);
  }

  function leaveAll() {
    for (const entry of queue.all) if (entry.isTyping) queue.commit(entry.row);
  }

  function drained(patience = 3000) {
    leaveAll();
    return queue.drained(patience);
  }

  /** Put the words of an act, or a figure from elsewhere, into a box as if they were typed. */
  function enter(box, text) {
    put(box, text);
    typed(box);
    queue.commit(rowOf(box));
    mark(rowOf(box));
  }

  function restore(box) {
    clearTimeout(trying);
    const text = stored(box);
    if (text === null || queue.of(rowOf(box)).some((entry) => entry.wasSent && !entry.problem)) return;
    put(box, text);
    queue.forget(rowOf(box));
    clearMessage(rowOf(box));
    settleTried();
    mark(rowOf(box));
    look(box);
  }

  // What is understood, while typing

  let trying = 0;
  let tried = 0;

  function tryLater(box) {
    clearTimeout(trying);
    trying = setTimeout(() => tryNow(box), PAUSE);
  }

  async function tryNow(box) {
    const text = box.value;
    const turn = ++tried;
    if (text === stored(box) || queue.stopped || queue.isOffline) return;
    const entry = { name: `${queue.page}.0`, row: rowOf(box), base: queue.revision, figure: text };
    const { is, answer } = await post(form.dataset.read, { seen: queue.revision, entries: [entry] });
    if (is !== "done" || turn !== tried || box.value !== text || document.activeElement !== box) return;
    const [result] = answer.results;
    hear(result.is === "read" ? `Hiểu là: ${result.heard}` : result.sentence, result.is === "refused");
    for (const line of answer.rows) {
      const output = document.getElementById(`o-${line.id}`);
      if (!output) continue;
      if (!computed.has(line.id)) computed.set(line.id, output.textContent);
      output.textContent = line.shown;
      output.classList.add("tried");
    }
  }

  /** Show again what is saved of the computed figures; the answer to a saving brings the new. */
  function settleTried() {
    tried += 1;
    if (queue.unsent.length) return;
    for (const [id, text] of computed) {
      const output = document.getElementById(`o-${id}`);
      output.textContent = text;
      output.classList.remove("tried");
    }
    computed.clear();
  }

  // Answers

  function answered(answer, batch) {
    hasSaved = answer.at;
    for (const field of document.querySelectorAll("[name=revision]")) field.value = queue.revision;
    for (const line of answer.rows) redraw(line, answer.moved.includes(line.id));
    for (const result of answer.results) tell(result, batch);
    counts(answer);
    findings(answer);
    const box = document.activeElement;
    if (isBox(box) && !queue.of(rowOf(box)).some((entry) => entry.isTyping)) look(box);
  }

  function redraw(line, isOthers) {
    const output = document.getElementById(`o-${line.id}`);
    if (output) {
      computed.delete(line.id);
      output.textContent = line.shown;
      output.classList.remove("tried");
    }
    const box = figureBox(line.id);
    if (!box) return;
    const note = noteBox(line.id);
    known.set(box.name, line.box);
    if (note) known.set(note.name, line.note);
    const row = lineOf(box);
    row.classList.toggle("blank", line.isBlank);
    row.classList.toggle("said", Boolean(line.note) || /ý kiến/.test(row.querySelector(".more")?.textContent ?? ""));
    const echo = box.parentElement.querySelector("i");
    if (echo) echo.textContent = line.echo;
    if (queue.of(line.id).length) return;
    put(box, line.box);
    if (note) put(note, line.note);
    if (isOthers) row.classList.add("moved");
  }

  function tell(result, batch) {
    const entry = batch.find((one) => one.name === result.name);
    if (!entry) return;
    if (result.is === "saved") {
      if (!queue.of(entry.row).length) clearMessage(entry.row);
      mark(entry.row, "saved");
      return;
    }
    message(entry);
    mark(entry.row);
  }

  function counts(answer) {
    for (const [key, done, all] of answer.sections) {
      for (const link of document.querySelectorAll(`.parts a[href="#s-${CSS.escape(key)}"]`)) {
        const isOutside = link.parentElement.classList.contains("out");
        if (isOutside) continue;
        link.querySelector("b").textContent = `${done}/${all}`;
        link.parentElement.classList.toggle("done", done === all);
      }
      const head = document.getElementById(`s-${key}`)?.querySelector("b.done");
      if (head) head.textContent = `${done}/${all}`;
    }
    document.getElementById("da-nhap").textContent = `${answer.answered}/${answer.typed}`;
    const filters = { "": answer.typed, trong: answer.typed - answer.answered };
    filters["xem-lai"] = Object.keys(answer.found).length + queue.problems.length;
    for (const [only, count] of Object.entries(filters))
      document.querySelector(`[data-only="${only}"] b`).textContent = count;
    const progress = form.querySelector(".save progress");
    progress.value = answer.answered;
    progress.classList.toggle("full", answer.answered === answer.typed);
  }

  function findings(answer) {
    document.getElementById("can-xem-lai").innerHTML = answer.findings; // drawn and escaped by the portal
    for (const row of form.querySelectorAll("tr.found")) row.classList.remove("found");
    for (const [id, sentences] of Object.entries(answer.found)) {
      const row = (figureBox(id) ?? document.getElementById(`o-${id}`))?.closest("tr");
      if (!row) continue;
      row.classList.add("found");
      row.dataset.found = sentences.join(" ");
    }
    const link = document.getElementById("so-xem-lai");
    const count = document.querySelectorAll("#can-xem-lai li").length;
    link.hidden = !count;
    link.querySelector("b").textContent = count;
  }

  // What is said of a row

  function message(entry) {
    clearMessage(entry.row);
    const box = figureBox(entry.row);
    keepStored(entry.row);
    const said = document.createElement("div");
    said.className = "m pop";
    said.id = `m-${entry.row}`;
    said.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = entry.sentence;
    said.append(words);
    if (entry.problem === "contested") said.append(choice(entry));
    box.closest("td").append(said);
    box.setAttribute("aria-invalid", "true");
    box.setAttribute("aria-describedby", said.id);
    lineOf(box).classList.add("has-m");
  }

  function choice(entry) {
    const acts = document.createElement("div");
    acts.className = "acts";
    const isFigure = entry.halves.includes("figure");
    const [theirs, mine] = isFigure
      ? [entry.theirs.figure, entry.figure]
      : [entry.theirs.note, entry.note];
    acts.append(
      button(`Giữ «${short(theirs)}»`, () => {
        queue.remove(entry);
        const box = figureBox(entry.row);
        put(box, stored(box) ?? entry.theirs.figure);
        const note = noteBox(entry.row);
        if (note) put(note, stored(note) ?? entry.theirs.note);
        clearMessage(entry.row);
        mark(entry.row, "saved");
        changed();
        box.focus();
      }),
      button(`Ghi «${short(mine)}»`, () => {
        const again = queue.fresh(entry.row, entry);
        again.at = Date.now();
        again.isTyping = true;
        clearMessage(entry.row);
        queue.commit(entry.row);
        mark(entry.row);
        figureBox(entry.row).focus();
      }),
    );
    return acts;
  }

  function short(text) {
    const words = text || "trống";
    return words.length > 24 ? `${words.slice(0, 24)}…` : words;
  }

  function button(words, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn slim";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }

  function clearMessage(row) {
    const box = figureBox(row);
    const line = lineOf(box);
    for (const said of line.querySelectorAll(".m")) said.remove();
    box.removeAttribute("aria-invalid");
    box.removeAttribute("aria-describedby");
    line.classList.remove("has-m");
  }

  function mark(row, settled = "") {
    const cell = figureBox(row).closest("td");
    const last = queue.of(row).at(-1);
    const state = !last
      ? settled
      : (last.problem ?? "") ||
        (last.isTyping ? "typing" : last.sending ? "saving" : "waiting");
    if (state) cell.dataset.s = state;
    else delete cell.dataset.s;
  }

  // The bar: the cell at hand, and the whole page

  const where = document.getElementById("o-nao");
  const heard = document.getElementById("nghe");
  const bar = form.querySelector(".cell-bar");
  let at = null;

  function look(box) {
    const line = lineOf(box);
    const row = rowOf(box);
    at = figureBox(row);
    const said = [line.querySelector(".s").textContent, line.querySelector("th").textContent];
    where.textContent = said.filter(Boolean).join(" ");
    const before = [...line.querySelectorAll("td.p")].map((cell) => cell.textContent);
    const state = STATES[at.closest("td").dataset.s] ?? "";
    const problem = queue.of(row).at(-1)?.sentence;
    const finding = line.classList.contains("found") ? line.dataset.found ?? line.querySelector(".f")?.textContent : "";
    hear(
      problem ||
        finding ||
        [
          line.querySelector(".u").textContent,
          before[0] && `kỳ trước ${before[0]}`,
          before[1] && `cùng kỳ ${before[1]}`,
          state,
        ]
          .filter(Boolean)
          .join(" · "),
      Boolean(problem),
    );
    for (const act of bar.querySelectorAll("button")) act.disabled = false;
  }

  function hear(words, isWrong = false) {
    heard.textContent = words;
    heard.classList.toggle("wrong", isWrong);
  }

  bar.addEventListener("click", (event) => {
    const act = event.target.closest("button");
    if (!act || !at) return;
    if (act.id === "mo-dong") return panels.open(lineOf(at));
    enter(at, act.dataset.act);
    at.focus();
  });

  function changed() {
    for (const row of new Set(queue.all.map((entry) => entry.row))) mark(row);
    const state = document.getElementById("tinh-trang");
    const waiting = queue.unsent.filter((entry) => !entry.isTyping).length;
    const problems = queue.problems.length;
    const said = [];
    if (queue.stopped === "signed-out") said.push(`Phiên làm việc đã hết hạn: ${waiting} ô chờ gửi.`);
    else if (queue.isOffline && waiting)
      said.push(`Mất kết nối: ${waiting} ô chờ gửi, vẫn giữ trong máy này.`);
    else if (waiting) said.push(`Đang lưu ${waiting} ô…`);
    if (problems) said.push(`${problems} ô chưa nhận.`);
    if (!said.length) said.push(hasSaved ? `✓ Đã lưu mọi ô lúc ${hasSaved}` : "Mỗi ô được lưu khi rời ô.");
    if (queue.store.isFull) said.push("Trình duyệt không cho giữ trong máy: đừng đóng trang khi còn ô chờ gửi.");
    state.textContent = said.join(" ");
    state.classList.toggle("wrong", Boolean(problems || queue.isOffline || queue.stopped));
    state.classList.toggle("said", !problems && !waiting && Boolean(hasSaved));
  }

  // Stops: signed out, closed, gone

  const dialog = document.getElementById("dang-nhap-lai");

  function stopped(is, sentence) {
    if (is === "signed-out") {
      if (!dialog.open) dialog.showModal();
      dialog.querySelector("[name=password]").focus();
      return;
    }
    const said = document.createElement("div");
    said.className = "note error";
    said.setAttribute("role", "alert");
    const words = sentence ?? "Báo cáo này không còn thuộc phạm vi của ông/bà.";
    said.append(`${words} Các ô chưa gửi vẫn giữ trong máy này và hiện lại khi mở trang.`);
    form.before(said);
    said.scrollIntoView({ block: "center" });
  }

  dialog.addEventListener("submit", async (event) => {
    if (event.submitter?.value === "wait") return;
    event.preventDefault();
    const { username, password } = event.target.elements;
    const { user, sentence } = await signIn(form.dataset.login, username.value, password.value);
    dialog.querySelector(".wrong").textContent = sentence ?? "";
    if (!user) return;
    password.value = "";
    if (String(user) !== form.dataset.user) return void window.location.reload();
    renewTokens();
    dialog.close();
    queue.resume();
  });

  // Buttons of the whole page

  form.addEventListener("submit", (event) => event.preventDefault());

  form.querySelector("[name=submit]").addEventListener("click", async (event) => {
    event.preventDefault();
    if (queue.stopped === "signed-out") return void dialog.showModal();
    if (await drained(8000)) window.location.assign(`${form.action}gui/`);
    const [problem] = queue.problems;
    if (problem) figureBox(problem.row).focus();
  });

  document.getElementById("chep-bieu").addEventListener("click", async (event) => {
    const count = await copySheet(form);
    event.target.textContent = count ? `Đã chép ${count} dòng` : "Trình duyệt không cho chép";
  });

  form.addEventListener("paste", async (event) => {
    const box = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!isBox(box) || halfOf(box) !== "figure" || !/[\t\n]./.test(text.trimEnd())) return;
    event.preventDefault();
    await drained();
    const block = document.getElementById("dan");
    block.elements.text.value = text;
    block.elements.start.value = keyOf(lineOf(box));
    block.elements.revision.value = queue.revision;
    block.submit();
  });

  const boxes = () => [...form.querySelectorAll(".v [name^=f]")].filter(isBox);
  const panels = openPanels({
    form,
    keyOf,
    lineOf,
    drained,
    refresh: () => queue.refresh(),
    signedOut: () => queue.stop("signed-out"),
  });
  moveBetween({ form, boxes, isBox, restore, open: (box) => panels.open(lineOf(box)) });
  selectCells({ form, boxes, lineOf });

  // What closed pages have left; what happens to this one

  function takeOver() {
    for (const entry of queue.adopt(before())) {
      const box = figureBox(entry.row);
      if (!box) {
        queue.remove(entry); // the row is gone from this form; its text stands in no box
        continue;
      }
      show(entry);
      if (entry.problem) message(entry);
      mark(entry.row);
    }
    changed();
    queue.send();
  }

  function show(entry) {
    const [box, note] = [figureBox(entry.row), noteBox(entry.row)];
    if (entry.figure !== undefined) put(box, entry.figure);
    if (entry.note !== undefined) {
      put(note, entry.note);
      note.closest("details").open = true;
    }
    const fold = box.closest("details");
    if (fold) fold.open = true;
  }

  takeOver();
  setTimeout(takeOver, STILL_TYPED + 1000); // what a tab that broke down was being typed into

  window.addEventListener("online", () => queue.send());
  window.addEventListener("pagehide", leaveAll);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leaveAll();
    else queue.refresh();
  });
  window.addEventListener("storage", (event) => {
    if (!event.key?.startsWith(queue.store.prefix) || event.newValue !== null) return;
    const entry = queue.entries.get(event.key.slice(queue.store.prefix.length));
    if (!entry || entry.sending) return;
    queue.remove(entry); // another page of this browser has sent it
    changed();
    queue.refresh();
  });
  window.addEventListener("beforeunload", (event) => {
    leaveAll();
    if (queue.unsent.length && (queue.isOffline || queue.stopped)) event.preventDefault();
  });
}

/** A name for this opening of the page, and where its own last one is kept over a reload. */
function newPage() {
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  const page = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((number) => letters[number % letters.length])
    .join("");
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
