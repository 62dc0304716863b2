// The machines of this round, as trees, with what an admin who knows each would name.
import type { Tree } from './box.ts';
import { controls } from './controls.ts';
import { hardware } from './hardware.ts';
import { later } from './later.ts';
import { links } from './links.ts';
import { mixed } from './mixed.ts';
import { services } from './services.ts';
import { storage } from './storage.ts';

export const trees: readonly Tree[] = [
  ...storage,
  ...links,
  ...hardware,
  ...services,
  ...mixed,
  ...later,
  ...controls,
];
