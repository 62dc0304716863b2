// What a registry says about a domain, in one form for RDAP and WHOIS.
import { ProbeFailure } from './attempt.ts';

export interface Registration {
  name: string;
  source: 'rdap' | 'whois';
  /** Who answered: a URL or a host. */
  server: string;
  /** Epoch seconds. */
  expires?: number;
  registered?: number;
  changed?: number;
  /** As EPP names them, in camel case: `clientTransferProhibited`. */
  status: string[];
  nameservers: string[];
  registrar?: string;
  signed?: boolean;
}

/** Codes that mean: off the net, or on the way to be deleted (RFC 5731, RFC 3915). */
export const badStatus: Record<string, string> = {
  clientHold: 'the registrar took it off the net',
  serverHold: 'the registry took it off the net',
  redemptionPeriod: 'it was deleted and can still be bought back',
  pendingDelete: 'it will be deleted within days',
  pendingRestore: 'it was deleted and is being bought back',
};

/** `client hold`, `CLIENTHOLD`, `clientHold https://icann.org/epp#clientHold` → `clientHold` */
export function statusCode(text: string): string {
  const plain = text.split(/\s+https?:|\s*\(/)[0]?.trim() ?? '';
  const squeezed = plain.replace(/[\s_-]+/g, '').toLowerCase();
  const known = [
    ...Object.keys(badStatus),
    'active',
    'ok',
    'autoRenewPeriod',
    'clientTransferProhibited',
    'inactive',
  ];
  const match = known.find((code) => code.toLowerCase() === squeezed);
  return match ?? plain.replace(/[\s_-]+(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** A date that cannot be read is not the same as none: nobody may take it for 'does not publish it'. */
export function unreadableDate(who: string, date: string): ProbeFailure {
  return new ProbeFailure(
    'domain-lookup',
    `${who} gives '${date.slice(0, 60)}' as the expiry date, which cannot be read`,
  );
}
