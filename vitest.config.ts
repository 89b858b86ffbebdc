import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { TriedAgainReporter } from './scripts/tried-again-reporter.js';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // The recipes import the package by its name, as their readers do.
  resolve: {
    alias: {
      'homologa/mock-server': source('mock-server/index.ts'),
      'homologa/client': source('client/index.ts'),
    },
  },
  test: {
    include: [
      '{foundation,mock-server,certificate-authority,proxy,client,steps,reports,cli,interop,scripts,bench}/**/*.test.ts',
      'examples/recipes/{vitest,msw,undici,playwright}/**/*.test.js',
    ],
    setupFiles: ['./vitest.setup.ts'],
    pool: 'threads',
    // Many tests wait for processes of their own: one worker alone, as two processors get, leaves them idle.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 20_000,
    // A browser or a process that the machine kept waiting must not turn a CI red; .ci/run names each test that needed it.
    retry: process.env['HOMOLOGA_FORBID_SKIP'] === undefined ? 0 : 1,
    reporters: ['default', new TriedAgainReporter()],
    // A browser on a busy machine takes its time; who waits in vain fails all the same.
    expect: { poll: { timeout: 8000 } },
  },
});
