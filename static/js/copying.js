// Taking figures out: a run of cells with Ctrl+C, or the whole sheet as a table.

import { labelOf } from "./bar.js";
import { isShown } from "./keys.js";

export function selectCells({ form, boxes }) {
  let chosen = [];

  function choose(cells) {
    for (const box of chosen) boxes.lineOf(box).classList.remove("chosen");
    chosen = cells;
    for (const box of chosen) boxes.lineOf(box).classList.add("chosen");
  }

  form.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.shiftKey || event.target.tagName === "TEXTAREA") {
      if (event.key !== "Shift" && event.key !== "Control" && !event.ctrlKey) choose([]);
      return;
    }
    const all = boxes.all().filter(isShown);
    const anchor = all.indexOf(event.target);
    if (anchor < 0) return;
    event.preventDefault();
    const down = all.indexOf(chosen.at(-1) ?? event.target);
    const up = all.indexOf(chosen[0] ?? event.target);
    const head = (down > anchor ? down : up) + step;
    if (head < 0 || head >= all.length) return;
    choose(all.slice(Math.min(anchor, head), Math.max(anchor, head) + 1));
    all[head].scrollIntoView({ block: "nearest" });
  });

  form.addEventListener("focusout", () => choose([]));

  document.addEventListener("copy", (event) => {
    if (chosen.length < 2) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", chosen.map((box) => cell(box.value)).join("\r\n"));
  });
}

/** Copy every row as STT, label, unit, figure; resolve to how many, 0 where that is not allowed. */
export async function copySheet(form) {
  const lines = [...form.querySelectorAll(".sheet tbody tr")].map((row) => {
    const box = row.querySelector(".v [name^=f]");
    const figure = box ? box.value : (row.querySelector(".v output")?.textContent ?? "");
    const textOf = (place) => row.querySelector(place)?.textContent ?? "";
    const texts = [textOf(".s"), labelOf(row), textOf(".u")];
    return [...texts, figure].map(cell).join("\t");
  });
  return (await copy(lines.join("\r\n"))) ? lines.length : 0;
}

function cell(text) {
  return text.replace(/\s+/g, " ").trim();
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByHand(text); // over plain HTTP browsers give no clipboard
  }
}

function copyByHand(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "vh";
  document.body.append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  return isDone;
}
