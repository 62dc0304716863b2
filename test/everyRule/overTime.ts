// Faults that only a course of time shows: what the agent printed of the well machine, with other numbers from minute to minute.
import type { RuleId } from '#core/ruleCatalogue.ts';
import { epoch } from './machine.ts';

export interface Course {
  rule: RuleId;
  subject: string;
  minutes: number;
  /** Minutes from report to report, 1 when left out. */
  every?: number;
  /** The report of a minute, from that of the well machine. */
  change: (text: string, minute: number) => string;
}

/** The n-th number (from 0) behind a word at the start of a line, set. */
function set(text: string, word: string, n: number, value: number): string {
  const line = new RegExp(`^${word}:? .*$`, 'gm');
  return text.replace(line, (found) => {
    let i = -1;
    return found.replace(/(?<=[\s=|])\d+(\.\d+)?/g, (number) => (++i === n ? String(value) : number));
  });
}

/** The report of this minute: clock and uptime go on, and the counters that matter here. */
export function atMinute(text: string, minute: number): string {
  return text
    .replace(/epoch=\d+/, `epoch=${epoch + 60 * minute}`)
    .replace(
      /^(=== cat \/proc\/uptime(?: #2)?\n)(\d+)/gm,
      (_, head: string, up: string) => head + String(Number(up) + 60 * minute),
    );
}

const access = (text: string, bytes: number) =>
  text.replace(/^(=== stat \/var\/log\/\*\/access\.log\n)\d+/m, `$1${bytes}`);
/** A counter that goes up by `before` a minute, and from minute `from` on by `after`. */
const rising = (minute: number, from: number, before: number, after: number) =>
  1_000_000 + Math.min(minute, from) * before + Math.max(0, minute - from) * after;

export const courses: Course[] = [
  {
    rule: 'net.resets',
    subject: 'web1',
    minutes: 30,
    change: (text, i) =>
      text.replace(/^(Tcp: \d+ \d+ \d+ \d+ \d+) \d+$/gm, `$1 ${rising(i, 20, 60, 12_000)}`),
  },
  {
    rule: 'svc.traffic_surge',
    subject: 'web1',
    minutes: 40,
    change: (text, i) => access(text, rising(i, 30, 60 * 700, 60 * 7000)),
  },
  {
    rule: 'svc.traffic_drop',
    subject: 'web1',
    minutes: 40,
    change: (text, i) => access(text, rising(i, 30, 60 * 1500, 60 * 100)),
  },
  {
    rule: 'disk.inode_forecast',
    subject: '/',
    minutes: 420,
    every: 5,
    change: (text, i) =>
      text.replace(
        /^\/dev\/sda2 1000000 \d+ \d+ \d+% \/$/m,
        `/dev/sda2 1000000 ${600_000 + 500 * i} ${400_000 - 500 * i} 70% /`,
      ),
  },
  {
    rule: 'disk.cloud_throttle',
    subject: 'sda',
    minutes: 30,
    change: (text, i) =>
      text
        .replace(/^(=== systemd-detect-virt\n)none(\n=!= exit 1)?/m, '$1kvm')
        .replace(
          /^ +8 +0 sda .*$/gm,
          `   8       0 sda ${100_000 + 30_000 * i + 90 * (i % 3)} 0 ${800_000 + 240_000 * i} ${1000 + 900_000 * i} ${100_000 + 30_000 * i} 0 ${800_000 + 240_000 * i} ${1000 + 900_000 * i} 0 ${50_000 * i} ${1_800_000 * i}`,
        ),
  },
  {
    rule: 'disk.fsync_stall',
    subject: 'web1',
    minutes: 10,
    change: (text, i) =>
      i < 4
        ? text
        : text
            .replace(/^Dirty:.*$/m, 'Dirty:           900000 kB')
            .replace(/^(\/proc\/pressure\/io:full avg10=)\S+ avg60=\S+/m, '$130.00 avg60=30.00'),
  },
  {
    rule: 'db.mysql_repl_lag',
    subject: 'mysql',
    minutes: 5,
    change: (text, i) => (i < 2 ? text : set(text, ' *Seconds_Behind_Master', 0, 95)),
  },
];
