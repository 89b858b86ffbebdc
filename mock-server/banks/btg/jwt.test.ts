import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { isRs256Signature, parseJwt, signHs256, signRs256 } from './jwt.js';
import { signingKey } from './signing-key.js';

const content = {
  header: [['alg', 'RS256']],
  claims: [
    ['10', 'dez'],
    ['__proto__', 'x'],
    ['2', 'dois'],
  ],
} as const;

describe('JWTs', () => {
  it('keep the order of their members whatever they are called', async () => {
    const token = await signRs256(content, signingKey('first').privateKey);
    const [header = '', claims = ''] = token.split('.');
    expect(Buffer.from(header, 'base64url').toString()).toBe('{"alg":"RS256"}');
    expect(Buffer.from(claims, 'base64url').toString()).toBe('{"10":"dez","__proto__":"x","2":"dois"}');
  });

  it('are verified by another implementation', async () => {
    const claims = [['sub', 'alguém']] as const;
    const signed = await signRs256({ header: [['alg', 'RS256']], claims }, signingKey('second').privateKey);
    expect((await jwtVerify(signed, signingKey('second').publicKey)).payload).toEqual({ sub: 'alguém' });
    const keyed = signHs256({ header: [['alg', 'HS256']], claims }, 'segredo-ç');
    expect((await jwtVerify(keyed, Buffer.from('segredo-ç', 'utf8'))).payload).toEqual({ sub: 'alguém' });
  });

  it('are refused when any character changes, the spare bits of the last one too', async () => {
    const token = await signRs256(content, signingKey('first').privateKey);
    const passes = (text: string): boolean => {
      const jwt = parseJwt(text);
      return jwt !== null && isRs256Signature(jwt, signingKey('first').publicKey);
    };
    expect(passes(token)).toBe(true);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const index of [5, token.indexOf('.') + 3, token.length - 5, token.length - 1]) {
      for (const character of alphabet) {
        if (character === token[index]) continue;
        expect(passes(token.slice(0, index) + character + token.slice(index + 1))).toBe(false);
      }
    }
    expect(passes(`${token}=`)).toBe(false);
    expect(passes(`${token} `)).toBe(false);
  });

  it.each(['', '.', '..', 'a.b', 'a.b.c', 'e30.e30.', 'e30.e30.e30.e30', `${'e30'.repeat(9)}.x.y`, '🦊.🦊.🦊'])(
    'are not made of %j',
    (text) => {
      expect(parseJwt(text)).toBeNull();
    },
  );
});
