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

/** Where a sample may stand: as a word of its own, by default. */
function fits(name: ValueName, before: string, after: string): boolean {
  if (name === 'site') return !/[\w.@-]$|(?:^|[^/])\/$/.test(before) && !/^(?:[\w@-]|\.\w)/.test(after);
  const isWord = !/[\w./@:-]$/.test(before) && !/^(?:[\w/@-]|[.:]\w)/.test(after);
  // `nginx` is a unit for systemctl and a program elsewhere.
  return isWord && (name !== 'unit' || /\b(?:systemctl|journalctl)\b[^|;&]*$/.test(before));
}

/**
 * `yours`: value name → the article's sample of it. Only whole words give way: `/srv` is not found in `/srv/www`. `before` and `after`
 * are the rest of the command around `text`.
 */
export function fillText(
  text: string,
  values: Values,
  yours: Record<string, string>,
  before = '',
  after = '',
): Piece[] {
  const wanted: { sample: string; name: ValueName; value: string }[] = [];
  const samples = [
    ...Object.entries(samplesOfAll),
    ...Object.entries(yours).map(([name, each]) => [each, name]),
  ];
  for (const [sample, name] of samples as [string, ValueName][]) {
    const value = values[name];
    if (value !== undefined && harmlessValue.test(value) && value !== sample)
      wanted.push({ sample, name, value });
  }
  wanted.sort((a, b) => b.sample.length - a.sample.length);
  const pieces: Piece[] = [];
  let kept = '';
  for (let at = 0; at < text.length;) {
    const found = wanted.find(
      ({ sample, name }) =>
        text.startsWith(sample, at) &&
        fits(name, before + text.slice(0, at), text.slice(at + sample.length) + after),
    );
    if (found) {
      if (kept) pieces.push({ text: kept });
      kept = '';
      pieces.push({ text: found.value, sample: found.sample });
      at += found.sample.length;
    } else kept += text[at++];
  }
  return kept || pieces.length === 0 ? [...pieces, { text: kept }] : pieces;
}

/** Fills the commands below `root`; how many places were changed. Output stays as it was recorded. */
export function fillCommands(root: Element, values: Values, yours: Record<string, string>): number {
  let count = 0;
  for (const code of root.querySelectorAll('.fence .ec-line.cmd .code')) {
    const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    const nodes: Text[] = [];
    while (walker.nextNode()) nodes.push(walker.currentNode as Text);
    const line = code.textContent ?? '';
    let before = '';
    for (const node of nodes) {
      const { data } = node;
      const pieces = fillText(data, values, yours, before, line.slice(before.length + data.length));
      before += data;
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
