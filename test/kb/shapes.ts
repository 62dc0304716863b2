// The shape of each kind of article: which h2 ids it has, in which order. Further headings may stand between them.
import type { Kind } from '../../site/taxonomy.ts';

export const shapes: Record<Kind, readonly string[]> = {
  problem: ['check', 'act-now', 'cause', 'verify', 'prevent', 'alert', 'variants', 'stuck'],
  command: ['common', 'read', 'options', 'exit', 'pitfalls', 'script', 'versions'],
  file: ['sample', 'fields', 'change', 'defaults', 'pitfalls'],
  concept: ['explained', 'see-it', 'numbers', 'myths', 'alerts'],
  application: ['state', 'where', 'metrics', 'limits', 'problems', 'safe-change', 'backup', 'harden'],
  howto: ['before', 'steps', 'verify', 'undo', 'next'],
};
