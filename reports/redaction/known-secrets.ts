import { Buffer, isUtf8 } from 'node:buffer';
import { decodeBase64 } from './base64-bytes.js';

/** Shorter values are too ordinary to be looked for in texts. */
const shortest = 4;
/** Shorter ones count only where they stand alone, like a six-digit code. */
const distinctive = 8;
const base64Run = /[A-Za-z0-9+/_-]{8,}/g;
const deepest = 3;
const tagStart = '«'.charCodeAt(0);
const unreadable = /[\p{Cc}\uFFFD]/u;

interface Form {
  readonly text: string;
  readonly tag: string;
}

/** Values that may appear in no text, however they are written there, and their tags. */
export class KnownSecrets {
  // By their first characters, so that a text is searched in one pass, however many secrets there are.
  readonly #forms = new Map<string, Form[]>();
  // Which beginnings there may be, by a hash of them: nearly every place of a text is ruled out without making a string
  // of it. A run of all scenarios spends a third less time for it.
  readonly #beginnings = new Uint8Array(65_536);
  /** The same of their bytes in UTF-8. */
  readonly #beginningBytes = new Uint8Array(65_536);
  readonly #known = new Set<string>();

  /** Looks for a value from now on: as it is, and as URLs, forms, JSON and HTML would have it. */
  add(value: string, tag: string): void {
    if (value.length < shortest || this.#known.has(value)) return;
    this.#known.add(value);
    for (const text of new Set(writtenForms(value))) {
      const key = text.slice(0, shortest);
      const forms = this.#forms.get(key) ?? [];
      forms.push({ text, tag });
      forms.sort((first, second) => second.text.length - first.text.length);
      this.#forms.set(key, forms);
      this.#beginnings[beginningHash(text, 0)] = 1;
      this.#beginningBytes[bytesHash(Buffer.from(text), 0)] = 1;
    }
  }

  /** The text with every known secret replaced, also within base64. */
  hide(text: string, depth = 0): string {
    if (this.#forms.size === 0 || text.length < shortest) return text;
    const plain = this.#hidePlain(text);
    if (depth >= deepest || plain.length < distinctive) return plain;
    return plain.replace(base64Run, (run, offset: number) => {
      const isOfTag = plain.lastIndexOf('«', offset) > plain.lastIndexOf('»', offset);
      return !isOfTag && this.#isWithin(run, depth) ? '«base64»' : run;
    });
  }

  #hidePlain(text: string): string {
    let out = '';
    let copied = 0;
    let index = 0;
    while (index <= text.length - shortest) {
      if (this.#beginnings[beginningHash(text, index)] === 0 && text.charCodeAt(index) !== tagStart) {
        index += 1;
        continue;
      }
      const forms = this.#forms.get(text.slice(index, index + shortest));
      const found = forms?.find((form) => text.startsWith(form.text, index) && standsAlone(text, index, form.text));
      if (found === undefined) {
        const end = text[index] === '«' ? text.indexOf('»', index) : -1;
        index = end < 0 ? index + 1 : end + 1;
        continue;
      }
      out += text.slice(copied, index) + found.tag;
      index += found.text.length;
      copied = index;
    }
    return copied === 0 ? text : out + text.slice(copied);
  }

  /** Whether base64 holds a secret; what stands before it may have shifted it by some characters. */
  #isWithin(run: string, depth: number): boolean {
    return [0, 1, 2, 3].some((shift) => {
      const bytes = decodeBase64(run, shift);
      // Nearly every run is an ordinary word, whose bytes begin no secret and are no text.
      if (!this.#mayHold(bytes) && (bytes.some(isControl) || !isUtf8(bytes))) return false;
      const decoded = Buffer.from(bytes).toString('utf8');
      if (this.#hidePlain(decoded) !== decoded) return true;
      // Only what reads as text can hold base64 again.
      return !unreadable.test(decoded) && this.hide(decoded, depth + 1) !== decoded;
    });
  }

  /** Whether a secret may begin anywhere in these bytes. */
  #mayHold(bytes: Uint8Array): boolean {
    for (let index = 0; index <= bytes.length - shortest; index += 1) {
      if (this.#beginningBytes[bytesHash(bytes, index)] !== 0) return true;
    }
    return false;
  }
}

function isControl(byte: number): boolean {
  return byte < 0x20 || byte === 0x7f;
}

function bytesHash(bytes: Uint8Array, index: number): number {
  const first = (bytes[index] ?? 0) * 31 + (bytes[index + 1] ?? 0);
  const second = (bytes[index + 2] ?? 0) * 31 + (bytes[index + 3] ?? 0);
  return (first * 1021 + second) & 0xffff;
}

function beginningHash(text: string, index: number): number {
  const first = text.charCodeAt(index) * 31 + text.charCodeAt(index + 1);
  const second = text.charCodeAt(index + 2) * 31 + text.charCodeAt(index + 3);
  return (first * 1021 + second) & 0xffff;
}

function standsAlone(text: string, index: number, found: string): boolean {
  if (found.length >= distinctive) return true;
  const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);
  return !isWord(text[index - 1]) && !isWord(text[index + found.length]);
}

function writtenForms(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const html = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = html.replaceAll('"', '&quot;');
  const once = [value, json, html, quoted, quoted.replaceAll("'", '&#39;'), JSON.stringify(json).slice(1, -1)];
  const encoded = [value, json].flatMap((text) => {
    const uri = encodeURIComponent(wellFormed(text));
    const form = new URLSearchParams([['', text]]).toString().slice(1);
    const strict = uri.replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
    const lower = uri.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
    return [uri, form, strict, lower, encodeURI(wellFormed(text)), encodeURIComponent(uri), encodeURIComponent(form)];
  });
  return [...once, ...encoded].filter((text) => text.length >= shortest);
}

function wellFormed(text: string): string {
  return text.replaceAll(/\p{Cs}/gu, '\uFFFD');
}
