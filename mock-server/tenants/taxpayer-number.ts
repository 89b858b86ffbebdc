/**
 * Brazilian taxpayer numbers. A CNPJ may have letters in its first twelve places since July 2026 (Receita Federal,
 * Instrução Normativa RFB 2.229/2024): each character counts as its ASCII code less 48.
 */
const cnpjShape = /^[0-9A-Z]{12}\d{2}$/;

/** Whether 11 digits carry the right check digits. */
export function isCpf(cpf: string): boolean {
  if (!/^\d{11}$/.test(cpf) || /^(\d)\1{10}$/.test(cpf)) return false;
  const digits = [...cpf].map(Number);
  const check = (count: number): number => {
    const sum = digits.slice(0, count).reduce((total, digit, index) => total + digit * (count + 1 - index), 0);
    return ((sum * 10) % 11) % 10;
  };
  return check(9) === digits[9] && check(10) === digits[10];
}

/** Whether 14 characters, letters allowed in the first twelve, carry the right check digits. */
export function isCnpj(cnpj: string): boolean {
  if (!cnpjShape.test(cnpj) || /^(.)\1{13}$/.test(cnpj)) return false;
  const values = [...cnpj].map((character) => character.charCodeAt(0) - 48);
  const check = (count: number): number => {
    const sum = values
      .slice(0, count)
      .reduce((total, value, index) => total + value * (((count - 1 - index) % 8) + 2), 0);
    const rest = sum % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  return check(12) === values[12] && check(13) === values[13];
}
