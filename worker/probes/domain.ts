// A domain's registration: when it expires, whether the registry holds it, whose name servers it has. RDAP first, then WHOIS.
import { isIP } from 'node:net';
import type { ProbeSettings } from '#core/probes.ts';
import { probeTarget } from '#core/probeTarget.ts';
import { type Attempt, conduct, ProbeFailure, type Verdict } from './attempt.ts';
import { day, describeDays } from './certificate.ts';
import { asciiName } from './dnsClient.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { askRdap, ianaBootstrap, nameserversOf, rdapServer } from './rdap.ts';
import { badStatus, type Registration } from './registration.ts';
import { askWhois, ianaWhois, whoisServer } from './whois.ts';

type Settings = ProbeSettings<'domain'>;
type Ask = (name: string) => Promise<Registration | undefined>;

const daySeconds = 86_400;

export interface Registries {
  bootstrapUrl: string;
  whois: string;
}

/** `registries` are IANA's; tests bring their own. */
export function makeDomainProbe(
  registries: Registries = { bootstrapUrl: ianaBootstrap, whois: ianaWhois },
): Probe<'domain'> {
  return {
    kind: 'domain',
    run: (settings, context) =>
      conduct('domain', probeTarget('domain', settings), async (attempt) => {
        const since = performance.now();
        const found = await lookUp(settings, registries, attempt, context);
        attempt.phase('lookup', since);
        if (found === undefined)
          return { code: 'domain-not-found', summary: `${settings.name} is not registered` };
        Object.assign(attempt.details, found);
        return judge(settings, found, attempt);
      }),
  };
}

export const domainProbe = makeDomainProbe();

/** undefined when a registry says that it does not know the name. */
async function lookUp(
  settings: Settings,
  registries: Registries,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Registration | undefined> {
  const name = asciiName(settings.name);
  if (!name.includes('.'))
    throw new ProbeFailure('prober-error', `'${name}' is a top-level domain: nobody registers it`);
  if (isIP(name) !== 0)
    throw new ProbeFailure('prober-error', `${name} is an address: only names are registered`);
  const topLevel = name.slice(name.lastIndexOf('.') + 1);
  // What hangs must leave time to ask elsewhere.
  const patience = AbortSignal.timeout(settings.timeoutMs * 0.6);
  const limited = { ...context, signal: AbortSignal.any([context.signal, patience]) };
  const ways: [string, () => Promise<Ask>][] = [
    [
      'RDAP',
      async () => {
        const base = settings.rdap ?? (await rdapServer(topLevel, registries.bootstrapUrl, limited));
        if (base === undefined)
          throw new ProbeFailure('domain-lookup', `there is no RDAP server for .${topLevel}`);
        return (asked) => askRdap(base, asked, attempt, limited);
      },
    ],
    [
      'WHOIS',
      async () => {
        const server = settings.whois ?? (await whoisServer(topLevel, registries.whois, attempt, context));
        return (asked) => askWhois(server, asked, attempt, context);
      },
    ],
  ];
  const reasons: string[] = [];
  for (const [way, prepare] of ways) {
    try {
      return await closest(name, await prepare());
    } catch (error) {
      if (!(error instanceof ProbeFailure)) throw error;
      attempt.note(`* ${way}: ${error.message}`);
      reasons.push(`${way}: ${error.message}`);
      if (context.signal.aborted) break;
    }
  }
  throw new ProbeFailure('domain-lookup', `Nobody tells about ${name}. ${reasons.join('. ')}`);
}

/** A registry knows example.org but not www.example.org, so the parents are asked too, down to two labels. */
async function closest(name: string, ask: Ask): Promise<Registration | undefined> {
  const labels = name.split('.');
  for (let index = 0; index <= Math.max(0, labels.length - 2); index += 1) {
    const found = await ask(labels.slice(index).join('.'));
    if (found) return found;
  }
  return undefined;
}

function judge(settings: Settings, found: Registration, attempt: Attempt): Verdict {
  const { name, expires, status, nameservers } = found;
  const bad = status.find((code) => Object.hasOwn(badStatus, code));
  if (bad !== undefined)
    return { code: 'domain-status', summary: `${name} has the status ${bad}: ${badStatus[bad]}` };
  const left = expires === undefined ? undefined : expires - Date.now() / 1000;
  if (expires !== undefined && left !== undefined) {
    attempt.details.daysLeft = Math.floor((left / daySeconds) * 10) / 10;
    if (left <= 0) {
      const ago = describeDays(-left * 1000);
      return {
        code: 'domain-expired',
        summary: `The registration of ${name} expired ${ago} ago, on ${dayOf(expires)}`,
      };
    }
  }
  const wanted = settings.expectedNameservers;
  if (wanted !== undefined && nameserversOf(wanted).join() !== nameservers.join()) {
    const list = nameservers.join(', ') || 'none';
    return {
      code: 'domain-nameservers',
      summary: `${name} has the name servers ${list}, expected ${nameserversOf(wanted).join(', ')}`,
    };
  }
  if (expires === undefined || left === undefined) {
    return {
      code: 'domain-unpublished',
      summary: `${name} is registered; its registry does not publish when it expires`,
    };
  }
  if (left <= Math.max(settings.warnDays, settings.criticalDays) * daySeconds) {
    attempt.details.step = left <= settings.criticalDays * daySeconds ? 'critical' : 'warning';
    return {
      code: 'domain-expiring',
      summary: `The registration of ${name} expires in ${describeDays(left * 1000)}, on ${dayOf(expires)}`,
    };
  }
  return {
    code: 'ok',
    summary: `${name} is registered until ${dayOf(expires)} (${describeDays(left * 1000)})`,
  };
}

function dayOf(seconds: number): string {
  return day(new Date(seconds * 1000));
}
