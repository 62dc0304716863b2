// /proc/mdstat: Linux software RAID. https://docs.kernel.org/admin-guide/md.html
import type { MdArray } from '#core/facts.ts';
import { isHalf, type Report } from '#core/report.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, lines } from './lines.ts';
import { fileOf, numberIn, sectionOf } from './lookup.ts';

export const mdstat: Collector = {
  section: 'cat /proc/mdstat',
  with: [/^cat \/sys\/block\/md[^/]*\/md\//],
  parse(_section, report) {
    const section = sectionOf(report, 'cat /proc/mdstat');
    const body = section?.body ?? '';
    const arrays: MdArray[] = [];
    for (const line of lines(body)) {
      const head = /^(md[\w.-]*) : (.*)$/.exec(line);
      if (head) arrays.push(begin(head[1]!, head[2]!));
      else if (/^\s/.test(line) && arrays.length > 0) detail(arrays.at(-1)!, line);
    }
    if (arrays.length === 0 && !/^(Personalities|unused devices)/m.test(body)) {
      throw new ParseError('Neither an array nor the line "Personalities" is there.');
    }
    // The lines that say how the last one is may be those that are missing.
    if (section && isHalf(section)) arrays.pop();
    for (const array of arrays) complete(array, report);
    const samples: Sample[] = arrays.flatMap(({ name, actionPercent }) =>
      actionPercent === undefined
        ? []
        : [{ metric: 'md.progress' as const, subject: name, value: actionPercent }],
    );
    return { ...(arrays.length > 0 ? { facts: { md: arrays } } : {}), samples };
  },
};

/** `active (auto-read-only) raid1 sdb1[1] sda1[0](F)`; an inactive array has no level. */
function begin(name: string, text: string): MdArray {
  const array: MdArray = { name, level: '', state: '', slots: 0, active: 0, failed: [], members: [] };
  for (const word of columns(text)) {
    const member = /^(.{1,64}?)\[\d+\]((?:\([A-Z]\))*)$/.exec(word);
    if (member) {
      array.members.push(member[1]!);
      if (member[2]!.includes('(F)')) array.failed.push(member[1]!);
    } else if (/^(raid\d+|linear|multipath|faulty|container|external\S*)$/.test(word)) array.level = word;
    else array.state += (array.state ? ' ' : '') + word;
  }
  return array;
}

function detail(array: MdArray, line: string): void {
  // `6306 blocks super external:imsm`: only describes the disks; the arrays in it stand for themselves.
  if (array.level === '' && /\bsuper external:[a-z]/.test(line)) array.level = 'container';
  const slots = /\[(\d+)\/(\d+)\](?: \[[U_]+\])?/.exec(line);
  if (slots) {
    array.slots = Number(slots[1]);
    array.active = Number(slots[2]);
  }
  const action = /(resync|recovery|check|reshape|repair)\s*=\s*(\d{1,3}[.,]\d+)%/.exec(line);
  if (action) {
    array.action = action[1]!;
    array.actionPercent = Number(action[2]!.replace(',', '.'));
    const speed = /speed=(\d{1,12})K\/sec/.exec(line)?.[1];
    if (speed) array.speed = Number(speed) * 1024;
  }
  const waiting = /(resync|recovery|check|reshape)\s*=\s*(PENDING|DELAYED|REMOTE)/.exec(line);
  if (waiting) array.action = `${waiting[1]} ${waiting[2]!.toLowerCase()}`;
}

/** What only /sys says; striped arrays have no redundancy, and all of their members work while the array does. */
function complete(array: MdArray, report: Report): void {
  const base = `/sys/block/${array.name}/md`;
  const degraded = numberIn(report, `${base}/degraded`);
  const action = fileOf(report, `${base}/sync_action`);
  const mismatches = numberIn(report, `${base}/mismatch_cnt`);
  if (array.slots === 0) {
    array.slots = array.members.length;
    array.active = array.state.startsWith('inactive') ? 0 : array.members.length - array.failed.length;
  }
  if (degraded !== undefined && degraded > 0) array.active = Math.min(array.active, array.slots - degraded);
  if (action && action !== 'idle' && action !== 'frozen')
    array.action ??= action === 'resync' ? 'resync' : action.replace('recover', 'recovery');
  if (mismatches !== undefined) array.mismatches = mismatches;
}
