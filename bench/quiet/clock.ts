// The time of a simulated server, and the noise of what people do with it.
import { epochOfStart, random } from '../../test/scenarios/machine.ts';

const day = 86_400;

export interface Clock {
  /** Seconds since the first report. */
  at: number;
  /** Epoch seconds. */
  epoch: number;
  /** Hours of the day, UTC, with the fraction. */
  hour: number;
  /** Days since the first report. */
  day: number;
  /** 0 is Monday. */
  weekday: number;
  /** Seconds between two reports. */
  step: number;
  /** Whether it is between two hours of the day. */
  between(from: number, to: number): boolean;
  /** Whether this is the first report at or after an hour of a day (counted from the first report). */
  comes(day: number, hour: number): boolean;
  /** How busy people keep it: 0..1 with its top at an hour, so many hours wide. */
  wave(top: number, width: number): number;
  /** About 1, never quite the same, and for some minutes in a row on the same side: log-normal, autoregressive (0.9 a minute). */
  noise(name: string, sigma: number): number;
  /** True so often that it happens this many times a day. */
  chance(perDay: number): boolean;
}

export function clockOf(seed: number, step: number): { clock: Clock; go(at: number): void } {
  const next = random(seed * 7919 + 13);
  const gauss = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const levels = new Map<string, number>();
  const keep = 0.9 ** (step / 60);
  const clock: Clock = {
    at: 0,
    epoch: epochOfStart,
    hour: 0,
    day: 0,
    weekday: 0,
    step,
    between: (from, to) => clock.hour >= from && clock.hour < to,
    comes: (on, hour) => {
      const moment = (Math.floor(epochOfStart / day) + on) * day + hour * 3600;
      return clock.epoch >= moment && clock.epoch - step < moment;
    },
    wave: (top, width) => {
      const distance = Math.min(Math.abs(clock.hour - top), 24 - Math.abs(clock.hour - top));
      return Math.exp(-(distance ** 2) / (2 * width ** 2));
    },
    noise: (name, sigma) => {
      const level = keep * (levels.get(name) ?? gauss()) + Math.sqrt(1 - keep ** 2) * gauss();
      levels.set(name, level);
      return Math.exp(sigma * level);
    },
    chance: (perDay) => next() < (perDay * step) / day,
  };
  return {
    clock,
    go(at) {
      clock.at = at;
      clock.epoch = epochOfStart + at;
      clock.hour = (clock.epoch % day) / 3600;
      clock.day = Math.floor(clock.epoch / day) - Math.floor(epochOfStart / day);
      clock.weekday = (Math.floor(clock.epoch / day) + 3) % 7;
    },
  };
}
