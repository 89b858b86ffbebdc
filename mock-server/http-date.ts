let told = { second: Number.NaN, text: '' };

/** An instant as HTTP writes it, to the second (RFC 9110 section 5.6.7); requests of one second share the text. */
export function httpDate(epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  if (told.second !== second) told = { second, text: new Date(epochMs).toUTCString() };
  return told.text;
}
