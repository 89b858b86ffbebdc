import { harReport } from './har-report.js';
import { junitReport } from './junit-report.js';
import { htmlReport } from './page/html-report.js';
import { markdownSummary } from './markdown-summary.js';
import type { RunReport } from './run-report.js';

/** Every report of a run but the evidence itself, by file name. */
export function reportFiles(report: RunReport): ReadonlyMap<string, string> {
  return new Map([
    ['index.html', htmlReport(report)],
    ['results.json', `${JSON.stringify(report.results, null, 2)}\n`],
    ['junit.xml', junitReport(report)],
    ['summary.md', markdownSummary(report)],
    ['requests.har', harReport(report.evidence)],
  ]);
}
