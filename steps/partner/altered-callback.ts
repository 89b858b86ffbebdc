/** A value of the same length and alphabet that differs in its last letter or digit. */
export function alteredLastCharacter(value: string): string {
  const at = value.search(/[A-Za-z0-9][^A-Za-z0-9]*$/);
  if (at < 0) return `${value}x`;
  const last = value.charAt(at);
  const other = /[0-9]/.test(last) ? (last === '7' ? '3' : '7') : last === 'k' ? 'm' : 'k';
  return `${value.slice(0, at)}${/[A-Z]/.test(last) ? other.toUpperCase() : other}${value.slice(at + 1)}`;
}
