/** Bounded throughout: what a stranger sends must not keep its reader waiting. */
const input = /<input\b[^<>]{0,2000}>?/gi;
const address = /(\b(?:action|href|src|content)=")([^"]*[?&;][^"]*)("|$)/gi;
const attribute = (name: string): RegExp =>
  new RegExp(`(\\b${name}\\s*=\\s*)(?:"([^"]*)("|$)|'([^']*)('|$)|([^\\s>]+))`, 'i');
const invisible = /(<(style|script)\b[^<>]{0,500}>)([\s\S]*?)(<\/\2\s*>|$)/gi;

/** What replaces the secrets of a page. */
export interface HtmlReplacements {
  /** A hidden or filled-in field. */
  readonly field: (name: string, value: string) => string;
  readonly address: (address: string) => string;
}

/** Replaces the values of a page's fields and the addresses of its links and forms; leaves out styles and scripts. */
export function redactHtmlFields(html: string, { field, address: safeAddress }: HtmlReplacements): string {
  return html
    .replace(invisible, (_whole, open: string, _tag: string, text: string, close: string) => {
      return text === '' ? `${open}${close}` : `${open}…${close}`;
    })
    .replace(input, (element) => {
      const type = valueOf(element, 'type').toLowerCase();
      if (/^(submit|button|radio|checkbox|image|reset)$/.test(type)) return element;
      const name = valueOf(element, 'name');
      return element.replace(attribute('value'), (_whole, before: string, ...groups: unknown[]) => {
        const value = groups.slice(0, 5).find((group, index) => [0, 2, 4].includes(index) && typeof group === 'string');
        return `${before}"${field(name, typeof value === 'string' ? decodeEntities(value) : '')}"`;
      });
    })
    .replace(address, (_whole, before: string, url: string, after: string) => {
      return `${before}${safeAddress(decodeEntities(url)).replaceAll('&', '&amp;')}${after}`;
    });
}

function valueOf(element: string, name: string): string {
  const [, , double, , single, , bare] = attribute(name).exec(element) ?? [];
  return double ?? single ?? bare ?? '';
}

function decodeEntities(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
