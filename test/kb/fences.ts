// Reads an article: its frontmatter, its headings and its fences, as the runner and the structure check need them.
import { parse as parseYaml } from 'yaml';

export interface Step {
  prompt: '#' | '$';
  /** The command as typed, continuation lines joined by newlines, prompts removed. */
  command: string;
  expected: string[];
  /** Index of the first expected line in the article's lines. */
  at: number;
}

export interface Fence {
  language: string;
  /** Words without a value: `setup`, `synopsis`. */
  flags: Set<string>;
  meta: Map<string, string>;
  body: string[];
  /** 1-based line of the opening fence. */
  line: number;
  /** Blanks before the opening fence. */
  indent: string;
  steps: Step[];
}

export interface Heading {
  level: number;
  text: string;
  id: string | undefined;
  line: number;
}

export interface Article {
  slug: string;
  text: string;
  lines: string[];
  frontmatter: Record<string, unknown>;
  /** 0-based index of the first line after the frontmatter. */
  bodyStart: number;
  headings: Heading[];
  fences: Fence[];
}

/** A mistake in the article's form; the message names the line. */
export class FormError extends Error {}

/** Parses one article. `slug` is its path under content/ without the extension. Throws FormError. */
export function parseArticle(slug: string, text: string): Article {
  const lines = text.split('\n');
  const { frontmatter, bodyStart } = parseFrontmatter(slug, lines);
  const article: Article = { slug, text, lines, frontmatter, bodyStart, headings: [], fences: [] };
  for (let i = bodyStart; i < lines.length; i++) {
    const line = lines[i]!;
    const open = /^(\s*)(`{3,}|~{3,})(.*)$/.exec(line);
    if (open) {
      const end = lines.findIndex((l, n) => n > i && l.trim() === open[2]);
      if (end < 0) throw new FormError(`${slug}:${i + 1}: the fence is never closed`);
      article.fences.push(parseFence(slug, open[3]!, lines.slice(i + 1, end), i + 1, open[1]!));
      i = end;
      continue;
    }
    const heading = /^(#{1,6})\s+(.*?)(?:\s+\{#([\w-]+)\})?\s*$/.exec(line);
    if (heading)
      article.headings.push({ level: heading[1]!.length, text: heading[2]!, id: heading[3], line: i + 1 });
  }
  return article;
}

function parseFrontmatter(slug: string, lines: string[]) {
  const end = lines[0] === '---' ? lines.indexOf('---', 1) : -1;
  if (end < 0) throw new FormError(`${slug}:1: the article has no frontmatter`);
  const data: unknown = parseYaml(lines.slice(1, end).join('\n'));
  if (typeof data !== 'object' || data === null) throw new FormError(`${slug}:1: the frontmatter is empty`);
  return { frontmatter: data as Record<string, unknown>, bodyStart: end + 1 };
}

function parseFence(slug: string, info: string, raw: string[], line: number, indent: string): Fence {
  const body = raw.map((l) => l.slice(Math.min(indent.length, l.length - l.trimStart().length)));
  const [language = '', ...rest] = splitInfo(info);
  const flags = new Set<string>();
  const meta = new Map<string, string>();
  for (const word of rest) {
    const pair = /^([\w-]+)=(.*)$/s.exec(word);
    if (pair) meta.set(pair[1]!, pair[2]!.replace(/^(["'])(.*)\1$/s, '$2'));
    else flags.add(word);
  }
  const fence: Fence = { language, flags, meta, body, line, indent, steps: [] };
  if (language === 'console') fence.steps = parseSteps(slug, fence);
  return fence;
}

function splitInfo(info: string): string[] {
  return info.trim().match(/[\w-]+=(?:"[^"]*"|'[^']*'|\S+)|\{[^}]*\}|\S+/g) ?? [];
}

function parseSteps(slug: string, fence: Fence): Step[] {
  const steps: Step[] = [];
  let heredoc: string | undefined;
  let continues = false;
  fence.body.forEach((line, index) => {
    const at = fence.line + index;
    const step = steps.at(-1);
    if (step && step.expected.length === 0 && line.startsWith('> ') && (continues || heredoc)) {
      const part = line.slice(2);
      step.command += `\n${part}`;
      step.at = at + 1;
      if (heredoc && part === heredoc) heredoc = undefined;
      continues = /\\$/.test(part) || unfinished(step.command);
    } else if (/^[#$] /.test(line)) {
      const command = line.slice(2);
      steps.push({ prompt: line[0] as '#' | '$', command, expected: [], at: at + 1 });
      heredoc = /<<-?\s*['"]?(\w+)['"]?/.exec(command)?.[1];
      continues = /\\$/.test(command) || unfinished(command);
    } else if (!step) {
      throw new FormError(`${slug}:${at + 1}: a console fence starts with "# " or "$ "`);
    } else {
      step.expected.push(line);
    }
  });
  if (steps.length === 0) throw new FormError(`${slug}:${fence.line}: the console fence has no command`);
  if (new Set(steps.map((s) => s.prompt)).size > 1)
    throw new FormError(`${slug}:${fence.line}: one fence has one prompt: split "# " and "$ "`);
  return steps;
}

/** Whether a shell would ask for more: an open quote, a trailing pipe, or a loop that is not done. */
function unfinished(command: string): boolean {
  const bare = command.replace(/\\./gs, '').replace(/'[^']*'|"[^"]*"/gs, '');
  if (/['"]/.test(bare) || /(\||&&|\bdo|\bthen|\{|\()\s*$/.test(bare)) return true;
  const count = (word: string) =>
    (bare.match(new RegExp(`(^|[\\s;])${word}(?=$|[\\s;])`, 'gm')) ?? []).length;
  return count('do') > count('done') || count('then') > count('fi') || count('case') > count('esac');
}
