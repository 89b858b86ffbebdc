/** A command of the pages that scripts/documented-outputs.test.ts does not carry out. */
export interface CommandLeftOut {
  /** Its words; one that ends in `…` stands for all that begin so. */
  readonly command: string;
  /** The one page that it is about; else all. */
  readonly page?: string;
  readonly because: string;
}

const registry = 'needs a registry; npm run smoke -- --install does it with what is packed';
const engine = 'needs a container engine; scripts/container.test.ts compares what is copied and called';
const quickStart = 'scripts/quick-start-check.ts does it, in npm run smoke, with the package';
const minutes = 'takes minutes';
const sandbox = "needs credentials of a bank; the page's example does the same with a stand-in";
const calls = 'scripts/documented-calls.test.ts does it';

/** Each with the reason, or with what carries it out. */
export const commandsLeftOut: readonly CommandLeftOut[] = [
  { command: 'npm ci', because: 'needs a registry; CI begins with it' },
  { command: 'npm test', because: 'it would carry out itself' },
  { command: 'npm run unit', because: 'it would carry out itself' },
  { command: 'npm run conformance', because: 'a step of npm test, and what it prints is shown nowhere' },
  { command: 'npm run mutants', because: 'a step of npm test, minutes long' },
  { command: 'npm run partners', because: 'minutes; scripts/partner-verdict.test.ts has what it judges by' },
  { command: 'npm run partners -- storm-on-429', because: 'needs what npm run build makes' },
  { command: 'npm run partners -- java python ruby', because: 'needs those languages, and what npm run build makes' },
  { command: 'npm run format', because: 'changes the sources; npm run lint compares them' },
  { command: 'npm run docs', because: 'changes the pages; scripts/docs-in-sync.test.ts compares them' },
  { command: 'npm run build', because: 'a part of npm run smoke; here it would be made under the feet of other tests' },
  { command: 'npm run stand-in', because: 'takes an hour' },
  { command: 'npm run kills:refresh', because: minutes },
  { command: 'npm run kills:store', because: `${minutes}; scripts/store-kill-rounds.test.ts does a few rounds` },
  { command: 'npm run lab', because: minutes },
  { command: 'npm run bench…', because: `${minutes}, and figures are this machine's` },
  { command: 'npx tsx bench/mixed-load.ts --seconds 600', because: 'takes ten minutes' },
  { command: 'sh examples/recipes/run.sh', because: 'needs npx for Jest, Go and Django, and what npm run build makes' },
  {
    command: 'npx jest --config jest.config.js',
    because: 'Jest is none of the dependencies: sh examples/recipes/run.sh',
  },
  { command: 'npx vitest run examples/recipes', because: 'a part of npm run unit' },
  { command: 'npm install --save-dev homologa', because: registry },
  { command: 'npm install classic-level', because: registry },
  { command: 'npm init -y', because: quickStart },
  { command: 'npm pkg set type=module', because: quickStart },
  { command: 'cp -r node_modules/homologa/examples/partners/reference-client app', because: quickStart },
  { command: 'npx homologa verify app/homologa.bs2.yaml', because: quickStart },
  {
    command: 'npx homologa verify app/homologa.bs2.yaml --only partner.resilience.no-secrets-in-output',
    because: quickStart,
  },
  { command: 'cd shop', because: 'a word of the shell' },
  { command: 'export HTTPS_PROXY=…', because: 'a word of the shell; interop/stack-lines.test.ts sets them' },
  { command: 'export https_proxy=$HTTPS_PROXY no_proxy=$NO_PROXY', because: 'a word of the shell; see above' },
  { command: 'export HOMOLOGA_CONTROL_TOKEN=…', because: 'a word of the shell, for docker compose' },
  { command: 'docker …', because: engine },
  { command: 'curl …', page: 'docs/control-api.md', because: calls },
  { command: 'curl …', page: 'docs/recipes/by-address.md', because: calls },
  { command: 'npx homologa verify homologa.bs2.yaml', because: 'npm run partners does it, with every example' },
  { command: 'npm run homologa -- run --target mock --out mock', because: sandbox },
  { command: 'npm run homologa -- run --target btg-sandbox --out sandbox', because: sandbox },
  { command: 'npm run homologa -- diff mock sandbox', because: sandbox },
  {
    command: 'npx homologa run --target btg-sandbox',
    because: 'needs credentials of a bank, and somebody who logs in; the one of docs/kept-tokens.md has a stand-in',
  },
];

/** Whether an entry is about a command of a page. */
export function leavesOut({ command, page }: CommandLeftOut, path: string, text: string): boolean {
  if (page !== undefined && page !== path) return false;
  return command.endsWith('…') ? text.startsWith(command.slice(0, -1)) : text === command;
}
