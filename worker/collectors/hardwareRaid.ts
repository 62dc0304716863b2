// RAID controllers: storcli and perccli (Broadcom, Dell), ssacli (HP). State of the volumes, drives that failed, battery.
import type { Facts } from '#core/facts.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, lines } from './lines.ts';

type Controller = NonNullable<Facts['hardwareRaid']>[number];

/** Tables of `storcli /call show all`: virtual drives (Optl, Dgrd, Pdgd, OfLn), physical drives (Onln, Failed …), Cachevault/BBU. */
export const storcli: Collector = {
  section: /^(storcli|perccli)\d* \/call show( all)?$/,
  parse({ name, body }) {
    const found: Controller[] = [];
    let battery = '';
    let number = '';
    for (const line of lines(body)) {
      const [, key, value] = /^([A-Z][\w /]{1,40}?) = (.{0,200})$/.exec(line.trim()) ?? [];
      // Named in front of the tables and again within them.
      if (key === 'Controller' && value !== number) {
        number = value!;
        found.push({
          controller: `${name.split(' ')[0]!.replace(/\d+$/, '')} ${value}`,
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
        one.state = words[fields[2] ?? ''] ?? fields[2] ?? one.state;
      // EID:Slt DID State DG …
      if (/^\d*:\d+$/.test(fields[0] ?? '') && /^(Failed|Offln|UBad|F)$/.test(fields[2] ?? ''))
        one.failedDrives++;
      const predictive = /^Predictive Failure Count = (\d{1,6})$/.exec(line.trim());
      if (predictive && Number(predictive[1]) > 0) one.predictive++;
      if (/^(Cachevault_Info|BBU_Info)\b/.test(line.trim())) battery = line.trim();
      else if (battery && /^(CVPM\w*|BBU|iBBU\w*|CVFM\w*|TBBU\w*)\s/.test(line)) {
        one.battery = fields[1] ?? '';
        battery = '';
      }
    }
    if (found.length === 0) throw new ParseError('No controller is named.');
    return { facts: { hardwareRaid: found } };
  },
};

const words: Record<string, string> = {
  Dgrd: 'Degraded',
  Pdgd: 'Partially degraded',
  OfLn: 'Offline',
  Rec: 'Recovery',
};

/** `ssacli ctrl all show config`: `logicaldrive 1 (…, RAID 1, Interim Recovery Mode)`, `physicaldrive 1I:1:2 (…, Failed)`. */
export const ssacli: Collector = {
  section: /^(ssacli|hpssacli|hpacucli) ctrl all show config/,
  parse({ body }) {
    const found: Controller[] = [];
    for (const line of lines(body)) {
      const text = line.trim();
      if (/^(HPE? )?Smart (Array|HBA|RAID) .{1,60}in (Slot|Embedded)/i.test(text)) {
        found.push({ controller: text.slice(0, 80), state: 'OK', failedDrives: 0, predictive: 0 });
      }
      const one = found.at(-1);
      const [, kind, inner] = /^(logicaldrive|physicaldrive) \S+ \((.{1,300})\)$/.exec(text) ?? [];
      if (!one || !kind || !inner) continue;
      const state = inner
        .split(',')
        .map((part) => part.trim())
        .findLast((part) =>
          /^(OK|Failed|Predictive Failure|Interim Recovery Mode|Rebuilding|Recovering|Ready for Rebuild|Offline)/.test(
            part,
          ),
        );
      if (!state || state.startsWith('OK')) continue;
      if (kind === 'logicaldrive') one.state = state;
      else if (state.startsWith('Predictive')) one.predictive++;
      else if (state.startsWith('Failed')) one.failedDrives++;
    }
    if (found.length === 0) throw new ParseError('No controller is named.');
    return { facts: { hardwareRaid: found } };
  },
};
