// Lint is the memory of past mistakes. The first part is the fence: who may import whom, one table.
import tseslint from 'typescript-eslint';

/** Folder → doors that it may open. Everything else between folders is closed; inside a folder only `./` is used (or the folder's own door, from one subfolder to another). */
const mayImport = {
  content: [],
  agent: [],
  core: [],
  prisma: ['core'],
  worker: ['core', 'prisma'],
  portal: ['core', 'prisma'],
  site: ['core', 'portal'],
  test: ['core', 'prisma', 'worker', 'portal', 'site'],
  bench: ['core', 'prisma', 'worker', 'portal', 'site', 'test'],
};
const folders = Object.keys(mayImport);

/** The patterns that a folder must not import: other folders by door, and any folder by a path that climbs out. */
function closedDoors(folder) {
  const closed = folders.filter((other) => other !== folder && !mayImport[folder].includes(other));
  const inTest = ['test', 'bench', 'site'].includes(folder);
  return [
    {
      regex: `^#(${closed.join('|')})(/|$)`,
      message: `${folder}/ may import only ${mayImport[folder].map((name) => `#${name}`).join(', ') || 'nothing'}. Move what both need to core/, or let them meet in the database.`,
    },
    ...(inTest
      ? []
      : [
          {
            regex: '^(\\.\\./)+(?!generated)',
            message: 'Do not climb out of a folder: use its door, #folder/file.ts.',
          },
        ]),
  ];
}

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'data', '.astro', 'prisma/generated', '**/*.astro'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'smart'],
      'no-eval': 'error',
      'prefer-const': 'error',
    },
  },
  ...folders
    .filter((folder) => folder !== 'content' && folder !== 'agent')
    .map((folder) => ({
      files: [`${folder}/**/*.{ts,tsx,mjs}`],
      // Tests cross folders through test/ helpers; product code does not.
      ignores: folder === 'test' || folder === 'bench' ? [] : [`${folder}/**/*.{test,fixture}.{ts,tsx}`],
      rules: { 'no-restricted-imports': ['error', { patterns: closedDoors(folder) }] },
    })),
  {
    files: ['core/**/*.ts'],
    ignores: ['core/**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...closedDoors('core'),
            {
              regex: '^(?!zod$|\\./|#core/).+',
              message:
                'core/ is pure: it imports zod and its own files, nothing else. I/O belongs to the folder that does it.',
            },
          ],
        },
      ],
    },
  },
);
