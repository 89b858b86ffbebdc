/** A secret that a recording shows as a tag, such as `«refresh_token#3»`: equal tags are equal values. */
const tag = /^«[^»]*»/;

/** Whether all that is known of a value is that it equals others of the same tag. */
export function isMasked(value: string): boolean {
  return tag.test(value);
}

/** A tag without what a recording wrote behind it (the readable parts of a JWT); any other value as it is. */
export function bareValue(value: string): string {
  return tag.exec(value)?.[0] ?? value;
}

/** An address in which tags stand percent-encoded: they hold a `#`, which would end the query. */
export function encodeTags(address: string): string {
  return address.includes('«') ? address.replace(/«[^»]*»/g, (found) => encodeURIComponent(found)) : address;
}
