// Entries on their way: kept in the store at each keystroke, sent when a cell is left, sent again
// until they are acknowledged, in their order, one posting at a time.
//
// A name is PAGE.NUMBER and stands for one content. Numbers of a page only grow, over all tabs that
// ever write in its name, so that the portal knows which of two entries of a cell is the later one.

import { post } from "./server.js";

const AT_ONCE = 100;
// A cell may be being typed in another tab; what is older was left by one that is gone.
export const STILL_TYPED = 15_000;
const SLOWEST = 30_000;
const SHORT = 4000;
const HALVES = ["figure", "note"];
const NOT_TAKEN =
  "Máy chủ không nhận được nội dung của ô này. Hãy chép lại nơi khác nếu dài, rồi ghi ngắn hơn.";

export class Queue {
  /** `on` is told what happens: answered(answer, batch), stopped(is, sentence), changed(rows). */
  constructor({ store, page, address, user, revision, on }) {
    Object.assign(this, { store, page, address, user, revision, on });
    this.entries = new Map();
    this.number = 0;
    this.atOnce = AT_ONCE;
    this.isSending = false;
    this.isAsking = false;
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

  name(page) {
    this.number = Math.max(this.number + 1, Date.now());
    return `${page}.${this.number}`;
  }

  /** Note what stands in one half ("figure" or "note") of a row's boxes while it is typed. */
  type(row, key, half, text) {
    const last = this.of(row).at(-1);
    const isGoingOn = last && !last.wasSent && last.maker === this.page;
    const entry = isGoingOn ? last : this.fresh(row, last);
    entry.key = key;
    entry[half] = text;
    entry.isTyping = true;
    entry.at = Date.now();
    this.store.put(entry);
    return entry;
  }

  /**
   * A further entry for a row: what may have reached the portal is never changed under its name.
   * It follows the one before as of the same page; what was not taken is taken along.
   */
  fresh(row, last) {
    const page = last && last.problem !== "contested" ? last.page : this.page;
    const base = last?.base ?? this.revision;
    const entry = { name: this.name(page), page, maker: this.page, row, base };
    if (last?.problem) {
      const { figure, note, key } = last;
      Object.assign(entry, { figure, note, key });
      if (last.problem === "contested") entry.base = last.seen;
      this.remove(last);
    }
    this.entries.set(entry.name, entry);
    return entry;
  }

  /** The cell is left: what was typed goes on its way. */
  commit(row) {
    for (const entry of this.of(row)) if (entry.isTyping) this.rename(entry);
    this.send();
  }

  /** Give an entry a name that no half-typed text had. */
  rename(entry) {
    const typed = { ...entry };
    entry.name = this.name(entry.page);
    entry.isTyping = false;
    this.entries.set(entry.name, entry);
    this.store.put(entry);
    this.remove(typed);
  }

  remove(entry) {
    this.entries.delete(entry.name);
    this.store.drop(entry);
  }

  /** Write what was contested all the same, now that the other's text has been seen. */
  insist(entry) {
    const mine = this.fresh(entry.row, entry);
    mine.at = Date.now();
    this.store.put(mine);
    this.send();
  }

  /** Let the other's text stand in what was contested; the other half is one's own still. */
  yield(entry) {
    for (const half of entry.halves) delete entry[half];
    if (entry.figure === undefined && entry.note === undefined) this.remove(entry);
    else this.insist(entry);
    this.on.changed([entry.row]);
  }

  /** Take off what another page of this browser has sent; return its row where it was ours. */
  sentElsewhere({ key, newValue }) {
    if (newValue !== null || !key?.startsWith(this.store.prefix)) return null;
    const entry = this.entries.get(key.slice(this.store.prefix.length));
    if (!entry || entry.sending || entry.isTyping) return null;
    this.entries.delete(entry.name);
    this.on.changed([entry.row]);
    return entry.row;
  }

  /** Forget what was typed into a row and is not on its way. */
  forget(row) {
    for (const entry of this.of(row)) if (!entry.sending) this.remove(entry);
    this.on.changed([row]);
  }

  /** Take over what closed or reloaded pages have left behind. */
  adopt(before, alive) {
    const adopted = [];
    for (const entry of this.store.all()) {
      // A clock that was set back must not give what is typed now a lower number than that.
      this.number = Math.max(this.number, Number(entry.name.split(".")[1]) || 0);
      const isOld = entry.maker === before || Date.now() - entry.at > STILL_TYPED;
      const isLeft = !entry.isTyping || (alive ? !alive.has(entry.maker) : isOld);
      if (entry.maker === this.page || this.entries.has(entry.name) || !isLeft) continue;
      entry.sending = false;
      this.entries.set(entry.name, entry);
      if (entry.isTyping) this.rename(entry); // its page may be there still, and typing on
      adopted.push(entry);
    }
    return adopted;
  }

  /** Send what waits; with `isAsking`, ask what others have saved even if nothing does. */
  async send({ isAsking = false } = {}) {
    this.isAsking ||= isAsking;
    if (this.isSending || this.stopped) return this.on.changed();
    const batch = this.batch();
    if (!batch.length && !this.isAsking) return this.on.changed();
    const asked = this.isAsking;
    this.isAsking = false;
    this.isSending = true;
    for (const entry of batch) {
      entry.sending = entry.wasSent = true;
      this.store.put(entry);
    }
    this.on.changed();
    // Cells are waited for; a mere question must not keep them waiting.
    const how = batch.length ? {} : { patience: SHORT };
    const { is, answer } = await post(this.address, this.posting(batch), how);
    this.isSending = false;
    for (const entry of batch) entry.sending = false;
    this.isOffline = is === "offline";
    this.isAsking ||= asked && is !== "done";
    this.settle(is, answer, batch);
    return this.on.changed();
  }

  /** What goes next: of one page at a time, which alone knows its own earlier steps. */
  batch() {
    const ready = this.unsent.filter((entry) => !entry.isTyping);
    return ready.filter((entry) => entry.page === ready[0].page).slice(0, this.atOnce);
  }

  posting(batch) {
    const entries = batch.map(({ name, row, base, figure, note }) => ({ name, row, base, figure, note }));
    return { user: this.user, seen: this.revision, entries };
  }

  settle(is, answer, batch) {
    if (is === "done") {
      this.delay = 1000;
      this.atOnce = AT_ONCE;
      this.revision = answer.revision;
      for (const result of answer.results) this.take(result);
      this.on.answered(answer, batch);
      const isStuck = batch.some((entry) => !entry.problem && this.entries.get(entry.name) === entry);
      if (isStuck) this.later();
      else if (this.batch().length || this.isAsking) this.send();
    } else if (is === "broken" && batch.length > 1) {
      this.atOnce = Math.ceil(batch.length / 2); // one of them is to blame
      this.later();
    } else if (is === "broken" && batch.length) {
      this.take({ name: batch[0].name, is: "refused", sentence: answer?.sentence ?? NOT_TAKEN });
      this.on.refused(batch[0]);
      this.send();
    } else if (is === "offline" || is === "broken") this.later();
    else this.stop(is, answer?.sentence);
  }

  take(result) {
    const entry = this.entries.get(result.name);
    if (!entry) return;
    if (result.is === "saved") this.remove(entry);
    else this.hold(entry, result);
  }

  /** Keep an entry that was not taken, as typed, without what newer typing has replaced. */
  hold(entry, result) {
    const newer = this.of(entry.row).at(-1);
    if (newer !== entry) {
      for (const half of HALVES) {
        if (!newer.wasSent) newer[half] ??= entry[half];
        if (newer[half] !== undefined) delete entry[half];
      }
      this.store.put(newer);
    }
    const left = HALVES.filter((half) => entry[half] !== undefined);
    if (!left.length) return void this.remove(entry);
    const { sentence, theirs, halves } = result;
    const isLeftAlone = halves && !halves.some((half) => left.includes(half));
    if (isLeftAlone) return void this.rename(Object.assign(entry, { base: this.revision }));
    Object.assign(entry, { problem: result.is, sentence, theirs, halves, seen: this.revision });
    this.store.put(entry);
    return undefined;
  }

  stop(is, sentence) {
    this.stopped = is;
    this.on.stopped(is, sentence);
  }

  resume() {
    this.stopped = "";
    return this.send({ isAsking: true });
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
