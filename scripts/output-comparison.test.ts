import { describe, expect, it } from 'vitest';
import { compareOutput } from './output-comparison.js';

const shown = `A refresh token of BS2, given to l7 for correntista; it is good.

  grant     f0b1a6d2-5a37-4f1e-9c55-0d6a2f3b4c5d
  2026-11-26T05:00:00.124Z  request 2     Given in exchange for an authorization code.
`;
const printed = `${shown}
  2026-11-26T05:00:01.000Z  request 3     Exchanged for new tokens (200).
What to do: Use the newest refresh token.
`;

describe('an output that a page shows', () => {
  it('holds where it is printed, also as an excerpt', () => {
    expect(compareOutput(shown, printed)).toBeNull();
    expect(compareOutput('What to do: Use the newest refresh token.\n', printed)).toBeNull();
  });

  it('holds with another id, instant, port or duration', () => {
    const other = printed
      .replace('f0b1a6d2-5a37-4f1e-9c55-0d6a2f3b4c5d', '96c11bff-5e33-4fe8-a2ef-c4feb1ba2b0a')
      .replace('2026-11-26T05:00:00.124Z', '2031-01-02T03:04:05.678Z');
    expect(compareOutput(shown, other)).toBeNull();
    expect(compareOutput('Proxy  http://127.0.0.1:8888\n', 'Proxy  http://127.0.0.1:41197\n')).toBeNull();
    expect(compareOutput('1 check in 22.0 s: 1 passed', '1 check in 3.2 s: 1 passed')).toBeNull();
    const folder = 'report: reports/out/2026-11-26T05-04-21-mock';
    expect(compareOutput(folder, folder.replace('05-04-21', '23-59-00'))).toBeNull();
  });

  it('does not hold with a word that changed, and says which line', () => {
    expect(compareOutput(shown, printed.replace('request 2 ', 'request 7 '))).toEqual({
      shown: '  2026-11-26T05:00:00.124Z  request 2     Given in exchange for an authorization code.',
      got: '  2026-11-26T05:00:00.124Z  request 7     Given in exchange for an authorization code.',
    });
    expect(compareOutput(shown, printed.replace('is good', 'is refused now'))).toEqual({
      shown: 'A refresh token of BS2, given to l7 for correntista; it is good.',
      got: null,
    });
  });

  it.each([
    ['a value of another kind', '1 check in 22.0 s: 1 passed', '1 check in 22.0 min: 1 passed'],
    ['another count', '68 checks in 22.0 s: 67 passed', '68 checks in 22.0 s: 66 passed'],
    ['another credential', 'id  00000000-0000-4000-8000-00000000c0de', 'id  00000000-0000-4000-8000-00000000beef'],
    ['another port of localhost', 'http://localhost:3000/callback', 'http://localhost:3001/callback'],
    ['a line between', 'one\ntwo\n', 'one\nand\ntwo\n'],
    ['a line less', 'one\ntwo\nthree\n', 'one\nthree\n'],
    ['the other order', 'one\n…\ntwo\n', 'two\nzero\none\n'],
    ['nothing left out where the page says so', 'one\n…\ntwo\n', 'one\ntwo\n'],
    ['nothing before where the page says so', '…\none\n', 'one\ntwo\n'],
    ['a part of the line', 'one two', 'one two three'],
    ['no text', 'one …', 'one '],
    [
      'two ids where there was one',
      'a 96c11bff-5e33-4fe8-a2ef-c4feb1ba2b0a\nb 96c11bff-5e33-4fe8-a2ef-c4feb1ba2b0a',
      'a 0ef7b1b2-1c8b-4fb2-88f9-a47f01b4eaf7\nb 4f0a1c52-2f63-4d8b-8a1e-6a4f5f2f0c11',
    ],
    [
      'one id where there were two',
      'a 96c11bff-5e33-4fe8-a2ef-c4feb1ba2b0a\nb 0ef7b1b2-1c8b-4fb2-88f9-a47f01b4eaf7',
      'a 4f0a1c52-2f63-4d8b-8a1e-6a4f5f2f0c11\nb 4f0a1c52-2f63-4d8b-8a1e-6a4f5f2f0c11',
    ],
  ])('does not hold with %s', (_, page, output) => {
    expect(compareOutput(page, output)).not.toBeNull();
    expect(compareOutput(page, page.replaceAll('…', 'some text\nand more'))).toBeNull();
  });

  it('may leave out lines and parts of a line, and looks further where the first place does not fit', () => {
    expect(compareOutput('one\n…\nthree …\n', 'one\ntwo\ntwo\nthree or four\n')).toBeNull();
    expect(compareOutput('one\ntwo\n…\nfour\n', 'one\nthree\none\ntwo\nthree\nfour\n')).toBeNull();
    expect(compareOutput('…\ntwo\n…\n', 'one\ntwo\nthree\n')).toBeNull();
  });
});
