// Adaptec (Microchip) RAID controllers: `arcconf getconfig 1 al`.
import type { Facts } from '#core/facts.ts';
import { type Collector, ParseError } from './collector.ts';
import { integer, lines, pair } from './lines.ts';

type Controller = NonNullable<Facts['hardwareRaid']>[number];

export const arcconf: Collector = {
  section: /^arcconf getconfig \d+/i,
  // With no controller it ends with an error; then there is nothing to tell.
  anyExit: true,
  parse({ name, body }) {
    if (/^Controllers found: 0\b/m.test(body)) return {};
    const one: Controller = {
      controller: `arcconf ${/\d+/.exec(name)?.[0] ?? '1'}`,
      state: 'Optimal',
      failedDrives: 0,
      predictive: 0,
    };
    let part: 'controller' | 'volume' | 'drive' | 'battery' = 'controller';
    let [understood, drive, ill] = [false, '', false];
    for (const line of lines(body)) {
      const text = line.trim();
      const device = /^Device #(\d{1,4})$/.exec(text)?.[1];
      if (device !== undefined) [part, drive, ill] = ['drive', device, false];
      else if (/^Logical device number /i.test(text)) part = 'volume';
      else if (/^Controller (Battery|Cache Backup Unit|ZMM) Information/i.test(text)) part = 'battery';
      const [key = '', value = ''] = pair(text, ':') ?? [];
      if (key === '' || value === '') continue;
      if (key === 'Controller Status') {
        understood = true;
        if (!/^Optimal$/i.test(value)) one.state = value.slice(0, 60);
      } else if (key === 'Controller Model') one.controller += ` (${value.slice(0, 60)})`;
      else if (/^Status of logical device$/i.test(key)) {
        understood = true;
        if (!/^Optimal$/i.test(value)) one.state = value.slice(0, 60);
      } else if (part === 'drive' && key === 'State' && /^(Failed|Offline|Missing|Bad)/i.test(value)) {
        one.failedDrives++;
        if (one.failedDrives <= 10) (one.failed ??= []).push(drive);
      } else if (part === 'drive' && /^S\.M\.A\.R\.T\.( warnings)?$/.test(key)) {
        if (!ill && (value === 'Yes' || (integer(value) ?? 0) > 0)) one.predictive++;
        ill ||= value === 'Yes' || (integer(value) ?? 0) > 0;
      } else if (part === 'battery' && key === 'Status' && !/not (installed|present)|n\/a/i.test(value))
        one.battery = value.replace(/^ZMM /, '').slice(0, 60);
    }
    if (!understood) throw new ParseError('No controller and no logical device has a status.');
    return { facts: { hardwareRaid: [one] } };
  },
};
