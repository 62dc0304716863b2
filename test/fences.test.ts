import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const eslint = new ESLint({ cwd: `${import.meta.dirname}/..` });

async function messages(code: string, filePath: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return result!.messages
    .filter(({ ruleId }) => ruleId === 'no-restricted-imports')
    .map(({ message }) => message);
}

test.each([
  ['worker/x.ts', `import { ingest } from '#portal/ingest.ts'; ingest;`],
  ['portal/x.ts', `import { rules } from '#worker/rules/index.ts'; rules;`],
  ['site/x.ts', `import { db } from '#prisma/client.ts'; db;`],
  ['site/x.ts', `import { openDatabase } from '#prisma'; openDatabase;`],
  ['core/x.ts', `import { readFileSync } from 'node:fs'; readFileSync;`],
  ['core/x.ts', `import pg from 'pg'; pg;`],
  ['prisma/x.ts', `import { a } from '../core/report.ts'; a;`],
])('the fence bites: %s %s', async (file, code) => {
  expect(await messages(code, file)).not.toEqual([]);
});

test.each([
  ['worker/x.ts', `import { splitReport } from '#core/report.ts'; splitReport;`],
  ['portal/x.ts', `import { openDatabase } from '#prisma'; openDatabase;`],
  ['site/x.ts', `import { ingest } from '#portal/ingest.ts'; ingest;`],
  ['core/x.ts', `import { z } from 'zod'; import { a } from './b.ts'; z; a;`],
])('the door is open: %s %s', async (file, code) => {
  expect(await messages(code, file)).toEqual([]);
});
