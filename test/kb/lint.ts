// npm run kb:lint [-- PATH…]: shape, language, spelling and links of articles, without running anything.
import { loadCorpus } from './corpus.ts';
import { misspellings } from './spelling.ts';
import { faultsBetween, faultsOf } from './structure.ts';

const corpus = loadCorpus();
const paths = process.argv.slice(2).map((path) => path.replace(/^content\//, '').replace(/\.mdx?$/, ''));
const faults = [
  ...[...corpus.articles.values()].flatMap((a) => faultsOf(a, corpus)),
  ...faultsBetween(corpus),
  ...misspellings(corpus.articles.values()),
].filter((fault) => paths.length === 0 || paths.some((path) => fault.startsWith(`${path}:`)));
for (const fault of faults) console.log(`content/${fault}`);
console.log(`${corpus.articles.size} articles, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
