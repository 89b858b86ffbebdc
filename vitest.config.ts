import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{foundation,mock-server,certificate-authority,proxy,client,steps,reports,cli,interop,scripts}/**/*.test.ts',
    ],
    setupFiles: ['./vitest.setup.ts'],
    pool: 'threads',
    testTimeout: 20_000,
    // A browser on a busy machine takes its time; who waits in vain fails all the same.
    expect: { poll: { timeout: 8000 } },
  },
});
