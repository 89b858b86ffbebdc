/** How stack traces look, by platform: in plain text, and as escaped into a page. */
const shapes: readonly (readonly [platform: string, shape: RegExp])[] = [
  ['Node.js', /\bat (?:async )?(?:[\w$.<>[\] ]+ \()?(?:file:\/\/|node:|\/|[A-Za-z]:\\)[^\s()<]*:\d+:\d+\)?/],
  [
    'Java',
    /\bat (?:[\w$.@-]+\/)*[\w$.]+\.(?:[\w$]+|&lt;init&gt;|<init>)\((?:[\w$]+\.(?:java|kt|scala|groovy):\d+|Native Method|Unknown Source)\)/,
  ],
  ['Python', /Traceback \(most recent call last\)|File (?:"|&quot;|&#34;)[^"&]+\.py(?:"|&quot;|&#34;), line \d+/],
  ['Ruby', /[\w./-]+\.(?:rb|ru|erb):\d+:in (?:`|'|‘|&#39;|&#x27;|&#96;)/],
  ['PHP', /#\d+ [^\s(]+\.php\(\d+\):|\.php<?\/?b?>? on line (?:<b>)?\d+|Stack trace:\s*(?:<br ?\/?>)?\s*#0 /],
  [
    '.NET',
    /\bat [\w.`[\]<>,+]+\([^)\n]*\) in [^\n]+:line \d+|(?:^|\n)\s{2,}at [\w.`+]+\.[\w.`<>|]+\([^)\n]*\)\r?\n\s+at [\w.`+]+\.[\w.`<>|]+\(/,
  ],
  ['Go', /\bgoroutine \d+ \[[a-z ]+\]:/],
];

/** The platform whose stack trace a page shows; null without one. */
export function stackTraceIn(page: string): string | null {
  const text = page.replaceAll('&nbsp;', ' ');
  return shapes.find(([, shape]) => shape.test(text))?.[0] ?? null;
}
