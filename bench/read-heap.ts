import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The heap that is in use once nothing that can go is left. In bytes. */
export function readHeap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** The same with what buffers hold beside the heap. */
export function readHeld(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function collect(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}
