// Security of the host: accounts, sshd, firewall, secrets, who tries to get in.
import { limitsOf } from '#core/conditions/index.ts';
import type { Evidence, Finding } from '#core/diagnosis.ts';
import type { HostEvent } from '#core/snapshot.ts';
import { isPublicAddress } from '#worker/probes/policy.ts';
import { formatCount } from '#core/format.ts';
import { evidence, makeFinding, serverSubject } from './finding.ts';
import type { Picture, Rule } from './rule.ts';

const hour = 3600;
const day = 86_400;

/** A secret that others can read. */
export const worldReadable: Rule = {
  id: 'sec.world_readable_secret',
  find: (picture) =>
    (picture.facts.secrets ?? [])
      .filter((s) => (Number.parseInt(s.mode, 8) & 0o004) !== 0 || /^.{7}r/.test(s.mode))
      .map((s) =>
        makeFinding(picture, 'sec.world_readable_secret', {
          subject: { kind: 'file', name: s.path },
          summary: `${s.path} can be read by every user of this server (mode ${s.mode}).`,
          evidence: [
            evidence(`mode of ${s.path}`, s.mode, '', 'facts.secrets.mode', '640 or stricter'),
            evidence('owner', s.owner, '', 'facts.secrets.owner'),
          ],
        }),
      ),
};

/** uid 0 that is not root. */
export const uidZero: Rule = {
  id: 'sec.uid0',
  find: (picture) =>
    (picture.facts.users ?? [])
      .filter((u) => u.uid === 0 && u.name !== 'root')
      .map((u) =>
        makeFinding(picture, 'sec.uid0', {
          subject: { kind: 'user', name: u.name },
          since: firstEvent(picture, ['user.added', 'user.changed'], u.name)?.at,
          // Some systems ship such an account locked: toor on the BSDs, sysadmin images.
          severity: /nologin|false/.test(u.shell) ? 'warning' : 'critical',
          summary: `${u.name} has the uid 0: it is root under another name.`,
          evidence: [
            evidence(`uid of ${u.name}`, 0, '', 'facts.users.uid', 'only root has 0'),
            evidence('shell', u.shell, '', 'facts.users.shell'),
          ],
        }),
      ),
};

/** No password at all, and a shell. */
export const emptyPassword: Rule = {
  id: 'sec.empty_password',
  find: (picture) =>
    (picture.facts.users ?? [])
      .filter((u) => u.emptyPassword && !/nologin|false/.test(u.shell))
      .map((u) =>
        makeFinding(picture, 'sec.empty_password', {
          subject: { kind: 'user', name: u.name },
          summary: `${u.name} has no password: anyone who can reach a login prompt is in.`,
          evidence: [
            evidence(`password of ${u.name}`, 'none', '', 'facts.users.emptyPassword', 'set or locked'),
          ],
        }),
      ),
};

function firstEvent(picture: Picture, kinds: string[], subject: string): HostEvent | undefined {
  return picture.events.find(
    (e) => kinds.includes(e.kind) && e.subject === subject && e.at >= picture.at - day,
  );
}

/** Somebody new may become root, or a new key opens such an account, in the last day. */
export const newAdmin: Rule = {
  id: 'sec.new_admin',
  find(picture): Finding[] {
    const admins = new Set(['root', ...(picture.facts.admins ?? []).map((a) => a.name)]);
    return picture.events
      .filter(
        (e) =>
          e.at >= picture.at - limitsOf('sec.new_admin').window &&
          (e.kind === 'admin.added' ||
            e.kind === 'sudoers.added' ||
            (e.kind === 'key.added' && admins.has(e.subject))),
      )
      .map((e) =>
        makeFinding(picture, 'sec.new_admin', {
          subject: { kind: 'user', name: e.subject },
          since: e.at,
          confidence: 0.95,
          summary: `${e.text}.`,
          evidence: [evidence('change', e.text, '', `event ${e.kind}`, 'expected by you')],
        }),
      );
  },
};

/** So many names stand in a summary; the others are in the evidence. */
const mostNamed = 3;

/** New programs with the rights of their owner, in the last day. What came with one report (a package, an upgrade) is one finding. */
export const newSetuid: Rule = {
  id: 'sec.suid_new',
  find(picture): Finding[] {
    const added = picture.events.filter(
      (e) => e.at >= picture.at - limitsOf('sec.suid_new').window && e.kind === 'setuid.added',
    );
    return [...Map.groupBy(added, (e) => e.at).values()].map((together) => {
      const [first] = together as [HostEvent, ...HostEvent[]];
      const names = together.map(({ subject }) => subject).filter(Boolean);
      // What a report brings beyond a bound is one event without a name.
      const count = together.reduce((sum, e) => sum + (e.subject ? 1 : Number(e.data?.['count'] ?? 1)), 0);
      const rest = count - Math.min(names.length, mostNamed);
      return makeFinding(picture, 'sec.suid_new', {
        subject: { kind: 'file', name: first.subject || 'setuid files' },
        since: first.at,
        summary:
          count === 1
            ? `${first.text}.`
            : `${count} more programs run with the rights of their owner: ${names.slice(0, mostNamed).join(', ')}${rest ? ` and ${rest} more` : ''}.`,
        evidence: together
          .slice(0, 20)
          .map((e) => evidence('change', e.text, '', `event ${e.kind}`, 'comes with a package')),
      });
    });
  },
};

function sshd(picture: Picture, key: string): string | undefined {
  const settings = picture.facts.sshd;
  const found = settings && Object.keys(settings).find((k) => k.toLowerCase() === key);
  return found === undefined ? undefined : settings![found]!.toLowerCase();
}

/**
 * How sshd takes a password, in its own words; undefined where it takes none. Beside password there is keyboard-interactive, which asks
 * PAM for the same password; and where AuthenticationMethods demands more than that, a password alone opens nothing.
 */
function passwordBy(picture: Picture): [setting: string, source: string] | undefined {
  const methods = sshd(picture, 'authenticationmethods') ?? 'any';
  // Lists of methods, any of which will do; all methods of a list are needed.
  const alone = (method: string) =>
    methods === 'any' || methods.split(/\s+/).some((list) => list.replace(/:\w+$/, '') === method);
  if (sshd(picture, 'passwordauthentication') === 'yes' && alone('password'))
    return ['PasswordAuthentication', 'facts.sshd.passwordauthentication'];
  const interactive =
    sshd(picture, 'kbdinteractiveauthentication') ?? sshd(picture, 'challengeresponseauthentication');
  return interactive === 'yes' && sshd(picture, 'usepam') === 'yes' && alone('keyboard-interactive')
    ? ['KbdInteractiveAuthentication', 'facts.sshd.kbdinteractiveauthentication']
    : undefined;
}

/** For whom Match blocks may say otherwise. */
function exceptions(picture: Picture): Evidence[] {
  const match = picture.facts.sshd?.['match'];
  return match ? [evidence('settings may differ for', match, '', 'facts.sshd.match')] : [];
}

/** Root may log in with a password. What a Match block says of some users only, `sshd -T` leaves out. */
export const sshdRoot: Rule = {
  id: 'sec.sshd_root',
  find(picture): Finding[] {
    const by = passwordBy(picture);
    if (sshd(picture, 'permitrootlogin') !== 'yes' || !by) return [];
    return [
      makeFinding(picture, 'sec.sshd_root', {
        subject: { kind: 'unit', name: 'sshd' },
        since: picture.from,
        summary: 'sshd lets root log in with a password.',
        evidence: [
          evidence('PermitRootLogin', 'yes', '', 'facts.sshd.permitrootlogin', 'prohibit-password or no'),
          evidence(by[0], 'yes', '', by[1]),
          ...exceptions(picture),
        ],
      }),
    ];
  },
};

/** Passwords are accepted and the port is not only local. */
export const sshdPassword: Rule = {
  id: 'sec.sshd_password',
  find(picture): Finding[] {
    const by = passwordBy(picture);
    if (!by || !hasPublicAddress(picture)) return [];
    const local = (picture.facts.listeners ?? [])
      .filter((l) => l.process === 'sshd')
      .every((l) => /^(127\.|::1)/.test(l.address));
    if (local && (picture.facts.listeners ?? []).some((l) => l.process === 'sshd')) return [];
    return [
      makeFinding(picture, 'sec.sshd_password', {
        subject: { kind: 'unit', name: 'sshd' },
        since: picture.from,
        severity: 'info',
        summary: 'sshd accepts passwords on a public address.',
        evidence: [evidence(by[0], 'yes', '', by[1], 'no'), ...exceptions(picture)],
      }),
    ];
  },
};

function hasPublicAddress(picture: Picture): boolean {
  return (picture.facts.interfaces ?? []).some((i) =>
    i.addresses.some((a) => isPublicAddress(a.address) || documentation.test(a.address)),
  );
}

/** Nobody has these (RFC 5737): a report that shows them had the public addresses of its server masked. */
const documentation = /^(198\.51\.100|203\.0\.113)\./;

/** Many failed logins since the last look. It is weather; it becomes news when one succeeds. */
export const bruteForce: Rule = {
  id: 'sec.bruteforce',
  find(picture): Finding[] {
    const failed = picture.facts.failedLogins ?? [];
    const limit = limitsOf('sec.bruteforce').failed;
    const total = failed.reduce((sum, f) => sum + f.count, 0);
    if (total <= limit) return [];
    const worst = failed.toSorted((a, b) => b.count - a.count)[0]!;
    return [
      makeFinding(picture, 'sec.bruteforce', {
        subject: { kind: 'peer', name: worst.from },
        severity: 'info',
        summary: `${formatCount(total)} logins have failed, ${formatCount(worst.count)} of them from ${worst.from}.`,
        evidence: [
          evidence('failed logins', total, 'count', 'facts.failedLogins', `below ${limit}`),
          evidence('most from', `${worst.from} (${worst.count})`, '', 'facts.failedLogins.from'),
        ],
      }),
    ];
  },
};

/** A login from an address that had failed many times before it. */
export const loginAfterFailures: Rule = {
  id: 'sec.login_after_fail',
  find(picture): Finding[] {
    const limits = limitsOf('sec.login_after_fail');
    const failures = new Map((picture.facts.failedLogins ?? []).map((f) => [f.from, f.count]));
    return (picture.facts.logins ?? [])
      .filter((l) => (failures.get(l.from) ?? 0) > limits.failed && l.at >= picture.at - limits.window)
      .map((l) =>
        makeFinding(picture, 'sec.login_after_fail', {
          subject: { kind: 'user', name: l.user },
          since: l.at,
          confidence: 0.85,
          summary: `${l.user} logged in from ${l.from}, after ${formatCount(failures.get(l.from)!)} failed attempts from there.`,
          evidence: [
            evidence('login', `${l.user} from ${l.from}`, '', 'facts.logins', 'from a known address'),
            evidence(
              'failed attempts from there',
              failures.get(l.from)!,
              'count',
              'facts.failedLogins.count',
              'a few',
            ),
          ],
        }),
      );
  },
};

/** No firewall rule on this server, and an address that the world can reach. */
export function isOpen(picture: Picture): boolean {
  const { firewall } = picture.facts;
  return (
    firewall !== undefined && (firewall.tool === 'none' || firewall.rules === 0) && hasPublicAddress(picture)
  );
}

/** No rules at all on a server with a public address. */
export const firewallOff: Rule = {
  id: 'sec.firewall_off',
  find(picture): Finding[] {
    const firewall = picture.facts.firewall;
    if (!firewall || !isOpen(picture)) return [];
    const off = picture.events.findLast((e) => e.kind === 'firewall.off' && e.at >= picture.at - hour);
    return [
      makeFinding(picture, 'sec.firewall_off', {
        subject: serverSubject(picture),
        since: off?.at ?? picture.from,
        summary: 'This server has a public address and no firewall rules.',
        evidence: [
          evidence('firewall rules', firewall.rules, 'count', 'facts.firewall.rules', 'at least a default'),
        ],
      }),
    ];
  },
};
