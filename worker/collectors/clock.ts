// Is the clock right: `timedatectl show` (or `status`), `chronyc tracking`, `ntpq`, and what the kernel itself says.
import type { Facts } from '#core/facts.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { decimal, pairs } from './lines.ts';
import { sectionOf } from './lookup.ts';

/** `timedatectl show` (systemd 239 and newer) has NTPSynchronized=yes; the words of `status` changed over time. */
export const timedatectl: Collector = {
  section: /^timedatectl/,
  parse({ body }) {
    const shown = pairs(body, '=');
    const status = pairs(body, ':');
    const answer =
      shown.get('NTPSynchronized') ??
      status.get('System clock synchronized') ??
      status.get('NTP synchronized');
    const active =
      shown.get('NTP') ??
      status.get('NTP service') ??
      status.get('Network time on') ??
      status.get('NTP enabled');
    if (answer === undefined) throw new ParseError('There is no NTPSynchronized.');
    const timezone = shown.get('Timezone') ?? status.get('Time zone')?.split(' ')[0];
    const clock: Facts['clock'] = { synchronized: answer === 'yes' };
    if (active !== undefined && /^(no|inactive|n\/a)$/.test(active)) clock.service = 'none';
    return { facts: { clock, ...(timezone ? { host: { timezone } as NonNullable<Facts['host']> } : {}) } };
  },
};

/**
 * busybox `adjtimex`, where there is no systemd: adjtimex(2) returns 5 (TIME_ERROR) when nobody keeps the clock right; the flag
 * STA_UNSYNC says so too. OpenNTPD keeps the clock right and leaves the flag, so where an ntpd runs the flag says nothing. The
 * error is the kernel's own bound, in microseconds, which grows while nobody sets the clock.
 */
export const adjtimex: Collector = {
  section: /^(busybox )?adjtimex$/,
  parse({ body }, report) {
    const values = pairs(body, ':');
    const returned = /^(\d) /.exec(values.get('return value') ?? '')?.[1];
    if (returned === undefined) throw new ParseError('There is no return value.');
    const synchronized = returned !== '5' && !/UNSYNC/.test(values.get('status') ?? '');
    if (!synchronized && /\tntpd$/m.test(sectionOf(report, 'cat /proc/[0-9]*/stat', 1)?.body ?? ''))
      return {};
    const error = decimal(values.get('maxerror')?.split(' ')[0]);
    return {
      facts: {
        clock: {
          synchronized,
          ...(synchronized && error !== undefined ? { maxErrorSeconds: error / 1e6 } : {}),
        },
      },
    };
  },
};

/**
 * `chronyc -c tracking` is one line of numbers with commas, without -c a list for people: reference, its name, stratum, time,
 * correction of the system clock (positive when it is slow), …, root delay, root dispersion, interval, leap status.
 * https://chrony-project.org/doc/4.4/chronyc.html#tracking
 */
export const chrony: Collector = {
  section: /^chronyc .*tracking$/,
  parse({ body }) {
    const row = body.trim().split(',');
    const { correction, delay, dispersion, leap, source } = row.length >= 14 ? fromRow(row) : fromList(body);
    if (leap === undefined && correction === undefined) {
      throw new ParseError('Neither the leap status nor the system time is there.');
    }
    const offset = correction === undefined ? undefined : 0 - correction;
    return {
      facts: {
        clock: {
          service: 'chrony',
          ...(leap === undefined ? {} : { synchronized: !/not sync/i.test(leap) }),
          ...(offset === undefined ? {} : { offsetSeconds: offset }),
          // RFC 5905: the error is at most half of the round trip to the reference plus its dispersion.
          ...(delay === undefined || dispersion === undefined
            ? {}
            : { maxErrorSeconds: delay / 2 + dispersion + Math.abs(offset ?? 0) }),
          ...(source ? { source } : {}),
        },
      },
      samples: offsetSample(offset),
    };
  },
};

interface Tracking {
  correction?: number;
  delay?: number;
  dispersion?: number;
  leap?: string;
  source?: string;
}

function fromRow(row: string[]): Tracking {
  const [, source, , , correction, , , , , , delay, dispersion, , leap] = row;
  return {
    source,
    leap,
    correction: decimal(correction),
    delay: decimal(delay),
    dispersion: decimal(dispersion),
  };
}

function fromList(body: string): Tracking {
  const values = pairs(body, ':');
  const [, seconds, way] =
    /^(\d{1,12}[.,]\d{1,12}) seconds (slow|fast)/.exec(values.get('System time') ?? '') ?? [];
  const correction = decimal(seconds);
  const first = (key: string) => decimal(values.get(key)?.split(' ')[0]);
  return {
    leap: values.get('Leap status'),
    source: /\(([^)]{1,255})\)/.exec(values.get('Reference ID') ?? '')?.[1],
    correction: correction === undefined ? undefined : way === 'fast' ? -correction : correction,
    delay: first('Root delay'),
    dispersion: first('Root dispersion'),
  };
}

/** `ntpq -pn`: the line with * is the chosen source, its offset in milliseconds. `ntpq -c rv` has sys offsets. */
export const ntpq: Collector = {
  section: /^ntpq /,
  parse({ body }) {
    const chosen = /^\*(\S+)\s.*$/m.exec(body);
    if (!chosen && !/refid/.test(body)) throw new ParseError('It is not the list of peers.');
    const milliseconds = decimal(chosen?.[0].trim().split(/\s+/).at(-2));
    const offset = milliseconds === undefined ? undefined : milliseconds / 1000;
    return {
      facts: {
        clock: {
          service: 'ntpd',
          synchronized: chosen !== null,
          ...(chosen?.[1] ? { source: chosen[1] } : {}),
          ...(offset === undefined ? {} : { offsetSeconds: offset }),
        },
      },
      samples: offsetSample(offset),
    };
  },
};

const offsetSample = (offset: number | undefined): Sample[] =>
  offset === undefined ? [] : [{ metric: 'clock.offset', subject: '', value: offset }];
