import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeText } from './safe-text.js';

describe('safeText', () => {
  it.each([
    ['The given client credentials were not valid', 'The given client credentials were not valid'],
    ['No such token: 00000000-0000-4000-8000-000000000000.', 'No such token: [masked].'],
    ['unsupported_response_type', 'unsupported_response_type'],
    ['Required: empresas.btgpactual.com/accounts.readonly', 'Required: empresas.btgpactual.com/accounts.readonly'],
    ['https://id.btgpactual.com', 'https://id.btgpactual.com'],
    ['line one\r\nline\u0000two', 'line one line two'],
  ])('%j becomes %j', (given, expected) => {
    expect(safeText(given)).toBe(expected);
  });

  it('masks the secrets that it was told, however short', () => {
    expect(safeText('wrong password hunter2!', ['hunter2!'])).toBe('wrong password [masked]');
  });

  it('never lets a secret through, wherever it stands', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9_-]{31}[A-Z0-9]$/);
    fc.assert(
      fc.property(fc.string(), secret, fc.string(), (before, value, after) => {
        expect(safeText(`${before}${value}${after}`)).not.toContain(value);
      }),
    );
  });

  it('bounds the length', () => {
    expect(safeText('a '.repeat(500)).length).toBeLessThanOrEqual(200);
  });
});
