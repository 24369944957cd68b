// The boxes of the sheet: which row each belongs to, and what the portal holds in it.

const BOX = /^[fn]\d+$/;

export class Boxes {
  constructor(form) {
    this.form = form;
    this.held = new Map(); // by name, where it differs from what the page was drawn with
    this.byName = new Map(this.every().map((box) => [box.name, box]));
  }

  isBox(element) {
    return BOX.test(element?.name ?? "");
  }

  isFigure(box) {
    return box.name.startsWith("f");
  }

  rowOf(box) {
    return Number(box.name.slice(1));
  }

  lineOf(box) {
    return box.closest("tr");
  }

  keyOf(line) {
    return (line.querySelector("[id^='r-']") ?? line).id.slice(2);
  }

  figure(row) {
    return this.byName.get(`f${row}`) ?? null;
  }

  note(row) {
    return this.byName.get(`n${row}`) ?? null;
  }

  /** Both boxes of a row; a row in the paper's order has always the first. */
  of(row) {
    return [this.figure(row), this.note(row)].filter(Boolean);
  }

  cell(row) {
    return this.figure(row).closest("td");
  }

  /** All figure boxes in the paper's order. */
  all() {
    return [...this.byName.values()].filter((box) => this.isFigure(box));
  }

  /** All boxes, notes included. */
  every() {
    return [...this.form.querySelectorAll("[name^=f], [name^=n]")].filter((box) => this.isBox(box));
  }

  /** What the portal holds in `box`; null where a page drawn after a refusal does not say. */
  stored(box) {
    if (this.held.has(box.name)) return this.held.get(box.name);
    if (box.getAttribute("aria-invalid")) return null;
    if (box.tagName !== "SELECT") return box.defaultValue;
    return [...box.options].find((option) => option.defaultSelected)?.value ?? "";
  }

  hold(box, text) {
    if (box) this.held.set(box.name, text);
  }

  /** Note what the portal holds in a row before its boxes are marked as holding something else. */
  keep(row) {
    for (const box of this.of(row)) if (!this.held.has(box.name)) this.hold(box, this.stored(box));
  }

  /** Show `text` in `box`; what a list cannot show is shown in it all the same. */
  put(box, text) {
    if (box.value === text) return;
    box.value = text;
    if (box.tagName === "SELECT" && box.value !== text) box.add(new Option(text, text, false, true));
  }

  /** Show in both boxes of a row what the portal holds. */
  putStored(row) {
    for (const box of this.of(row)) this.put(box, this.stored(box) ?? box.value);
  }

  isAsStored(row) {
    return this.of(row).every((box) => box.value === this.stored(box));
  }

  /** Show what waits for a row, and open what it is folded in. */
  showWaiting(entry) {
    const [figure, note] = [this.figure(entry.row), this.note(entry.row)];
    if (entry.figure !== undefined) this.put(figure, entry.figure);
    if (entry.note !== undefined) {
      this.put(note, entry.note);
      note.closest("details").open = true;
    }
    const fold = figure.closest("details");
    if (fold) fold.open = true;
  }
}
