// RAID controllers: storcli and perccli (Broadcom, Dell), ssacli (HP). State of the volumes, drives that failed, battery.
import type { Facts } from '#core/facts.ts';
import { own } from '#core/own.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, lines } from './lines.ts';
import { sectionOf } from './lookup.ts';

type Controller = NonNullable<Facts['hardwareRaid']>[number];

const drives = /^(storcli|perccli)\d* \/call\/eall\/sall show all$/;

/**
 * Tables of `storcli /call show all`: virtual drives (Optl, Dgrd, Pdgd, OfLn), physical drives (Onln, Failed …), Cachevault/BBU; and of
 * `/call/eall/sall show all` what each drive counts: only there is a failure foreseen.
 */
export const storcli: Collector = {
  section: /^(storcli|perccli)\d* \/call show( all)?$/,
  with: [drives],
  parse(_section, report) {
    const found: Controller[] = [];
    for (const { name, body } of report.sections) {
      if (/^(storcli|perccli)\d* \/call show( all)?$/.test(name)) found.push(...controllersOf(name, body));
    }
    for (const { name, body } of report.sections) {
      if (!drives.test(name)) continue;
      for (const [controller, ill] of predictedBy(body)) {
        const one = found.find((c) => c.controller.startsWith(`${toolOf(name)} ${controller}`));
        if (!one) continue;
        one.predictive = ill.length;
        if (ill.length > 0) one.foreseen = ill.slice(0, 10);
      }
    }
    const none = report.sections.some(
      ({ name, body }) => /^(storcli|perccli)/.test(name) && /No Controller found/i.test(body),
    );
    if (found.length === 0 && none) return {};
    if (found.length === 0) throw new ParseError('No controller is named.');
    // storcli and storcli64 may both be installed.
    const once = new Map(found.toReversed().map((one) => [one.controller, one]));
    return { facts: { hardwareRaid: [...once.values()].toReversed() } };
  },
};

const toolOf = (name: string) => name.split(' ')[0]!.replace(/\d+$/, '');

function controllersOf(name: string, body: string): Controller[] {
  const found: Controller[] = [];
  let battery = '';
  let number = '';
  for (const line of lines(body)) {
    const [, key, value] = /^([A-Z][\w /]{1,40}?) = (.{0,200})$/.exec(line.trim()) ?? [];
    // Named in front of the tables and again within them.
    if (key === 'Controller' && value !== number) {
      number = value!;
      found.push({
        controller: `${toolOf(name)} ${value}`,
        state: 'Optimal',
        failedDrives: 0,
        predictive: 0,
      });
    }
    const one = found.at(-1);
    if (!one) continue;
    if (key === 'Controller Status' && value && !/^(Optimal|OK)$/i.test(value)) one.state = value;
    if (/^(Model|Product Name)$/.test(key ?? '') && value) one.controller += ` (${value.trim()})`;
    const fields = columns(line);
    // DG/VD TYPE  State Access …
    if (/^\d+\/\d+$/.test(fields[0] ?? '') && /^RAID/.test(fields[1] ?? '') && fields[2] !== 'Optl')
      one.state = own(words, fields[2] ?? '') ?? fields[2] ?? one.state;
    // EID:Slt DID State DG …
    if (/^\d*:\d+$/.test(fields[0] ?? '') && /^(Failed|Offln|UBad|F)$/.test(fields[2] ?? ''))
      failed(one, fields[0]!);
    if (/^(Cachevault_Info|BBU_Info)\b/.test(line.trim())) battery = line.trim();
    else if (battery && /^(CVPM\w*|BBU|iBBU\w*|CVFM\w*|TBBU\w*)\s/.test(line)) {
      one.battery = fields[1] ?? '';
      battery = '';
    }
  }
  return found;
}

function failed(one: Controller, drive: string): void {
  one.failedDrives++;
  if (one.failedDrives <= 10) (one.failed ??= []).push(drive);
}

/** `Drive /c0/e252/s1 State :` and below it `Predictive Failure Count = 2`, `S.M.A.R.T alert flagged by drive = Yes`: drives a controller. */
function predictedBy(body: string): Map<string, string[]> {
  const ill = new Map<string, Set<string>>();
  let drive = '';
  for (const line of lines(body)) {
    drive = /^Drive (\/c\d{1,3}(?:\/e\d{1,5})?\/s\d{1,5})\b/.exec(line)?.[1] ?? drive;
    const foreseen =
      Number(/^Predictive Failure Count = (\d{1,9})/.exec(line)?.[1] ?? 0) > 0 ||
      /^S\.M\.A\.R\.T alert flagged by drive = Yes/.test(line);
    const controller = /^\/c(\d{1,3})/.exec(drive)?.[1];
    if (controller === undefined) continue;
    const set = ill.get(controller) ?? new Set();
    if (foreseen) set.add(drive);
    ill.set(controller, set);
  }
  return new Map([...ill].map(([controller, set]) => [controller, [...set].map(slotOf)]));
}

/** `/c0/e252/s2` as the tables name it: `252:2`. */
const slotOf = (drive: string) =>
  drive.replace(/^\/c\d+(?:\/e(\d+))?\/s(\d+)$/, (_, e = '', s) => `${e}:${s}`);

const words: Record<string, string> = {
  Dgrd: 'Degraded',
  Pdgd: 'Partially degraded',
  OfLn: 'Offline',
  Rec: 'Recovery',
};

const hpStatus = /^(ssacli|hpssacli|hpacucli) ctrl all show status$/;

/**
 * `ssacli ctrl all show config`: `logicaldrive 1 (…, RAID 1, Interim Recovery Mode)`, `physicaldrive 1I:1:2 (…, Failed)`; and of
 * `show status` the controller, its cache and what keeps that alive.
 */
export const ssacli: Collector = {
  section: /^(ssacli|hpssacli|hpacucli) ctrl all show config/,
  with: [hpStatus],
  parse(_section, report) {
    const found: Controller[] = [];
    const config = report.sections.filter(({ name }) => / show config/.test(name)).map(({ body }) => body);
    for (const line of lines(config.join('\n'))) {
      readConfigLine(line.trim(), found);
    }
    let one: Controller | undefined;
    for (const line of lines(sectionOf(report, hpStatus)?.body ?? '')) {
      const text = line.trim();
      if (named.test(text)) {
        const slot = slotIn(text);
        one = found.find((c) => slotIn(c.controller) === slot) ?? newController(text, found);
      }
      const [, of, value] = /^(Controller|Cache|Battery\/Capacitor) Status: (.{1,80})$/.exec(text) ?? [];
      if (!one || !of || !value) continue;
      if (of === 'Battery/Capacitor') one.battery = value;
      else if (of === 'Controller' && value !== 'OK' && one.state === 'OK') one.state = value;
      else if (of === 'Cache' && !/^(OK|Not Configured)/.test(value)) one.battery ??= `cache: ${value}`;
    }
    if (found.length === 0) throw new ParseError('No controller is named.');
    return { facts: { hardwareRaid: found } };
  },
};

const named = /^(HPE? )?Smart (Array|HBA|RAID) .{1,60}in (Slot|Embedded)/i;
const slotIn = (text: string) => /\b(?:Slot \d{1,3}|Embedded)\b/i.exec(text)?.[0];

function newController(text: string, found: Controller[]): Controller {
  const controller = text
    .replace(/\s*\(sn:.*$/, '')
    .replace(/\s{2,}/g, ' ')
    .slice(0, 80);
  const one: Controller = { controller, state: 'OK', failedDrives: 0, predictive: 0 };
  found.push(one);
  return one;
}

function readConfigLine(text: string, found: Controller[]): void {
  if (named.test(text)) newController(text, found);
  const one = found.at(-1);
  const [, kind, drive, inner] = /^(logicaldrive|physicaldrive) (\S{1,40}) \((.{1,300})\)$/.exec(text) ?? [];
  if (!one || !kind || !drive || !inner) return;
  const state = inner
    .split(',')
    .map((part) => part.trim())
    .findLast((part) =>
      /^(OK|Failed|Predictive Failure|Interim Recovery Mode|Rebuilding|Recovering|Ready for Rebuild|Offline)/.test(
        part,
      ),
    );
  if (!state || state.startsWith('OK')) return;
  if (kind === 'logicaldrive') one.state = state;
  else if (state.startsWith('Predictive')) {
    one.predictive++;
    (one.foreseen ??= []).push(drive);
  } else if (state.startsWith('Failed')) failed(one, drive);
}
