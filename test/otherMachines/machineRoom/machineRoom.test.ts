// The machine room of the second blind round.
import { checkRound } from '../checkRound.ts';
import { machineRoom } from './index.ts';

checkRound('machine room', machineRoom, { faults: 57, controls: 14, excused: /^dmesg -r$/ });
