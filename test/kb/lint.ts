// npm run kb:lint [-- PATH…]: shape, language, spelling and links of articles, without running anything.
import { loadLibrary } from './library.ts';
import { misspellings } from './spelling.ts';
import { faultsBetween, faultsOf } from './structure.ts';

const library = loadLibrary();
const paths = process.argv.slice(2).map((path) => path.replace(/^content\//, '').replace(/\.mdx?$/, ''));
const faults = [
  ...[...library.articles.values()].flatMap((a) => faultsOf(a, library)),
  ...faultsBetween(library),
  ...misspellings(library.articles.values()),
].filter((fault) => paths.length === 0 || paths.some((path) => fault.startsWith(`${path}:`)));
for (const fault of faults) console.log(`content/${fault}`);
console.log(`${library.articles.size} articles, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
