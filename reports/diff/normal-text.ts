const tag = /«([^»#]*)(?:#[^»]*)?»/g;
const origin = /\b(https?):\/\/[^/\s"'<>«?#]+(?:\/t\/[A-Za-z0-9_-]+)?/g;
const uuid = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi;
const httpDate = /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT\b/g;
const instant = /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?/g;
const longNumber = /\b\d{5,}\b/g;
/** What is made of letters and digits in one go is a random value; words of a language hold no digits. */
const random = /(?<![A-Za-z0-9_-])(?=[A-Za-z_-]*\d)(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_-]{16,}(?![A-Za-z0-9_-])/g;

/** A text without what must differ from run to run: masked values, addresses, ids, dates and long numbers. */
export function normalText(text: string): string {
  return text
    .replace(tag, '‹$1›')
    .replace(origin, '$1://‹host›')
    .replace(httpDate, '‹date›')
    .replace(instant, '‹date›')
    .replace(uuid, '‹id›')
    .replace(random, '‹id›')
    .replace(longNumber, '‹number›');
}

/** Whether a normal text still says all: nothing in it was of one run alone. */
export function isComplete(text: string): boolean {
  return !text.includes('‹') && !text.includes('«');
}
