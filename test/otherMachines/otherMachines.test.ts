// The tier of other machines: systems, services and faults that the rules were not written with.
import { checkRound } from './checkRound.ts';
import { otherMachines } from './index.ts';

checkRound('other machines', otherMachines, {
  faults: 112,
  controls: 34,
  excused: /^(dmesg -r$|df -PTk \/(mnt\/projects|data\/artifacts|srv\/share)$)/,
});
