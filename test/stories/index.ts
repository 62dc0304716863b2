import { doubleStories } from './doubles.ts';
import { machineStories } from './machines.ts';
import { messageStories } from './messages.ts';
import { serviceStories } from './services.ts';
import { sightStories } from './sights.ts';
import type { Story } from './story.ts';

export const stories: readonly Story[] = [
  ...serviceStories,
  ...sightStories,
  ...machineStories,
  ...messageStories,
  ...doubleStories,
];
