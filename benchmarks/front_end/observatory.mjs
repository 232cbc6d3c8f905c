// MDN's HTTP Observatory over pages of a server on this machine: [plain port, secure port, ...paths]. Prints JSON.
// The engine's own `scan` asks port 443 and "/" alone; what follows is its arithmetic over the same tests.
import { ALL_TESTS } from "@mdn/mdn-http-observatory/src/constants.js";
import { MINIMUM_SCORE_FOR_EXTRA_CREDIT } from "@mdn/mdn-http-observatory/src/grader/charts.js";
import { getGradeForScore, getScoreModifier } from "@mdn/mdn-http-observatory/src/grader/grader.js";
import { retrieve } from "@mdn/mdn-http-observatory/src/retriever/retriever.js";

const [httpPort, httpsPort, ...paths] = process.argv.slice(2);
const found = {};
for (const path of paths) {
  const answers = await retrieve("localhost", { httpPort, httpsPort, path });
  if (!answers.responses.auto?.verified) throw new Error(`${path}: no answer, or a certificate that is not trusted`);
  let uncurved = 100;
  let extra = 0;
  const failed = [];
  for (const test of ALL_TESTS) {
    const output = test(answers);
    if (!output.result) continue;
    const points = getScoreModifier(output.result);
    if (points < 0) uncurved += points;
    else extra += points;
    if (!output.pass) failed.push(`${output.constructor.name}: ${output.result}`);
  }
  const score = uncurved >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? uncurved + extra : uncurved;
  found[path] = { status: answers.responses.auto.status, failed, ...getGradeForScore(score) };
}
console.log(JSON.stringify(found));
