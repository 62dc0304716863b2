// A sequence: the reports of one server in order of time, in which something healthy becomes ill, and what must be said of it, written down
// before the product saw it.
import { withSection, type CaseScenario } from '../case.ts';
import { meminfo } from '../machineRoom/composed.ts';
import { report } from '../report.ts';
import { slow } from '../reportTools.ts';
import type { ExpectedRoot } from '../../scenarios/scenario.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import type { Server } from './server.ts';

export interface Sequence {
  name: string;
  kind?: 'fault' | 'control' | 'unknown';
  reports: number;
  step?: number;
  /** Number of the first report that shows the fault. */
  onset?: number;
  /** Reports within which it must be told, counted from the onset; what grows slowly says its own. */
  within?: number;
  server(): Server;
  minute?(s: Server, report: number): void;
  /** Reports that are full ones beside the first: an hour has passed, or settings or packages have changed. */
  full?(report: number): boolean;
  edit?(text: string, report: number, s: Server): string;
  roots?: readonly ExpectedRoot[];
  chain?: readonly `${RuleId}>${RuleId}`[];
  /** What must be said not to be the cause. */
  ruledOut?: readonly RuleId[];
  /** When the cause began, as a number of a report, where that is not the onset. */
  since?: number;
  atFirst?: CaseScenario['atFirst'];
}

export type SequenceScenario = CaseScenario &
  Pick<Sequence, 'within' | 'ruledOut' | 'since'> & { unknown: boolean };

/** What a run of every minute adds while a unit has failed: its properties. */
function withFailed(text: string, full: string): string {
  if (!/ loaded *failed /.test(text)) return text;
  const section = /^=== (systemctl show --no-pager -p \S+) \*\.service\n([^=][\s\S]*?)(?=^=== )/m.exec(full)!;
  const failed = section[2]!.split('\n\n').filter((unit) => /^ActiveState=failed$/m.test(unit));
  return withSection(text, `${section[1]!} --state=failed *.service`, failed.join('\n\n').trimEnd());
}

/** What a full run says of the units. */
function unitsOf(s: Server): string {
  const lines: string[] = [];
  slow(s, (header, ...body) => lines.push(`=== ${header}`, ...body.map(String)));
  return [...lines, '=== end', ''].join('\n');
}

export function scenarioOfSequence(given: Sequence): SequenceScenario {
  const { name, kind = 'fault', reports, step = 60, onset, within, roots = [], ...rest } = given;
  let texts: string[] | undefined;
  return {
    name,
    kind: kind === 'unknown' ? 'fault' : kind,
    unknown: kind === 'unknown',
    reports,
    step,
    onset,
    within,
    roots,
    chain: rest.chain,
    ruledOut: rest.ruledOut,
    since: rest.since,
    atFirst: rest.atFirst,
    get texts() {
      if (texts) return texts;
      const s = given.server();
      let boot: number | undefined;
      texts = Array.from({ length: reports }, (_, i) => {
        given.minute?.(s, i);
        s.settle();
        s.pass(step - 1);
        const rhythm =
          boot !== s.boot ? 'daily' : (given.full?.(i) ?? (i * step) % 3600 < step) ? 'hourly' : 'minute';
        boot = s.boot;
        let text = report(s, rhythm === 'minute' ? 'minute' : 'daily');
        text = meminfo(text, { AnonPages: s.anonymous });
        if (rhythm === 'hourly') text = text.replace('rhythm=daily', 'rhythm=hourly');
        if (rhythm === 'minute') text = withFailed(text, unitsOf(s));
        return given.edit?.(text, i, s) ?? text;
      });
      return texts;
    },
  };
}
