// The tier of travellers: machines and faults written down before the product saw them.
import { checkRound } from '../checkRound.ts';
import { travellers } from './index.ts';

checkRound('travellers', travellers, {
  faults: 118,
  controls: 24,
  excused: /^(dmesg -r|smartctl --json .*|df -PTk \/(proj|mnt\/scan)|psql|mysql|redis-cli|chronyc .*)$/,
});
