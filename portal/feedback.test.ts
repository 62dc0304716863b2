import { afterAll, beforeAll, expect, test } from 'vitest';
import { storeFeedback } from './feedback.ts';
import { threePeople, type ThreePeople } from './threePeople.fixture.ts';

let people: ThreePeople;
beforeAll(async () => {
  people = await threePeople();
});
afterAll(() => people.close());
const page = '/problems/website-down/';
const say = (said: unknown, from = '192.0.2.1') => storeFeedback(people.services.db, said, from);

test('what readers say is kept, and owners read it, with the pages that did not help first', async () => {
  expect(await say({ page: '/commands/df/', helpful: true })).toEqual({ status: 201, message: 'Thank you.' });
  await say({ page, helpful: false });
  await say({ page, helpful: false, text: '  The command <b>hangs</b> here.\0 ' });
  const [first, second] = await people.owner.feedback.list({});
  expect(first).toMatchObject({ page, yes: 0, no: 2 });
  expect(first?.comments).toEqual([
    { at: expect.closeTo(Date.now() / 1000, -2), helpful: false, text: 'The command <b>hangs</b> here.' },
  ]);
  expect(second).toMatchObject({ page: '/commands/df/', yes: 1, no: 0, comments: [] });
  const [row] = await people.services.db.feedback.findMany();
  expect(Object.keys(row!).sort()).toEqual(['at', 'helpful', 'id', 'page', 'text']);
});

test('only owners read it', async () => {
  for (const each of [people.member, people.viewer, people.nobody])
    await expect(each.feedback.list({})).rejects.toThrow();
});

test('what is no page, too long or not asked for is refused', async () => {
  const before = await people.services.db.feedback.count();
  for (const bad of [
    undefined,
    {},
    { page, helpful: 'yes' },
    { page: 'https://example.org/', helpful: true },
    { page: '/portal/settings/', helpful: true },
    { page, helpful: true, text: 'x'.repeat(2001) },
    { page, helpful: true, email: 'a@example.org' },
  ])
    expect(await say(bad, '192.0.2.2')).toMatchObject({ status: 400 });
  expect(await people.services.db.feedback.count()).toBe(before);
});

test('one address cannot fill the table', async () => {
  const answers = [];
  for (let i = 0; i < 25; i++) answers.push((await say({ page, helpful: true }, '192.0.2.3')).status);
  expect(answers.filter((status) => status === 201)).toHaveLength(20);
  expect(answers.at(-1)).toBe(429);
});

test('without a database it says so', async () => {
  const db = { feedback: { create: () => Promise.reject(new Error('gone')) } };
  expect(await storeFeedback(db as never, { page, helpful: true }, '192.0.2.4')).toMatchObject({
    status: 503,
    message: expect.stringContaining('database does not answer'),
  });
});
