// node test/trees/record.ts [PART OF A NAME]   Runs the agent on each tree and keeps its reports beside them.
import { writeFileSync } from 'node:fs';
import { pack } from '../recorded.ts';
import { abroad } from './abroad/index.ts';
import { elsewhere } from './elsewhere/index.ts';
import { trees } from './index.ts';
import { recordingOf } from './round.ts';
import { playTree } from './runTree.ts';
import { thirds } from './thirds/index.ts';

const wanted = process.argv[2] ?? '';
for (const tree of [...trees, ...abroad, ...elsewhere, ...thirds].filter((t) => t.name.includes(wanted))) {
  const { texts, errors } = playTree(tree);
  const { name, kind, onset = 0 } = tree;
  writeFileSync(recordingOf(tree), pack({ name, kind, roots: [], onset, monitors: [], texts }));
  const said = errors.find(Boolean);
  console.log(`${name}: ${texts.length} reports${said ? `; the agent said: ${said.trim()}` : ''}`);
}
