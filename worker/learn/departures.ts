// Feeds new samples to the detectors of a server and names what departed from its usual. Pure.
import { formatTime, formatValue } from '#core/format.ts';
import { metric, type MetricName } from '#core/metrics.ts';
import type { Point } from '#worker/rules/rule.ts';
import { effectFloors, observe } from '#worker/series/detector.ts';
import { isHabit, passTime } from './habits.ts';
import { mostSeries, newLearned, type States } from './states.ts';

/** What is worth learning: how busy a server is, by whom, and what it serves. States and settings have rules. */
const learned =
  /^(cpu\.(busy|system|iowait|context_switches|forks)|mem\.(available_percent|swap_in)|disk\.(read_bytes|write_bytes|await)|net\.(rx_bytes|tx_bytes)|net\.tcp\.(established|retransmits|resets)|web\.requests|db\.(mysql|postgresql|redis)\.\w+|proc\.(count|threads)|proc\.group\.(cpu|rss)|mail\.queue)$/;

export interface LearnedSeries {
  slot: number;
  metric: MetricName;
  subject: string;
  points: readonly Point[];
}

export interface Departure {
  at: number;
  score: number;
  metric: MetricName;
  text: string;
}

/** Series must have been watched for two days before anything is said about them. */
const matureSeconds = 2 * 86_400;

/** Observes all points in order of time; the states change in place. Alarms of mature series come back, but not those at their usual hour. */
export function learnPoints(states: States, series: readonly LearnedSeries[]): Departure[] {
  const found: Departure[] = [];
  for (const { slot, metric: name, subject, points } of series) {
    if (!learned.test(name)) continue;
    let state = states.get(slot);
    if (!state) {
      if (states.size >= mostSeries) continue;
      states.set(slot, (state = newLearned()));
    }
    const { unit, label } = metric(name);
    const floor = effectFloors[unit] ?? 0;
    for (const [at, value] of points) {
      const { detector, habits } = state;
      const usual = detector.level;
      passTime(habits, detector.last, at);
      const { score, alarm } = observe(detector, at, value, { floor });
      if (!alarm || isHabit(habits, at) || at - detector.first < matureSeconds) continue;
      const of = subject ? ` of ${subject}` : '';
      found.push({
        at,
        score,
        metric: name,
        text: `${label}${of} went from about ${formatValue(usual, unit)} to ${formatValue(value, unit)} at ${formatTime(at)}.`,
      });
    }
  }
  return found.sort((a, b) => b.score - a.score || a.at - b.at || a.text.localeCompare(b.text));
}
