// The tier of visitors: machines and faults written down before the product saw them.
import { checkRound } from '../checkRound.ts';
import { visitors } from './index.ts';

checkRound('visitors', visitors, { faults: 71, controls: 15, excused: /^dmesg -r$/ });
