// Lighthouse over a list of pages: what is asked comes as JSON, what was found goes out as JSON.
//
//   {"chromium": path, "pages": [{"name", "address", "session", "preset", "categories"}]}  →  [{name, preset, scores, metrics, faults}]

import { readFileSync } from "node:fs";

import lighthouse, { defaultConfig, desktopConfig } from "lighthouse";
import { pageFunctions } from "lighthouse/core/lib/page-functions.js";
import puppeteer from "puppeteer-core";

const MEASURED = {
  "first-contentful-paint": "fcp",
  "largest-contentful-paint": "lcp",
  "total-blocking-time": "tbt",
  "cumulative-layout-shift": "cls",
  "speed-index": "si",
};
// How often slower than this machine Lighthouse's telephone is: the points between which its own calculator
// (docs/throttling.md, "Calibrating") draws lines, from the benchmark's index to the slowdown.
const SLOWDOWNS = [[150, 1], [800, 2], [1300, 3], [2000, 6]];

const { chromium, pages } = JSON.parse(readFileSync(0, "utf8"));
const browser = await puppeteer.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const found = [];
try {
  for (const { name, address, session, preset, categories } of pages) {
    const context = await browser.createBrowserContext();
    if (session) await context.setCookie({ name: "sessionid", value: session, domain: new URL(address).hostname });
    const page = await context.newPage();
    const slowdown = preset === "desktop" ? 1 : slowdownAt(await page.evaluate(pageFunctions.computeBenchmarkIndex));
    const flags = { onlyCategories: categories, logLevel: "silent", disableFullPageScreenshot: true };
    const { lhr } = await lighthouse(address, flags, asPreset(preset, slowdown), page);
    found.push({ name, preset, ...told(lhr, slowdown) });
    await context.close();
  }
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(found));

function slowdownAt(index) {
  const next = SLOWDOWNS.findIndex(([point]) => index <= point);
  if (next === 0) return SLOWDOWNS[0][1];
  if (next < 0) return SLOWDOWNS.at(-1)[1];
  const [[from, low], [to, high]] = SLOWDOWNS.slice(next - 1, next + 1);
  return low + ((index - from) / (to - from)) * (high - low);
}

function asPreset(preset, cpuSlowdownMultiplier) {
  if (preset === "desktop") return desktopConfig;
  const throttling = { ...defaultConfig.settings.throttling, cpuSlowdownMultiplier };
  return { extends: "lighthouse:default", settings: { throttlingMethod: "simulate", throttling } };
}

function told({ audits, categories, runtimeError }, slowdown) {
  const scores = Object.fromEntries(
    Object.entries(categories).map(([category, { score }]) => [category, Math.round((score ?? 0) * 100)]),
  );
  const measured = Object.entries(MEASURED).filter(([audit]) => audits[audit]);
  const metrics = Object.fromEntries(measured.map(([audit, name]) => [name, audits[audit].numericValue ?? 0]));
  const faults = Object.entries(categories).flatMap(([category, { auditRefs }]) =>
    auditRefs
      .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
      .map(({ id }) => `${category}: ${audits[id].title}`),
  );
  if (runtimeError) faults.push(runtimeError.message);
  return { scores, metrics: { ...metrics, slowdown }, faults };
}
