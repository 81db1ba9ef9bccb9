import { stripVTControlCharacters } from 'node:util';
import type { CommandResult, WorkspaceView } from '@baton/core';
import { z } from 'zod';
import { clipText } from '../text/clip-text.js';
import { type AgentTool, createTool, type ToolOutcome } from './agent-tool.js';

const defaultSeconds = 120;
/** A turn that is silent for five minutes is taken for stalled. */
const maxSeconds = 240;
const maxOutputBytes = 65_536;
const maxStreamCharacters = 12_000;

/** Runs a command in the sandbox. */
export function createRunCommand(workspace: WorkspaceView): AgentTool {
  return createTool({
    name: 'run_command',
    description: [
      'Runs a command line with sh in the root of the workspace, in a sandbox: usually without network, and',
      'writing only in the workspace. Answers with its exit code and what it printed; of long output the middle',
      `is dropped. Each call is a new shell, and what still runs when it ends is killed. After ${defaultSeconds}`,
      `seconds it is killed, or after timeout_seconds, at most ${maxSeconds}. There is no terminal and no input.`,
    ].join(' '),
    isRepeatable: false,
    input: z.strictObject({
      command: z.string().min(1).max(100_000).describe('As you would type it in a shell.'),
      timeout_seconds: z.int().min(1).max(maxSeconds).optional().describe(`Default: ${defaultSeconds}.`),
    }),
    async run(input, options) {
      const seconds = input.timeout_seconds ?? defaultSeconds;
      const argv = ['sh', '-c', input.command] as const;
      const result = await workspace.exec({ argv, timeoutMs: seconds * 1_000, maxOutputBytes }, options);
      return mapResult(result, seconds);
    },
  });
}

function mapResult(result: CommandResult, seconds: number): ToolOutcome {
  const how = result.timedOut
    ? `killed after ${seconds} seconds`
    : result.exitCode === null
      ? 'ended by a signal'
      : `exit code ${result.exitCode}`;
  const streams = [
    ['standard output', result.stdout],
    ['standard error', result.stderr],
  ] as const;
  const parts = streams.flatMap(([name, text]) => {
    const clean = stripVTControlCharacters(text).replaceAll('\0', '').trimEnd();
    return clean === '' ? [] : [`${name}:\n${clipText(clean, maxStreamCharacters)}`];
  });
  return { output: [how, ...parts].join('\n'), isError: result.exitCode !== 0 || result.timedOut };
}
