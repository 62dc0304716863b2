// The processor: lscpu, and where that is missing /proc/cpuinfo, in which each architecture writes its own keys.
import { type Collector, ParseError } from './collector.ts';
import { decimal } from './lines.ts';

/** ARM cores say only numbers. https://github.com/util-linux/util-linux/blob/master/sys-utils/lscpu-arm.c */
const arm: Record<string, string> = {
  '0x41/0xd03': 'ARM Cortex-A53',
  '0x41/0xd05': 'ARM Cortex-A55',
  '0x41/0xd07': 'ARM Cortex-A57',
  '0x41/0xd08': 'ARM Cortex-A72',
  '0x41/0xd0b': 'ARM Cortex-A76',
  '0x41/0xd0c': 'ARM Neoverse-N1',
  '0x41/0xd40': 'ARM Neoverse-V1',
  '0x41/0xd49': 'ARM Neoverse-N2',
  '0x41/0xd4f': 'ARM Neoverse-V2',
  '0x41/0xc07': 'ARM Cortex-A7',
  '0x41/0xb76': 'ARM1176',
  '0xc0/0xac3': 'Ampere-1',
  '0x43/0x0af': 'Cavium ThunderX2',
  '0x48/0xd01': 'HiSilicon Kunpeng 920',
  '0x46/0x001': 'Fujitsu A64FX',
};

export const cpuinfo: Collector = {
  section: 'cat /proc/cpuinfo',
  parse({ body }) {
    let count = 0;
    let declared: number | undefined;
    const sockets = new Set<string>();
    const speeds: number[] = [];
    const first = new Map<string, string>();
    for (const line of body.split('\n')) {
      const colon = line.indexOf(':');
      if (colon < 0) continue;
      const key = line.slice(0, colon).trim();
      const value = line.slice(colon + 1).trim();
      // s390x writes `processor 0: version = …` for each, and the sum in front.
      if (key === 'processor' || /^processor \d+$/.test(key)) count++;
      else if (key === '# processors') declared = decimal(value);
      else if (key === 'physical id') sockets.add(value);
      else if (/^(cpu MHz|clock|cpu MHz static)$/.test(key))
        speeds.push(Number.parseFloat(value.replace(',', '.')) || 0);
      if (!first.has(key)) first.set(key, value);
    }
    const cores = declared ?? count;
    if (cores === 0) throw new ParseError('There is no line "processor".');
    const part = arm[`${first.get('CPU implementer')}/${first.get('CPU part')}`];
    // "Processor" and "Hardware" are what 32-bit ARM has; "cpu" is POWER's key, "uarch" that of RISC-V.
    const model =
      first.get('model name') ??
      part ??
      first.get('cpu') ??
      first.get('Processor') ??
      first.get('Model') ??
      first.get('Hardware') ??
      first.get('uarch') ??
      first.get('vendor_id') ??
      'unknown';
    const mhz = speeds.length > 0 ? Math.round(Math.max(...speeds)) : 0;
    return {
      facts: {
        cpu: {
          model: model.replace(/\s+/g, ' '),
          count: cores,
          ...(sockets.size > 0 ? { sockets: sockets.size } : {}),
          ...(mhz > 0 ? { mhz } : {}),
          ...(/(^| )hypervisor( |$)/.test(first.get('flags') ?? '') ? { hypervisor: true } : {}),
        },
      },
    };
  },
};

/** `Model name:  …`, `CPU(s):  8`, `Socket(s):  1`; newer ones are indented, and hybrid ARM boards name two models. */
export const lscpu: Collector = {
  section: 'lscpu',
  parse({ body }) {
    const value = (key: RegExp) => key.exec(body)?.[1]?.trim();
    // Those that are switched off do not count.
    const count =
      listLength(value(/^ *On-line CPU\(s\) list: *([\d,-]{1,4000})$/m)) ??
      decimal(value(/^ *CPU\(s\): *(\d{1,6})$/m));
    if (count === undefined || count === 0) throw new ParseError('The number of CPUs is missing.');
    const model =
      value(/^ *Model name: *(\S.{0,200})$/m) ??
      value(/^ *(?:Machine type|Vendor ID): *(\S.{0,200})$/m) ??
      'unknown';
    const sockets = decimal(value(/^ *Socket\(s\): *(\d{1,6})$/m));
    const mhz = Math.round(decimal(value(/^ *CPU(?: dynamic)?(?: max)? MHz: *([\d.,]{1,20})$/m)) ?? 0);
    return {
      facts: {
        cpu: {
          model: model.replace(/\s+/g, ' '),
          count,
          ...(sockets ? { sockets } : {}),
          ...(mhz > 0 ? { mhz } : {}),
          ...(/^ *Hypervisor vendor: *\S/m.test(body) ? { hypervisor: true } : {}),
        },
      },
    };
  },
};

/** `0-3,6`: five. */
function listLength(text: string | undefined): number | undefined {
  return text?.split(',').reduce((sum, part) => {
    const [from = NaN, to = from] = part.split('-').map(Number);
    return sum + (to >= from ? to - from + 1 : 0);
  }, 0);
}
