// The machine room of the second blind round.
import { checkRound } from '../checkRound.ts';
import { machineRoom } from './index.ts';

checkRound('machine room', machineRoom, { faults: 37, controls: 11, excused: /^dmesg -r$/ });
