// MegaCli, the older tool of Broadcom (LSI) and Dell controllers: volumes, drives and the battery of each adapter.
import type { Facts } from '#core/facts.ts';
import { type Collector, ParseError } from './collector.ts';
import { integer, lines } from './lines.ts';

type Controller = NonNullable<Facts['hardwareRaid']>[number];

/** The agent asks for volumes (-LDInfo), drives (-PDList) and the battery (-AdpBbuCmd); -LDPDInfo has the first two in one. */
const asked = /^(MegaCli|megacli)(64)? -?(LDInfo|LDPDInfo|PDList|AdpBbuCmd)\b/i;

export const megacli: Collector = {
  section: asked,
  with: [],
  parse(_section, report) {
    const adapters = new Map<string, Controller>();
    let understood = false;
    for (const { name, body } of report.sections) {
      if (!asked.test(name)) continue;
      understood = readSection(body, adapters) || understood;
    }
    // The tool ends well and names none where it is installed without a controller.
    const none = report.sections.some(
      ({ name, body }) => asked.test(name) && /^Exit Code: 0x0+$/.test(body.trim()),
    );
    if (!understood && none) return {};
    if (!understood) throw new ParseError('No adapter is named.');
    // The newer tool, where it is there as well, tells of the same controllers.
    const told = report.sections.some(
      ({ name, body }) => /^(storcli|perccli)/.test(name) && /^Controller = \d/m.test(body),
    );
    return told ? {} : { facts: { hardwareRaid: [...adapters.values()] } };
  },
};

/** `Adapter 0 -- Virtual Drive Information:`, `Adapter #0`, `BBU status for Adapter: 0`; returns whether one of them was there. */
function readSection(body: string, adapters: Map<string, Controller>): boolean {
  let one: Controller | undefined;
  let [slot, enclosure, isDrive] = ['', '', false];
  let ill = false;
  for (const line of lines(body)) {
    const adapter = /^(?:Adapter (?:#\s?)?|BBU status for Adapter: )(\d{1,3})\b/.exec(line.trim())?.[1];
    if (adapter !== undefined) {
      one = adapters.get(adapter) ?? {
        controller: `megacli ${adapter}`,
        state: 'Optimal',
        failedDrives: 0,
        predictive: 0,
      };
      adapters.set(adapter, one);
      isDrive = false;
      continue;
    }
    const at = line.indexOf(':');
    if (!one || at < 0) continue;
    const [key, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    if (/^Virtual (Drive|Disk)$/.test(key)) isDrive = false;
    else if (key === 'Enclosure Device ID')
      [enclosure, isDrive, ill] = [value === 'N/A' ? '' : value, true, false];
    else if (key === 'Slot Number') [slot, isDrive] = [value, true];
    else if (key === 'State' && !isDrive && value !== 'Optimal') one.state = value.slice(0, 60);
    else if (key === 'Firmware state' && /^(Failed|Offline|Unconfigured\(bad\))/i.test(value)) {
      one.failedDrives++;
      if (one.failedDrives <= 10) (one.failed ??= []).push(`${enclosure}:${slot}`.slice(0, 40));
    } else if (
      (key === 'Predictive Failure Count' && (integer(value) ?? 0) > 0) ||
      (key === 'Drive has flagged a S.M.A.R.T alert' && value === 'Yes')
    ) {
      if (!ill) one.predictive++;
      ill = true;
    } else if (key === 'Battery State' && value) one.battery = value.slice(0, 60);
    else if (key === 'Battery Replacement required' && value === 'Yes') one.battery = 'to be replaced';
  }
  return one !== undefined;
}
