// Lighthouse over a list of pages: what is asked comes as JSON, what was found goes out as JSON.
//
//   {"chromium": path, "pages": [{"name", "address", "session", "preset"}]}  →  [{name, preset, scores, metrics, faults}]

import { readFileSync } from "node:fs";

import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const ASKED = ["performance", "accessibility", "best-practices"];
const MEASURED = {
  "first-contentful-paint": "fcp",
  "largest-contentful-paint": "lcp",
  "total-blocking-time": "tbt",
  "cumulative-layout-shift": "cls",
  "speed-index": "si",
};

const { chromium, pages } = JSON.parse(readFileSync(0, "utf8"));
const browser = await puppeteer.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const found = [];
try {
  for (const { name, address, session, preset } of pages) {
    const context = await browser.createBrowserContext();
    if (session) await context.setCookie({ name: "sessionid", value: session, domain: new URL(address).hostname });
    const page = await context.newPage();
    const flags = { onlyCategories: ASKED, logLevel: "silent", disableFullPageScreenshot: true };
    const { lhr } = await lighthouse(address, flags, preset === "desktop" ? desktopConfig : undefined, page);
    found.push({ name, preset, ...told(lhr) });
    await context.close();
  }
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(found));

function told({ audits, categories, environment, runtimeError, finalDisplayedUrl }) {
  const scores = Object.fromEntries(
    ASKED.map((category) => [category, Math.round((categories[category].score ?? 0) * 100)]),
  );
  const metrics = Object.fromEntries(
    Object.entries(MEASURED).map(([audit, name]) => [name, audits[audit].numericValue ?? null]),
  );
  const faults = ["accessibility", "best-practices"].flatMap((category) =>
    categories[category].auditRefs
      .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
      .map(({ id }) => `${category}: ${audits[id].title}`),
  );
  if (runtimeError) faults.push(runtimeError.message);
  return { scores, metrics, faults, at: finalDisplayedUrl, machine: environment.benchmarkIndex };
}
