import assert from 'node:assert/strict';
import type { Command, RunningCommand, SandboxPolicy } from '@baton/core';
import { rootOnly, type SandboxRig } from './rig.js';

/** What a command did, output in full. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end and disposes of it. */
export async function run(rig: SandboxRig, command: Command, policy: SandboxPolicy = rootOnly(rig)): Promise<Outcome> {
  await using running = await rig.sandbox.spawn(command, policy);
  const written = feed(running, command.stdin ?? '');
  const [stdout, stderr, exit] = await Promise.all([readAll(running.stdout), readAll(running.stderr), running.exit]);
  await written;
  return { exitCode: exit.exitCode, stdout, stderr };
}

/** Resolves once a command has said `ready`, and lets go of its output. */
export async function untilReady(running: RunningCommand): Promise<void> {
  const reader = running.stdout.getReader();
  let said = '';
  while (!said.includes('ready')) {
    const { done, value } = await reader.read();
    assert.equal(done, false, `ended before it was ready, having said ${JSON.stringify(said)}`);
    said += new TextDecoder().decode(value);
  }
  reader.releaseLock();
}

async function feed(running: RunningCommand, text: string): Promise<void> {
  const writer = running.stdin.getWriter();
  try {
    if (text !== '') await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // A command need not read its input.
  }
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<string> {
  return await new Response(stream).text();
}
