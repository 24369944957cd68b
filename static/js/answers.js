// What is counted and found in the whole report, drawn anew from the portal's answer.

import { outputOf } from "./trial.js";

export function drawCounts(form, answer, problems) {
  for (const [key, done, all] of answer.sections) drawSection(key, done, all);
  document.getElementById("da-nhap").textContent = `${answer.answered}/${answer.typed}`;
  const progress = form.querySelector(".save progress");
  progress.value = answer.answered;
  progress.classList.toggle("full", answer.answered === answer.typed);
  const filters = {
    "": answer.typed,
    trong: answer.typed - answer.answered,
    "xem-lai": Object.values(answer.found).filter((one) => one.some(isAsking)).length + problems,
  };
  for (const [only, count] of Object.entries(filters))
    document.querySelector(`[data-only="${only}"] b`).textContent = count;
}

let indexed = null; // the links to each section, by where they lead

function drawSection(key, done, all) {
  indexed ??= index();
  const text = `${done}/${all}`;
  for (const link of indexed.get(`#s-${key}`) ?? []) {
    const counted = link.querySelector("b");
    if (counted.textContent === text) return;
    counted.textContent = text;
    link.parentElement.classList.toggle("done", done === all);
  }
  const head = document.getElementById(`s-${key}`).querySelector("b.done");
  if (head) head.textContent = text;
}

function index() {
  const links = new Map();
  for (const link of document.querySelectorAll(".parts li:not(.out) a")) {
    const place = link.getAttribute("href");
    links.set(place, [...(links.get(place) ?? []), link]);
  }
  return links;
}

export function drawFindings(boxes, answer) {
  const place = document.getElementById("can-xem-lai");
  place.innerHTML = answer.findings; // drawn and escaped by the portal
  for (const line of boxes.form.querySelectorAll("tr:has(.f)")) {
    line.classList.remove("found");
    for (const sentence of line.querySelectorAll("th .f")) sentence.remove();
  }
  for (const [row, sentences] of Object.entries(answer.found)) {
    const line = (boxes.figure(row) ?? outputOf(row))?.closest("tr");
    if (!line) continue;
    line.classList.toggle("found", sentences.some(isAsking));
    line.querySelector("th").append(...sentences.map(drawSentence));
  }
  const link = document.getElementById("so-xem-lai");
  const count = Number(place.querySelector("[data-open]")?.dataset.open ?? 0);
  link.hidden = !count;
  link.querySelector("b").textContent = count;
}

function isAsking([css]) {
  return css === "error" || css === "warning";
}

function drawSentence([css, text]) {
  const sentence = document.createElement("span");
  sentence.className = `f ${css}`;
  sentence.textContent = text;
  return sentence;
}
