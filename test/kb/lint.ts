// npm run kb:lint [-- PATH…]: shape, language, spelling and links of articles, without running anything.
import { loadCorpus } from './corpus.ts';
import { misspellings } from './spelling.ts';
import { faultsBetween, faultsOf } from './structure.ts';

const usage = `Usage: npm run kb:lint [-- PATH…]
PATH is content/problems/x.md or problems/x; without one: all articles.
Exit code: 0 no faults, 1 faults, 2 bad use.`;

function end(message: string, code: number): never {
  (code === 0 ? console.log : console.error)(message);
  process.exit(code);
}

const corpus = loadCorpus();
const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) end(usage, 0);
const paths = args.map((path) => path.replace(/^(\.\/)?content\//, '').replace(/\.mdx?$/, ''));
const missing = args.find((_, i) => !corpus.articles.has(paths[i]!));
if (missing !== undefined) end(`no such article: ${missing}\n${usage}`, 2);
const faults = [
  ...[...corpus.articles.values()].flatMap((a) => faultsOf(a, corpus)),
  ...faultsBetween(corpus),
  ...misspellings(corpus.articles.values()),
].filter((fault) => paths.length === 0 || paths.some((path) => fault.startsWith(`${path}:`)));
for (const fault of faults) console.log(`content/${fault}`);
console.log(`${corpus.articles.size} articles, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
