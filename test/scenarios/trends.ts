/** What is told before it hurts: nothing is beyond a bound yet. */
export const trends: ReadonlySet<string> = new Set([
  'mem.leak',
  'disk.fill_forecast',
  'disk.inode_forecast',
  'mem.time_to_exhaust',
]);
