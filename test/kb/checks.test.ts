// A check that cannot fail is none: samples with a mistake are refused by the programs that read them.
import { expect, test } from 'vitest';
import { checkConfig } from './checks.ts';
import { parseArticle } from './fences.ts';
import { Sandbox } from './sandbox.ts';

const fenceOf = (text: string) => parseArticle('problems/x', `---\ntitle: x\n---\n\n${text}\n`).fences[0]!;

test('a misspelled key is a fault in each of these files', { timeout: 120_000 }, async () => {
  const sandbox = await new Sandbox().start();
  try {
    await sandbox.run(
      "printf '[Service]\\nExecStart=/bin/true\\n' >/etc/systemd/system/shop.service; mkdir -p /etc/systemd/system/shop.service.d",
    );
    for (const [fence, good, bad] of [
      [
        'ini title="/etc/systemd/system/shop.service.d/log.conf" check="systemd-analyze verify shop.service"',
        '[Service]\nLogRateLimitBurst=20',
        '[Service]\nLogRateLimitBurts=20',
      ],
      [
        'text title="/etc/postfix/main.cf" check="postfix check && ! postconf -n 2>&1 >/dev/null | grep ."',
        'compatibility_level = 3.6\ndisable_vrfy_command = yes',
        'compatibility_level = 3.6\ndisable_vfry_command = yes',
      ],
      [
        'text title="/srv/unbound.conf" check="unbound-checkconf {}"',
        'server:\n    hide-identity: yes',
        'server:\n    hide-idenity: yes',
      ],
    ] as const) {
      const written = (body: string) => fenceOf(`\`\`\`${fence}\n${body}\n\`\`\``);
      expect(await checkConfig(written(good), sandbox), fence).toBeUndefined();
      expect(await checkConfig(written(bad), sandbox), fence).toMatch(/ended with [1-9]/);
    }
  } finally {
    sandbox.end();
  }
});
