// /proc/net/bonding/NAME: bonds, and whether each slave has a link. https://docs.kernel.org/networking/bonding.html
import { type Collector, ParseError } from './collector.ts';
import { lines, pair } from './lines.ts';

export const bonds: Collector = {
  section: /^cat \/proc\/net\/bonding\//,
  parse({ name, body }) {
    const slaves: { name: string; up: boolean }[] = [];
    let mode: string | undefined;
    for (const line of lines(body)) {
      const [key, value] = pair(line, ':') ?? [];
      if (key === 'Bonding Mode') mode = value;
      else if (key === 'Slave Interface') slaves.push({ name: value!, up: false });
      // The first MII Status is that of the bond itself.
      else if (key === 'MII Status' && slaves.length > 0) slaves.at(-1)!.up = value === 'up';
    }
    if (mode === undefined) throw new ParseError('The line "Bonding Mode" is missing.');
    return { facts: { bonds: [{ name: name.slice(name.lastIndexOf('/') + 1), mode, slaves }] } };
  },
};
