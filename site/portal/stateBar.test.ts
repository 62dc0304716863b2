import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { StateBar } from './StateBar.tsx';

const draw = (spans: Parameters<typeof StateBar>[0]['spans'], outages: number, from = 0) =>
  renderToStaticMarkup(createElement(StateBar, { spans, outages, from }));

test('a monitor that is younger than the range fills only its end', () => {
  const html = draw([{ from: 75, to: 100, state: 'up' }], 0);
  expect(html).toMatch(/data-is="unwatched" style="width:75%" title="not watched yet"/);
  expect(html).toMatch(/data-is="up" style="width:25%"/);
  expect(draw([{ from: 75, to: 100, state: 'up' }], 0, 80)).not.toContain('unwatched');
});

test('maintenance has a colour of its own, says what was done and what the state was, and has a legend', () => {
  const html = draw(
    [
      { from: 0, to: 60, state: 'up' },
      { from: 60, to: 80, state: 'down', maintenance: 'New disk' },
      { from: 80, to: 90, state: 'down' },
      { from: 90, to: 100, state: 'up' },
    ],
    1,
  );
  expect(html).toContain('aria-label="Down once in this range, in maintenance once"');
  expect(html).toMatch(
    /data-is="maintenance" data-down="" style="width:20%" title="down, maintenance: New disk"/,
  );
  expect(html).toContain('Planned maintenance, which uptime leaves out.');
});

test('without maintenance nothing is said of it', () => {
  const html = draw(
    [
      { from: 0, to: 60, state: 'down' },
      { from: 60, to: 80, state: 'up' },
      { from: 80, to: 90, state: 'down' },
    ],
    2,
  );
  expect(html).toContain('aria-label="Down 2 times in this range"');
  expect(html).not.toContain('aintenance');
});
