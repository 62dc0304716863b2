// A moment as people read it: how long ago, with the date itself on demand.
import { ageText, dateText } from './timeText.ts';
import { useClock } from './Now.tsx';

/** `at` is epoch seconds. */
export function Age({ at, short = false }: { at: number; short?: boolean }) {
  const { now, mounted } = useClock();
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={dateText(at, mounted)}>
      {ageText(now - at, short)}
    </time>
  );
}

/** The date and time itself. */
export function Moment({ at }: { at: number }) {
  const { mounted, now } = useClock();
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={ageText(now - at)}>
      {dateText(at, mounted)}
    </time>
  );
}
