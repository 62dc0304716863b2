// What web servers and PHP complained about lately: the time at the start of the line, and the phrase.
import type { HostEvent } from '#core/snapshot.ts';
import { type Collector } from './collector.ts';
import { lines } from './lines.ts';
import { zoneOffsetOf } from './reportTime.ts';

const phrases: [phrase: RegExp, kind: string, subject: string, text: string][] = [
  [/upstream timed out$/, 'web.upstream_timeout', 'nginx', 'nginx waited for a backend in vain'],
  [/worker_connections are$/, 'web.connections_full', 'nginx', 'nginx ran out of worker_connections'],
  [/max_children$/, 'php.children_full', 'php-fpm', 'A php-fpm pool reached pm.max_children'],
  [/MaxRequestWorkers$/, 'web.workers_full', 'apache', 'apache reached MaxRequestWorkers'],
];

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export const complaints: Collector = {
  section: /^tail -n \d+ \/var\/log\/\*\/error\.log$/,
  anyExit: true,
  parse({ body }, report) {
    const offset = zoneOffsetOf(report);
    // One event a minute and kind, with how often.
    const events = new Map<string, HostEvent>();
    for (const line of lines(body)) {
      const found = phrases.find(([phrase]) => phrase.test(line));
      const at = timeOf(line.slice(0, 40), offset);
      if (!found || at === undefined) continue;
      const [, kind, subject, text] = found;
      const minute = Math.floor(at / 60) * 60;
      const event = events.get(`${kind} ${minute}`);
      if (event) event.data = { count: Number(event.data?.['count']) + 1 };
      else events.set(`${kind} ${minute}`, { kind, at: minute, subject, text, data: { count: 1 } });
    }
    return { events: [...events.values()] };
  },
};

/** nginx: 2026/11/23 08:11:16; apache: [Mon Nov 23 08:11:16.123456 2026]; php-fpm: [23-Nov-2026 08:11:16] */
function timeOf(text: string, offset: number): number | undefined {
  const nginx = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)/.exec(text);
  if (nginx) return epoch(nginx[1]!, Number(nginx[2]) - 1, nginx.slice(3), offset);
  const apache = /^\[\w{3} (\w{3}) (\d\d) (\d\d):(\d\d):(\d\d)(?:\.\d{1,9})? (\d{4})\]/.exec(text);
  if (apache) return epoch(apache[6]!, months.indexOf(apache[1]!), apache.slice(2, 6), offset);
  const php = /^\[(\d\d)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d)/.exec(text);
  return php ? epoch(php[3]!, months.indexOf(php[2]!), [php[1]!, ...php.slice(4)], offset) : undefined;
}

function epoch(
  year: string,
  month: number,
  [day, hour, minute, second]: string[],
  offset: number,
): number | undefined {
  return month < 0 || month > 11
    ? undefined
    : Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second)) / 1000 -
        offset;
}
