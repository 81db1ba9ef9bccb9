import { join } from 'node:path';
import type { Command, WorkspaceView } from '@baton/core';
import { askingInstructions, type LaunchFiles, type ModelChannel } from '@baton/model-proxy';

/** What one run of Codex is made of. */
export interface CodexRun {
  readonly program: string;
  readonly model: string | null;
  readonly workspace: WorkspaceView;
  readonly instructions: string;
  /** The thread to go on with. Null: a new one. */
  readonly thread: string | null;
}

const keyVariable = 'BATON_MODEL_KEY';

/** Where Codex keeps its configuration and its threads: outside the repository, kept over restarts. */
export function codexHome(scratch: string): string {
  return join(scratch, 'codex');
}

/** The command line, without a word of an issue: the prompt comes on standard input. */
export function codexCommand(
  run: CodexRun,
  channel: ModelChannel,
): { readonly command: Command; readonly files: LaunchFiles } {
  const home = codexHome(run.workspace.scratch);
  return {
    // Written anew each time: what an earlier turn left there is no configuration.
    files: {
      [join(home, 'config.toml')]: renderConfig(run, channel),
      // Read whatever the configuration says.
      [join(home, 'AGENTS.md')]: null,
      [join(home, 'AGENTS.override.md')]: null,
      [join(home, 'skills')]: null,
    },
    command: {
      argv: [
        run.program,
        'exec',
        '--json',
        '--skip-git-repo-check',
        '--ignore-rules',
        ...(run.thread === null ? [] : ['resume', run.thread]),
        '-',
      ],
      env: { CODEX_HOME: home, [keyVariable]: channel.placeholder },
    },
  };
}

/**
 * Its own sandbox is off, since ours is the boundary: inside another one it can't start, and commands are then
 * silently not run. What asks somebody, reports home, or runs at the provider's is off as well.
 */
function renderConfig({ model, workspace, instructions }: CodexRun, channel: ModelChannel): string {
  const lines = [
    ...(model === null ? [] : [`model = ${quote(model)}`]),
    'model_provider = "baton"',
    'approval_policy = "never"',
    'sandbox_mode = "danger-full-access"',
    'check_for_update_on_startup = false',
    'web_search = "disabled"',
    // What the repository tells agents is told by the instructions: here an earlier turn may have changed it.
    'project_doc_max_bytes = 0',
    `developer_instructions = ${quote(`${instructions}\n\n${askingInstructions}`)}`,
    '[analytics]',
    'enabled = false',
    '[features]',
    ...disabledFeatures.map((name) => `${name} = false`),
    // Agents of its own would multiply what a turn costs.
    '[agents]',
    'enabled = false',
    '[skills]',
    'include_instructions = false',
    '[shell_environment_policy]',
    `exclude = [${quote(keyVariable)}]`,
    '[model_providers.baton]',
    'name = "Baton"',
    `base_url = ${quote(channel.endpoint)}`,
    `env_key = ${quote(keyVariable)}`,
    'wire_api = "responses"',
    'supports_websockets = false',
    'request_max_retries = 0',
    'stream_max_retries = 0',
    // Its settings, hooks and servers are a stranger's code.
    `[projects.${quote(workspace.root)}]`,
    'trust_level = "untrusted"',
  ];
  return `${lines.join('\n')}\n`;
}

const disabledFeatures = [
  'apps',
  'browser_use',
  'computer_use',
  'enable_request_compression',
  'hooks',
  'image_generation',
  'memories',
  'plugins',
] as const;

/** A basic string of TOML 1.0: JSON's escapes are among its own, but for DEL. */
function quote(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll('\u007f', '\\u007f');
}
