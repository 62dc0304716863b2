// Heartbeats: a job that ended well calls the address of its monitor; silence is the failure. The address is derived from the secret and the
// monitor's id, so that the portal can show it again and nothing secret is stored.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Database } from '#prisma';
import { giveToRegions } from '#prisma/leases.ts';
import { AttemptLimit } from './attemptLimit.ts';

/** Beats of one monitor within a minute that are worth a row. */
const beats = new AttemptLimit(30, 60);

export function beatUrl(baseUrl: string, secret: string, monitorId: string): string {
  return `${baseUrl}/api/beat/${monitorId}.${signature(secret, monitorId)}`;
}

export interface BeatAnswer {
  status: 200 | 404 | 429;
  body: string;
}

/** `token` is the last part of the address. */
export async function beat(db: Database, secret: string, token: string): Promise<BeatAnswer> {
  const [id = '', signed = ''] = token.split('.');
  const expected = Buffer.from(signature(secret, id));
  const given = Buffer.from(signed);
  const unknown: BeatAnswer = { status: 404, body: 'There is no such heartbeat (any more).\n' };
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return unknown;
  if (!beats.take(id)) return { status: 429, body: 'Once in two seconds is enough.\n' };
  const monitor = await db.monitor.findFirst({
    where: { id, kind: 'heartbeat', retiredAt: null },
    select: { state: true },
  });
  if (!monitor) return unknown;
  await db.monitor.update({ where: { id }, data: { lastBeatAt: new Date() } });
  if (monitor.state !== 'up' && monitor.state !== 'paused')
    await giveToRegions(db, { monitorIds: [id], soon: true });
  return { status: 200, body: 'heard\n' };
}

function signature(secret: string, monitorId: string): string {
  return createHmac('sha256', secret).update(`rootnote beat ${monitorId}`).digest('base64url').slice(0, 32);
}
