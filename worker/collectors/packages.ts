// Pending updates, as each package manager lists them; whether a restart is due; whether the package manager is broken.
import type { Facts } from '#core/facts.ts';
import type { Report } from '#core/report.ts';
import { type Collector } from './collector.ts';
import { columns, lines, notUnderstood } from './lines.ts';
import { sectionOf } from './lookup.ts';
import { epochOf } from './reportTime.ts';

type Packages = NonNullable<Facts['packages']>;
interface Count {
  pending: number;
  security: number;
  /** Of the security updates: package and new version. */
  names?: string[];
}
const mostNames = 200;

const apt = /^apt(-get)? .*(dist-)?upgrade$|^apt list --upgradable$/;
const dnf = /^(dnf|yum|microdnf) .*updateinfo list/;
const zypper = /^zypper .*list-updates/;
const apk = /^apk version/;
const pacman = /^(pacman -Qu|checkupdates)$/;
const reboot = 'cat /run/reboot-required';
const rebootPackages = 'cat /run/reboot-required.pkgs';
const audit = 'dpkg --audit';
const release = /^cat \/(etc|usr\/lib)\/os-release$/;

export const packages: Collector = {
  section: apt,
  with: [dnf, zypper, apk, pacman, reboot, rebootPackages, audit, release],
  // pacman -Qu ends with 1 when there is nothing to update.
  anyExit: true,
  parse(_section, report) {
    const [manager, { pending, security, names: waiting = [] }] = pendingOf(report);
    const names = lines(sectionOf(report, rebootPackages)?.body ?? '');
    const { broken, left } = auditOf(sectionOf(report, audit)?.body ?? '');
    // Only Debian and its kin write a file when a restart is due.
    const isDebian =
      manager === 'apt' ||
      sectionOf(report, reboot) !== undefined ||
      /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(sectionOf(report, release)?.body ?? '');
    // An hourly run does not ask for updates: what the daily one said stands (joinFacts.ts).
    const isAsked = manager !== '' || sectionOf(report, audit) !== undefined;
    if (!isAsked && !isDebian) return {};
    const found: Packages = {
      ...(isAsked ? { manager, pending, security } : {}),
      ...(waiting.length > 0
        ? {
            // Since when is seen from the reports before (derive.ts).
            securityWaiting: Object.fromEntries(
              waiting.slice(0, mostNames).map((name) => [name.slice(0, 120), epochOf(report)]),
            ),
          }
        : {}),
      ...(broken ? { broken } : {}),
      ...(isDebian ? { rebootRequired: sectionOf(report, reboot) !== undefined } : {}),
      ...(names.length > 0 ? { rebootPackages: [...new Set(names)].slice(0, 50) } : {}),
    };
    return { facts: { packages: found }, partial: notUnderstood(left) };
  },
};

function pendingOf(report: Report): [manager: string, Count] {
  const readers: [string, RegExp, (rows: string[]) => Count][] = [
    ['apt', apt, aptCount],
    ['dnf', dnf, dnfCount],
    ['zypper', zypper, zypperCount],
    ['apk', apk, apkCount],
    ['pacman', pacman, pacmanCount],
  ];
  for (const [manager, pattern, count] of readers) {
    const section = sectionOf(report, pattern);
    if (section) return [manager, count(lines(section.body))];
  }
  return ['', { pending: 0, security: 0 }];
}

const counted = (rows: string[], isSecurity: (row: string) => boolean): Count => ({
  pending: rows.length,
  security: rows.filter(isSecurity).length,
});

/** `Inst nginx [1.22.1-9] (1.22.1-9+deb12u1 Debian-Security:12/stable-security [amd64])`: the archive names the kind. */
function aptCount(rows: string[]): Count {
  const all = rows.filter((row) => /^Inst \S+ \[/.test(row) || /^\S+\/\S+ .* \[upgradable from/.test(row));
  const urgent = all.filter((row) => /-security|Debian-Security/i.test(row));
  const name = (row: string) =>
    /^Inst (\S+) \[[^\]]{0,200}\] \((\S+)/.exec(row) ?? /^([^\s/]+)\/\S+ (\S+)/.exec(row);
  return {
    pending: all.length,
    security: urgent.length,
    names: urgent.flatMap((row) => name(row)?.slice(1, 3).join(' ') ?? []),
  };
}

/** `RHSA-2024:1234 Important/Sec. openssl-1:3.0.7-2.el9.x86_64`: one package may be in several notices. */
function dnfCount(rows: string[]): Count {
  const all = new Set<string>();
  const urgent = new Set<string>();
  for (const row of rows) {
    const [notice, kind, name] = columns(row, 3);
    if (
      !notice ||
      !kind ||
      !name ||
      !/^(bugfix|enhancement|newpackage|unspecified|security|\w+\/Sec\.)$/i.test(kind)
    )
      continue;
    all.add(name);
    if (/\/Sec\.$|^security$/i.test(kind)) urgent.add(name);
  }
  return { pending: all.size, security: urgent.size, names: [...urgent] };
}

/** `v | SLE-Module-Basesystem-Updates | openssl | 1.1 | 1.2 | x86_64`; which of them are for security it does not say. */
const zypperCount = (rows: string[]) =>
  counted(
    rows.filter((row) => /^v {0,2}\|/.test(row)),
    () => false,
  );
/** `busybox-1.36.1-r5 < 1.36.1-r7` */
const apkCount = (rows: string[]) =>
  counted(
    rows.filter((row) => / < \S/.test(row)),
    () => false,
  );
/** `linux 6.1.1-1 -> 6.2.1-1` */
const pacmanCount = (rows: string[]) =>
  counted(
    rows.filter((row) => / -> \S/.test(row)),
    () => false,
  );

/** The first sentence of `dpkg --audit` and the packages that it names; `left` where it says something, but names none. */
function auditOf(body: string): { broken?: string; left: string[] } {
  const rows = lines(body);
  // While another run works on the packages, half of them may be on their way.
  if (rows.length === 0 || /locked the database/.test(rows[0]!)) return { left: [] };
  const names = rows.flatMap(
    (row) => /^ ([a-z0-9][a-z0-9+.-]{1,100}(?::[a-z0-9-]{2,20})?)(?=\s|$)/.exec(row)?.[1] ?? [],
  );
  if (names.length === 0) return { left: rows };
  return { broken: `${names.slice(0, 10).join(', ')}: ${rows[0]!.trim()}`.slice(0, 300), left: [] };
}
