// What is wrong with a domain's SPF record, for its owner: receivers cannot use it, it lets everybody send, or not its own server.
import { isIP } from 'node:net';
import type { Attempt, Verdict } from './attempt.ts';
import { checkSpf, type SpfAnswer } from './spf.ts';

type Resolve = Parameters<typeof checkSpf>[2];

/** `senders` are addresses that send its mail: of each IP version one must be allowed. undefined when all is well. */
export async function spfProblem(
  name: string,
  senders: string[],
  resolve: Resolve,
  attempt: Attempt,
): Promise<Verdict | undefined> {
  // Every sender walks the same records: each is asked for once.
  const replies = new Map<string, ReturnType<Resolve>>();
  const askOnce: Resolve = (other, type) => {
    const key = `${type} ${other}`;
    const reply = replies.get(key) ?? resolve(other, type);
    replies.set(key, reply);
    return reply;
  };
  const record = await checkSpf(name, undefined, askOnce);
  attempt.note(
    `* SPF of ${name}: ${record.lookups} terms with look-ups, ${record.result} (${record.reason})`,
  );
  const answers: Record<string, SpfAnswer> = {};
  attempt.details.spf = { lookups: record.lookups, senders: answers };
  const told = (sentence: string): Verdict => ({ code: 'dns-spf', summary: sentence });
  if (record.result === 'permerror')
    return told(
      `The SPF record of ${name} is invalid, and receivers ignore it or refuse the mail: ${record.reason}`,
    );
  if (record.result === 'temperror')
    return told(`The SPF record of ${name} cannot be evaluated: ${record.reason}`);
  if (record.everybody !== undefined)
    return told(`The SPF record of ${name} lets everybody send mail for it: ${record.everybody}`);
  for (const sender of senders) {
    answers[sender] = await checkSpf(name, sender, askOnce);
    attempt.note(`* SPF of ${name} for ${sender}: ${answers[sender].result} (${answers[sender].reason})`);
  }
  for (const family of [4, 6]) {
    const own = senders.filter((sender) => isIP(sender) === family);
    const first = answers[own[0] ?? ''];
    if (!first || own.some((sender) => answers[sender]?.result === 'pass')) continue;
    return told(
      `The SPF record of ${name} does not allow this server to send mail for it: ${own.join(', ')} gets '${first.result}' (${first.reason})`,
    );
  }
  return undefined;
}
