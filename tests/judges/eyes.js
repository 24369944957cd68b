// What a person would see or not reach on a page, beside what axe-core judges.

window.eyes = (() => {
  const CONTROLS =
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const MOST_NAMED = 5;
  // Of a page with more controls those in its middle are like their neighbours: a thousand cells.
  const MOST_AT_EACH_END = 150;
  let between = [];
  let awaited = new Set();
  let faults = new Set();

  function unfold() {
    for (const one of document.querySelectorAll("main details")) one.open = true;
  }

  function isShown(one) {
    return one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;
  }

  function named(one) {
    const words = (one.innerText || one.name || one.ariaLabel || "").trim().slice(0, 60);
    return `<${one.tagName.toLowerCase()}${one.id ? ` id=${one.id}` : ""}> ${words}`;
  }

  /** A page is as wide as its window, and its links lead to places that are on it. */
  function look() {
    const found = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
      const wide = [...document.body.querySelectorAll("*")].filter(
        (one) => one.getBoundingClientRect().right > clientWidth + 1,
      );
      found.push(`${scrollWidth} pixels wide: ${wide.slice(0, 3).map(named)}`);
    }
    for (const one of document.querySelectorAll("a[href^='#']")) {
      const to = decodeURIComponent(one.hash.slice(1));
      if (to && isShown(one) && !document.getElementById(to)) found.push(`no place #${to}`);
    }
    return found;
  }

  /** Await each control that Tab has to come to: of radio buttons of one name, one; where a dialog
      is open, those in it. Of very many, those at both ends of the page. */
  function begin() {
    document.activeElement?.blur?.();
    window.scrollTo(0, 0);
    const radios = new Set();
    const controls = (document.querySelector("dialog:modal") ?? document).querySelectorAll(CONTROLS);
    const all = [...controls].filter((one) => {
      if (one.disabled || one.tabIndex < 0 || one.closest("[inert]") || !isShown(one)) return false;
      if (one.type !== "radio") return true;
      const isFirst = !radios.has(one.name);
      radios.add(one.name);
      return isFirst;
    });
    between = all.slice(MOST_AT_EACH_END, -MOST_AT_EACH_END);
    awaited = new Set(all).difference(new Set(between));
    faults = new Set();
    document.addEventListener("focusin", arrive);
    return awaited.size;
  }

  function arrive({ target }) {
    for (const one of awaited) {
      if (one === target || (target.type === "radio" && one.name === target.name)) awaited.delete(one);
    }
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(target);
    const hasOutline = outlineStyle !== "none" && outlineWidth !== "0px";
    if (!hasOutline && boxShadow === "none") faults.add(`no sign of focus: ${named(target)}`);
    if (!isInSight(target)) faults.add(`focused out of sight: ${named(target)}`);
  }

  /** Something of it lies within the window and on top. */
  function isInSight(one) {
    const label = one.labels?.[0];
    return [...one.getClientRects()].some((rect) => {
      const [left, right] = [Math.max(rect.left, 0), Math.min(rect.right, innerWidth)];
      const [top, bottom] = [Math.max(rect.top, 0), Math.min(rect.bottom, innerHeight)];
      const places = [0.1, 0.5, 0.9];
      return places.some((x) =>
        places.some((y) => {
          const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
          return hit && (one.contains(hit) || hit.closest("a, label") === one || label?.contains(hit));
        }),
      );
    });
  }

  /** A page that draws itself anew takes with it what was still awaited. What lies between the two
      ends is leapt over once. */
  function left() {
    between.pop()?.focus();
    between = [];
    awaited = new Set([...awaited].filter((one) => one.isConnected));
    return awaited.size;
  }

  function end() {
    document.removeEventListener("focusin", arrive);
    left();
    const unreached = [...awaited].map((one) => `never reached: ${named(one)}`);
    return [...[...faults].slice(0, MOST_NAMED), ...unreached.slice(0, MOST_NAMED)];
  }

  /** Where the page leads; a place on it is no other page. */
  function links() {
    const [here] = location.href.split("#");
    const found = [...document.querySelectorAll("a[href]")].map(({ href }) => `${href}`.split("#")[0]);
    return [...new Set(found)].filter((href) => href.startsWith(location.origin) && href !== here);
  }

  return { unfold, look, begin, left, end, links };
})();
