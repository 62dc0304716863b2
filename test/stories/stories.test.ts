// Outside and inside told as one story, from reports and looks to what people read: one incident a cause, one message a channel.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readEnvironment } from '#core/environment.ts';
import { openDatabase } from '#prisma';
import type { WorkerContext } from '#worker/context.ts';
import { freshDatabase, type TestDatabase } from '../postgres.ts';
import { stories } from './index.ts';
import { gatherPeople, type People } from './people.ts';
import { tellStory, type Telling } from './tell.ts';
import { prepare } from './stage.ts';

let database: TestDatabase;
let people: People;
let contexts: WorkerContext[];

beforeAll(async () => {
  database = await freshDatabase();
  people = await gatherPeople();
  const environment = readEnvironment({
    SMTP_URL: people.smtpUrl,
    TWILIO_API_URL: people.twilioApiUrl,
    PROBE_ALLOW: '127.0.0.0/8,10.0.0.0/8',
    MAIL_FROM: 'Rootnote <alerts@example.org>',
    AUTH_SECRET: 's'.repeat(40),
  });
  contexts = [database.db, openDatabase(database.url, 4)].map((db) => ({
    db,
    queue: undefined as never,
    environment,
    publicUrl: 'https://rootnote.example.org',
    log: (message) => expect.fail(message),
  }));
  await prepare(contexts[0]!);
});
afterAll(async () => {
  vi.useRealTimers();
  await contexts[1]?.db.$disconnect();
  await people.close();
  await database.drop();
});

test('there are forty of one cause and ten of two, each of its own name', () => {
  expect(stories.filter(({ roots }) => roots.length < 2).length).toBeGreaterThanOrEqual(40);
  expect(stories.filter(({ roots }) => roots.length > 1).length).toBeGreaterThanOrEqual(10);
  expect(new Set(stories.map(({ name }) => name)).size).toBe(stories.length);
});

test.each(stories.map((story, i) => [story.name, story, i] as const))(
  '%s',
  async (_name, story, i) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const telling: Telling = await tellStory(story, i + 1, contexts.slice(0, story.workers ?? 1), people);
    expect(telling.wrong).toEqual([]);
  },
  300_000,
);
