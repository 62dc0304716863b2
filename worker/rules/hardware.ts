// Heat, fans, power, machine checks.
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatPercent, formatValue } from '#core/format.ts';
import { evidence, makeFinding, serverSubject } from './finding.ts';
import { gauge, isActive } from './gauge.ts';
import type { Rule } from './rule.ts';

const day = 86_400;

/** At or over the sensor's own maximum (APA 5 min), or its alarm; CPU sensors without a maximum: 95 °C (OWN). */
export const tempHigh: Rule = {
  id: 'hw.temp_high',
  find(picture, state): Finding[] {
    return (picture.facts.sensors ?? []).flatMap((s) => {
      if (s.kind !== 'temperature') return [];
      const subject = { kind: 'sensor', name: `${s.chip} ${s.label}` } as const;
      const limit =
        s.max ??
        (s.critical
          ? s.critical - 5
          : /coretemp|k10temp|x86_pkg|cpu/i.test(`${s.chip} ${s.label}`)
            ? 95
            : undefined);
      const run =
        limit === undefined
          ? undefined
          : gauge(picture, state, {
              id: 'hw.temp_high',
              entity: subject,
              metric: 'hw.temperature',
              of: subject.name,
              raise: limit,
              clear: limit - 5,
              samples: 3,
            });
      const critical = s.critical !== undefined && s.value >= s.critical;
      if (!run && !critical && !(s.alarm && limit !== undefined && s.value > limit - 10)) return [];
      return [
        makeFinding(picture, 'hw.temp_high', {
          subject,
          since: run?.since,
          severity: critical ? 'critical' : 'warning',
          summary: `${subject.name} is ${formatValue(s.value, 'celsius')} hot${limit === undefined ? '' : `; its limit is ${formatValue(limit, 'celsius')}`}.`,
          evidence: [
            evidence(
              `temperature of ${subject.name}`,
              s.value,
              'celsius',
              `hw.temperature{${subject.name}}`,
              limit === undefined ? undefined : `below ${formatValue(limit, 'celsius')}`,
            ),
          ],
        }),
      ];
    });
  },
};

/** 0 rpm, and it turned before (APA); a connector without a fan always says 0. */
export const fanStopped: Rule = {
  id: 'hw.fan',
  find(picture, state): Finding[] {
    const found = (picture.facts.sensors ?? []).flatMap((s) => {
      if (s.kind !== 'fan') return [];
      const subject = { kind: 'sensor', name: `${s.chip} ${s.label}` } as const;
      const series = picture.series('hw.fan', subject.name);
      const turned = series.some(([, v]) => v > 100);
      const usual = Math.max(0, ...series.slice(0, -1).map(([, v]) => v));
      const stopped = s.value === 0 && (turned || s.alarm === true || isActive(state, 'hw.fan', subject));
      if (!stopped) return [];
      const since = series.findLast(([, v]) => v > 0);
      const first = series.find(([at, v]) => v === 0 && at > (since?.[0] ?? 0))?.[0];
      return [
        makeFinding(picture, 'hw.fan', {
          subject,
          since: first,
          summary: `${subject.name} has stopped${usual > 0 ? `; it turned with ${formatCount(usual)} rpm` : ''}.`,
          evidence: [
            evidence(
              `speed of ${subject.name}`,
              0,
              'rpm',
              `hw.fan{${subject.name}}`,
              usual > 0 ? `about ${formatCount(usual)} rpm` : 'above 0',
            ),
          ],
        }),
      ];
    });
    const ipmi = (picture.facts.ipmi ?? [])
      .filter(
        (i) =>
          /fan/i.test(i.name) && /^([ul]?(cr|nr)|critical|non-recoverable|lower critical)$/i.test(i.state),
      )
      .map((i) =>
        makeFinding(picture, 'hw.fan', {
          subject: { kind: 'sensor', name: i.name },
          summary: `${i.name} is at ${i.value} (${i.state}).`,
          evidence: [evidence(i.name, `${i.value} (${i.state})`, '', 'facts.ipmi.state', 'ok')],
        }),
      );
    return [...found, ...ipmi];
  },
};

/** A power supply or voltage sensor of IPMI that is critical (APA; ND ipmi). */
export const psu: Rule = {
  id: 'hw.psu',
  find: (picture) =>
    (picture.facts.ipmi ?? [])
      .filter(
        (i) =>
          /ps\d|psu|power|volt|\bpwr|vcore|12v|5v|3\.3v/i.test(i.name) &&
          /^([ul]?(cr|nr)$|critical|non-recoverable|failure|ac lost|predictive)/i.test(i.state),
      )
      .map((i) =>
        makeFinding(picture, 'hw.psu', {
          subject: { kind: 'sensor', name: i.name },
          summary: `${i.name} reports ${i.state} (${i.value}).`,
          evidence: [evidence(i.name, `${i.value} (${i.state})`, '', 'facts.ipmi.state', 'ok')],
        }),
      ),
};

/** Machine checks and failed pages in the kernel log of the last day. Corrected errors are told as memory errors. */
export const machineCheck: Rule = {
  id: 'hw.mce',
  find(picture): Finding[] {
    const events = picture.events.filter(
      (e) =>
        /^kernel\.(mce|memory_failure|pcie_error)$/.test(e.kind) &&
        e.at >= picture.at - day &&
        !/\bcorrected error|severity=corrected|: Corrected/i.test(e.text),
    );
    const last = events.at(-1);
    if (!last) return [];
    return [
      makeFinding(picture, 'hw.mce', {
        subject: last.subject ? { kind: 'device', name: last.subject } : serverSubject(picture),
        since: events[0]!.at,
        confidence: 0.9,
        summary: `The hardware reported an error: ${last.text}.`,
        evidence: [
          evidence('kernel log', last.text, '', 'dmesg'),
          evidence('how often in a day', events.length, 'count', 'dmesg', '0'),
        ],
      }),
    ];
  },
};

/** On battery, or charge < 75 %, critical < 40 % (ND upsd). */
export const upsBattery: Rule = {
  id: 'hw.ups',
  find: (picture) =>
    (picture.facts.ups ?? [])
      .filter((u) => /\bOB\b|\bLB\b|\bRB\b/.test(u.status) || (u.chargePercent ?? 100) < 75)
      .map((u) => {
        const battery = /\bOB\b/.test(u.status);
        const weak = (u.chargePercent ?? 100) < 40 || /\bLB\b/.test(u.status);
        return makeFinding(picture, 'hw.ups', {
          subject: { kind: 'device', name: u.name },
          severity: weak ? 'critical' : 'warning',
          summary: `The UPS ${u.name} ${battery ? 'runs on its battery' : /\bRB\b/.test(u.status) ? 'asks for a new battery' : 'is not fully charged'}${
            u.chargePercent === undefined ? '' : ` (${formatPercent(u.chargePercent)})`
          }.`,
          evidence: [
            evidence('status', u.status, '', 'facts.ups.status', 'OL'),
            ...(u.chargePercent === undefined
              ? []
              : [evidence('charge', u.chargePercent, 'percent', 'facts.ups.chargePercent', 'above 75 %')]),
          ],
        });
      }),
};
