// The frontmatter of an article, by kind. Strict: an unknown key fails the build. The runner of the examples and the tests use it too.
import { z } from 'zod';
import { valueNames } from '#core/valueNames.ts';
import { areaNames } from './taxonomy.ts';

const text = (longest: number) => z.string().trim().min(1).max(longest);
const day = z.preprocess(
  // YAML reads a bare 2026-11-22 as a date at midnight UTC.
  (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value),
  z.iso.date('must be a day, like 2026-11-22'),
);
const articlePath = z
  .string()
  .regex(
    /^\/(problems|commands|files|concepts|apps|howto)\/[a-z0-9.-]+\/(#[a-z0-9-]+)?$/,
    'must be the path of an article, like /commands/df/',
  );

const common = {
  title: text(90),
  area: z.enum(areaNames as [(typeof areaNames)[number], ...typeof areaNames]),
  /** One or two sentences: the answer in short. Shown below the title, in lists, and to search engines. */
  summary: text(300),
  /** Other names under which people look for this. */
  aliases: z.array(text(80)).max(20).default([]),
  related: z.array(articlePath).max(12).default([]),
  /** What the commands of the article do to a server, at their worst. */
  risk: z.enum(['read-only', 'changes-state', 'destroys-data']),
  reviewed: day,
  /** What the examples do not show for real, as the badge says it: `the drives`, `a virtual machine with small disks`. */
  simulated: z.string().min(3).max(60).optional(),
  /** Words of its commands that stand for a value of the reader's: `{ unit: nginx, device: /dev/vdb }`. An alert's link fills them in. */
  yours: z.partialRecord(z.enum(valueNames), text(80)).optional(),
  /** Kernel documentation, man pages, upstream manuals that the facts were checked against. */
  sources: z.array(z.strictObject({ title: text(120), url: z.url({ protocol: /^https?$/ }) })).min(1),
};

const words = (longest: number) => z.array(text(longest)).max(30).default([]);

export const articleSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('problem'),
    ...common,
    /** Rule ids of the catalogue that lead here. */
    rules: words(60),
    severity: z.enum(['critical', 'warning', 'info']),
    /** Metric names that show it. */
    metrics: words(80),
    /** Error messages as programs print them, so that pasting one finds the article. */
    errors: words(200),
  }),
  z.strictObject({ kind: z.literal('command'), ...common, package: text(60), synopsis: text(200) }),
  z.strictObject({ kind: z.literal('file'), ...common, path: text(120), format: text(80) }),
  z.strictObject({ kind: z.literal('concept'), ...common }),
  z.strictObject({
    kind: z.literal('application'),
    ...common,
    /** The systemd unit, as Debian names it. */
    service: text(60),
    ports: z.array(z.int().min(1).max(65535)).default([]),
    config: words(120),
    logs: words(120),
  }),
  z.strictObject({
    kind: z.literal('howto'),
    ...common,
    minutes: z.int().min(1).max(600),
    outcome: text(200),
    reversible: z.boolean(),
  }),
]);

export type Article = z.infer<typeof articleSchema>;

/** What `content/verified.json` says of each article by slug: written by the runner of the examples, shown by the page. */
export const verifiedSchema = z.record(
  z.string(),
  z.object({
    at: z.iso.datetime({ offset: true }).or(z.iso.date()),
    /** The system the examples ran on, like `Debian 12`. */
    system: text(60),
    fences: z.int().min(0),
    run: z.int().min(0),
    checked: z.int().min(0),
    skipped: z.int().min(0),
  }),
);
export type Verified = z.infer<typeof verifiedSchema>;
