import { describe, expect, it } from 'vitest';
import { now, read, type Sections } from './sections.fixture.ts';

const packages = (sections: Sections) => read(sections).facts.packages;

describe('pending updates', () => {
  it('apt: which archive makes an update one for security', () => {
    expect(
      packages({
        'apt-get -s -o Debug::NoLocking=1 dist-upgrade': `Reading package lists...
Inst libssl3 [3.0.11-1] (3.0.15-1~deb12u1 Debian-Security:12/stable-security [amd64]) []
Inst vim [2:9.0.1378-2] (2:9.0.1378-2+deb12u2 Debian:12.8/stable [amd64])
Inst linux-image-6.1.0-28-amd64 (6.1.119-1 Debian:12.8/stable [amd64])
Conf libssl3 (3.0.15-1~deb12u1 Debian-Security:12/stable-security [amd64])`,
        'cat /run/reboot-required': '*** System restart required ***',
        'cat /run/reboot-required.pkgs': 'linux-image-6.1.0-28-amd64\nlibssl3\nlibssl3',
        'dpkg --audit': '',
      }),
    ).toEqual({
      manager: 'apt',
      pending: 2,
      security: 1,
      securitySince: now,
      securityWaiting: { 'libssl3 3.0.15-1~deb12u1': now },
      rebootRequired: true,
      rebootPackages: ['linux-image-6.1.0-28-amd64', 'libssl3'],
    });
  });

  it('dnf, zypper, apk and pacman', () => {
    expect(
      packages({
        'dnf -C -q updateinfo list updates': `RHSA-2023:7749 Important/Sec. kernel-5.14.0-362.13.1.el9_3.x86_64
RHSA-2023:7749 Important/Sec. kernel-core-5.14.0-362.13.1.el9_3.x86_64
RHBA-2023:7301 bugfix         NetworkManager-1:1.44.0-3.el9.x86_64
RHBA-2023:7302 bugfix         NetworkManager-1:1.44.0-3.el9.x86_64`,
      }),
    ).toEqual({
      manager: 'dnf',
      pending: 3,
      security: 2,
      securitySince: now,
      securityWaiting: {
        'kernel-5.14.0-362.13.1.el9_3.x86_64': now,
        'kernel-core-5.14.0-362.13.1.el9_3.x86_64': now,
      },
    });
    expect(
      packages({
        'zypper --no-refresh -n list-updates':
          'S | Repository | Name\n--+---+---\nv | SLE-Updates | curl | 8.0 | 8.1 | x86_64',
      }),
    ).toMatchObject({ manager: 'zypper', pending: 1 });
    expect(
      packages({ 'apk version -l <': 'Installed:      Available:\nbusybox-1.36.1-r15 < 1.36.1-r19' }),
    ).toMatchObject({ manager: 'apk', pending: 1 });
    expect(packages({ 'pacman -Qu': 'linux 6.6.1.arch1-1 -> 6.6.2.arch1-1\n=!= exit 1' })).toMatchObject({
      manager: 'pacman',
      pending: 1,
    });
  });

  it('dpkg: half configured packages, but not while another run is at work', () => {
    const audit =
      'The following packages are only half configured, probably due to problems\nconfiguring them the first time.\n man-db               tools for reading manual pages\n';
    const apt = { 'apt-get -s dist-upgrade': 'Reading package lists...' };
    expect(packages({ ...apt, 'dpkg --audit': audit })?.broken).toBe(
      'man-db: The following packages are only half configured, probably due to problems',
    );
    expect(
      packages({
        ...apt,
        'dpkg --audit': `Another process has locked the database for writing, and might currently be\n${audit}`,
      })?.broken,
    ).toBeUndefined();
    for (const foreign of ['Segmentation fault', '<html><body>502 Bad Gateway</body></html>', ' ---- '])
      expect(packages({ ...apt, 'dpkg --audit': foreign })?.broken, foreign).toBeUndefined();
    expect(packages({ ...apt, 'dpkg --audit': '' })).toEqual({
      manager: 'apt',
      pending: 0,
      security: 0,
      rebootRequired: false,
    });
  });
});

describe('what was installed lately', () => {
  const log = (body: string) =>
    read({ 'tail -n 100 /var/log/dpkg.log': body }).events.map(({ kind, at, text }) => [
      kind,
      at - now,
      text,
    ]);

  it('dpkg, dnf, yum, pacman and zypper', () => {
    expect(
      log(`2023-11-14 21:13:20 startup archives unpack
2023-11-14 21:13:20 install jq:amd64 <none> 1.6-2.1
2023-11-14 21:13:21 upgrade nginx:amd64 1.22.1-9 1.22.1-9+deb12u1
2023-11-14 21:13:21 status half-configured nginx:amd64 1.22.1-9
2023-11-14 21:13:22 remove old:all 1.0 <none>
2023-11-14T22:13:23+0100 SUBDEBUG Upgrade: openssl-libs-1:3.0.7-24.el9.x86_64
2023-11-14T22:13:23+0100 SUBDEBUG Upgraded: openssl-libs-1:3.0.7-20.el9.x86_64
Nov 14 21:13:24 Updated: 1:nginx-1.20.1-10.el7.x86_64
[2023-11-14T21:13:25+0000] [ALPM] upgraded linux (6.6.1.arch1-1 -> 6.6.2.arch1-1)
2023-11-14 21:13:26|install|curl|8.0.1-1.1|x86_64||repo|0123|
2023-11-01 08:00:00 upgrade long-ago:amd64 1 2`),
    ).toEqual([
      ['package.installed', -3600, 'jq was installed (1.6-2.1)'],
      ['package.upgraded', -3599, 'nginx was upgraded from 1.22.1-9 to 1.22.1-9+deb12u1'],
      ['package.removed', -3598, 'old was removed (1.0)'],
      ['package.upgraded', -3597, 'openssl-libs was upgraded to 1:3.0.7-24.el9'],
      ['package.upgraded', -3596, 'nginx was upgraded to 1.20.1-10.el7'],
      ['package.upgraded', -3595, 'linux was upgraded from 6.6.1.arch1-1 to 6.6.2.arch1-1'],
      ['package.installed', -3594, 'curl was installed (8.0.1-1.1)'],
    ]);
  });

  it('dnf5: an old version that goes with an upgrade is no removal', () => {
    const done = (verb: string, name: string) =>
      `2023-11-14T21:13:20+0000 [4711] INFO RPM callback ${verb} stop "${name}" amount 9 total 9`;
    const start = '2023-11-14T21:13:19+0000 [4711] INFO RPM callback transaction start, total 5';
    const steps = [
      done('install', 'nginx-core-1:1.26.3-1.fc43.x86_64'),
      done('install', 'kernel-core-0:6.17.8-300.fc43.x86_64'),
      done('uninstall', 'nginx-core-1:1.26.2-1.fc43.x86_64'),
      done('uninstall', 'old-0:1.0-1.fc43.noarch'),
    ];
    const upgraded = [
      'package.upgraded',
      -3600,
      'nginx-core was upgraded from 1:1.26.2-1.fc43 to 1:1.26.3-1.fc43',
    ];
    const kernel = ['package.installed', -3600, 'kernel-core was installed (6.17.8-300.fc43)'];
    expect(log([start, ...steps].join('\n'))).toEqual([
      upgraded,
      kernel,
      ['package.removed', -3600, 'old was removed (1.0-1.fc43)'],
    ]);
    // The log was cut: whether "old" had a successor is not known.
    expect(log(steps.join('\n'))).toEqual([upgraded, kernel]);
  });

  it('apk: each run has one time, in UTC', () => {
    expect(
      log(`(9/9) Installing of-a-run-that-was-cut (1.0-r0)
\` at 2023-11-14 21:13:20
( 1/12) Installing pcre (8.45-r3)
( 2/12) Upgrading nginx (1.26.2-r0 -> 1.26.3-r0)
( 3/12) Replacing musl (1.2.5-r9 -> 1.2.5-r9)
( 4/12) Reinstalling busybox (1.37.0-r9)
\` at 2023-11-14 21:13:25
(1/1) Purging php@edge (8.4-r0)`),
    ).toEqual([
      ['package.installed', -3600, 'pcre was installed (8.45-r3)'],
      ['package.upgraded', -3600, 'nginx was upgraded from 1.26.2-r0 to 1.26.3-r0'],
      ['package.removed', -3595, 'php was removed (8.4-r0)'],
    ]);
  });
});

it('an update waits since it was first named, not since there was one of any kind', () => {
  const at = (epoch: number, before: Parameters<typeof read>[1], ...names: string[]) => {
    const sections = {
      'apt-get -s dist-upgrade': names
        .map((name) => `Inst ${name} [1] (2 Debian-Security:12/stable-security [amd64])`)
        .join('\n'),
    };
    return read(sections, before && { ...before, at: epoch });
  };
  const first = at(now, undefined, 'openssl');
  const known = (waiting: Record<string, number>): Parameters<typeof read>[1] => ({
    ...first,
    facts: { packages: { manager: 'apt', pending: 1, security: 1, securityWaiting: waiting } },
  });
  const longAgo = now - 20 * 86_400;
  expect(at(now, known({ 'openssl 2': longAgo }), 'openssl').facts.packages?.securitySince).toBe(longAgo);
  // openssl was installed meanwhile, curl is new.
  expect(at(now, known({ 'openssl 2': longAgo }), 'curl').facts.packages?.securitySince).toBe(now);
});

it('an hourly run tells whether a restart is due, and leaves the updates as the daily run told them', () => {
  const daily = read({
    'apt-get -s dist-upgrade': 'Inst a [1] (2 Debian-Security:12/stable-security [amd64])',
    'dpkg --audit': '',
  });
  const hourly = read(
    { 'cat /etc/os-release': 'ID=debian', 'cat /run/reboot-required': '*** System restart required ***' },
    { ...daily, at: now },
  );
  expect(hourly.facts.packages).toMatchObject({ manager: 'apt', security: 1, rebootRequired: true });
  expect(hourly.facts.packages?.securitySince).toBe(daily.facts.packages?.securitySince);
  const later = read({ 'cat /etc/os-release': 'ID=debian' }, hourly);
  expect(later.facts.packages).toMatchObject({ security: 1, rebootRequired: false });
});
