// Showing only some rows of the sheet; the rows above them stay, to tell what they mean. Without
// this the same links ask the portal for the page.

const WANTED = { trong: "blank", "xem-lai": "found", "ghi-chu": "noted", doi: "changed", moi: "fresh" };

export function showOnly(page) {
  const filter = page.querySelector(".rows-filter");
  if (!filter) return;
  filter.addEventListener("click", (event) => {
    const link = event.target.closest("[data-only]");
    if (!link) return;
    event.preventDefault();
    for (const one of filter.querySelectorAll("a")) one.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    apply(page, link.dataset.only);
  });
}

/** A link to a row that is not shown shows all rows again. */
export function showWhatLinksLeadTo(page) {
  page.addEventListener("click", (event) => {
    const place = event.target.closest("a[href^='#r-']")?.getAttribute("href").slice(1);
    if (place && document.getElementById(place)?.closest("tr")?.classList.contains("off"))
      page.querySelector('.rows-filter [data-only=""]')?.click();
  });
}

function apply(page, only) {
  const wanted = WANTED[only];
  const above = [];
  for (const row of page.querySelectorAll(".sheet tbody tr")) {
    const depth = depthOf(row);
    above.length = depth;
    above[depth] = row;
    const isWanted = !wanted || has(row, wanted);
    row.classList.toggle("off", !isWanted);
    row.classList.toggle("above", !isWanted);
    if (isWanted) for (const one of above) one?.classList.remove("off");
  }
}

function has(row, wanted) {
  return row.classList.contains(wanted) || (wanted === "found" && row.classList.contains("has-m"));
}

function depthOf(row) {
  return Number(row.className.match(/\bd(\d)\b/)?.[1] ?? 0);
}
