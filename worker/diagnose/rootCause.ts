// A story as it is told to people: the root, its chain, who is behind it, what would be without it.
import { type Finding, findingKey, type QueryClass, type RootCause } from '#core/diagnosis.ts';
import { guarded, type OnFailure } from '#worker/rules/failure.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { changesBefore } from './changesBefore.ts';
import { counterfactual } from './counterfactual.ts';
import type { Graph, Link } from './graph.ts';
import { onsetOf } from './onset.ts';
import { chainFrom, reduced } from './paths.ts';
import { databaseOf, queryClass } from './queryClass.ts';
import type { Story } from './stories.ts';
import { blame, explanation } from './wording.ts';

/** `stories` are all of them: what several reach is folded below the one that explains it best. */
export function toRootCause(
  picture: Picture,
  graph: Graph,
  folding: Link[],
  story: Story,
  stories: Story[],
  onFailure: OnFailure | undefined,
): RootCause {
  const rootKey = findingKey(story.root);
  const mine = new Map(
    [...story.reached].filter(([key, { product }]) =>
      stories.every((other) => other === story || (other.reached.get(key)?.product ?? 0) <= product),
    ),
  );
  const inside = new Set([rootKey, ...mine.keys()]);
  const tree = reduced(folding.filter((l) => inside.has(l.cause) && inside.has(l.effect)));
  const chainKeys = chainFrom(tree, rootKey, graph.nodes);
  const chainLinks = chainKeys
    .slice(1)
    .map((key, i) => tree.find((l) => l.cause === chainKeys[i] && l.effect === key)!);
  const others = tree.filter((l) => !chainLinks.includes(l));
  const subject =
    story.attributed &&
    (story.root.subject.kind === 'server' ? story.attributed.share >= 0.4 : isVictim(story))
      ? story.attributed.subject
      : story.root.subject;
  const onset = onsetOf(
    picture,
    story.root,
    [...mine.keys()].map((key) => graph.nodes.get(key)!),
  );
  const query = guarded(
    `class of statements of ${story.root.id}`,
    onFailure,
    () =>
      queryOf(
        picture,
        [...inside].map((key) => graph.nodes.get(key)!),
        story,
      ),
    () => undefined,
  );
  return {
    key: rootKey,
    problem: story.root.id,
    subject,
    score: Math.round(story.score * 1000) / 1000,
    onset,
    chain: chainKeys.map((key) => graph.nodes.get(key)!.id),
    hops: [...chainLinks, ...others].map((l) => ({
      cause: l.cause,
      effect: l.effect,
      weight: Math.round(l.weight * 1000) / 1000,
      because: l.because,
    })),
    symptoms: [...mine.keys()],
    explanation: explanation(
      picture,
      { ...story.root, since: onset },
      story.attributed,
      chainKeys.map((key) => graph.nodes.get(key)!),
      chainLinks,
      story.unexplained,
      graph.links.filter((l) => !l.folds && inside.has(l.effect)),
      query,
    ),
    ...(query ? { query } : {}),
    ...withAttribution(story),
    ...(story.unexplained ? { unexplained: true } : {}),
    ...withBefore(
      guarded(
        `changes before ${story.root.id}`,
        onFailure,
        () => changesBefore(picture, story.root),
        () => [],
      ),
    ),
    ...withCounterfactual(
      guarded(
        `counterfactual of ${story.root.id}`,
        onFailure,
        () => counterfactual(picture, story.root, story.attributed),
        () => undefined,
      ),
    ),
  };
}

/** The class of statements behind a story: of the database that its root is about, or one of its findings, or the program that it blames. */
function queryOf(
  picture: Picture,
  findings: readonly Finding[],
  { root, attributed }: Story,
): QueryClass | undefined {
  const blamed = attributed && attributed.share >= 0.4 ? attributed.subject.name : undefined;
  for (const finding of [root, ...findings]) {
    const database = databaseOf(finding, finding === root ? blamed : undefined);
    const found = database && queryClass(picture, database, Math.min(root.since, finding.since));
    if (found) return found;
  }
  return undefined;
}

/** Who was killed for lack of memory is not who took it: another one took at least half of what went. */
function isVictim({ root, attributed }: Story): boolean {
  return (
    root.id === 'mem.oom_kill' &&
    attributed?.first.mode === 'change' &&
    attributed.share >= 0.5 &&
    attributed.subject.name !== root.subject.name
  );
}

function withAttribution(story: Story) {
  const { root, attributed } = story;
  return attributed && (root.subject.kind !== 'process' || isVictim(story))
    ? { attribution: blame(attributed) }
    : {};
}

function withBefore(before: string[]) {
  return before.length === 0 ? {} : { before };
}

function withCounterfactual(text: string | undefined) {
  return text === undefined ? {} : { counterfactual: text };
}
