// Disks, partitions and what stands on them: /sys/block, /proc/partitions, `lsblk -P`.
import type { BlockDevice } from '#core/facts.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, lines } from './lines.ts';
import { filesOf, sectionOf } from './lookup.ts';
import { sizeIn } from './sizes.ts';

const lsblk = /^lsblk /;

export const blockDevices: Collector = {
  section: /^cat \/sys\/block\/(?!md[^/]*\/md\/)/,
  with: [lsblk, 'cat /proc/partitions'],
  parse(section, report) {
    const found = new Map<string, BlockDevice>();
    const at = (name: string, type: string) => {
      const one = found.get(name) ?? { name, type, size: 0, parents: [], mounts: [] };
      found.set(name, one);
      return one;
    };
    for (const [path, content] of filesOf(report, /^\/sys\/block\//)) {
      const [, name, attribute] = /^\/sys\/block\/([^/]+)\/(.+)$/.exec(path) ?? [];
      if (name && attribute && !attribute.startsWith('md/')) {
        set(at(name.replaceAll('!', '/'), typeOf(name)), attribute, content);
      }
    }
    for (const line of lines(sectionOf(report, 'cat /proc/partitions')?.body ?? '')) {
      const [major, , blocks, name] = columns(line);
      if (!name || !/^\d+$/.test(major!) || !/^\d{1,15}$/.test(blocks ?? '')) continue;
      const parent =
        /^((?:nvme\d+n\d+|mmcblk\d+|md\d+|nbd\d+|loop\d+))p\d+$/.exec(name)?.[1] ??
        /^([a-z]+)\d+$/.exec(name)?.[1];
      const one = at(name, parent && found.has(parent) ? 'part' : typeOf(name));
      one.size ||= Number(blocks) * 1024;
      if (parent && found.has(parent) && !one.parents.includes(parent)) one.parents.push(parent);
    }
    for (const line of lines(sectionOf(report, lsblk)?.body ?? '')) fromLsblk(line, at);
    if (found.size === 0 && section.body.trim() !== '') throw new ParseError('No device is named.');
    // Loops without a file and RAM disks are there on every machine, and are nothing.
    const list = [...found.values()].filter(
      ({ name, size, mounts }) =>
        !/^(ram|fd|sr|loop|zram)\d/.test(name) ||
        mounts.length > 0 ||
        (size > 0 && !/^(ram|fd|sr)/.test(name)),
    );
    const samples: Sample[] = list.flatMap(({ name, ioErrors }) =>
      ioErrors === undefined ? [] : [{ metric: 'disk.io_errors' as const, subject: name, value: ioErrors }],
    );
    // A minute run has only the counters of errors: they say nothing of what there is.
    const whole =
      sectionOf(report, lsblk) !== undefined || filesOf(report, /^\/sys\/block\/[^/]+\/size$/).length > 0;
    return { ...(whole ? { facts: { blockDevices: list.slice(0, 2000) } } : {}), samples };
  },
};

function typeOf(name: string): string {
  if (/^md\d/.test(name)) return 'raid';
  if (/^dm-\d/.test(name)) return 'dm';
  return /^(loop|ram|zram|sr|fd|nbd)\d/.exec(name)?.[1] ?? 'disk';
}

function set(one: BlockDevice, attribute: string, content: string): void {
  const text = content.trim();
  const number = /^(0x[0-9a-f]{1,13}|\d{1,15})$/i.test(text) ? Number(text) : undefined;
  // Sizes are in sectors of 512 bytes, whatever the disk has.
  if (attribute === 'size') one.size = (number ?? 0) * 512;
  else if (attribute === 'ro') one.readOnly = number === 1;
  else if (attribute === 'queue/rotational') one.rotational = number === 1;
  else if (attribute === 'queue/scheduler') one.scheduler = /\[([\w-]+)\]/.exec(text)?.[1] ?? text;
  else if (attribute === 'device/model') one.model = text;
  else if (attribute === 'device/serial' || attribute === 'serial') one.serial = text;
  else if (attribute === 'device/ioerr_cnt') one.ioErrors = number;
  else if (attribute === 'dm/name') one.label = text;
  else if (/^(slaves|holders)\//.test(attribute))
    one.parents.push(attribute.slice(attribute.indexOf('/') + 1));
}

/** `NAME="vg0-data" KNAME="dm-0" PKNAME="sda2" TYPE="lvm" SIZE="…" MOUNTPOINT="/"`; a device on two disks has two lines. */
function fromLsblk(line: string, at: (name: string, type: string) => BlockDevice): void {
  const values = new Map(
    [...line.matchAll(/([A-Z:-]{2,20})="([^"]{0,500})"/g)].map(([, key, value]) => [key!, decode(value!)]),
  );
  const shown = values.get('NAME');
  const name = values.get('KNAME') || shown;
  if (!shown || !name) return;
  const type = values.get('TYPE') || 'disk';
  const one = at(name, type);
  one.type = type;
  if (shown !== name) one.label = shown;
  const parent = values.get('PKNAME');
  if (parent && !one.parents.includes(parent)) one.parents.push(parent);
  const mount = values.get('MOUNTPOINT');
  if (mount && !one.mounts.includes(mount)) one.mounts.push(mount);
  one.size ||= sizeIn(values.get('SIZE') ?? '') ?? 0;
  const model = values.get('MODEL')?.trim();
  const serial = values.get('SERIAL')?.trim();
  if (model) one.model ??= model;
  if (serial) one.serial ??= serial;
  if (values.has('ROTA')) one.rotational ??= values.get('ROTA') === '1';
}

const decode = (text: string) =>
  text.replace(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
