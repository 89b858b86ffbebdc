/** The switch between the two languages, which every page begins with; the reader's browser says the first. */
const languageScript = String.raw`
  const root = document.documentElement;
  const titles = { en: document.title, pt: root.dataset.titlePt };
  const options = [...document.querySelectorAll('option[data-pt]')].map((o) => [o, { en: o.textContent, pt: o.dataset.pt }]);
  const setLanguage = (language) => {
    root.dataset.l = language;
    document.title = titles[language];
    options.forEach(([option, words]) => { option.textContent = words[language]; });
    root.lang = language === 'pt' ? 'pt-BR' : 'en';
    document.querySelectorAll('[data-language]').forEach((b) => b.setAttribute('aria-pressed', String(b.dataset.language === language)));
  };
  setLanguage((navigator.language || 'en').toLowerCase().startsWith('pt') ? 'pt' : 'en');
  document.querySelectorAll('[data-language]').forEach((b) => b.addEventListener('click', () => setLanguage(b.dataset.language)));
`.trim();

/** The script of a page that has nothing but the switch of languages. */
export const plainPageScript = `(() => {\n  ${languageScript}\n})();`;

/**
 * The page's script, plain JavaScript of its own: language, filters, deep links, and drawing a check's exchanges when
 * it is opened. Everything it shows of a bank goes through textContent, never through innerHTML.
 */
export const pageScript = String.raw`
(() => {
  ${languageScript}

  const data = JSON.parse(document.getElementById('data').textContent);
  const text = (place) => (place < 0 ? '' : data.texts[place]);
  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const both = (en, pt) => {
    const fragment = document.createDocumentFragment();
    fragment.append(make('span', { 'data-t': 'en', lang: 'en' }, en), make('span', { 'data-t': 'pt', lang: 'pt-BR' }, pt));
    return fragment;
  };
  const shortUrl = (url) => url.replace(/^https?:\/\/[^/]+(\/t\/[^/]+)?/, '');
  // A tag holds a # of its own.
  const pathOf = (url) => shortUrl(url).split(/\?|#(?![^«]*»)/)[0];
  const headerOf = (places, name) => {
    const line = places.map(text).find((h) => h.toLowerCase().startsWith(name + ':'));
    return line === undefined ? null : line.slice(name.length + 2);
  };
  const originOf = (url) => (/^[a-z]+:\/\/[^/]+/i.exec(url) || [''])[0];
  const parametersOf = (url) => {
    const query = (url.split('?')[1] || '').split(/#(?![^«]*»)/)[0];
    return query.split('&').filter((p) => /^(code|error|state|iss)=/.test(p)).map((p) => (p.length > 40 ? p.slice(0, 39) + '…' : p)).join(' ');
  };
  const grantOf = (body) => {
    const found = /(?:^|&)grant_type=([^&]+)/.exec(body);
    return found === null ? '' : ' ' + found[1];
  };

  const sequence = (exchanges) => {
    const list = make('ol', { class: 'seq' });
    let step = -1;
    const arrow = (kind, label) => list.append(make('li', { class: kind }, make('span', {}, label)));
    exchanges.forEach(([actor, method, url, , body, status, answerHeaders, , problem, , stepPlace], index) => {
      if (stepPlace !== step && stepPlace >= 0) list.append(make('li', { class: 'step' }, make('span', {}, text(stepPlace))));
      step = stepPlace;
      arrow(['ub', 'pb', 'up'][actor], index + 1 + ' ' + method + ' ' + pathOf(text(url)) + grantOf(text(body)));
      const location = headerOf(answerHeaders, 'location');
      const leads = location === null ? '' : ' → ' + pathOf(location);
      arrow(['bu', 'bp', 'pu'][actor], status === 0 ? '✕ ' + text(problem) : status + (problem < 0 ? leads : ' ✕ ' + text(problem)));
      if (actor === 0 && location !== null && /^https?:/.test(location) && originOf(location) !== originOf(text(url))) {
        arrow('up', pathOf(location) + ' ' + parametersOf(location));
      }
    });
    const lanes = make('div', { class: 'lanes', 'aria-hidden': 'true' }, make('span', {}, both('User agent', 'Navegador')), make('span', {}, both('Partner', 'Parceiro')), make('span', {}, both('Bank', 'Banco')));
    const figure = make('div', { role: 'group', 'aria-label': 'Sequence of requests: user agent, partner, bank / Sequência de requisições: navegador, parceiro, banco' }, lanes, list);
    return figure;
  };

  const quote = (value) => "'" + value.replaceAll("'", "'\\''") + "'";
  const curlOf = ([, method, url, headers, body]) => {
    const parts = ['curl -i -X ' + method + ' ' + quote(text(url))];
    headers.map(text).filter((h) => !/^(content-length|host|connection|sec-fetch-[a-z]+):/i.test(h)).forEach((h) => parts.push('-H ' + quote(h)));
    if (body >= 0) parts.push('--data-raw ' + quote(text(body)));
    return parts.join(' \\\n  ');
  };
  const block = (label, content) => make('div', {}, make('strong', { class: 'soft' }, label), make('pre', { tabindex: '0' }, content));
  const message = (headers, body) => headers.map(text).join('\n') + (body >= 0 ? '\n\n' + text(body) : '');
  const exchangeDetails = (exchange, index) => {
    const [, method, url, headers, body, status, answerHeaders, answerBody, problem, ms] = exchange;
    const summary = make('summary', {}, index + 1 + '  ' + method + ' ' + pathOf(text(url)) + '  ' + (status || '✕') + '  ' + ms + ' ms');
    const details = make('details', { class: 'exchange' }, summary);
    details.addEventListener('toggle', () => {
      if (details.childElementCount > 1) return;
      details.append(
        block(both('Request', 'Requisição'), method + ' ' + text(url) + '\n' + message(headers, body)),
        block(both('Answer', 'Resposta'), (status || text(problem)) + '\n' + message(answerHeaders, answerBody)),
        block(both('Repeat it (put the secrets in place of the «tags»)', 'Repetir (troque as «etiquetas» pelos segredos)'), curlOf(exchange)),
      );
    });
    return details;
  };
  const draw = (holder) => {
    if (holder.dataset.drawn) return;
    holder.dataset.drawn = 'yes';
    const exchanges = data.checks[holder.dataset.exchanges];
    if (exchanges === undefined || exchanges.length === 0) {
      holder.append(make('p', { class: 'soft' }, both('No request was sent.', 'Nenhuma requisição foi enviada.')));
      return;
    }
    holder.append(sequence(exchanges), ...exchanges.map(exchangeDetails));
  };

  const checks = [...document.querySelectorAll('details.check')];
  checks.forEach((check) => {
    const holder = check.querySelector('[data-exchanges]');
    if (check.open) draw(holder);
    check.addEventListener('toggle', () => check.open && draw(holder));
  });
  const follow = () => {
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch {}
    const target = document.getElementById(name.replaceAll('#', '.'));
    if (target === null) return;
    if (target.matches('details.check')) { target.hidden = false; target.open = true; }
    target.scrollIntoView();
  };
  // On paper nothing can be unfolded.
  const folded = [...document.querySelectorAll('.booklet details')].filter((d) => !d.open);
  addEventListener('beforeprint', () => folded.forEach((d) => { d.open = true; }));
  addEventListener('afterprint', () => folded.forEach((d) => { d.open = false; }));
  addEventListener('hashchange', follow);
  if (location.hash) follow();

  const filters = document.getElementById('filters');
  const shown = document.getElementById('shown');
  const filter = () => {
    const { verdict, bank, requirement, words } = filters.elements;
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    checks.forEach((check) => {
      const { v, b, r } = check.dataset;
      const content = check.querySelector('summary').textContent.toLowerCase();
      const fits = (verdict.value === '' || v === verdict.value) && (bank.value === '' || b === bank.value)
        && (requirement.value === '' || r.toLowerCase().includes(requirement.value.trim().toLowerCase()))
        && wanted.every((word) => content.includes(word));
      check.hidden = !fits;
      if (fits) count += 1;
    });
    shown.textContent = count + ' / ' + checks.length;
  };
  filters.addEventListener('input', filter);
  filters.addEventListener('submit', (event) => event.preventDefault());
  filter();
})();
`.trim();
