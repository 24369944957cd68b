// What has been typed and not yet acknowledged, in this browser: one item for each entry, so that
// writing one at a keystroke costs the same whatever else waits.

const PREFIX = "cchc";

export class Store {
  constructor(user, submission) {
    this.prefix = `${PREFIX}:${user}:${submission}:`;
    this.isFull = false;
  }

  key(entry) {
    return this.prefix + entry.name;
  }

  put(entry) {
    try {
      localStorage.setItem(this.key(entry), JSON.stringify(entry));
      this.isFull = false;
    } catch {
      this.isFull = true; // private windows, full disks: the page says so, the queue goes on
    }
  }

  drop(entry) {
    try {
      localStorage.removeItem(this.key(entry));
    } catch {
      // Nothing was kept there.
    }
  }

  /** All entries kept here, oldest first; what cannot be read is left alone. */
  all() {
    const found = [];
    try {
      for (let at = 0; at < localStorage.length; at += 1) {
        const key = localStorage.key(at);
        if (!key.startsWith(this.prefix)) continue;
        const entry = read(localStorage.getItem(key));
        if (entry) found.push(entry);
      }
    } catch {
      return [];
    }
    return found.sort((one, other) => one.at - other.at);
  }
}

function read(text) {
  try {
    const entry = JSON.parse(text);
    const isEntry = typeof entry.name === "string" && Number.isInteger(entry.row);
    const isWhole = entry.problem !== "contested" || (Array.isArray(entry.halves) && entry.theirs);
    return isEntry && isWhole && entry.name.startsWith(`${entry.page}.`) ? entry : null;
  } catch {
    return null;
  }
}

/** How many entries of one person wait in this browser, by report. */
export function waiting(user) {
  const counts = new Map();
  try {
    for (let at = 0; at < localStorage.length; at += 1) {
      const [prefix, whose, submission] = localStorage.key(at).split(":");
      if (prefix !== PREFIX || whose !== user) continue;
      counts.set(submission, (counts.get(submission) ?? 0) + 1);
    }
  } catch {
    // No storage, nothing waits.
  }
  return counts;
}
