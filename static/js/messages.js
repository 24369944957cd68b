// What is said beside a box that was not taken: why, or what another person has written, with the
// choice between the two.

export class Messages {
  /** `keep(entry)` lets the other's text stand, `insist(entry)` writes one's own. */
  constructor({ boxes, keep, insist }) {
    Object.assign(this, { boxes, keep, insist });
  }

  show(entry) {
    this.clear(entry.row);
    this.boxes.keep(entry.row);
    const box = this.boxes.figure(entry.row);
    const said = made("div", "m pop", "");
    said.id = `m-${entry.row}`;
    said.setAttribute("role", "alert");
    said.append(made("p", "", entry.sentence));
    if (entry.problem === "contested") said.append(this.choice(entry));
    this.boxes.cell(entry.row).append(said);
    box.setAttribute("aria-invalid", "true");
    box.setAttribute("aria-describedby", said.id);
    this.boxes.lineOf(box).classList.add("has-m");
  }

  choice(entry) {
    const acts = made("div", "acts", "");
    acts.append(
      button(`Giữ ${both(entry.halves, entry.theirs)}`, () => this.keep(entry)),
      button(`Ghi ${both(entry.halves, entry)}`, () => this.insist(entry)),
    );
    return acts;
  }

  clear(row) {
    const box = this.boxes.figure(row);
    const line = this.boxes.lineOf(box);
    for (const said of line.querySelectorAll(".m")) said.remove();
    box.removeAttribute("aria-invalid");
    const echo = this.boxes.cell(row).querySelector("i[id]");
    if (echo) box.setAttribute("aria-describedby", echo.id);
    else box.removeAttribute("aria-describedby");
    line.classList.remove("has-m");
  }
}

export function made(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

export function button(words, act) {
  const element = made("button", "btn slim", words);
  element.type = "button";
  element.addEventListener("click", act);
  return element;
}

/** Name the contested halves of one side. */
function both(halves, side) {
  const names = { figure: "", note: "ghi chú " };
  return halves.map((half) => `${names[half]}«${short(side[half])}»`).join(", ");
}

function short(text) {
  const words = text || "trống";
  return words.length > 24 ? `${words.slice(0, 24)}…` : words;
}
