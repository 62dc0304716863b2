// The sandbox on this very machine: nothing that happens inside is seen outside.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runArticle } from './article.ts';
import { parseArticle } from './fences.ts';
import { endAll, Sandbox } from './sandbox.ts';

afterEach(endAll);

const mounts = () => readFileSync('/proc/self/mounts', 'utf8');
const run = (body: string) => runArticle(parseArticle('commands/x', `---\ntitle: x\n---\n${body}\n`));

test('an attempt to get out leaves no trace outside', async () => {
  const before = mounts();
  const swappiness = readFileSync('/proc/sys/vm/swappiness', 'utf8');
  const marker = join(tmpdir(), 'rootnote-kb-escape');
  const sandbox = await new Sandbox().start();
  const { output } = await sandbox.run(`
    echo x >/etc/rootnote-escape; echo x >${marker}; useradd intruder
    echo 1 >/proc/sys/vm/swappiness
    mknod /root/disk b 254 0; head -c 1 /root/disk
    hostname elsewhere; mount -t tmpfs tmpfs /mnt
    sleep 1000 & disown
    hostname; id -u; ls /root /work | wc -l; grep -c : /proc/net/dev`);
  expect(output).toContain('elsewhere\n0\n');
  expect(output).toContain('Read-only file system');
  expect(output).toContain('Operation not permitted');
  sandbox.end();
  expect(existsSync('/etc/rootnote-escape')).toBe(false);
  expect(existsSync(marker)).toBe(false);
  expect(readFileSync('/etc/passwd', 'utf8')).not.toContain('intruder');
  expect(readFileSync('/proc/sys/vm/swappiness', 'utf8')).toBe(swappiness);
  expect(mounts()).toBe(before);
  for (const name of readdirSync('/sys/fs/cgroup'))
    expect(existsSync(`/sys/fs/cgroup/${name}/${sandbox.id}`)).toBe(false);
});

test('root inside can neither set the clock nor load modules, nor reach a network', async () => {
  const sandbox = await new Sandbox().start();
  const { output } = await sandbox.run(
    'setpriv -d | sed -n "s/^Capability bounding set: //p"; ip -br link; ip route',
  );
  for (const capability of ['sys_time', 'sys_module', 'sys_rawio', 'syslog'])
    expect(output.split('\n')[0]!.split(',')).not.toContain(capability);
  expect(
    output
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(' ')[0]),
  ).toEqual(['lo']);
});

test('a command that hangs meets its limit', async () => {
  const sandbox = await new Sandbox().start();
  const { status } = await sandbox.run('sleep 60', { limit: 1 });
  expect(status).toBe(124);
});

test('setup, console, config and script fences are run or checked', async () => {
  const { results } = await run(
    [
      '```bash setup\nmkdir /srv/www\necho hello >/srv/www/index.html\n```',
      '```console\n# cd /srv/www\n# cat index.html\nhello\n```',
      '```console exit=1\n$ test -w /srv/www\n```',
      '```json title="/srv/a.json" check="jq . {}"\n{}\n```',
      '```sh\necho "$1"\n```',
      '```console skip="needs a failing disk" evidence="recorded"\n# false\n```',
    ].join('\n\n'),
  );
  expect(results.map((r) => r.outcome)).toEqual(['run', 'run', 'checked', 'checked', 'skipped']);
});

test('a planted drift is caught, shown and written by an update', async () => {
  const { results, updated } = await run('```console\n# echo 1; echo 2; echo 3\n1\nTWO\n3\n```');
  expect(results[0]!.outcome).toBe('failed');
  expect(results[0]!.detail).toContain('- TWO\n+ 2');
  expect(updated).toContain('# echo 1; echo 2; echo 3\n1\n2\n3\n```');
});

test('a wrong exit status, a bad script and a fence without a check are failures', async () => {
  const { results } = await run(
    '```console\n# false\n```\n\n```sh\nfor f in $(ls *.txt); do rm $f; done\ncd /x\n```\n\n```ini\na=b\n```',
  );
  expect(results.map((r) => r.outcome)).toEqual(['failed', 'failed', 'failed']);
});

test('with systemd a service runs as on a server', async () => {
  const { results } = await run(
    '```console env=systemd match=lines\n# systemctl is-system-running\nrunning\n```',
  );
  expect(results[0]!.detail).toBeUndefined();
});

test('an update keeps the lines that still match', async () => {
  const { updated } = await run('```console\n# seq 1 9\n1\n...\n5\n{{int:6}}\n77\n```');
  expect(updated).toContain('# seq 1 9\n1\n...\n5\n{{int:6}}\n7\n8\n9\n```');
});

test('disks and swap of a setup are given back', async () => {
  const loops = () =>
    readdirSync('/sys/block').filter((n) => existsSync(`/sys/block/${n}/loop/backing_file`)).length;
  const [before, swaps] = [loops(), readFileSync('/proc/swaps', 'utf8')];
  const sandbox = await new Sandbox().start();
  const { status, output } = await sandbox.run(
    'kb-disk vdb 8M && chmod 600 /dev/vdb && mkswap /dev/vdb && swapon /dev/vdb && kb-disk vdc 8M && mkfs.ext4 -q /dev/vdc && mount /dev/vdc /mnt',
    { setup: true },
  );
  expect(output.includes('Setting up swapspace') && status).toBe(0);
  sandbox.end();
  expect(readFileSync('/proc/swaps', 'utf8')).toBe(swaps);
  await expect.poll(loops, { timeout: 5000 }).toBe(before);
});
