// The sender of the ingest bench: many agents, each with a token and a report that is compressed already.
import { Agent, request } from 'undici';

export interface Sent {
  token: string;
  body: Buffer;
}

const lanes = 64;

/** Posts one report; resolves to status and text of the answer, throws when there was none. */
export async function postReport(
  url: string,
  { token, body }: Sent,
  dispatcher: Agent,
): Promise<{ status: number; text: string }> {
  const answer = await request(`${url}/api/report`, {
    method: 'POST',
    dispatcher,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'text/plain; charset=utf-8',
      'content-encoding': 'gzip',
    },
    body,
  });
  return { status: answer.statusCode, text: await answer.body.text() };
}

/**
 * Posts all over at most 64 kept connections, `perSecond` of them a second (as fast as answers come when left out). Throws when one
 * is not answered with 202.
 */
export async function postAll(url: string, reports: readonly Sent[], perSecond = Infinity): Promise<void> {
  const dispatcher = new Agent({ connections: lanes, pipelining: 1 });
  const start = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < reports.length) {
      const number = next++;
      const wait = start + (number / perSecond) * 1000 - performance.now();
      if (wait > 1) await new Promise((done) => setTimeout(done, wait));
      const { status, text } = await postReport(url, reports[number]!, dispatcher);
      if (status !== 202) throw new Error(`A report was answered ${status}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await dispatcher.close();
}

/** Waits up to 30 s until something answers, whatever it says. */
export async function untilAnswering(url: string): Promise<void> {
  for (let waited = 0; ; waited += 50) {
    try {
      await (await request(url, { method: 'POST', body: '' })).body.dump();
      return;
    } catch (error) {
      if (waited > 30_000) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}
