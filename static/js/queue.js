// Entries on their way: kept in the store at each keystroke, sent when a cell is left, sent again
// until they are acknowledged, in their order, one posting at a time.

import { post } from "./server.js";

const AT_ONCE = 100;
// A cell may be being typed in another tab; what is older was left by one that is gone.
export const STILL_TYPED = 15_000;
const SLOWEST = 30_000;

export class Queue {
  /** `on` is told what happens: answered(answer, batch), stopped(is, sentence), changed(). */
  constructor({ store, page, address, revision, on }) {
    Object.assign(this, { store, page, address, revision, on });
    this.entries = new Map();
    this.count = 0;
    this.isSending = false;
    this.isOffline = false;
    this.stopped = "";
    this.delay = 1000;
  }

  /** What waits for one row, in the order of typing. */
  of(row) {
    return [...this.entries.values()].filter((entry) => entry.row === row);
  }

  get all() {
    return [...this.entries.values()];
  }

  get problems() {
    return this.all.filter((entry) => entry.problem);
  }

  get unsent() {
    return this.all.filter((entry) => !entry.problem);
  }

  /** Note what stands in one half ("figure" or "note") of a row's boxes while it is typed. */
  type(row, key, half, text) {
    const last = this.of(row).at(-1);
    const entry = last && !last.wasSent && last.page === this.page ? last : this.fresh(row, last);
    entry.key = key;
    entry[half] = text;
    entry.isTyping = true;
    entry.at = Date.now();
    this.store.put(entry);
    return entry;
  }

  /**
   * A further entry for a row: a name stands for one content, so that what may have reached the
   * portal is never changed under its name. It follows the one before as of the same page.
   */
  fresh(row, last) {
    const page = last && !last.problem ? last.page : this.page;
    const entry = { name: this.name(page), page, row, base: last?.base ?? this.revision };
    if (last?.problem) {
      entry.base = last.problem === "contested" ? last.seen : last.base;
      entry.figure = last.figure;
      entry.note = last.note;
      entry.key = last.key;
      this.remove(last);
    }
    this.entries.set(entry.name, entry);
    return entry;
  }

  name(page) {
    this.count += 1;
    // Beside names that a closed page has given itself.
    const number = page === this.page ? this.count : 1e8 + Math.floor(Math.random() * 8e8);
    return `${page}.${number}`;
  }

  /** The cell is left: what was typed goes on its way, under a name that no half-typed text had. */
  commit(row) {
    for (const entry of this.of(row)) {
      if (!entry.isTyping) continue;
      const typed = { ...entry };
      entry.name = this.name(entry.page);
      entry.isTyping = false;
      this.entries.set(entry.name, entry);
      this.store.put(entry);
      this.remove(typed);
    }
    this.send();
  }

  remove(entry) {
    this.entries.delete(entry.name);
    this.store.drop(entry);
  }

  /** Write what was contested all the same, now that the other's text has been seen. */
  again(entry) {
    const mine = this.fresh(entry.row, entry);
    mine.at = Date.now();
    this.store.put(mine);
    this.send();
  }

  /** Take off what another page of this browser has sent; say whether it was ours. */
  sentElsewhere({ key, newValue }) {
    if (newValue !== null || !key?.startsWith(this.store.prefix)) return false;
    const entry = this.entries.get(key.slice(this.store.prefix.length));
    if (!entry || entry.sending) return false;
    this.remove(entry);
    this.on.changed();
    return true;
  }

  /** Forget what was typed into a row and is not on its way. */
  forget(row) {
    for (const entry of this.of(row)) if (!entry.sending) this.remove(entry);
    this.on.changed();
  }

  /** Take over what closed or reloaded pages have left behind. */
  adopt(before) {
    const adopted = [];
    for (const entry of this.store.all()) {
      const isLeft = !entry.isTyping || entry.page === before || Date.now() - entry.at > STILL_TYPED;
      if (entry.page === this.page || this.entries.has(entry.name) || !isLeft) continue;
      entry.isTyping = false;
      entry.sending = false;
      this.entries.set(entry.name, entry);
      adopted.push(entry);
    }
    return adopted;
  }

  async send() {
    if (this.isSending || this.stopped) return this.on.changed();
    const batch = this.unsent.filter((entry) => !entry.isTyping).slice(0, AT_ONCE);
    if (!batch.length) return this.on.changed();
    for (const entry of batch) {
      entry.sending = entry.wasSent = true;
      this.store.put(entry);
    }
    this.isSending = true;
    this.on.changed();
    const { is, answer } = await post(this.address, {
      seen: this.revision,
      entries: batch.map(({ name, row, base, figure, note }) => ({ name, row, base, figure, note })),
    });
    this.isSending = false;
    for (const entry of batch) entry.sending = false;
    this.isOffline = is === "offline";
    if (is === "done") {
      this.delay = 1000;
      this.take(answer);
      this.on.answered(answer, batch);
      return this.send();
    }
    if (is === "offline") this.later();
    else this.stop(is, answer?.sentence);
    return this.on.changed();
  }

  /** Ask what others have saved meanwhile. */
  async refresh() {
    if (this.isSending || this.stopped) return;
    if (this.unsent.some((entry) => !entry.isTyping)) return void this.send();
    const { is, answer } = await post(this.address, { seen: this.revision, entries: [] });
    if (is !== "done") return;
    this.take(answer);
    this.on.answered(answer, []);
  }

  take(answer) {
    this.revision = Math.max(this.revision, answer.revision);
    for (const result of answer.results) {
      const entry = this.entries.get(result.name);
      if (!entry) continue;
      if (result.is === "saved") this.remove(entry);
      else this.hold(entry, result);
    }
  }

  /** Keep an entry that was not taken, as typed, unless newer typing is there already. */
  hold(entry, result) {
    const newer = this.of(entry.row).at(-1);
    if (newer !== entry && !newer.wasSent) {
      newer.figure ??= entry.figure;
      newer.note ??= entry.note;
      this.store.put(newer);
      this.remove(entry);
      return;
    }
    Object.assign(entry, {
      problem: result.is,
      sentence: result.sentence,
      theirs: result.theirs,
      halves: result.halves,
      seen: this.revision,
    });
    this.store.put(entry);
  }

  stop(is, sentence) {
    this.stopped = is;
    this.on.stopped(is, sentence);
  }

  resume() {
    this.stopped = "";
    return this.send();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), this.delay);
    this.delay = Math.min(2 * this.delay, SLOWEST);
  }

  /** Resolve to whether everything has been acknowledged, after at most `patience` ms. */
  async drained(patience) {
    const end = Date.now() + patience;
    this.send();
    while (this.unsent.length && Date.now() < end && !this.stopped)
      await new Promise((resolve) => setTimeout(resolve, 30));
    return !this.all.length;
  }
}
