// Lighthouse on one page, as on a phone of the middle class: [address, path of chromium]. Prints JSON.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [address, chromePath] = process.argv.slice(2);
const chromeFlags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
const chrome = await launch({ chromePath, chromeFlags });
try {
  const { lhr } = await lighthouse(address, { port: chrome.port, output: "json", logLevel: "error" });
  const unknown = Object.values(lhr.audits).filter((audit) => audit.scoreDisplayMode === "error");
  if (lhr.runtimeError || unknown.length) {
    throw new Error(lhr.runtimeError?.message ?? unknown.map(({ id, errorMessage }) => `${id}: ${errorMessage}`).join("; "));
  }
  const scores = {};
  const faults = {};
  for (const [name, category] of Object.entries(lhr.categories)) {
    scores[name] = Math.round(category.score * 100);
    for (const { id, weight } of category.auditRefs) {
      const { score, displayValue } = lhr.audits[id];
      if (weight > 0 && score !== null && score < 1) faults[`${name}: ${id}`] = displayValue ?? score;
    }
  }
  const sent = lhr.audits["network-requests"].details.items;
  const shift = lhr.audits["cumulative-layout-shift"].numericValue;
  console.log(JSON.stringify({ scores, faults, shift, sent: sent.map(({ url, resourceType, transferSize }) => ({ url, resourceType, transferSize })) }));
} finally {
  await chrome.kill();
}
