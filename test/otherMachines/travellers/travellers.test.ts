// The tier of travellers: machines and faults written down before the product saw them.
import { checkRound } from '../checkRound.ts';
import { laterTravellers, travellers } from './index.ts';

/** What a server says that is not there, hangs or keeps its log to itself. */
const excused = /^(dmesg -r|smartctl --json .*|df -PTk \/(proj|mnt\/scan)|psql|mysql|redis-cli|chronyc .*)$/;

checkRound('travellers', travellers, { faults: 90, controls: 18, excused });
checkRound('travellers that came later', laterTravellers, { faults: 51, controls: 10, excused });
