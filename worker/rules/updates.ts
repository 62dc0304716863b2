// What is installed and how old it is: kernels, support, updates, libraries in use.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatDuration } from '#core/format.ts';
import { lastDayOf } from './endOfLife.ts';
import { evidence, makeFinding, serverSubject } from './finding.ts';
import type { Picture, Rule } from './rule.ts';

const day = 86_400;

/** The newest installed kernel of the running one's flavour, when it is newer than the running one. */
function newerKernel(picture: Picture): string | undefined {
  const running = picture.facts.kernel?.release;
  if (!running || picture.facts.host?.virtualization?.match(/docker|lxc|podman|container/)) return undefined;
  const flavour = (release: string) => release.replace(/^[\d.\-~+]+/, '');
  return (picture.facts.kernel?.installed ?? [])
    .filter((k) => flavour(k) === flavour(running) && compareVersions(k, running) > 0)
    .sort(compareVersions)
    .at(-1);
}

/** Compares '6.1.0-18-amd64' and '6.1.0-9-amd64' by their numbers. */
function compareVersions(a: string, b: string): number {
  const parts = (s: string) =>
    s
      .split(/[^0-9]+/)
      .filter(Boolean)
      .map(Number);
  const [x, y] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The distribution's own mark, or a newer kernel that waits. */
export const sysRebootRequired: Rule = {
  id: 'sys.reboot_required',
  find(picture): Finding[] {
    const packages = picture.facts.packages;
    const kernel = newerKernel(picture);
    if (!packages?.rebootRequired && !kernel) return [];
    const which = packages?.rebootPackages?.slice(0, 4).join(', ');
    return [
      makeFinding(picture, 'sys.reboot_required', {
        subject: serverSubject(picture),
        severity: 'info',
        summary: kernel
          ? `A restart is due: ${kernel} is installed, ${picture.facts.kernel!.release} runs.`
          : `A restart is due${which ? ` for ${which}` : ''}.`,
        evidence: [
          evidence(
            'running kernel',
            picture.facts.kernel?.release ?? 'unknown',
            '',
            'facts.kernel.release',
            kernel,
          ),
          ...(which ? [evidence('asked for by', which, '', 'facts.packages.rebootPackages')] : []),
        ],
      }),
    ];
  },
};

/** A newer kernel waits and the server has been up for long. */
export const sysKernelOld: Rule = {
  id: 'sys.kernel_old',
  find(picture): Finding[] {
    const kernel = newerKernel(picture);
    const limit = limitsOf('sys.kernel_old').uptime;
    if (!kernel || (picture.uptime ?? 0) < limit) return [];
    return [
      makeFinding(picture, 'sys.kernel_old', {
        subject: serverSubject(picture),
        since: picture.from,
        confidence: 0.85,
        summary: `The kernel ${picture.facts.kernel!.release} has run for ${formatDuration(picture.uptime!)} while ${kernel} waits for a restart.`,
        evidence: [
          evidence('running kernel', picture.facts.kernel!.release, '', 'facts.kernel.release', kernel),
          evidence(
            'uptime',
            picture.uptime!,
            'seconds',
            'cat /proc/uptime',
            `below ${formatDuration(limit)} with a newer kernel installed`,
          ),
        ],
      }),
    ];
  },
};

/** Past the last day of support; info in the months before. */
export const sysEol: Rule = {
  id: 'sys.eol',
  find(picture): Finding[] {
    const os = picture.facts.os;
    const date = os && lastDayOf(os);
    if (!date) return [];
    const end = Date.parse(`${date}T23:59:59Z`) / 1000;
    const left = end - picture.now;
    if (left > limitsOf('sys.eol').notice) return [];
    return [
      makeFinding(picture, 'sys.eol', {
        subject: serverSubject(picture),
        since: left < 0 ? end : picture.at,
        severity: left < 0 ? 'warning' : 'info',
        summary:
          left < 0
            ? `${os.name} has had no free updates since ${date}.`
            : `${os.name} gets free updates for ${formatDuration(left)} more, until ${date}.`,
        evidence: [evidence('end of free support', date, '', 'facts.os.version', 'in the future')],
      }),
    ];
  },
};

/** Security updates that wait for long; info before. */
export const sysUpdates: Rule = {
  id: 'sys.updates',
  find(picture): Finding[] {
    const p = picture.facts.packages;
    if (!p?.security) return [];
    const waits = p.securitySince === undefined ? 0 : picture.at - p.securitySince;
    const longest = Object.entries(p.securityWaiting ?? {}).filter(([, at]) => at === p.securitySince);
    return [
      makeFinding(picture, 'sys.updates', {
        subject: serverSubject(picture),
        since: p.securitySince ?? picture.at,
        severity: waits > limitsOf('sys.updates').wait ? 'warning' : 'info',
        summary: `${formatCount(p.security)} security ${p.security === 1 ? 'update waits' : 'updates wait'}${
          waits > day ? `${p.security === 1 ? ', for' : ', the oldest for'} ${formatDuration(waits)}` : ''
        }.`,
        evidence: [
          evidence('security updates', p.security, 'count', 'facts.packages.security', '0'),
          ...(p.pending === undefined
            ? []
            : [evidence('updates in all', p.pending, 'count', 'facts.packages.pending')]),
          ...(longest.length > 0
            ? [
                evidence(
                  'waiting longest',
                  longest
                    .slice(0, 5)
                    .map(([name]) => name)
                    .join(', '),
                  '',
                  'facts.packages.securityWaiting',
                ),
              ]
            : []),
        ],
      }),
    ];
  },
};

/** What the package manager itself calls broken. */
export const sysUpdateBroken: Rule = {
  id: 'sys.update_broken',
  find(picture): Finding[] {
    const broken = picture.facts.packages?.broken;
    if (!broken) return [];
    return [
      makeFinding(picture, 'sys.update_broken', {
        subject: { kind: 'package', name: broken.split(/[\s,:]/)[0] || 'packages' },
        summary: `The package manager reports a broken state: ${broken}.`,
        evidence: [evidence('package manager', broken, '', 'facts.packages.broken', 'nothing')],
      }),
    ];
  },
};

/** Running programs that use deleted libraries. */
export const sysOldLibraries: Rule = {
  id: 'sys.services_old_libs',
  find(picture): Finding[] {
    const names = picture.facts.oldLibraries ?? [];
    if (names.length === 0) return [];
    return [
      makeFinding(picture, 'sys.services_old_libs', {
        subject: serverSubject(picture),
        severity: 'info',
        summary: `${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''} still ${
          names.length === 1 ? 'runs' : 'run'
        } with libraries that were replaced on disk.`,
        evidence: [
          evidence(
            'programs with deleted libraries',
            names.slice(0, 10).join(', '),
            '',
            'facts.oldLibraries',
            'none',
          ),
        ],
      }),
    ];
  },
};
