import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{foundation,mock-server,certificate-authority,proxy,client,steps,reports,cli,interop,scripts,bench}/**/*.test.ts',
    ],
    setupFiles: ['./vitest.setup.ts'],
    pool: 'threads',
    testTimeout: 20_000,
  },
});
