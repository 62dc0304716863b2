// The machine room of the second blind round.
import { checkRound } from '../checkRound.ts';
import { machineRoom } from './index.ts';

checkRound('machine room', machineRoom, { faults: 38, controls: 10, excused: /^dmesg -r$/ });
