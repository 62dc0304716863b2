// The kernel log: messages that mean trouble become events. `dmesg -r`, plain `dmesg`, `journalctl -k`.
import type { HostEvent } from '#core/snapshot.ts';
import { type Collector } from './collector.ts';
import { lines } from './lines.ts';
import { kernelHint, type KernelPattern, kernelPatterns } from './kernelPatterns.ts';
import { OomReader } from './oomMessages.ts';
import { bootTimeOf, epochOf, timeIn, zoneOffsetOf } from './reportTime.ts';

/** The same trouble of the same device again within this time is one event with a count. */
const together = 60;
/** Events of one report; a log in a storm says the same thing thousands of times. */
const most = 200;

export const kernelLog: Collector = {
  section: /^dmesg\b|^journalctl .*-k\b|^cat \/var\/log\/(kern\.log|messages)$/,
  parse({ body }, report) {
    const boot = bootTimeOf(report) ?? 0;
    const end = epochOf(report);
    const offset = zoneOffsetOf(report);
    const oom = new OomReader();
    const events: HostEvent[] = [];
    const latest = new Map<string, HostEvent>();
    for (const line of lines(body)) {
      const { at = end, text } = readLine(line, boot, offset);
      const kill = oom.read(text, at);
      if (kill === 'part') continue;
      const event = kill ?? eventOf(text, at);
      if (!event) continue;
      const key = `${event.kind} ${event.subject}`;
      const before = latest.get(key);
      if (before && event.kind !== 'kernel.oom_kill' && at - before.at <= together) {
        before.data = { ...before.data, count: Number(before.data?.['count'] ?? 1) + 1 };
        // The lines of one machine check say only together what it was.
        // The first of them often only announces the others.
        if (event.kind === 'kernel.mce' && /events logged$/.test(before.text)) before.text = event.text;
        if (event.kind === 'kernel.mce')
          before.data['line'] = `${String(before.data['line'])} | ${text}`.slice(0, 1000);
      } else {
        events.push(event);
        latest.set(key, event);
      }
    }
    events.push(...oom.rest());
    return { events: events.toSorted((a, b) => a.at - b.at).slice(-most) };
  },
};

/** Takes level, time and thread off a line: `<4>[  12.345678][  T12] text`. The time is seconds since boot. */
function readLine(line: string, boot: number, offset: number): { at?: number; text: string } {
  const raw = /^(?:<\d{1,3}>)?\[ {0,12}(\d{1,10})\.\d{1,9}\](?:\[ {0,8}[TC]\d{1,8}\])? ?(.*)$/.exec(line);
  if (raw) return { at: boot + Number(raw[1]), text: raw[2]! };
  const at = timeIn(line.slice(0, 40), offset);
  const journal = / kernel: (?:\[ {0,12}[\d.]{1,20}\] )?(.*)$/.exec(line.slice(0, 4000));
  return { ...(at === undefined ? {} : { at }), text: journal?.[1] ?? line.replace(/^<\d{1,3}>/, '') };
}

function eventOf(text: string, at: number): HostEvent | undefined {
  const line = text.slice(0, 1000);
  if (!kernelHint.test(line)) return undefined;
  for (const pattern of kernelPatterns) {
    const found = pattern.match.exec(line);
    if (found) return makeEvent(pattern, found, line, at);
  }
  return undefined;
}

function makeEvent(
  { kind, subject, text }: KernelPattern,
  found: RegExpExecArray,
  line: string,
  at: number,
): HostEvent {
  return {
    kind,
    at: Math.floor(at),
    subject: subject?.(found).slice(0, 200) ?? '',
    text: text(found).slice(0, 300),
    data: { line: line.slice(0, 500) },
  };
}
