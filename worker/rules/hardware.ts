// Heat, fans, power, machine checks.
import { gaugeOf, limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatPercent, formatValue } from '#core/format.ts';
import { severityRank } from '#core/severity.ts';
import { boundOf, isCritical, normalOf } from './boundOf.ts';
import { evidence, makeFinding, serverSubject } from './finding.ts';
import { gauge, isActive, now } from './gauge.ts';
import type { Picture, Rule } from './rule.ts';

/** At or over the sensor's own maximum, or its alarm; for CPU sensors without a maximum there is a number of ours. */
export const tempHigh: Rule = {
  id: 'hw.temp_high',
  find(picture, state): Finding[] {
    const limits = limitsOf('hw.temp_high');
    const found = (picture.facts.sensors ?? []).flatMap((s) => {
      if (s.kind !== 'temperature') return [];
      const subject = { kind: 'sensor', name: `${s.chip} ${s.label}` } as const;
      const limit =
        s.max ??
        (s.critical
          ? s.critical - limits.margin
          : /coretemp|k10temp|x86_pkg|cpu/i.test(`${s.chip} ${s.label}`)
            ? gaugeOf('hw.temp_high').raise
            : undefined);
      const run =
        limit === undefined
          ? undefined
          : gauge(picture, state, {
              id: 'hw.temp_high',
              entity: subject,
              of: subject.name,
              raise: limit,
              clear: limit - limits.margin,
            });
      const critical = s.critical !== undefined && s.value >= s.critical;
      if (!run && !critical && !(s.alarm && limit !== undefined && s.value > limit - limits.alarm)) return [];
      return [
        {
          chip: s.chip,
          over: s.value - (limit ?? s.value),
          finding: makeFinding(picture, 'hw.temp_high', {
            subject,
            since: run?.since,
            ...(run ? { bound: run.bound } : {}),
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
        },
      ];
    });
    // The board's own controller has its own bounds, and says when one is passed. What the chips tell already, it only repeats.
    const board = found.length > 0 ? [] : (picture.facts.ipmi ?? []).filter((i) => isHot(i.value, i.state));
    for (const { name, value, state: level } of board)
      found.push({
        chip: 'ipmi',
        over: Number.parseFloat(value),
        finding: makeFinding(picture, 'hw.temp_high', {
          subject: { kind: 'sensor', name },
          severity: /nc$/.test(level) ? 'warning' : 'critical',
          summary: `${name} is at ${value}, beyond the bound of its board (${level}).`,
          evidence: [evidence(name, `${value} (${level})`, '', 'facts.ipmi.state', 'ok')],
        }),
      });
    // A chip measures one part in several places: the one that is farthest over its limit speaks for it.
    const chips = Map.groupBy(found, (f) => f.chip);
    return [...chips.values()].map((list) => {
      const [worst, ...others] = list.toSorted(
        (a, b) =>
          severityRank[a.finding.severity] - severityRank[b.finding.severity] ||
          Number(isActive(state, 'hw.temp_high', b.finding.subject)) -
            Number(isActive(state, 'hw.temp_high', a.finding.subject)) ||
          b.over - a.over,
      );
      return {
        ...worst!.finding,
        evidence: [...worst!.finding.evidence, ...others.slice(0, 4).flatMap((o) => o.finding.evidence)],
      };
    });
  },
};

/** A temperature that its board calls too high: not one that is too low, as in a cold room. */
function isHot(value: string, state: string): boolean {
  return (
    /^u?(nc|cr|nr)$/.test(state) &&
    / degrees C$/.test(value) &&
    Number.parseFloat(value) > limitsOf('hw.temp_high').cold
  );
}

/** Chips of boards that watch connectors whether a fan is there or not: one without says 0, and alarm, for ever. */
const boardChip = /^(nct|w83|it8|f7[18]|lm7|sch5|smsc47|pc87|vt12)/;

/** 0 rpm, and it turned before; or its alarm is on, and somebody wants it to turn where a connector may be free. */
export const fanStopped: Rule = {
  id: 'hw.fan',
  find(picture, state): Finding[] {
    const found = (picture.facts.sensors ?? []).flatMap((s) => {
      if (s.kind !== 'fan') return [];
      const subject = { kind: 'sensor', name: `${s.chip} ${s.label}` } as const;
      const series = picture.series('hw.fan', subject.name);
      const turned = series.some(([, v]) => v >= limitsOf('hw.fan').turned);
      const usual = Math.max(0, ...series.slice(0, -1).map(([, v]) => v));
      const wanted = s.alarm === true && (s.min !== undefined || !boardChip.test(s.chip));
      const stopped = s.value === 0 && (turned || wanted || isActive(state, 'hw.fan', subject));
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
          /fan/i.test(i.name) &&
          (/^([ul]?(cr|nr)|critical|non-recoverable|lower critical)$/i.test(i.state) ||
            /redundancy lost/i.test(i.value)),
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

/** Bits of a power supply sensor, IPMI 2.0 table 42-3, sensor type 08h; bit 0 is "presence detected". */
const supplyBits = ['', 'failure detected', 'predictive failure', 'power lost', 'input out of range'];

const supplyFaults =
  /\blost\b|failure detected|predictive failure|out.of.range|config(?:uration)? error|non-redundant/i;

/** What is wrong with a power supply by its own words, or by its mask where ipmitool gives no words. */
function supplyFault(name: string, value: string): string | undefined {
  const words = value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => supplyFaults.test(part));
  if (words.length > 0) return words.join(', ');
  const mask = /^0x([0-9a-f]{1,4})$/i.exec(value)?.[1];
  // A redundancy or a count has other bits: only the status of a supply is read so.
  if (mask === undefined || !/^(ps|psu|power supply|pwr supply) ?\d?.{0,3}(status)?$/i.test(name))
    return undefined;
  const bits = Number.parseInt(mask, 16);
  const set = supplyBits.filter((text, i) => text !== '' && bits & (1 << i));
  return set.length > 0 ? set.join(', ') : undefined;
}

/** The board measured too low a voltage in the last hour: its supply or cable is too weak, and it slows down or writes wrongly. */
function undervoltage(picture: Picture): Finding[] {
  const events = picture.events.filter(
    (e) => e.kind === 'kernel.undervoltage' && e.at >= picture.at - limitsOf('hw.psu').window,
  );
  if (events.length === 0) return [];
  const count = events.reduce((sum, e) => sum + Number(e.data?.['count'] ?? 1), 0);
  return [
    makeFinding(picture, 'hw.psu', {
      subject: serverSubject(picture),
      since: Math.min(...events.map((e) => e.at)),
      summary: `The power supply or its cable is too weak: the board measured too low a voltage ${count === 1 ? 'once' : `${formatCount(count)} times`} in the last hour.`,
      evidence: [
        evidence('kernel log', events.at(-1)!.text, '', 'dmesg'),
        evidence('how often in an hour', count, 'count', 'dmesg', '0'),
      ],
    }),
  ];
}

/** A power supply that says what is wrong with it, a voltage sensor of IPMI that is critical, or a board that lacks voltage. */
export const psu: Rule = {
  id: 'hw.psu',
  find(picture) {
    const found = (picture.facts.ipmi ?? []).flatMap((i) => {
      if (!/ps ?\d|\bps\b|psu|power|volt|\bpwr|vcore|12v|5v|3\.3v/i.test(i.name)) return [];
      const fault = supplyFault(i.name, i.value);
      if (!fault && !/^[ul]?(cr|nr)$/i.test(i.state)) return [];
      return [
        makeFinding(picture, 'hw.psu', {
          subject: { kind: 'sensor', name: i.name },
          summary: `${i.name} reports ${fault ?? `${i.state} (${i.value})`}.`,
          evidence: [evidence(i.name, `${i.value} (${i.state})`, '', 'facts.ipmi.state', 'ok')],
        }),
      ];
    });
    // That the pair is no pair any more says nothing new beside the one that is out.
    const single = found.filter((f) => !/redundancy/i.test(f.subject.name));
    return [...(single.length > 0 ? single : found), ...undervoltage(picture)];
  },
};

/**
 * Whether an error of the hardware was corrected: by its own words, by the flag that AMD prints, or by bit 61 of the status of its bank
 * (UC, Intel SDM volume 3, 17.3.2.2). Undefined when the line does not say: "Machine check events logged" comes with both.
 */
function isCorrected(text: string): boolean | undefined {
  if (/\buncorrect|fatal|\bUE\b|\bUC\b|unrecover|panic|Memory failure/i.test(text)) return false;
  if (/\bcorrected\b|severity=corrected|\bCE\b|\bdeferred\b|action optional/i.test(text)) return true;
  const status = /Bank \d{1,3}: ([0-9a-f]{16})\b/i.exec(text)?.[1];
  return status === undefined ? undefined : (Number.parseInt(status.slice(0, 1), 16) & 0b0010) === 0;
}

/** The memory controllers tell of corrected errors in the last day, and of none that was not: so the machine checks that say nothing are these. */
function onlyCorrected(picture: Picture): boolean {
  const told = picture.events.filter(
    (e) => e.kind === 'kernel.edac' && e.at >= picture.at - limitsOf('hw.mce').window,
  );
  return told.length > 0 && told.every((e) => / corrected memory errors/.test(e.text));
}

/** Machine checks and failed pages in the kernel log of the last day. What was corrected is good to know, and no alarm. */
export const machineCheck: Rule = {
  id: 'hw.mce',
  find(picture): Finding[] {
    const events = picture.events
      .filter(
        (e) =>
          /^kernel\.(mce|memory_failure|pcie_error)$/.test(e.kind) &&
          e.at >= picture.at - limitsOf('hw.mce').window,
      )
      .map((e) => ({ ...e, corrected: isCorrected(`${e.text} ${String(e.data?.['line'] ?? '')}`) }));
    const bad = events.filter((e) => e.corrected === false);
    // One error may make several lines, of which only one says whether it was corrected.
    const mild = events.filter((e) => e.corrected === true);
    const [kind, severity] = bad.length
      ? ([bad, 'critical'] as const)
      : mild.length
        ? ([mild, 'info'] as const)
        : ([events, onlyCorrected(picture) ? 'info' : 'warning'] as const);
    // "Machine check events logged" only announces the line that says what happened.
    const last = kind.findLast((e) => !/events logged/.test(e.text)) ?? kind.at(-1);
    if (!last) return [];
    const count = kind.reduce((sum, e) => sum + Number(e.data?.['count'] ?? 1), 0);
    return [
      makeFinding(picture, 'hw.mce', {
        subject: last.subject ? { kind: 'device', name: last.subject } : serverSubject(picture),
        since: kind[0]!.at,
        severity,
        confidence: 0.9,
        summary: `The hardware reported ${severity === 'info' ? 'an error that it could correct' : 'an error'}: ${last.text.replace(/^Hardware error: (\[Hardware Error\]: )?/, '')}.`,
        evidence: [
          evidence('kernel log', last.text, '', 'dmesg'),
          evidence('how often in a day', count, 'count', 'dmesg', '0'),
        ],
      }),
    ];
  },
};

/** On battery, or not fully charged. */
export const upsBattery: Rule = {
  id: 'hw.ups',
  find: (picture, state) =>
    (picture.facts.ups ?? [])
      .map((u) => {
        const subject = { kind: 'device', name: u.name } as const;
        const bound = boundOf(state, 'hw.ups');
        const charge = u.chargePercent ?? 100;
        const low = gauge(picture, state, { id: 'hw.ups', entity: subject, points: now(picture, charge) });
        return { u, subject, bound, charge, low };
      })
      .filter(({ u, low }) => low || /\bOB\b|\bLB\b|\bRB\b/.test(u.status))
      .map(({ u, subject, bound, charge, low }) => {
        const battery = /\bOB\b/.test(u.status);
        const weak = isCritical(bound, charge) || /\bLB\b/.test(u.status);
        return makeFinding(picture, 'hw.ups', {
          subject,
          ...(low ? { bound } : {}),
          severity: weak ? 'critical' : 'warning',
          summary: `The UPS ${u.name} ${battery ? 'runs on its battery' : /\bRB\b/.test(u.status) ? 'asks for a new battery' : 'is not fully charged'}${
            u.chargePercent === undefined ? '' : ` (${formatPercent(u.chargePercent)})`
          }.`,
          evidence: [
            evidence('status', u.status, '', 'facts.ups.status', 'OL'),
            ...(u.chargePercent === undefined
              ? []
              : [evidence('charge', u.chargePercent, 'percent', 'facts.ups.chargePercent', normalOf(bound))]),
          ],
        });
      }),
};
