/**
 * Logs a user in and answers the consent, on pages made of plain forms: the mock's, and any whose fields carry the usual
 * autocomplete values or labels. It is what `consent: browser` does where a target names no loginScript.
 *
 * A login script is a module like this one. It gets
 *   page          the page of Playwright, at the bank's first page
 *   credentials   { username, password, decision: 'approve' | 'deny', factor: 'app' | 'sms', company: string | null }
 *   secondFactor  a function; call it when the bank asks, and it resolves to the code
 * and is done when the bank sends the browser back to the client, which homologa notices by itself. It may return before.
 * Where the bank refuses user name and password, throw an error with code 'ERR_LOGIN_REFUSED': nothing is tried twice.
 */

/** What this script can answer; a script that does not say so is only asked to approve. */
export const decisions = ['approve', 'deny'];

const mostPages = 12;

export default async function logIn(page, credentials, secondFactor) {
  let previous = null;
  for (let count = 0; count < mostPages; count += 1) {
    await page.waitForLoadState('domcontentloaded');
    const asked = await whatIsAsked(page);
    if (asked.kind === 'nothing') return;
    if (asked.kind === previous && asked.kind !== 'consent') refuse(asked.kind);
    const moved = page.waitForEvent('framenavigated', { predicate: (frame) => frame === page.mainFrame() });
    // The last answer leads back to the client, and no page comes.
    moved.catch(() => undefined);
    await answer(page, asked, credentials, secondFactor);
    await moved;
    previous = asked.kind;
  }
}

/** @returns {Promise<{ kind: 'login' | 'second-factor' | 'consent' | 'nothing', [field: string]: any }>} */
async function whatIsAsked(page) {
  const password = page.locator('input[type=password]:visible:not([autocomplete~="one-time-code"])').first();
  const hasPassword = (await password.count()) > 0;
  const username = await firstOf(page, [
    'input[autocomplete~="username"]:visible',
    'input[autocomplete~="email"]:visible',
    ...labelled(/usu[aá]rio|\bcpf\b|e-?mail|\blogin\b|\buser|operador|acesso|conta/i),
  ]);
  const code = await firstOf(page, [
    'input[autocomplete~="one-time-code"]:visible',
    ...(hasPassword ? [] : labelled(/c[oó]digo|token|\bsms\b|\bcode\b|verifica[cç][aã]o/i)),
  ]);
  if (code !== null) return { kind: 'second-factor', code };
  if (hasPassword || username !== null) return { kind: 'login', username, password: hasPassword ? password : null };
  const buttons = page.locator('form[method=post i] button:visible, form[method=post i] input[type=submit]:visible');
  return (await buttons.count()) > 0 ? { kind: 'consent' } : { kind: 'nothing' };
}

async function answer(page, asked, credentials, secondFactor) {
  if (asked.kind === 'login') {
    await asked.username?.fill(credentials.username);
    await asked.password?.fill(credentials.password);
    return press(page, 'approve');
  }
  if (asked.kind === 'second-factor') {
    await asked.code.fill(await secondFactor());
    return press(page, credentials.decision);
  }
  await choose(page, { app: /\bapp\b|aplicativo/i, sms: /\bsms\b/i }[credentials.factor]);
  if (credentials.company !== null) await choose(page, punctuated(credentials.company));
  return press(page, credentials.decision);
}

/** Ticks the radio, or takes the option, whose value or label says so; nothing where none does. */
async function choose(page, words) {
  for (const radio of await page.locator('input[type=radio]').all()) {
    const label = await radio.evaluate((input) => [...(input.labels ?? [])].map((l) => l.textContent).join(' '));
    if (words.test(`${await radio.getAttribute('value')} ${label}`)) return radio.check({ force: true });
  }
  for (const select of await page.locator('select:visible').all()) {
    for (const option of await select.locator('option').all()) {
      const value = (await option.getAttribute('value')) ?? '';
      if (words.test(`${value} ${await option.textContent()}`)) return select.selectOption(value);
    }
  }
  return undefined;
}

const no = /negar|recus|cancel|rejeit|n[aã]o autoriz|n[aã]o permit|\bdeny\b|\bdecline|\breject|voltar/i;
const yes =
  /autoriz|aprov|permit|confirm|continu|aceit|concord|concluir|avan[cç]ar|pr[oó]ximo|entrar|\ballow|\bapprove|\bok\b/i;

/** Presses yes or no, by the button's value and then by its words; where a page has no no, its only button. */
async function press(page, decision) {
  const buttons = await page
    .locator('form[method=post i] button:visible, form[method=post i] input[type=submit]:visible')
    .all();
  const described = await Promise.all(
    buttons.map(async (button) => ({
      button,
      value: ((await button.getAttribute('value')) ?? '').toLowerCase(),
      words: `${await button.innerText()} ${(await button.getAttribute('value')) ?? ''}`,
    })),
  );
  const isNo = ({ value, words }) => value === 'deny' || no.test(words);
  const others = described.filter((one) => !isNo(one));
  const yesButton =
    others.find(({ value }) => value === 'approve') ?? others.find(({ words }) => yes.test(words)) ?? others[0];
  const chosen = decision === 'deny' ? (described.find(isNo) ?? yesButton) : yesButton;
  if (chosen === undefined) throw new Error('The page has no button to go on with.');
  await chosen.button.click({ noWaitAfter: true });
}

function labelled(words) {
  return [{ words }];
}

/** The first field that a selector, or the words of a label, finds; null where none does. */
async function firstOf(page, ways) {
  for (const way of ways) {
    const found =
      typeof way === 'string'
        ? page.locator(way).first()
        : page.getByLabel(way.words).and(page.locator('input:visible:not([type=radio]):not([type=checkbox])')).first();
    if ((await found.count()) > 0) return found;
  }
  return null;
}

/** The company's number with or without its punctuation. */
function punctuated(company) {
  const characters = company.replace(/[^A-Za-z0-9]/g, '').split('');
  return new RegExp(characters.join('[./-]?'), 'i');
}

function refuse(kind) {
  const what = kind === 'login' ? 'user name and password' : 'the second factor';
  const code = kind === 'login' ? 'ERR_LOGIN_REFUSED' : 'ERR_SECOND_FACTOR_REFUSED';
  throw Object.assign(new Error(`The bank did not accept ${what}.`), { code });
}
