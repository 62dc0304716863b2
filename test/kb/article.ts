// Runs one article in its own sandbox: every fence in the order of the text.
import { alignment, difference, matches, modes, plain, type Mode } from './compare.ts';
import { checkConfig, checkScript } from './checks.ts';
import type { Article, Fence, Step } from './fences.ts';
import { readable } from './normalise.ts';
import { farNumbers } from './numbers.ts';
import { Sandbox } from './sandbox.ts';

export interface FenceResult {
  line: number;
  outcome: 'run' | 'checked' | 'skipped' | 'failed';
  /** The reason of a skip, or what went wrong with a difference. */
  detail?: string;
  /** Lines whose numbers are far from those of this run, though their form is right. */
  far?: string[];
}

export interface ArticleResult {
  results: FenceResult[];
  /** Package versions of the commands that ran. */
  tools: Record<string, string>;
  /** The article with the outputs of this run in place of the old ones that differ. */
  updated: string;
}

/** Fences of `text` that show nothing a machine could check. */
const plainFlags = new Set(['synopsis', 'formula', 'drawing']);
const units: Record<string, string> = {
  redis: 'redis-server',
  postgresql: 'postgresql@15-main',
  'php-fpm': 'php8.2-fpm',
};

/** Runs a script in the virtual machine that stands beside the sandbox for fences with `env=vm`. */
const vmShell = '/usr/local/lib/kb/vm/bash';
const vmWords: Record<string, string> = { vm: '', 'vm=systemd': '--systemd ' };
const shellOf = (fence: Fence): { shell?: string } =>
  environmentOf(fence).some((word) => word in vmWords) ? { shell: vmShell } : {};

/** The words of `env=`: systemd, net, dmesg, svc=NAME, vm, vm=systemd. Unknown words are an error of the article. */
function environmentOf(fence: Fence): string[] {
  return (fence.meta.get('env') ?? '').split(',').filter(Boolean);
}

function wordsOf(article: Article): string[] {
  const all = new Set(article.fences.flatMap(environmentOf));
  const known = ['systemd', 'net', 'dmesg', 'ns', 'loop', 'swap'];
  const words = [...all].filter((word) => known.includes(word));
  if ([...all].some((word) => word.startsWith('svc='))) words.push('systemd');
  return [...new Set(words)];
}

/** Executes or checks every fence. Throws only when no sandbox can be made. */
export async function runArticle(article: Article): Promise<ArticleResult> {
  const results: FenceResult[] = [];
  const edits: { at: number; old: number; lines: string[] }[] = [];
  let sandbox: Sandbox | undefined;
  const machine = async () => (sandbox ??= await new Sandbox(wordsOf(article)).start());
  try {
    for (const fence of article.fences) {
      const result = await runFence(fence, machine, edits);
      if (result) results.push(result);
    }
    const tools = sandbox ? await toolVersions(article, sandbox) : {};
    const lines = [...article.lines];
    for (const edit of edits.sort((a, b) => b.at - a.at)) lines.splice(edit.at, edit.old, ...edit.lines);
    return { results, tools, updated: lines.join('\n') };
  } finally {
    sandbox?.end();
  }
}

type Edits = { at: number; old: number; lines: string[] }[];

async function runFence(
  fence: Fence,
  machine: () => Promise<Sandbox>,
  edits: Edits,
): Promise<FenceResult | undefined> {
  const { line, language } = fence;
  const failed = (detail: string): FenceResult => ({ line, outcome: 'failed', detail });
  const reason = fence.meta.get('skip');
  if (reason !== undefined) {
    if (!fence.meta.get('evidence'))
      return failed('skip="…" needs evidence="…": where the output was recorded');
    return { line, outcome: 'skipped', detail: reason };
  }
  if (fence.flags.has('setup')) {
    const sandbox = await machine();
    const problem = await provide(fence, sandbox);
    if (problem) return failed(problem);
    const { output, status } = await sandbox.run(`set -e\n${fence.body.join('\n')}`, {
      limit: Number(fence.meta.get('limit') ?? 60),
      setup: true,
      ...shellOf(fence),
    });
    return status === 0
      ? undefined
      : failed(`the setup ended with ${status}:\n${output.trim().slice(-2000)}`);
  }
  if (language === 'console') return runConsole(fence, await machine(), edits);
  if (fence.meta.has('check')) {
    const sandbox = await machine();
    const problem = (await provide(fence, sandbox)) ?? (await checkConfig(fence, sandbox));
    return problem ? failed(problem) : { line, outcome: 'checked' };
  }
  if (language === 'sh' || language === 'bash') {
    const problem = checkScript(fence);
    return problem ? failed(problem) : { line, outcome: 'checked' };
  }
  if (language === 'text' && [...fence.flags].some((flag) => plainFlags.has(flag))) return undefined;
  return failed(`a ${language || 'nameless'} fence needs check="…" or skip="…" evidence="…"`);
}

/** Starts the services and the virtual machine that `env=` names. Undefined when they run. */
async function provide(fence: Fence, sandbox: Sandbox): Promise<string | undefined> {
  for (const word of environmentOf(fence)) {
    if (['systemd', 'net', 'dmesg', 'ns', 'loop', 'swap'].includes(word)) continue;
    const options = vmWords[word];
    if (options !== undefined) {
      const { output, status } = await sandbox.run(
        `[ -e ${vmShell} ] || exec kb-vm ${options}--beside 500M`,
        { limit: 60, setup: true },
      );
      if (status !== 0) return `the virtual machine did not start:\n${output.trim()}`;
      continue;
    }
    const name = /^svc=([\w@.-]+)$/.exec(word)?.[1];
    if (!name) return `env=${word} is not known`;
    const unit = units[name] ?? name;
    const { output, status } = await sandbox.run(
      `systemctl is-active -q ${unit} || { systemctl enable -q ${unit} 2>/dev/null; systemctl start ${unit}; }`,
      { limit: 60 },
    );
    if (status !== 0) return `${unit} did not start:\n${output.trim()}`;
  }
  return undefined;
}

async function runConsole(fence: Fence, sandbox: Sandbox, edits: Edits): Promise<FenceResult> {
  const { line } = fence;
  const mode = (fence.meta.get('match') ?? 'exact') as Mode;
  if (!modes.includes(mode)) return { line, outcome: 'failed', detail: `match=${mode} is not known` };
  const problem = await provide(fence, sandbox);
  if (problem) return { line, outcome: 'failed', detail: problem };
  const token = `\x1e${sandbox.id}`;
  const script = fence.steps
    .map((step) => `eval ${quote(plain(step.command))}\nprintf '%s %s\\n' ${quote(token)} $?`)
    .join('\n');
  const { output, status } = await sandbox.run(script, {
    user: fence.steps[0]!.prompt === '#' ? 'root' : 'admin',
    limit: Number(fence.meta.get('limit') ?? 20),
    ...shellOf(fence),
  });
  const parts = output.split(new RegExp(`${token} (\\d+)\\n`));
  const problems: string[] = [];
  const far: string[] = [];
  fence.steps.forEach((step, index) => {
    const last = index === fence.steps.length - 1;
    const printed = readable(parts[index * 2] ?? '');
    const code = Number(parts[index * 2 + 1] ?? status);
    const wanted = fence.meta.has('exit') ? (last ? Number(fence.meta.get('exit')) : code) : 0;
    const written = trimmed(step.expected);
    if (!matches(written, printed, mode)) {
      problems.push(`${step.command}\n${difference(written, printed, mode)}`);
      edits.push({ at: step.at, old: step.expected.length, lines: merged(fence, step, printed, mode, last) });
    } else far.push(...farNumbers(written, printed, mode));
    if (code !== wanted)
      problems.push(`${step.command}\n  ended with ${code === 124 ? 'the time limit' : code}, not ${wanted}`);
  });
  return problems.length > 0
    ? { line, outcome: 'failed', detail: problems.join('\n') }
    : { line, outcome: 'run', far };
}

function trimmed(lines: string[]): string[] {
  const copy = lines.map((line) => line.trimEnd());
  while (copy.at(-1) === '') copy.pop();
  return copy;
}

/** The new expected lines: those that still match stay as they are written, with their placeholders and `...`. */
function merged(fence: Fence, step: Step, printed: string[], mode: Mode, last: boolean): string[] {
  const written = step.expected;
  const pairs = alignment(written, printed, mode);
  const out: string[] = [];
  let next = 0;
  let skipping = false;
  written.forEach((line, index) => {
    const to = pairs[index];
    if (line.trim() === '...') skipping = true;
    if (to === undefined) return;
    if (skipping) out.push('...');
    else out.push(...printed.slice(next, to));
    out.push(line);
    next = to + 1;
    skipping = false;
  });
  if (skipping) out.push('...');
  else out.push(...printed.slice(next));
  if (!last && written.at(-1) === '') out.push('');
  return out.map((line) => (line === '' ? '' : fence.indent + line));
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

async function toolVersions(article: Article, sandbox: Sandbox): Promise<Record<string, string>> {
  const commands = article.fences
    .filter((fence) => fence.language === 'console' && !fence.meta.has('skip'))
    .flatMap((fence) => fence.steps.flatMap((step) => step.command.split(/\s*(?:\|\||&&|[|;])\s*/)))
    .map(
      (command) =>
        command
          .trim()
          .split(/\s+/)
          .find((word) => !/^\w+=|^(?:sudo|LC_ALL|timeout|time|for|do|if)$/.test(word)) ?? '',
    )
    .filter((word) => /^[\w./+-]+$/.test(word));
  // One look into dpkg's lists for all of them; the name in /usr and the one without, since both occur in packages.
  const { output } = await sandbox.run(
    `paths=()
    for c in ${[...new Set(commands)].join(' ')}; do
      p=$(type -P "$c") && p=$(readlink -f "$p") && paths+=("$p" "\${p#/usr}")
    done
    dpkg -S "\${paths[@]}" 2>/dev/null | sed '/^diversion by/d; s/[:,].*//' | sort -u | xargs -r dpkg-query -W -f '\${Package} \${Version}\\n' 2>/dev/null | sort -u`,
    { limit: 30, shell: '/bin/bash' },
  );
  return Object.fromEntries(
    output
      .split('\n')
      .filter(Boolean)
      .map((row) => row.split(' ') as [string, string]),
  );
}
