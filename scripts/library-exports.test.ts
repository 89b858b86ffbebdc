import { beforeAll, describe, expect, it } from 'vitest';
import { libraryExports } from './library-exports.js';
import type { LibraryExport } from './library-exports.js';
import { libraryEntries } from './library-page.js';

let exported: readonly LibraryExport[] = [];
beforeAll(() => {
  exported = [...libraryExports(Object.values(libraryEntries)).values()].flat();
}, 120_000);

const named = (name: string) => exported.find((one) => one.name === name);

describe('what the library exports', () => {
  it('says what each of it is for', () => {
    expect(exported.length).toBeGreaterThan(150);
    expect(exported.filter(({ summary }) => summary === '').map(({ name }) => name)).toEqual([]);
  });

  it('is shown without bodies and private members, and with types worked out', () => {
    expect(named('startMockServer')?.signature).toBe(
      'function startMockServer(options: MockServerOptions = {}): Promise<MockServer>;',
    );
    expect(named('ClockReading')?.signature).toMatch(/now: string;\s+mode: "running" \| "frozen";/);
    expect(named('ListenError')?.signature).toMatch(/constructor\(host: string, port: number, cause: unknown\);/);
    const bodies = exported.filter(({ kind, signature }) => kind === 'class' && /super\(|this\./.test(signature));
    expect(bodies.map(({ name }) => name)).toEqual([]);
  });
});
