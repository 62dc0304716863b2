import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProbeCode } from '#core/probes.ts';
import {
  confirmations,
  confirmationsOfFlapping,
  evaluate,
  type EvaluateInput,
  type EvaluateOutput,
  quorum,
  type State,
} from './evaluate.ts';

const interval = 60;
const codes: Record<string, ProbeCode> = {
  good: 'ok',
  bad: 'connect-refused',
  degraded: 'tls-expiring',
  blind: 'prober-offline',
};

/** A monitor through time, as the pipeline keeps it: the memory goes through JSON between two results. */
class Monitor {
  state: State = 'pending';
  evaluation: unknown = {};
  at = 1_764_000_000;
  regions: string[];
  constructor(regions: string[]) {
    this.regions = regions;
  }
  see(region: string, grade: string, after = 20, settings?: EvaluateInput['settings']): EvaluateOutput {
    this.at += after;
    const output = evaluate({
      state: this.state,
      evaluation: this.evaluation,
      result: {
        region,
        at: this.at,
        ok: grade === 'good',
        degraded: grade === 'degraded',
        code: codes[grade] ?? 'ok',
        summary: `${grade} from ${region}`,
        details: { seen: grade },
      },
      regions: this.regions,
      interval,
      ...(settings ? { settings } : {}),
    });
    this.state = output.state;
    this.evaluation = JSON.parse(JSON.stringify(output.evaluation));
    return output;
  }
  all(grade: string, times = 1, after = 20): EvaluateOutput {
    let output!: EvaluateOutput;
    for (let i = 0; i < times; i++)
      for (const region of this.regions) output = this.see(region, grade, after);
    return output;
  }
}

describe('one region', () => {
  test('the first good result makes a new monitor up', () => {
    const output = new Monitor(['fra']).see('fra', 'good');
    expect(output.transition).toEqual({ from: 'pending', to: 'up', code: 'ok', summary: 'good from fra' });
    expect(output.lookAgainSeconds).toBeUndefined();
  });

  test('a failure is confirmed soon, and so is the recovery', () => {
    const monitor = new Monitor(['fra']);
    monitor.see('fra', 'good');
    const first = monitor.see('fra', 'bad');
    expect(first).toMatchObject({ state: 'up', lookAgainSeconds: 10 });
    expect(first.transition).toBeUndefined();
    const second = monitor.see('fra', 'bad', 10);
    expect(second.transition).toEqual({
      from: 'up',
      to: 'down',
      code: 'connect-refused',
      summary: 'bad from fra',
    });
    expect(second.evaluation.details).toEqual({ seen: 'bad' });
    expect(monitor.see('fra', 'good')).toMatchObject({ state: 'down', lookAgainSeconds: 10 });
    expect(monitor.see('fra', 'good', 10).transition).toMatchObject({ from: 'down', to: 'up' });
  });

  test('one failure that passes changes nothing', () => {
    const monitor = new Monitor(['fra']);
    for (const grade of ['good', 'bad', 'good']) monitor.see('fra', grade);
    expect(monitor.state).toBe('up');
  });

  test('a new monitor that never worked is down after its confirmation', () => {
    const monitor = new Monitor(['fra']);
    expect(monitor.see('fra', 'bad').state).toBe('pending');
    expect(monitor.see('fra', 'bad').state).toBe('down');
  });

  test('what the prober could not see does not count, nor does it break a row of failures', () => {
    const monitor = new Monitor(['fra']);
    monitor.see('fra', 'good');
    for (let i = 0; i < 10; i++)
      expect(monitor.see('fra', 'blind')).toMatchObject({ state: 'up', notes: [] });
    monitor.see('fra', 'bad');
    monitor.see('fra', 'blind');
    expect(monitor.state).toBe('up');
    monitor.see('fra', 'bad');
    expect(monitor.state).toBe('down');
  });

  test('degraded is a state between', () => {
    const monitor = new Monitor(['fra']);
    for (const grade of ['good', 'degraded', 'degraded']) monitor.see('fra', grade);
    expect(monitor.state).toBe('degraded');
    for (const grade of ['bad', 'bad']) monitor.see('fra', grade);
    expect(monitor.state).toBe('down');
    for (const grade of ['degraded', 'degraded']) monitor.see('fra', grade);
    expect(monitor.state).toBe('degraded');
  });

  test('a paused monitor stays paused, and a result that comes late is ignored', () => {
    const monitor = new Monitor(['fra']);
    monitor.see('fra', 'good');
    monitor.see('fra', 'bad', -5);
    monitor.see('fra', 'bad', 0);
    expect(monitor.state).toBe('up');
    monitor.state = 'paused';
    for (let i = 0; i < 5; i++) monitor.see('fra', 'bad');
    expect(monitor.state).toBe('paused');
  });

  test('memory that cannot be read is taken as empty', () => {
    const monitor = new Monitor(['fra']);
    monitor.evaluation = { regions: 'lost' };
    expect(monitor.see('fra', 'good').state).toBe('up');
  });
});

describe('several regions', () => {
  test('one that fails alone is a regional failure, named once', () => {
    const monitor = new Monitor(['fra', 'nyc', 'sgp']);
    monitor.all('good', 2);
    monitor.see('fra', 'bad');
    const output = monitor.see('fra', 'bad');
    expect(output).toMatchObject({
      state: 'up',
      evaluation: { failingRegions: ['fra'] },
      notes: [{ kind: 'regional-failure', text: 'Fails only from fra: bad from fra' }],
    });
    expect(monitor.see('fra', 'bad').notes).toEqual([]);
    expect(monitor.see('fra', 'good').notes).toEqual([
      { kind: 'regional-recovery', text: 'Works again from fra.' },
    ]);
  });

  test('two make it down; back up when one of the two recovered', () => {
    const monitor = new Monitor(['fra', 'nyc', 'sgp']);
    monitor.all('good', 2);
    for (const region of ['fra', 'nyc', 'fra']) monitor.see(region, 'bad');
    expect(monitor.state).toBe('up');
    expect(monitor.see('nyc', 'bad').transition).toMatchObject({ to: 'down', summary: 'bad from nyc' });
    monitor.see('sgp', 'good');
    monitor.see('fra', 'good');
    monitor.see('sgp', 'good');
    expect(monitor.state).toBe('down');
    monitor.see('fra', 'good');
    expect(monitor).toMatchObject({ state: 'up', evaluation: { failingRegions: ['nyc'] } });
  });

  test('a region that is itself offline neither fails the target nor keeps it up', () => {
    const monitor = new Monitor(['fra', 'nyc']);
    monitor.all('good', 2);
    monitor.see('nyc', 'blind');
    monitor.see('fra', 'bad');
    monitor.see('nyc', 'blind');
    expect(monitor.state).toBe('up');
    expect(monitor.see('fra', 'bad').transition).toMatchObject({ to: 'down', code: 'connect-refused' });
  });

  test('a region that fell silent has no word any more, and one that was never heard is waited for', () => {
    const silent = new Monitor(['fra', 'nyc']);
    silent.all('good', 2);
    for (let i = 0; i < 4; i++) silent.see('fra', 'bad', 40);
    expect(silent.state).toBe('up');
    silent.see('fra', 'bad', 40);
    expect(silent.state).toBe('down');

    const late = new Monitor(['fra', 'nyc']);
    for (let i = 0; i < 3; i++) late.see('fra', 'bad', 20);
    expect(late.state).toBe('pending');
    late.see('nyc', 'bad');
    late.see('nyc', 'bad');
    expect(late.state).toBe('down');
  });

  test('regions that went away are forgotten', () => {
    const monitor = new Monitor(['fra', 'nyc']);
    monitor.all('good', 2);
    monitor.all('bad', 2);
    expect(monitor.state).toBe('down');
    monitor.regions = ['fra'];
    const { evaluation } = monitor.see('fra', 'good');
    expect(Object.keys(evaluation.regions)).toEqual(['fra']);
    expect(monitor.see('fra', 'good').state).toBe('up');
  });

  test('the quorum and the confirmations can be set', () => {
    const monitor = new Monitor(['fra', 'nyc', 'sgp']);
    const settings = { quorum: 1, confirmations: 3 };
    for (const region of monitor.regions) monitor.see(region, 'good', 5, settings);
    for (const expected of ['up', 'up', 'down']) {
      expect(monitor.see('fra', 'bad', 5, settings).state).toBe(expected);
    }
  });
});

describe('flapping', () => {
  function flap(monitor: Monitor): EvaluateOutput[] {
    return ['bad', 'bad', 'good', 'good', 'bad', 'bad', 'good', 'good'].map((grade) =>
      monitor.see('fra', grade, 60),
    );
  }

  test('four changes in half an hour are named, and then it must be calm before it counts as up', () => {
    const monitor = new Monitor(['fra']);
    monitor.see('fra', 'good');
    const outputs = flap(monitor);
    expect(outputs.at(-1)).toMatchObject({
      state: 'up',
      evaluation: { flapping: true },
      notes: [{ kind: 'flapping', text: 'Flapping: 4 changes in half an hour.' }],
    });
    monitor.see('fra', 'bad', 60);
    monitor.see('fra', 'bad', 60);
    expect(monitor.state).toBe('down');
    for (let i = 1; i < confirmationsOfFlapping; i++)
      expect(monitor.see('fra', 'good', 60).state).toBe('down');
    expect(monitor.see('fra', 'good', 60).state).toBe('up');
    let last!: EvaluateOutput;
    const notes: string[] = [];
    for (let i = 0; i < 31; i++) {
      last = monitor.see('fra', 'good', 60);
      notes.push(...last.notes.map(({ kind }) => kind));
    }
    expect(last).toMatchObject({ state: 'up', evaluation: { flapping: false } });
    expect(notes).toEqual(['flapping-ended']);
  });

  test('failures that pass before they are confirmed are flapping, too, when they come again and again', () => {
    const monitor = new Monitor(['fra']);
    monitor.see('fra', 'good');
    const seen: boolean[] = [];
    for (let i = 0; i < 4; i++) {
      monitor.see('fra', 'bad', 60);
      seen.push(monitor.see('fra', 'good', 60).evaluation.flapping);
    }
    expect(monitor.state).toBe('up');
    expect(seen).toEqual([false, false, false, true]);
  });

  test('the same changes over two hours are not', () => {
    const monitor = new Monitor(['fra']);
    monitor.see('fra', 'good');
    for (const grade of ['bad', 'bad', 'good', 'good', 'bad', 'bad', 'good', 'good']) {
      expect(monitor.see('fra', grade, 900).evaluation.flapping).toBe(false);
    }
  });
});

describe('whatever happens', () => {
  const step = fc.record({
    region: fc.integer({ min: 0, max: 3 }),
    grade: fc.constantFrom('good', 'good', 'bad', 'bad', 'bad', 'degraded', 'blind'),
    after: fc.integer({ min: 1, max: 90 }),
  });
  const story = fc.record({
    count: fc.integer({ min: 1, max: 4 }),
    steps: fc.array(step, { minLength: 1, maxLength: 60 }),
  });
  const names = ['fra', 'nyc', 'sgp', 'gru'];

  interface Row {
    grade: string;
    row: number;
    at: number;
    blind: boolean;
  }

  /** Plays a story; `rows` counts each region's results of the same grade by itself, as an independent witness. */
  function play(
    { count, steps }: { count: number; steps: { region: number; grade: string; after: number }[] },
    after: (monitor: Monitor, output: EvaluateOutput, rows: Map<string, Row>) => void,
  ) {
    const monitor = new Monitor(names.slice(0, count));
    const rows = new Map<string, Row>();
    for (const { region, grade, after: seconds } of steps) {
      const name = names[region % count] ?? 'fra';
      const output = monitor.see(name, grade, seconds);
      const before = rows.get(name);
      if (grade === 'blind') rows.set(name, { grade: '', row: 0, ...before, at: monitor.at, blind: true });
      else
        rows.set(name, {
          grade,
          row: before?.grade === grade ? before.row + 1 : 1,
          at: monitor.at,
          blind: false,
        });
      after(monitor, output, rows);
    }
    return monitor;
  }

  test('down only with a quorum of regions that each failed twice in a row', () => {
    fc.assert(
      fc.property(story, (one) => {
        play(one, (monitor, output, rows) => {
          if (output.transition?.to !== 'down') return;
          const failing = [...rows.values()].filter(
            ({ grade, row, blind }) => grade === 'bad' && !blind && row >= confirmations,
          );
          // Where fewer regions can speak than a quorum has, all that can must agree.
          const fresh = [...rows.values()].filter(({ blind, at }) => !blind && at > monitor.at - 180);
          expect(failing.length).toBeGreaterThanOrEqual(Math.min(quorum, fresh.length));
          expect(output.transition.code).toBe('connect-refused');
        });
      }),
      { numRuns: 500 },
    );
  });

  test('never up while every region fails', () => {
    fc.assert(
      fc.property(story, (one) => {
        play(one, (monitor, _output, rows) => {
          const all = monitor.regions.map((name) => rows.get(name));
          const failing = all.every((row) => row?.grade === 'bad' && !row.blind && row.row >= confirmations);
          if (failing) expect(monitor.state).toBe('down');
        });
      }),
      { numRuns: 500 },
    );
  });

  test('good results in every region end every failure', () => {
    fc.assert(
      fc.property(story, (one) => {
        const monitor = play(one, () => {});
        monitor.all('good', confirmationsOfFlapping, 20);
        expect(monitor.state).toBe('up');
        expect(monitor.evaluation).toMatchObject({ failingRegions: [] });
      }),
      { numRuns: 500 },
    );
  });

  test('a result of a prober that could not look never changes the state', () => {
    fc.assert(
      fc.property(story, (one) => {
        let before: State = 'pending';
        play(one, (monitor, output, rows) => {
          const [newest] = [...rows.values()].sort((a, b) => b.at - a.at);
          if (newest?.blind) expect(output.transition).toBeUndefined();
          if (output.transition) expect(output.transition).toMatchObject({ from: before, to: monitor.state });
          else expect(monitor.state).toBe(before);
          before = monitor.state;
        });
      }),
      { numRuns: 500 },
    );
  });

  test('the memory stays small', () => {
    fc.assert(
      fc.property(story, (one) => {
        const monitor = play(one, () => {});
        for (let i = 0; i < 200; i++) monitor.see('fra', i % 4 < 2 ? 'bad' : 'good', 1);
        expect(JSON.stringify(monitor.evaluation).length).toBeLessThan(2000);
      }),
      { numRuns: 20 },
    );
  });
});
