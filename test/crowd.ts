// A scenario as the agent would report it from a crowd: the agent's own `signs` decides, report by report, which tables are left out.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { splitReport } from '#core/report.ts';
import { reportsOf, type Scenario } from './scenarios/scenario.ts';

const script = readFileSync(resolve(import.meta.dirname, '../agent/rootnote.sh'), 'utf8');
const processes = 'cat /proc/[0-9]*/stat';
const fewest = { processes: 400, sockets: 2000 };

/** What those functions use of the agent: whether a word is empty. */
const no = /^no\(\) \{ [^}]*\}/m.exec(script)![0];

/** A function of the agent, to its end. */
function shellFunction(name: string): string {
  const found = new RegExp(`^${name}\\(\\) \\{[^]*?\\}\\n(?=[^ ])`, 'm').exec(script);
  if (!found) throw new Error(`The agent has no function ${name}.`);
  return found[0];
}

/** What of each report is read: a word a table. */
function decisions(texts: readonly string[]): string[] {
  const base = mkdtempSync(join(tmpdir(), 'rootnote-crowd-'));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  };
  try {
    const steps = texts.map((text, i) => {
      const { header, sections } = splitReport(text);
      const body = (name: string) => sections.find((s) => s.name === name && s.reading === 1)?.body ?? '';
      for (const name of ['loadavg', 'meminfo']) put(`${i}/proc/${name}`, `${body(`cat /proc/${name}`)}\n`);
      const sockets = / alloc (\d+)/.exec(body('cat /proc/net/sockstat'))?.[1] ?? 0;
      put(
        `${i}/proc/net/sockstat`,
        `sockets: used 1\nTCP: inuse 1 orphan 0 tw 0 alloc ${fewest.sockets + Number(sockets)} mem 1\n`,
      );
      for (const [, resource, line] of body('grep -r . /proc/pressure').matchAll(
        /^\/proc\/pressure\/(\w+):(some .*)$/gm,
      ))
        put(`${i}/proc/pressure/${resource}`, `${line}\n`);
      const rhythm = i % 60 ? 'minute' : 'hourly';
      return `R=${base}/${i} epoch=${header['epoch']} rhythm=${rhythm}; signs >/dev/null; echo "- \${each:+each} \${twice:+twice} \${est:+est}"`;
    });
    const shell = `set -uf; mark='' list=''; search() { :; }; run=${base} P='${processDirs()}/[0-9]*' nl='\n'\n${no}\n${shellFunction('signs')}${shellFunction('calm')}${steps.join('\n')}`;
    const { status, stdout, stderr } = spawnSync('dash', ['-c', shell], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`signs ended with ${status}: ${stderr}`);
    return stdout.trimEnd().split('\n');
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

let crowdDir: string | undefined;
/** A folder of processes, one for all scenarios. */
function processDirs(): string {
  if (crowdDir) return crowdDir;
  const dir = mkdtempSync(join(tmpdir(), 'rootnote-processes-'));
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
  for (let pid = 1; pid <= fewest.processes; pid++) {
    mkdirSync(join(dir, `${pid}`));
    writeFileSync(join(dir, `${pid}/stat`), '');
  }
  return (crowdDir = dir);
}

const section = (name: string) =>
  new RegExp(`^=== ${name.replaceAll(/[[\]*]/g, '\\$&')}\\n(?:(?!=== ).*\\n)*`, 'm');

function thinned(text: string, read: string): string {
  let thin = text;
  const cut = (name: string, left = '') => (thin = thin.replace(section(name), left));
  if (!read.includes('each')) {
    cut(processes, `=== ${processes}\n=!= later\n`);
    cut('ls -lL /proc/[0-9]*/fd');
  }
  if (!read.includes('each') || !read.includes('twice')) cut(`${processes} #2`);
  if (!read.includes('est'))
    thin = thin.replace(
      section('ss -Htan'),
      (whole) => `${whole.replaceAll(/^\d+ ESTAB .*\n/gm, '')}=!= later\n`,
    );
  return thin;
}

/** The scenario with what the agent leaves out of a crowd left out, and how many of its reports have all tables. */
export function crowded(scenario: Scenario): { scenario: Scenario; whole: number; reports: number } {
  const texts = scenario.texts ?? [...reportsOf(scenario)];
  const read = decisions(texts);
  return {
    scenario: { ...scenario, texts: texts.map((text, i) => thinned(text, read[i]!)) },
    whole: read.filter((one) => one.includes('each')).length,
    reports: texts.length,
  };
}
