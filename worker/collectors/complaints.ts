// What web servers and PHP complained about lately: the time at the start of the line, and the phrase; of a configuration that is
// not valid the file and the line. The agent has left out for whom it happened.
import type { HostEvent } from '#core/snapshot.ts';
import { type Collector } from './collector.ts';
import { lines } from './lines.ts';
import { zoneOffsetOf } from './reportTime.ts';

interface Phrase {
  match: RegExp;
  kind: string;
  subject: (found: RegExpExecArray) => string;
  text: (found: RegExpExecArray) => string;
}

const webServerOf = ({ input }: RegExpExecArray) => (input.startsWith('[') ? 'apache2' : 'nginx');

const phrases: Phrase[] = [
  {
    match: /upstream timed out$/,
    kind: 'web.upstream_timeout',
    subject: () => 'nginx',
    text: () => 'nginx waited for a backend in vain',
  },
  {
    // Of nginx and Apache; the line of the latter begins with a bracket.
    match: /Connection refused$/,
    kind: 'web.backend_refused',
    subject: webServerOf,
    text: (found) => `${webServerOf(found) === 'nginx' ? 'nginx' : 'Apache'} was refused by its backend`,
  },
  {
    match: /PHP Fatal$/,
    kind: 'php.fatal',
    subject: () => 'php',
    text: () => 'PHP ended with a fatal error',
  },
  {
    match: /worker_connections are$/,
    kind: 'web.connections_full',
    subject: () => 'nginx',
    text: () => 'nginx ran out of worker_connections',
  },
  {
    match: /MaxRequestWorkers$/,
    kind: 'web.workers_full',
    subject: () => 'apache2',
    text: () => 'Apache reached MaxRequestWorkers',
  },
  {
    match: /(?:\[pool ([^\]]{1,60})\] )?max_children$/,
    kind: 'php.children_full',
    subject: (found) => found[1] ?? 'php-fpm',
    text: (found) => `The PHP-FPM pool${found[1] ? ` ${found[1]}` : ''} reached pm.max_children`,
  },
  {
    // nginx: [emerg] 12#12: bind() to 0.0.0.0:80 failed (98: Address already in use)
    match: /\[emerg\].{0,40} bind\(\) to (\S{1,80}) failed \(98:/,
    kind: 'web.port_taken',
    subject: () => 'nginx',
    text: (found) => `nginx could not listen on ${found[1]}: the address is in use`,
  },
  {
    match: /AH00072: make_sock: could not bind to address (\S{1,80})/,
    kind: 'web.port_taken',
    subject: () => 'apache2',
    text: (found) => `Apache could not listen on ${found[1]}: the address is in use`,
  },
  {
    match: /\[emerg\] (?:\d{1,10}#\d{1,10}: )?(.{1,200} in (\/\S{1,200}:\d{1,6}))$/,
    kind: 'web.config_invalid',
    subject: () => 'nginx',
    text: (found) => found[1]!,
  },
  {
    // nginx: [emerg] 12#12: cannot load certificate "/etc/ssl/x.pem": BIO_new_file() failed (…)
    match: /\[emerg\] (?:\d{1,10}#\d{1,10}: )?((?:cannot load|SSL_CTX_|open\(\) ).{1,200})$/,
    kind: 'web.config_invalid',
    subject: () => 'nginx',
    text: (found) => found[1]!,
  },
  {
    match: /AH00526: (Syntax error on line \d{1,6} of \/[^:]{1,200})/,
    kind: 'web.config_invalid',
    subject: () => 'apache2',
    text: (found) => found[1]!,
  },
];

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export const complaints: Collector = {
  section: /^tail -n \d+ \/var\/log\/\*\/error\.log$/,
  anyExit: true,
  parse({ body }, report) {
    const offset = zoneOffsetOf(report);
    // One event a minute, kind and text, with how often.
    const events = new Map<string, HostEvent>();
    for (const line of lines(body)) {
      const short = line.slice(0, 500).trimEnd();
      const at = timeOf(short.slice(0, 40), offset);
      if (at === undefined) continue;
      for (const phrase of phrases) {
        const found = phrase.match.exec(short);
        if (!found) continue;
        const minute = Math.floor(at / 60) * 60;
        const [subject, text] = [phrase.subject(found), phrase.text(found).slice(0, 300)];
        const key = `${phrase.kind} ${minute} ${subject} ${text}`;
        const event = events.get(key);
        if (event) event.data = { count: Number(event.data?.['count']) + 1 };
        else events.set(key, { kind: phrase.kind, at: minute, subject, text, data: { count: 1 } });
        break;
      }
    }
    return { events: [...events.values()].slice(-200) };
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
