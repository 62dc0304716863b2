import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { threePeople, type ThreePeople } from '../threePeople.fixture.ts';

let people: ThreePeople;
beforeAll(async () => {
  people = await threePeople();
});
afterAll(() => people.close());

const idOf = async (email: string) =>
  (await people.services.db.user.findUniqueOrThrow({ where: { email } })).id;

test('an invitation is mailed, listed, and can be taken back', async () => {
  expect(await people.owner.team.invite({ email: ' New@Example.org', role: 'member' })).toEqual({
    mailed: 'outbox',
  });
  const { invitations } = await people.viewer.team.list();
  expect(invitations).toMatchObject([{ email: 'new@example.org', role: 'member' }]);
  const outbox = join(people.services.environment.ROOTNOTE_DATA, 'outbox');
  const [file] = await readdir(outbox);
  const mail = await readFile(join(outbox, file!), 'utf8');
  expect(mail).toContain('To: new@example.org');
  expect(mail).toContain('https://status.example.org/signin/');
  await people.owner.team.uninvite({ email: 'new@example.org' });
  expect((await people.viewer.team.list()).invitations).toEqual([]);
});

test('members are not invited again, and what is no address is refused', async () => {
  await expect(people.owner.team.invite({ email: 'viewer@example.org', role: 'owner' })).rejects.toThrow(
    'viewer@example.org is a member already.',
  );
  await expect(people.owner.team.invite({ email: 'nobody', role: 'owner' })).rejects.toThrow();
});

test('the last owner stays: neither demoted nor removed, not even by two owners at once', async () => {
  const owner = await idOf('owner@example.org');
  await expect(people.owner.team.setRole({ userId: owner, role: 'viewer' })).rejects.toThrow(
    'has to be an owner',
  );
  await expect(people.owner.team.remove({ userId: owner })).rejects.toThrow('has to be an owner');
  const member = await idOf('member@example.org');
  await people.owner.team.setRole({ userId: member, role: 'owner' });
  const outcomes = await Promise.allSettled([
    people.owner.team.setRole({ userId: owner, role: 'viewer' }),
    people.owner.team.setRole({ userId: member, role: 'viewer' }),
  ]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const { members } = await people.viewer.team.list();
  expect(members.filter(({ role }) => role === 'owner')).toHaveLength(1);
});

test('who is removed has no session left', async () => {
  const { db } = people.services;
  const userId = await idOf('viewer@example.org');
  await db.session.create({ data: { sessionToken: 'hash', userId, expires: new Date(Date.now() + 1e6) } });
  await people.owner.team.remove({ userId });
  expect(await db.session.count({ where: { userId } })).toBe(0);
});
