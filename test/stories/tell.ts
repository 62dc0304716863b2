// Plays a story and says what was not as it must be, in the words of the one who was told.
import type { WorkerContext } from '#worker/context.ts';
import { type ChannelKind, channelKinds, type People, type Told } from './people.ts';
import { type OpenNow, Stage } from './stage.ts';
import { type ExpectedRoot, shop, type Story } from './story.ts';

export interface Telling {
  /** Open incidents when all had been seen, and in the end. */
  seen: OpenNow[];
  end: OpenNow[];
  /** All messages, by the order in which they came in each channel. */
  told: Told[];
  wrong: string[];
}

export async function tellStory(
  story: Story,
  number: number,
  contexts: WorkerContext[],
  people: People,
): Promise<Telling> {
  const { db } = contexts[0]!;
  const { id } = await db.organization.create({ data: { name: story.name } });
  await people.join(db, id, number);
  const stage = new Stage(id, contexts);
  await (story.stage ?? shop)(stage);
  const { mended } = story;
  const seenAt = story.seen ?? 300;
  const happens = new Map<number, () => void | Promise<void>>(
    Object.entries(story.happens).map(([second, act]) => [Number(second), () => act(stage)]),
  );
  let first: number | undefined;
  let seen: OpenNow[] = [];
  let before: Told[] = [];
  const marks = [...new Set([story.told ?? 150, seenAt])].sort((a, b) => a - b);
  for (const mark of marks) {
    await stage.until(mark, happens);
    const told = people.arrived(number).filter(({ channel }) => channel === 'slack');
    if (told.length >= headsOf(story)) first ??= mark;
    if (mark === seenAt) [seen, before] = [await stage.open(), people.arrived(number)];
  }
  if (mended) {
    happens.set(mended.at, () => mended.how(stage));
    await stage.until(story.ends ?? mended.at + 200, happens);
  } else if (story.ends) await stage.until(story.ends, happens);
  const [end, told] = [await stage.open(), people.arrived(number)];
  return { seen, end, told, wrong: judge(story, { first, seen, before, end, told }) };
}

const headsOf = ({ heads, roots }: Story) => heads ?? roots.length;

interface Seen {
  first: number | undefined;
  seen: OpenNow[];
  before: Told[];
  end: OpenNow[];
  told: Told[];
}

function judge(story: Story, { first, seen, before, end, told }: Seen): string[] {
  const wrong: string[] = [];
  const heads = headsOf(story);
  for (const expected of story.roots) {
    const found = seen.find((one) => matches(one, expected));
    if (!found)
      wrong.push(
        `root ${[expected.root].flat()[0]} ${[expected.subject].flat()[0]} is not among ${seen.map(rootOf).join(' | ') || 'none'}`,
      );
    for (const fold of expected.folds ?? [])
      if (found && !found.folds.some((key) => key.startsWith(`${fold} `)))
        wrong.push(`${fold} is not folded below ${found.root}: ${found.folds.join(', ')}`);
  }
  if (story.heads === undefined && seen.length !== story.roots.length)
    wrong.push(`${seen.length} incidents are open: ${seen.map(rootOf).join(' | ')}`);
  if (heads > 0 && first !== (story.told ?? 150)) wrong.push(`it was not told within ${story.told ?? 150} s`);
  if ((story.mended || story.ends) && end.length) wrong.push(`still open: ${end.map(rootOf).join(' | ')}`);
  for (const channel of channelKinds) {
    const mine = told.filter((one) => one.channel === channel);
    const fault = faultOf(
      story,
      channel,
      mine.map(({ kind }) => kind),
    );
    if (fault) wrong.push(`${channel} ${fault}: ${mine.map(({ head }) => head).join(' | ') || 'nothing'}`);
  }
  const words = before.filter(({ channel }) => channel === 'email').map(({ text }) => text);
  for (const says of story.says ?? [])
    if (!words.some((text) => says.test(text.replaceAll(/\r?\n\s*/g, ' '))))
      wrong.push(`no mail says ${says}: ${before.map(({ head }) => head).join(' | ')}`);
  const last = told.filter(({ channel }) => channel === 'email').at(-1);
  if (story.over && !story.over.test(last?.head ?? '')) wrong.push(`the last mail is called ${last?.head}`);
  return wrong;
}

/** What is wrong with the number of messages in a channel. */
function faultOf(story: Story, channel: ChannelKind, kinds: readonly Told['kind'][]): string | undefined {
  const heads = headsOf(story);
  const own = story.hears?.[channel];
  if (own) return kinds.join() === own.join() ? undefined : 'hears something else';
  const count = (kind: Told['kind']) => kinds.filter((one) => one === kind).length;
  if (count('opened') !== heads) return `is told ${count('opened')} times`;
  const updates = count('changed') + count('reopened');
  if (updates > (story.updates ?? 0)) return `gets ${updates} updates`;
  const ends = story.mended || story.ends !== undefined ? heads + count('reopened') : 0;
  return count('resolved') === ends ? undefined : `hears of ${count('resolved')} ends`;
}

const rootOf = ({ server, root }: OpenNow) => `${server}: ${root}`;

function matches({ server, root }: OpenNow, { on, root: rules, subject }: ExpectedRoot): boolean {
  const space = root.indexOf(' ');
  return (
    (on === undefined || server === on) &&
    [rules].flat().includes(root.slice(0, space)) &&
    [subject].flat().some((one) => root.slice(space + 1).startsWith(one))
  );
}
