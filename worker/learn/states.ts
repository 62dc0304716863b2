// What was learned of one server as bytes: a version, then for each series its slot, its packed detector and its habits, 200 bytes at most.
import {
  type DetectorState,
  newDetector,
  packDetector,
  packedBytes,
  unpackDetector,
} from '#worker/series/detector.ts';
import { habitBytes, type Habits, newHabits } from './habits.ts';

const version = 2;
export const bytesOfSeries = 2 + packedBytes + habitBytes;
/** A server with more series learns the ones that it has had longest. */
export const mostSeries = 400;

export interface Learned {
  detector: DetectorState;
  habits: Habits;
}
export type States = Map<number, Learned>;

export const newLearned = (): Learned => ({ detector: newDetector(), habits: newHabits() });

export function packStates(states: States): Uint8Array<ArrayBuffer> {
  const kept = [...states].slice(0, mostSeries);
  const bytes = new Uint8Array(1 + kept.length * bytesOfSeries);
  const view = new DataView(bytes.buffer);
  bytes[0] = version;
  kept.forEach(([slot, { detector, habits }], i) => {
    const at = 1 + i * bytesOfSeries;
    view.setUint16(at, slot);
    bytes.set(packDetector(detector), at + 2);
    bytes.set(habits, at + 2 + packedBytes);
  });
  return bytes;
}

/** Those of version 1 had no habits. Bytes of another version, or broken ones, are as good as none: what is usual is learned anew. */
export function unpackStates(bytes: Uint8Array): States {
  const states: States = new Map();
  const row = bytes[0] === 1 ? bytesOfSeries - habitBytes : bytesOfSeries;
  if ((bytes[0] !== 1 && bytes[0] !== version) || (bytes.length - 1) % row !== 0) return states;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 1; at < bytes.length; at += row) {
    const end = at + 2 + packedBytes;
    const detector = unpackDetector(bytes.subarray(at + 2, end));
    const habits = newHabits();
    habits.set(bytes.subarray(end, at + row));
    if (detector) states.set(view.getUint16(at), { detector, habits });
  }
  return states;
}
