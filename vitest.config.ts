import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,prisma,worker,portal,site,test,content,bench}/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    globalSetup: ['test/globalSetup.ts'],
  },
});
