import { expect } from 'vitest';
import type { Listener } from '#core/facts.ts';
import { probeSettings } from '#core/probes.ts';
import type { MonitorProposal } from './recipe.ts';

/** Documentation ranges are not public; no test sends anything to these. */
export const publicV4 = '1.2.3.4';
export const publicV6 = '2600::1';
export const here = { loopback: true, addresses: ['127.0.0.1'] };
export const outside = { loopback: false, addresses: [publicV4] };

export function listener(address: string, port: number, process?: string): Listener {
  return { protocol: 'tcp', address, port, ...(process ? { process, pid: 700 } : {}) };
}

/** What every proposal must keep, whatever the recipe: settings that parse, a reason, a name. Returns the proposals. */
export function checked(proposals: MonitorProposal[]): MonitorProposal[] {
  for (const { kind, settings, key, name, reason, interval } of proposals) {
    const parsed = probeSettings[kind].safeParse(settings);
    expect(parsed.error?.issues, `${key} ${JSON.stringify(settings)}`).toBeUndefined();
    expect(name).not.toBe('');
    expect(reason).toMatch(/^[A-Za-z0-9].*[^.]$/);
    expect(reason).not.toContain('undefined');
    if (interval !== undefined) expect(interval).toBeGreaterThanOrEqual(60);
  }
  return proposals;
}

export function keys(proposals: MonitorProposal[]): string[] {
  return proposals.map(({ key }) => key);
}
