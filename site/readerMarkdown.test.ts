import { expect, test } from 'vitest';
import { plainBody } from './readerMarkdown.ts';

test('setup fences, words for the runner, heading ids and imports are gone; values are plain', () => {
  const body = `import Tabs from './x.astro'

## Is it real? {#check}

\`\`\`bash setup
fallocate -l 10M /x
\`\`\`

\`\`\`console match=shape skip="needs a disk"
# df -h /
{{size:5.0M}} import this line
\`\`\`

Done.`;
  expect(plainBody(body)).toBe(
    '## Is it real?\n\n```console\n# df -h /\n5.0M import this line\n```\n\nDone.',
  );
});
