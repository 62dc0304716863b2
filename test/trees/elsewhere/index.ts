// A third round of trees: the ordinary faults of each area on systems old and new, written before the product saw them.
import type { Tree } from '../box.ts';
import { both } from './both.ts';
import { ordinary } from './ordinary.ts';
import { processor } from './processor.ts';
import { services } from './services.ts';
import { sound } from './sound.ts';
import { storage } from './storage.ts';

export const elsewhere: readonly Tree[] = [
  ...processor,
  ...storage,
  ...services,
  ...ordinary,
  ...both,
  ...sound,
];
