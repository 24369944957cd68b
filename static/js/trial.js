// What is being typed, tried out: the portal says what it would understand and what rates would
// become, and writes nothing. Only the last thing typed counts.

import { post } from "./server.js";

const PAUSE = 250;

export class Trial {
  constructor({ boxes, queue, bar, messages, address }) {
    Object.assign(this, { boxes, queue, bar, messages, address });
    this.saved = new Map(); // computed figures as they are saved, by row
    this.turn = 0;
  }

  later(box) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(box), PAUSE);
  }

  async now(box) {
    const text = box.value;
    const turn = ++this.turn;
    if (text === this.boxes.stored(box) || this.queue.stopped || this.queue.isOffline) return;
    const { page, revision } = this.queue;
    const entry = { name: `${page}.0`, row: this.boxes.rowOf(box), base: revision, figure: text };
    const posting = { user: this.queue.user, seen: revision, entries: [entry] };
    const { is, answer } = await post(this.address, posting, { isLast: false });
    if (is !== "done" || turn !== this.turn || box.value !== text) return;
    const [result] = answer.results;
    const isRefused = result.is === "refused";
    this.bar.hear(isRefused ? result.sentence : `Hiểu là: ${result.heard}`, isRefused);
    if (!isRefused) this.messages.clear(result.row);
    for (const line of answer.rows) this.show(line);
  }

  show(line) {
    const output = outputOf(line.id);
    if (!output) return;
    if (!this.saved.has(line.id)) this.saved.set(line.id, output.textContent);
    output.textContent = line.shown;
    output.classList.add("tried");
  }

  /** Stop trying; while cells are on their way their answer will bring the new figures. */
  end() {
    clearTimeout(this.timer);
    this.turn += 1;
    if (this.queue.unsent.length) return;
    for (const [row, text] of this.saved) settle(outputOf(row), text);
    this.saved.clear();
  }

  /** A computed figure as it is saved now. */
  take(line) {
    const output = outputOf(line.id);
    if (!output) return;
    this.saved.delete(line.id);
    settle(output, line.shown);
  }
}

export function outputOf(row) {
  return document.getElementById(`o-${row}`);
}

function settle(output, text) {
  output.textContent = text;
  output.classList.remove("tried");
}
