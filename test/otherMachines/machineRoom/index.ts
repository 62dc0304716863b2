// The second blind round, its machine room: memory, processors, limits, disks, filesystems, the kernel's log, boot and clock, written down
// before any rule was read or any answer seen.
import { scenarioOf, type CaseScenario } from '../case.ts';
import { machineRoomControls } from './controls.ts';
import { memoryRoom } from './memory.ts';
import { moreRoom } from './more.ts';
import { storageRoom } from './storage.ts';

export const machineRoom: readonly CaseScenario[] = [
  ...memoryRoom,
  ...storageRoom,
  ...moreRoom,
  ...machineRoomControls,
].map(scenarioOf);
