import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stateSpans, uptimeOf, withMaintenance } from './uptime.ts';

const changes = [
  { at: 100, from: 'pending', to: 'up' },
  { at: 500, from: 'up', to: 'down' },
  { at: 600, from: 'down', to: 'degraded' },
  { at: 700, from: 'degraded', to: 'paused' },
  { at: 900, from: 'paused', to: 'up' },
] as const;

test('time down is what lies between going down and coming back; pauses count neither way', () => {
  const uptime = uptimeOf(stateSpans(changes, 'up', 0, 1000));
  // Up 100–500, down 500–600, degraded 600–700, paused 700–900, up 900–1000.
  expect(uptime).toEqual({
    percent: (100 * 600) / 700,
    downSeconds: 100,
    watchedSeconds: 700,
    maintenanceSeconds: 0,
    outages: 1,
  });
});

test('a window starts in the state that it found', () => {
  expect(stateSpans(changes, 'up', 550, 650)).toEqual([
    { from: 550, to: 600, state: 'down' },
    { from: 600, to: 650, state: 'degraded' },
  ]);
});

test('without any change the state has always been the one of now; never watched is not 0 %', () => {
  expect(uptimeOf(stateSpans([], 'down', 0, 60)).percent).toBe(0);
  expect(uptimeOf(stateSpans([], 'pending', 0, 60)).percent).toBeNull();
});

test('spans cover the window without gap or overlap, whatever happened', () => {
  const state = fc.constantFrom('up', 'down', 'degraded', 'paused', 'pending');
  const history = fc.array(fc.record({ at: fc.integer({ min: 0, max: 2000 }), from: state, to: state }));
  fc.assert(
    fc.property(
      history,
      fc.integer({ min: 0, max: 1000 }),
      fc.integer({ min: 1, max: 1000 }),
      (all, from, length) => {
        const sorted = all.toSorted((a, b) => a.at - b.at);
        const spans = stateSpans(sorted, 'up', from, from + length);
        expect(spans[0]!.from).toBe(from);
        expect(spans.at(-1)!.to).toBe(from + length);
        for (let i = 1; i < spans.length; i++) expect(spans[i]!.from).toBe(spans[i - 1]!.to);
        const { percent } = uptimeOf(spans);
        expect(percent === null || (percent >= 0 && percent <= 100)).toBe(true);
      },
    ),
  );
});

test('planned maintenance is left out: what is down in it is no outage, until it outlasts it', () => {
  const spans = stateSpans(
    [
      { at: 100, from: 'up', to: 'down' },
      { at: 300, from: 'down', to: 'up' },
    ],
    'up',
    0,
    1000,
  );
  const during = (from: number, to: number) =>
    uptimeOf(withMaintenance(spans, [{ from, to, title: 'New disk' }]));
  expect(during(50, 350)).toEqual({
    percent: 100,
    downSeconds: 0,
    watchedSeconds: 700,
    maintenanceSeconds: 300,
    outages: 0,
  });
  // It ended at 200 and what was worked on is still down: 100 of 850 seconds.
  expect(during(50, 200)).toMatchObject({ percent: (100 * 750) / 850, downSeconds: 100, outages: 1 });
  // Down before, during and after is one outage.
  expect(during(150, 250)).toMatchObject({ downSeconds: 100, outages: 1 });
  expect(uptimeOf(withMaintenance(spans, [{ from: 0, to: 2000, title: 'All of it' }])).percent).toBeNull();
});

test('maintenance cuts spans where it begins and ends, whatever overlaps, and changes no state', () => {
  const state = fc.constantFrom('up', 'down', 'paused');
  const moment = fc.integer({ min: 0, max: 200 });
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: moment, from: state, to: state })),
      fc.array(fc.tuple(moment, fc.integer({ min: 1, max: 80 }))),
      (changes, works) => {
        const spans = stateSpans(
          changes.toSorted((a, b) => a.at - b.at),
          'up',
          20,
          180,
        );
        const maintenance = works
          .map(([from, length]) => ({ from, to: from + length, title: 'work' }))
          .toSorted((a, b) => a.from - b.from);
        const parts = withMaintenance(spans, maintenance);
        const at = (all: typeof parts, second: number) =>
          all.filter(({ from, to }) => from <= second && to > second);
        for (let second = 20; second < 180; second++) {
          const [part, ...others] = at(parts, second);
          expect(others).toEqual([]);
          expect(part!.state).toBe(at(spans, second)[0]!.state);
          const worked = maintenance.some(({ from, to }) => from <= second && to > second);
          expect(part!.maintenance !== undefined).toBe(worked);
        }
      },
    ),
  );
});
