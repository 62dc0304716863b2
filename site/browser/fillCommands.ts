// Puts the reader's own values into the commands of an article. Samples are words of the article; a value that a shell could read as
// anything but a name is left out, because commands are copied into root shells.
import { harmlessValue, type ValueName } from '#core/valueNames.ts';

/** Stand for a value in every article. `/dev/DISK` is none of them: a command that destroys must not be ready to paste. */
const samplesOfAll: Partial<Record<string, ValueName>> = {
  web1: 'host',
  HOST: 'host',
  UNIT: 'unit',
  MOUNT: 'mount',
  INTERFACE: 'interface',
  PROCESS: 'process',
  PORT: 'port',
  CONTAINER: 'container',
  DOMAIN: 'domain',
};

type Values = Partial<Record<ValueName, string>>;
export interface Piece {
  text: string;
  /** What stood there, when it was replaced. */
  sample?: string;
}

/** `yours`: value name → the article's sample of it. Only whole words are replaced: `nginx` is not found in `nginx.conf`. */
export function fillText(text: string, values: Values, yours: Record<string, string>): Piece[] {
  const wanted = new Map<string, string>();
  for (const [sample, name] of Object.entries(samplesOfAll)) add(sample, values[name!]);
  for (const [name, sample] of Object.entries(yours)) add(sample, values[name as ValueName]);
  function add(sample: string, value: string | undefined): void {
    if (value !== undefined && harmlessValue.test(value) && value !== sample) wanted.set(sample, value);
  }
  if (wanted.size === 0) return [{ text }];
  const samples = [...wanted.keys()].sort((a, b) => b.length - a.length);
  const edge = String.raw`[\w./@:-]`;
  const pattern = new RegExp(
    `(?<!${edge})(?:${samples.map((sample) => sample.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})(?![\\w/@-]|[.:]\\w)`,
    'g',
  );
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    pieces.push({ text: text.slice(at, match.index) }, { text: wanted.get(match[0])!, sample: match[0] });
    at = match.index + match[0].length;
  }
  pieces.push({ text: text.slice(at) });
  return pieces.filter((piece) => piece.text !== '');
}

/** Fills the commands below `root`; how many places were changed. Output stays as it was recorded. */
export function fillCommands(root: Element, values: Values, yours: Record<string, string>): number {
  let count = 0;
  for (const code of root.querySelectorAll('.fence .ec-line.cmd .code')) {
    const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    const nodes: Text[] = [];
    while (walker.nextNode()) nodes.push(walker.currentNode as Text);
    for (const node of nodes) {
      const pieces = fillText(node.data, values, yours);
      if (!pieces.some(({ sample }) => sample)) continue;
      node.replaceWith(
        ...pieces.map(({ text, sample }) => {
          if (sample === undefined) return text;
          count++;
          return Object.assign(document.createElement('mark'), {
            className: 'yours',
            textContent: text,
            title: `Your value; the article's example has ${sample}`,
          });
        }),
      );
    }
  }
  return count;
}
