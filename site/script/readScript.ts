// The agent's script, taken apart by its own structure: parts (`# --- … ---`), blocks (a function, or neighbours of one line each),
// the comments that explain them, what each reads, and at which rhythm it runs. Every line of the script is in exactly one block.
import { commentStart, shellWords, type ShellWord } from './shellWords.ts';

export interface ScriptLine {
  /** From 1, as editors count. */
  number: number;
  text: string;
  /** Column where its comment begins, or its length. */
  comment: number;
  words: ShellWord[];
}

export type Rhythm = 'minute' | 'hourly' | 'daily';

export interface ScriptBlock {
  /** Unique on the page. */
  id: string;
  title: string;
  /** Functions that it defines. */
  functions: string[];
  /** What the comments say: those above, or behind the opening line. */
  about: string;
  /** The most frequent rhythm at which the block is run for a report; undefined for what is no part of one. */
  rhythm?: Rhythm;
  lines: ScriptLine[];
  /** Lines that name a source and say why: the comment behind each. */
  sources: { line: number; words: ShellWord[]; why: string }[];
}

export interface ScriptPart {
  id: string;
  title: string;
  blocks: ScriptBlock[];
}

const rhythms: readonly Rhythm[] = ['minute', 'hourly', 'daily'];
const definition = /^([a-z_]+)\(\) ?\{/;
const definitions = /(?:^|; )([a-z_]+)\(\) ?\{/g;
const partLine = /^# -{3,} (.+?) -{3,}$/;

const slug = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** `source`: the script as it is served. Its shebang and head comment are the first part. */
export function readScript(source: string): ScriptPart[] {
  const texts = source.replace(/\n$/, '').split('\n');
  const functionsOf = texts.map((text) => [...text.matchAll(definitions)].map((match) => match[1]!));
  const names = new Set(functionsOf.flat());
  const words = Map.groupBy(shellWords(texts, names), ({ line }) => line);
  const lines = texts.map((text, index): ScriptLine => ({
    number: index + 1,
    text,
    comment: endOfCode(text),
    words: words.get(index) ?? [],
  }));
  const rhythmOf = spreadRhythms(callsOf(lines, functionsOf));

  const parts: ScriptPart[] = [];
  const taken = new Set<string>();
  const unique = (wanted: string): string => {
    let id = wanted || 'part';
    for (let count = 2; taken.has(id); count++) id = `${wanted}-${count}`;
    taken.add(id);
    return id;
  };
  const add = (title: string, run: ScriptLine[]): void => {
    const blocks = split(run).map((block): ScriptBlock => {
      const functions = block.flatMap(({ number }) => functionsOf[number - 1] ?? []);
      const found = rhythms.find((rhythm) => functions.some((name) => rhythmOf.get(name) === rhythm));
      const name = functions.map((each) => `${each}()`).join(', ');
      return {
        id: unique(functions.length > 0 ? `fn-${functions[0]!.replaceAll('_', '-')}` : slug(title)),
        title: name || title,
        functions,
        about: aboutOf(block),
        ...(found ? { rhythm: found } : {}),
        lines: block,
        sources: functions.some((each) => (rhythms as readonly string[]).includes(each))
          ? sourcesOf(block)
          : [],
      };
    });
    parts.push({ id: unique(`part-${slug(title)}`), title, blocks });
  };
  let title = 'What it is';
  let run: ScriptLine[] = [];
  for (const line of lines) {
    const next = partLine.exec(line.text)?.[1];
    if (next) {
      if (run.length > 0) add(title, run);
      [title, run] = [sentence(next.replace(/[;:].*/, '')), []];
    }
    run.push(line);
  }
  add(title, run);
  return parts;
}

/** A `#` inside of a quoted awk program is taken for a comment as well: it is one there too. */
function endOfCode(text: string): number {
  const start = commentStart(text);
  return start < 0 ? text.length : start;
}

/**
 * A function of several lines is a block, with the comments right above it; what stands between two of them is one. The body of a
 * function is indented, and `}` may close it.
 */
function split(lines: ScriptLine[]): ScriptLine[][] {
  const blocks: ScriptLine[][] = [];
  let open: ScriptLine[] = [];
  const close = (): void => {
    if (open.length > 0) blocks.push(open);
    open = [];
  };
  lines.forEach((line, index) => {
    const isBody = /^(\s|\}$)/.test(line.text) && index > 0;
    const isLong = definition.test(line.text) && /^(\s|\}$)/.test(lines[index + 1]?.text ?? '');
    if (isLong) {
      const above = trailingComments(open);
      open.length -= above.length;
      close();
      open = above;
    } else if (
      !isBody &&
      open.some(({ text }, at) => at > 0 && definition.test(open[at - 1]!.text) && /^\s/.test(text))
    ) {
      close();
    }
    open.push(line);
  });
  close();
  return joinLoose(blocks);
}

/** The line that names a part belongs to what follows it, and the head comment of the script is a block of its own. */
function joinLoose(blocks: ScriptLine[][]): ScriptLine[][] {
  const [first = [], ...others] = blocks;
  const code = first.findIndex(({ text }) => !text.startsWith('#'));
  if (first[0]?.text.startsWith('#!') && code > 0)
    return [first.slice(0, code), first.slice(code), ...others];
  const [second, ...rest] = others;
  return first.length === 1 && second && partLine.test(first[0]!.text)
    ? [[...first, ...second], ...rest]
    : blocks;
}

function trailingComments(block: ScriptLine[]): ScriptLine[] {
  let from = block.length;
  while (from > 0 && /^#/.test(block[from - 1]!.text) && !partLine.test(block[from - 1]!.text)) from--;
  return block.slice(from);
}

/** Comment lines of their own, and the comment behind the line that opens a function. */
function aboutOf(block: ScriptLine[]): string {
  const said = block.flatMap(({ text, comment }) => {
    if (partLine.test(text) || text.startsWith('#!')) return [];
    if (text.startsWith('#')) return [text.replace(/^#+ ?/, '').trimEnd()];
    if (definition.test(text) && comment < text.length) return [text.slice(comment).replace(/^#\s*/, '')];
    return [];
  });
  return said.filter((line) => !/^shellcheck /.test(line)).join('\n');
}

/** What each line of a list reads, with the reason behind it. A line without a comment shares that of the next one. */
function sourcesOf(block: ScriptLine[]): ScriptBlock['sources'] {
  const rows: ScriptBlock['sources'] = [];
  let open: ScriptBlock['sources'][number] | undefined;
  for (const { number, text, comment, words } of block) {
    if (text.startsWith('#')) continue;
    const named = words.filter(({ kind, name, section }) =>
      kind === 'file' ? !name.startsWith('/run/') : kind === 'command' ? section : !notSources.has(name),
    );
    const why = text.slice(comment).replace(/^#\s*/, '');
    open = {
      line: open?.line ?? number,
      words: [...(open?.words ?? []), ...named],
      why: [open?.why, why].filter(Boolean).join(' '),
    };
    // A comment may go on behind the next line.
    if (open.words.length > 0 && !(why && !/\b(of|and|or|with|for)$/.test(why))) continue;
    if (open.words.length > 0) rows.push(open);
    open = undefined;
  }
  if (open) rows.push(open);
  return rows.map((row) => ({
    ...row,
    words: [...new Map(row.words.map((word) => [word.name, word])).values()],
  }));
}

/** Functions that make a section of anything: the command behind them is the source. */
const notSources = new Set(
  'show maybe root systemd limited have begin signin call over collect readall search here minute hourly daily'.split(
    ' ',
  ),
);

/** Which functions each function calls. */
function callsOf(lines: ScriptLine[], functionsOf: string[][]): Map<string, Set<string>> {
  const calls = new Map<string, Set<string>>();
  let current = '';
  for (const { number, words } of lines) {
    const own = functionsOf[number - 1] ?? [];
    if (own.length > 0) current = own[0]!;
    // Several functions on one line: what it calls is counted for each of them.
    for (const name of own.length > 0 ? own : [current])
      for (const word of words)
        if (word.kind === 'function' && word.name !== name)
          calls.set(name, (calls.get(name) ?? new Set()).add(word.name));
  }
  return calls;
}

/** From minute(), hourly() and daily() down to what they call; the most frequent one counts. */
function spreadRhythms(calls: Map<string, Set<string>>): Map<string, Rhythm> {
  const found = new Map<string, Rhythm>();
  for (const rhythm of rhythms) {
    const open: string[] = [rhythm];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (found.has(name)) continue;
      found.set(name, rhythm);
      open.push(...(calls.get(name) ?? []));
    }
  }
  return found;
}
