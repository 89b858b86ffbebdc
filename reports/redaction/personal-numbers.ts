// Twelve characters and two digits, with or without punctuation; since 2026 a CNPJ may hold letters.
const cnpjLike =
  /(?<![0-9A-Za-z])[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}(?:\/|%2[fF])?[0-9A-Z]{4}-?\d{2}(?![0-9A-Za-z])/g;
const cpfLike = /(?<![0-9A-Za-z])\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?![0-9A-Za-z])/g;

/** Replaces what is a CPF or CNPJ by its check digits, wherever it stands in a text. */
export function replacePersonalNumbers(text: string, replace: (kind: 'person' | 'company', value: string) => string) {
  return text
    .replace(cnpjLike, (found) => {
      const plain = found.replace(/%2f/i, '').replaceAll(/[./-]/g, '');
      return isCnpj(plain) ? replace('company', plain) : found;
    })
    .replace(cpfLike, (found) => {
      const plain = found.replaceAll(/[.-]/g, '');
      return isCpf(plain) ? replace('person', plain) : found;
    });
}

function isCnpj(value: string): boolean {
  if (!/^[0-9A-Z]{12}\d{2}$/.test(value) || /^(.)\1+$/.test(value)) return false;
  const weights = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
  const first = checkDigit(value.slice(0, 12), weights.slice(1));
  return value.endsWith(`${first}${checkDigit(`${value.slice(0, 12)}${first}`, weights)}`);
}

function isCpf(value: string): boolean {
  if (!/^\d{11}$/.test(value) || /^(.)\1+$/.test(value)) return false;
  const weights = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2];
  const first = checkDigit(value.slice(0, 9), weights.slice(1));
  return value.endsWith(`${first}${checkDigit(`${value.slice(0, 9)}${first}`, weights)}`);
}

/** Modulo 11 over the characters' distance from "0", which letters have too. */
function checkDigit(characters: string, weights: readonly number[]): string {
  const sum = weights.reduce((total, weight, index) => total + weight * (characters.charCodeAt(index) - 48), 0);
  const rest = sum % 11;
  return String(rest < 2 ? 0 : 11 - rest);
}
