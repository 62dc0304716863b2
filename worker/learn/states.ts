// The detectors of one server as bytes: a version, then for each series its slot and its packed state (under 200 bytes a series).
import { type DetectorState, packDetector, packedBytes, unpackDetector } from '#worker/detector.ts';

const version = 1;
const row = 2 + packedBytes;
/** A server with more series learns the ones that it has had longest. */
export const mostSeries = 400;

export type States = Map<number, DetectorState>;

export function packStates(states: States): Uint8Array<ArrayBuffer> {
  const kept = [...states].slice(0, mostSeries);
  const bytes = new Uint8Array(1 + kept.length * row);
  const view = new DataView(bytes.buffer);
  bytes[0] = version;
  kept.forEach(([slot, state], i) => {
    const at = 1 + i * row;
    view.setUint16(at, slot);
    bytes.set(packDetector(state), at + 2);
  });
  return bytes;
}

/** Bytes of another version, or broken ones, are as good as none: what is usual is learned anew. */
export function unpackStates(bytes: Uint8Array): States {
  const states: States = new Map();
  if (bytes[0] !== version || (bytes.length - 1) % row !== 0) return states;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 1; at < bytes.length; at += row) {
    const state = unpackDetector(bytes.subarray(at + 2, at + row));
    if (state) states.set(view.getUint16(at), state);
  }
  return states;
}
