// "Accept this value, tell me when it changes": an accepted finding is told as info, until it differs from what was accepted or the time is over.
import { findingKey, type Finding } from '#core/diagnosis.ts';
import { formatValue } from '#core/format.ts';
import { type AcceptedValue, acceptedValueSchema, hasChanged, valueOf } from '#core/judgement.ts';

export interface Accepted {
  key: string;
  reason: string;
  acceptedBy: string;
  expiresAt: Date | null;
  /** As stored; null until the first judgement after it was accepted. */
  value: unknown;
}

export interface Applied {
  findings: Finding[];
  /** Values that were seen now for the first time, by key, to be kept. */
  seen: Map<string, AcceptedValue>;
}

/** The findings with accepted ones lowered to info. One that changed keeps its severity and says what had been accepted. */
export function applyAcceptances(
  findings: readonly Finding[],
  acceptances: readonly Accepted[],
  now: Date,
): Applied {
  const valid = new Map(
    acceptances.filter(({ expiresAt }) => !expiresAt || expiresAt > now).map((one) => [one.key, one]),
  );
  const seen = new Map<string, AcceptedValue>();
  const judged = findings.map((finding): Finding => {
    const key = findingKey(finding);
    const acceptance = valid.get(key);
    if (!acceptance) return finding;
    const stored = acceptedValueSchema.safeParse(acceptance.value);
    if (!stored.success) seen.set(key, valueOf(finding));
    else if (hasChanged(stored.data, finding)) return changed(finding, stored.data, acceptance);
    const { acceptedBy: by, reason, expiresAt } = acceptance;
    const until = expiresAt ? { until: expiresAt.getTime() / 1000 } : {};
    return { ...finding, severity: 'info', accepted: { by, reason, ...until } };
  });
  return { findings: judged, seen };
}

function changed(finding: Finding, before: AcceptedValue, { acceptedBy, reason }: Accepted): Finding {
  const [first] = finding.evidence;
  const was =
    before.value === null || !first
      ? `as ${before.severity}`
      : `at ${formatValue(before.value, typeof before.value === 'number' ? first.unit : '')}`;
  return {
    ...finding,
    summary: `${finding.summary} It had been accepted ${was}, and has changed since.`,
    evidence: [
      ...finding.evidence,
      {
        what: `accepted by ${acceptedBy}`,
        value: before.value ?? before.severity,
        unit: typeof before.value === 'number' ? (first?.unit ?? '') : '',
        normal: reason,
        source: 'accepted by a person',
      },
    ],
  };
}
