// Reports of many servers over many minutes, made from one real report of this machine: counters go on, gauges move a little.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../test/rootnote.ts';
import { endWithBench, temporaryFolder } from '../interrupted.ts';

/** Counters that the kernel only adds to; everything else in numbers is a gauge. */
const counterSections =
  /^=== (cat \/proc\/(stat|vmstat|diskstats|net\/dev|net\/snmp|net\/netstat|softirqs|net\/softnet_stat))( #2)?$/;
const gaugeSections = /^=== (cat \/proc\/(meminfo|loadavg|net\/sockstat)|df )/;

/** Daemons that an ordinary server has besides what runs here. */
const daemons = 40;

/**
 * A report of this machine with the processes of an ordinary server. Without kernel messages: the first run shows those since
 * boot, later ones what is new, which is nothing in most minutes.
 */
export async function recordReport(rhythm: 'minute' | 'daily' = 'minute'): Promise<string> {
  const directory = temporaryFolder('rootnote-daemons');
  const children = Array.from({ length: daemons }, (_, number) => {
    const path = join(directory, `daemon-${number}`);
    copyFileSync('/bin/sleep', path);
    return endWithBench(spawn(path, ['600'], { stdio: 'ignore' }));
  });
  try {
    await new Promise((done) => setTimeout(done, 300));
    const report = execFileSync(
      'sh',
      [join(projectRoot, 'agent/rootnote.sh'), '--print', `--rhythm=${rhythm}`],
      {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    return report.replace(/^(=== dmesg -r\n)(?:<.*\n)*/m, '$1');
  } finally {
    children.forEach((child) => child.kill());
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * The report of server number `server`, `minute` minutes after the recorded one, at `epoch` (seconds). The same arguments give the
 * same text.
 */
export function reportAt(recorded: string, server: number, minute: number, epoch: number): string {
  const noise = sequence(server * 100_003 + minute);
  const machineId = createHash('md5').update(`server ${server}`).digest('hex');
  let section = '';
  return recorded
    .split('\n')
    .map((line) => {
      if (line.startsWith('rootnote 1 ')) return line.replace(/epoch=\d+/, `epoch=${epoch}`);
      if (line.startsWith('=== ')) {
        section = line;
        return line;
      }
      if (section === '=== cat /proc/sys/kernel/hostname' && line) return `server${server}`;
      if (section === '=== cat /etc/machine-id' && line) return machineId;
      if (section.startsWith('=== cat /proc/uptime'))
        return line.replace(/^[\d.]+/, (up) => (Number(up) + minute * 60).toFixed(2));
      if (line.startsWith('btime ')) return line;
      if (counterSections.test(section)) return line.replace(/(?<![\w.])\d{2,15}(?![\w.])/g, goOn);
      if (gaugeSections.test(section)) return line.replace(/(?<![\w.])\d{3,15}(?![\w.%])/g, move);
      return line;
    })
    .join('\n');

  function goOn(digits: string): string {
    const value = Number(digits);
    const rate = Math.max(1, value / 600);
    return String(Math.floor(value + rate * (minute + noise() / 2)));
  }
  function move(digits: string): string {
    return String(Math.round(Number(digits) * (1 + (noise() - 0.5) / 100)));
  }
}

/** A fixed sequence of numbers in 0..1. */
function sequence(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
