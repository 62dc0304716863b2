// The tier of visitors: machines and faults written down before the product saw them.
import { checkRound } from '../checkRound.ts';
import { visitors } from './index.ts';

checkRound('visitors', visitors, { faults: 37, controls: 11, excused: /^dmesg -r$/ });
