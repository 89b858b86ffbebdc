import { operations } from '../mock-server/control/operations.js';

/** Where the page stands, from the package's root. */
export const controlApiPath = 'docs/control-api.md';

/** The page of the control API's calls, from the table that its routes are made of. */
export function controlApiPage(): string {
  const rows = operations.map(({ method, path, summary, status }) => {
    const shown = path.replace('/_mock/tenants/{tenant}', '{t}');
    return `| \`${method} ${shown}\` | ${summary} | ${String(status)} |`;
  });
  return `# Control API

This page is written by \`npm run docs\` from the table of operations; \`GET /_mock/openapi.json\` has every member.

JSON in and out. Durations are ISO 8601 (\`PT7M\`, \`P30D\`; months and years are refused), instants RFC 3339 UTC. Unknown
members are refused with their path. Errors are problem details (RFC 9457) with a stable \`code\`. Lists are
\`{"items":[…]}\`. \`{t}\` is \`/_mock/tenants/{id}\`; the tenant of \`/bs2\` and \`/btg\` is \`default\`.

| call | does | status |
| --- | --- | --- |
${rows.join('\n')}

## Who may call it

Without \`HOMOLOGA_CONTROL_TOKEN\` only loopback may, by peer and by \`Host\`, and not through a proxy; binding another host is
refused at start. With it, \`Authorization: Bearer …\` or the cookie of a one-time dashboard link. Every change wants
\`Content-Type: application/json\` and is refused to pages of other origins. There are no CORS headers.

## A month in three calls

\`\`\`sh
T=http://127.0.0.1:4010/_mock/tenants/default
curl -s $T/grants -H 'content-type: application/json' -d '{"bank":"bs2","age":"P29DT23H59M59S"}'
curl -s $T/clock/advance -H 'content-type: application/json' -d '{"by":"PT1S"}'
curl -s $T/journal
\`\`\`

## Faults

\`at\` is \`bs2.authorize\`, \`bs2.redirect\`, \`bs2.token\`, \`bs2.api\`, or the same of \`btg\`; \`when\` narrows by \`grantType\`, \`client\`,
\`grant\`, \`code\`, \`refreshToken\`, \`accessToken\` and \`state\`; \`times\` 0 means until it is deleted.

| effect | what happens |
| --- | --- |
| \`{"status":503,"headers":{…},"body":"…"}\` | this answer instead of the work |
| \`{"delay":"PT5S"}\` | real time passes first |
| \`{"drop":"before"}\` | the connection is reset, the work was not done |
| \`{"drop":"after"}\` | the work was done; status, headers and part of the body are sent, then a reset |
| \`{"truncate":true}\` | the work was done; half of the body is sent as if it were all |
| \`{"barrier":2}\` | held until two such requests wait (ten seconds at most), then they race |
| \`{"alter":"btg.id-token.iss-wrong"}\` | the answer is wrong in this one way, an alteration of [the catalogue](faults.md) |

## Answers that a sandbox sends otherwise

The setting \`wire\` of each bank is a list of rules, empty by default. They change how an answer is sent, not what is decided;
\`homologa diff\` writes them ([diff.md](diff.md)). Whether a bank is so is for its sandbox to show: all of it is *inferred*.

\`\`\`sh
curl -s -X PATCH $T/settings -H 'content-type: application/json' -d '{"bs2":{"wire":[
  {"omitHeaders":["pragma"]},
  {"when":{"at":"token","status":400,"error":"invalid_grant"},"body":{"error":"invalid_grant","message":"Grant desconhecido"}}]}}'
\`\`\`

\`when\` says which answers: \`at\` (\`authorize\`, \`pages\`, \`redirect\`, \`token\`, \`revoke\`, \`api\`, \`metadata\`), \`grantType\`, \`status\`
and \`error\` of the answer as it would be without rules; without it all. The list is replaced whole.

| member | what happens |
| --- | --- |
| \`status\` | another status |
| \`omitHeaders\`, \`setHeaders\` | headers are left out, or set; those of the connection, \`Date\` and the length are refused |
| \`json\` | \`compact\`, \`spaced\`, \`lines-lf\` or \`lines-crlf\` |
| \`omitMembers\`, \`setMembers\`, \`memberOrder\` | members of the JSON object |
| \`body\` | another body; what is no text is JSON in the answer's own layout |
| \`omitParameters\`, \`setParameters\` | parameters of the redirect back to the client |

## Findings, explain and the stream

The journal shows what came in; \`GET {t}/findings\` says what it tells of the client's conduct ([findings.md](findings.md)).
\`POST {t}/explain {"value":"…"}\` tells the life of a code, token, state or redirect, however it was pasted, and does not
repeat it.

\`GET {t}/journal/stream\` is \`text/event-stream\`: \`entry\` with an entry of the journal under its id, behind it \`finding\` for each of
its findings, and \`missed {"entries":n}\` where the journal forgot entries before the reader took them. It begins with the
next entry, or behind \`?after={id}\` or the header \`Last-Event-ID\`; a comment comes every 15 s; it ends with the tenant. A
tenant has at most 32 readers at once.

A consent that \`POST {t}/consents\` plays is one entry with \`"played":true\`: the authorization request, and the redirect.

## Mutants

A mutant is a bank with one standing bug, for the proof that a suite notices: \`PUT {t}/mutants\` with a list of ids makes
the tenant's banks those mutants at once, \`[]\` makes them honest again. Other tenants of the server stay as they are.
\`GET /_mock/mutants\` lists all, each with what goes wrong and the requirements that it breaks.

\`\`\`sh
curl -s -X PUT $T/mutants -H 'content-type: application/json' -d '["bs2.refresh-not-rotated"]'
\`\`\`
`;
}
