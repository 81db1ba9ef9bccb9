import { BatonError, type CallOptions, type JsonValue, type WorkspaceView } from '@baton/core';
import type { ScriptedStep } from './script.js';

/** One thing that a step does. */
export interface ScriptedAction {
  readonly tool: string;
  readonly input: JsonValue;
  /** A failure that stops the step rejects with a `BatonError`. */
  run(
    workspace: WorkspaceView,
    options: CallOptions,
  ): Promise<{ readonly output: JsonValue; readonly isError: boolean }>;
}

const maxOutputBytes = 65_536;
const well = { output: 'ok', isError: false } as const;

/** The actions of a step, in order. */
export function mapActions(step: ScriptedStep): readonly ScriptedAction[] {
  const actions: ScriptedAction[] = [];
  for (const [path, content] of Object.entries(step.write ?? {})) {
    actions.push({
      tool: 'write',
      input: { path, characters: content.length },
      async run(workspace, options) {
        await workspace.writeFile(path, content, options);
        return well;
      },
    });
  }
  for (const { path, find, replace } of step.edits ?? []) {
    actions.push({
      tool: 'edit',
      input: { path, find, replace },
      async run(workspace, options) {
        const bytes = await workspace.readFile(path, options);
        const edited = mapEdit(
          bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
          path,
          find,
          replace,
        );
        await workspace.writeFile(path, edited, options);
        return well;
      },
    });
  }
  for (const path of step.delete ?? []) {
    // A leading dash is part of the name.
    actions.push(commandAction('delete', { path }, ['rm', '-rf', '--', path], true));
  }
  if (step.run !== undefined) {
    actions.push(commandAction('run', { command: step.run }, ['sh', '-c', step.run], false));
  }
  return actions;
}

function mapEdit(text: string | null, path: string, find: string, replace: string): string {
  const parts = text?.split(find) ?? [];
  if (parts.length === 2) return parts.join(replace);
  // A turn that a crash cut short is done again.
  if (parts.length === 1 && replace !== '' && text?.includes(replace)) return text;
  const found = text === null ? 'there is no such file' : `it stands there ${parts.length - 1} times`;
  throw new BatonError('CONFLICT', `The text to replace has to stand once in ${path}, but ${found}.`, { details: {} });
}

function commandAction(
  tool: string,
  input: JsonValue,
  argv: readonly [string, ...string[]],
  mustSucceed: boolean,
): ScriptedAction {
  return {
    tool,
    input,
    async run(workspace, options) {
      const result = await workspace.exec({ argv, maxOutputBytes }, options);
      if (mustSucceed && result.exitCode !== 0) {
        throw new BatonError('COMMAND_FAILED', `${argv[0]} failed: ${result.stderr.trim()}`, {
          details: { command: argv[0] },
        });
      }
      const { exitCode, stdout, stderr } = result;
      return { output: { exitCode, stdout, stderr }, isError: exitCode !== 0 };
    },
  };
}
