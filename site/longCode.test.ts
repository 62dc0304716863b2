import { markdownToHtml } from 'satteri';
import { expect, test } from 'vitest';
import { longCode } from './longCode.ts';

test('a command in a sentence may be broken at its blanks, a name may not', () => {
  const { html } = markdownToHtml(
    'Run `sync; echo 3 >/proc/sys/vm/drop_caches` or `ls -l` in `/usr/lib/systemd/system-generators`.\n\n- `df -h --output=source,size`',
    { hastPlugins: [longCode as never] },
  );
  expect(html.match(/<code class="long">[^<]*/g)).toEqual([
    '<code class="long">sync; echo 3 &gt;/proc/sys/vm/drop_caches',
    '<code class="long">df -h --output=source,size',
  ]);
});
