// Moving between boxes as in a spreadsheet.

export function moveBetween({ form, boxes, restore, open, atEnd, undo, saveAll }) {
  form.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!boxes.isBox(box) || event.isComposing) return;
    if (event.key === "Escape") return restore(box);
    if (event.key === "F2") {
      event.preventDefault();
      return open(box);
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      return saveAll(box);
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && undo()) return event.preventDefault();
    const step = stepOf(event, box);
    if (!step) return;
    event.preventDefault();
    const next = neighbour(boxes.all(), box, step);
    if (!next) return atEnd(box, step);
    next.focus();
    if (next.select) next.select();
    next.scrollIntoView({ block: "nearest" });
    return undefined;
  });

  // As in a spreadsheet what is typed takes the place of what stands in a box that one goes to; a
  // second click sets the cursor.
  form.addEventListener("pointerdown", ({ target }) => {
    const isNew = boxes.isBox(target) && target.tagName === "INPUT" && target !== document.activeElement;
    if (isNew) target.addEventListener("click", () => choose(target), { once: true });
  });
}

function choose(box) {
  if (box.selectionStart === box.selectionEnd) box.select();
}

/** 1 for the box below, -1 for the one above, 0 for a key that stays where it is. */
function stepOf(event, box) {
  if (event.altKey || event.metaKey) return 0;
  const isWords = box.tagName === "TEXTAREA";
  if (event.key === "Enter" && (!isWords || event.ctrlKey)) return event.shiftKey ? -1 : 1;
  if (isWords || event.shiftKey || event.ctrlKey || opensList(box)) return 0;
  return { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
}

/** A list that stands open has the arrows for itself; where a browser can't tell, always. */
function opensList(box) {
  if (box.tagName !== "SELECT") return false;
  try {
    return box.matches(":open");
  } catch {
    return true;
  }
}

function neighbour(all, box, step) {
  const line = box.closest("tr"); // from a note, the boxes are those of its row's neighbours
  let at = all.findIndex((one) => one.closest("tr") === line);
  for (at += step; at >= 0 && at < all.length; at += step) if (isShown(all[at])) return all[at];
  return null;
}

/** A box that one can go to: not in a row that is left out or only there to explain, not folded. */
export function isShown(box) {
  return box.offsetParent !== null && !box.closest("details:not([open]), tr.above");
}
