import { join } from 'node:path';
import type { ModelChannel, ModelProtocol } from '@baton/model-proxy';
import { type AcpPresetName, presets } from './presets.js';
import type { AcpLaunch } from './talk.js';

/** Which agent is run. */
export type AcpProgram =
  | {
      /** One that Baton can set up by itself. */
      readonly preset: AcpPresetName;
      /** Name or absolute path of the program, as the sandbox sees it. Default: the usual name. */
      readonly program?: string;
    }
  | {
      /** The operator's own words, run as `sh -c <run>` in the sandbox. No text of an issue becomes part of it. */
      readonly run: string;
      /** The mode to set in the session, by the agent's own name for it. Default: as the agent has it. */
      readonly mode?: string;
    };

/** What an agent is set up with, whichever it is. */
export interface LaunchSettings {
  /** `id` of the agent. */
  readonly id: string;
  readonly program: AcpProgram;
  readonly protocol: ModelProtocol;
  readonly model: string | null;
  readonly env: Readonly<Record<string, string>>;
}

/** The variables by which clients of a protocol are told their address and key. */
export const usualVariables: Readonly<Record<ModelProtocol, { readonly address: string; readonly key: string }>> = {
  'anthropic-messages': { address: 'ANTHROPIC_BASE_URL', key: 'ANTHROPIC_API_KEY' },
  'openai-responses': { address: 'OPENAI_BASE_URL', key: 'OPENAI_API_KEY' },
  'openai-chat': { address: 'OPENAI_BASE_URL', key: 'OPENAI_API_KEY' },
};

/** The command line, without a word of an issue: the prompt comes by the protocol. */
export function launchAgent(
  settings: LaunchSettings,
  place: { readonly scratch: string; readonly root: string },
  channel: Pick<ModelChannel, 'endpoint' | 'placeholder'>,
): AcpLaunch {
  const { program, protocol, model, env } = settings;
  const { endpoint, placeholder } = channel;
  const home = join(place.scratch, 'acp', settings.id);
  const own = mapStandIns(env, { endpoint, home, key: placeholder, model: model ?? '' });
  if ('run' in program) {
    const { address, key } = usualVariables[protocol];
    return {
      command: {
        argv: ['sh', '-c', program.run],
        env: { HOME: home, [address]: endpoint, [key]: placeholder, ...own },
      },
      // So that the home is there.
      files: { [join(home, '.baton')]: '' },
      mode: program.mode ?? null,
    };
  }
  const preset = presets[program.preset];
  const variables = preset.environment({
    ...{ endpoint, placeholder, protocol, home, root: place.root },
    model: model ?? '',
  });
  return {
    command: { argv: [program.program ?? preset.program, ...preset.argv], env: { ...variables, ...own } },
    files: Object.fromEntries(Object.entries(preset.files).map(([path, text]) => [join(home, path), text])),
    mode: null,
  };
}

/** `{endpoint}`, `{key}`, `{home}` and `{model}` in the operator's variables. */
function mapStandIns(
  env: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const fill = (text: string): string =>
    text.replaceAll(/\{(endpoint|key|home|model)\}/g, (_, name: string) => values[name] ?? '');
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)]));
}
