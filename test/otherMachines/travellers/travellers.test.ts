// The tier of travellers: machines and faults written down before the product saw them.
import { checkRound } from '../checkRound.ts';
import { travellers } from './index.ts';

checkRound('travellers', travellers, {
  faults: 90,
  controls: 18,
  excused: /^(dmesg -r|smartctl --json .*|df -PTk \/proj)$/,
});
