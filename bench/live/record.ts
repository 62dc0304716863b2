// npm run bench:live -- [NAME...]   Injects faults on this kernel, one after the other, and records what the agent sees. Needs root.
// Each recording goes to test/recorded/, those of strangers.ts, boarders/, callers/ and lodgers/ to test/otherMachines/;
// it is judged like every scenario of the replay tier.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MonitorState } from '#worker/rules/rule.ts';
import { runProbe } from '#worker/probes/index.ts';
import {
  boardersFolder,
  callersFolder,
  lodgersFolder,
  pack,
  recordedFolder,
  recordedScenario,
  strangersFolder,
} from '../../test/recorded.ts';
import { judgeAnswer, play } from '../../test/scenarios/runScenario.ts';
import { askedOf } from '../askedOf.ts';
import { boarders } from './boarders/index.ts';
import { callers } from './callers/index.ts';
import { cpuScenarios } from './cpu.ts';
import { diskScenarios } from './disk.ts';
import { openLab, type Lab } from './lab.ts';
import { lodgers } from './lodgers/index.ts';
import type { LiveScenario, Watched } from './liveScenario.ts';
import { memoryScenarios } from './memory.ts';
import { serviceScenarios } from './services.ts';
import { strangers } from './strangers.ts';

const all = [
  ...memoryScenarios,
  ...cpuScenarios,
  ...diskScenarios,
  ...serviceScenarios,
  ...strangers,
  ...callers,
  ...lodgers,
  ...boarders,
];
const folderOf = (scenario: LiveScenario) =>
  strangers.includes(scenario)
    ? strangersFolder
    : callers.includes(scenario)
      ? callersFolder
      : lodgers.includes(scenario)
        ? lodgersFolder
        : boarders.includes(scenario)
          ? boardersFolder
          : recordedFolder;

/** The state of a watched address, as the evaluation would keep it: down after two failures in a row. */
interface View {
  watched: Watched;
  state: MonitorState;
  failures: number;
}

async function record(scenario: LiveScenario): Promise<void> {
  const lab = openLab();
  const interrupted = () => {
    lab.close();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  try {
    scenario.prepare?.(lab);
    const { before = 3, after = 10, spacing = 7, full = 'daily' } = scenario;
    const texts: string[] = [];
    const monitors: { at: number; states: MonitorState[] }[] = [];
    const views = (scenario.watch ?? []).map((watched): View => ({
      watched,
      state: first(watched),
      failures: 0,
    }));
    let next = Date.now();
    for (let i = 0; i < before + after; i++) {
      await new Promise((done) => setTimeout(done, Math.max(0, next - Date.now())));
      next = Math.max(next + spacing * 1000, Date.now());
      if (i === before) scenario.inject(lab);
      if (i >= before) scenario.each?.(lab, i - before);
      for (const view of views) await look(lab, view);
      texts.push(lab.report(i === 0 || i === before + after - 4 ? full : 'minute'));
      const at = Number(/ epoch=(\d+)/.exec(texts.at(-1)!)![1]);
      if (views.length) monitors.push({ at, states: views.map((v) => ({ ...v.state })) });
    }
    const { slug, name, kind, roots } = scenario;
    writeFileSync(
      join(folderOf(scenario), `${slug}.br`),
      pack({ name, kind, roots, onset: before, monitors, texts }),
    );
  } finally {
    process.off('SIGINT', interrupted);
    lab.close();
  }
}

function first({ kind, name, target, about }: Watched): MonitorState {
  return {
    id: name,
    kind,
    name,
    target,
    state: 'up',
    since: Math.floor(Date.now() / 1000) - 86_400,
    code: 'ok',
    summary: '',
    details: {},
    about,
  };
}

/** The probe runs in a process of its own at the other end of the cable. */
async function look(lab: Lab, view: View): Promise<void> {
  const { watched } = view;
  const script = `import('${import.meta.dirname}/record.ts')`;
  const out = lab.run(
    [process.execPath, '-e', script, 'probe', watched.kind, JSON.stringify(watched.settings)],
    { inClient: true },
  );
  const { code, summary } = JSON.parse(out) as { code: MonitorState['code']; summary: string };
  const good = code === 'ok';
  view.failures = good ? 0 : view.failures + 1;
  const state = good ? 'up' : view.failures >= 2 ? 'down' : view.state.state;
  const since = state === view.state.state ? view.state.since : Math.floor(Date.now() / 1000);
  view.state = {
    ...view.state,
    state,
    since,
    ...(state === 'up' ? { code: 'ok', summary: '' } : state === 'down' ? { code, summary } : {}),
  };
  await Promise.resolve();
}

async function main(names: string[]): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new Error('The live tier needs root: it makes namespaces, control groups and mounts.');
  const chosen = names.length ? all.filter((s) => names.some((n) => s.slug.startsWith(n))) : all;
  for (const scenario of chosen) {
    try {
      await record(scenario);
    } catch (error) {
      console.log(`${scenario.slug.padEnd(22)} not recorded: ${String(error).slice(0, 300)}`);
      continue;
    }
    const played = play(recordedScenario(scenario.slug, folderOf(scenario)));
    const verdict = judgeAnswer(played);
    const good = scenario.kind === 'control' ? verdict.false.length === 0 : verdict.top1;
    const said = played.diagnosis.rootCauses.slice(0, 3).map((r) => `${r.problem} ${r.subject.name}`);
    console.log(
      `${scenario.slug.padEnd(22)} ${good ? 'right' : 'WRONG'}  found after ${played.toDetect ?? '-'}, root after ${played.toRoot ?? '-'} reports: ${said.join(', ') || 'nothing'}`,
    );
  }
}

const args = process.argv.slice(2);
if (args[0] === 'probe' || process.argv[1] === 'probe') {
  const [kind, settings] = process.argv.slice(process.argv.indexOf('probe') + 1);
  const result = await runProbe(kind as 'http', JSON.parse(settings!), {
    signal: AbortSignal.timeout(10_000),
    allow: () => true,
  });
  process.stdout.write(JSON.stringify({ code: result.code, summary: result.summary }));
} else await main(askedOf(import.meta).words);
