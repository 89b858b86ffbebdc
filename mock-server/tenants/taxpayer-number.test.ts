import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCnpj, isCpf } from './taxpayer-number.js';

describe('isCpf', () => {
  it.each(['11144477735', '52998224725', '00000000191'])('takes %s', (cpf) => {
    expect(isCpf(cpf)).toBe(true);
  });

  it.each([
    '11144477734',
    '11144477745',
    '111.444.777-35',
    '1114447773',
    '111444777355',
    '00000000000',
    '11111111111',
    '',
  ])('refuses %j', (cpf) => {
    expect(isCpf(cpf)).toBe(false);
  });

  it('has exactly one pair of check digits for any nine digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_998 }), (number) => {
        const nine = String(number).padStart(9, '0');
        fc.pre(!/^(\d)\1{8}$/.test(nine));
        const valid = Array.from({ length: 100 }, (_, check) => `${nine}${String(check).padStart(2, '0')}`).filter(
          isCpf,
        );
        expect(valid).toHaveLength(1);
      }),
    );
  });
});

describe('isCnpj', () => {
  // The second is the example of Receita Federal for letters.
  it.each(['11222333000181', '12ABC34501DE35', '30306294000145', '00000000000191'])('takes %s', (cnpj) => {
    expect(isCnpj(cnpj)).toBe(true);
  });

  it.each([
    '11222333000180',
    '12ABC34501DE34',
    '12abc34501de35',
    '12ABC34501DE3A',
    '11.222.333/0001-81',
    '1122233300018',
    '00000000000000',
    '',
  ])('refuses %j', (cnpj) => {
    expect(isCnpj(cnpj)).toBe(false);
  });

  it('has exactly one pair of check digits for any twelve places', () => {
    const place = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ');
    fc.assert(
      fc.property(fc.string({ unit: place, minLength: 12, maxLength: 12 }), (twelve) => {
        fc.pre(!/^(.)\1{11}$/.test(twelve));
        const valid = Array.from({ length: 100 }, (_, check) => `${twelve}${String(check).padStart(2, '0')}`).filter(
          isCnpj,
        );
        expect(valid).toHaveLength(1);
      }),
    );
  });
});
