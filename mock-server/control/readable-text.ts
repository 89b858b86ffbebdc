const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };

/** What a person reads of an answer: HTML without its markup, anything else as it is. */
export function readableText(contentType: string, body: string): string {
  if (!contentType.includes('html')) return body.trim();
  return body
    .replaceAll(/<(head|style|script)\b[\s\S]*?<\/\1>|<p class="test"[\s\S]*?<\/p>/gi, ' ')
    .replaceAll(/<\/(p|h[1-6]|li|ul|form|div|main|label|legend)>|<br>/gi, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(amp|lt|gt|quot|#39|nbsp);/g, (whole, name: string) => entities[name] ?? whole)
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}
