import { join } from 'node:path';
import type { JsonValue } from '@baton/core';
import type { LaunchFiles, ModelProtocol } from '@baton/model-proxy';

/** What an agent is set up with, inside. */
export interface PresetPlace {
  /** The base address of the model, as clients of the protocol take it. */
  readonly endpoint: string;
  /** What stands for the key. */
  readonly placeholder: string;
  readonly protocol: ModelProtocol;
  /** The only model that the agent may ask. */
  readonly model: string;
  /** Its home and its configuration: outside the repository, kept over restarts. */
  readonly home: string;
  readonly root: string;
}

/** What Baton knows about one agent. */
export interface AcpPreset {
  /** Of npm, with the version that was tried. */
  readonly package: string;
  readonly program: string;
  readonly argv: readonly string[];
  /** What it can speak with its model, the default first. */
  readonly protocols: readonly [ModelProtocol, ...ModelProtocol[]];
  environment(place: PresetPlace): Readonly<Record<string, string>>;
  /** What stands in its home when it starts, by path there. */
  readonly files: LaunchFiles;
}

/** The agents that Baton can set up by itself. */
export type AcpPresetName = 'codex-acp' | 'opencode';

const providerPackages: Readonly<Record<ModelProtocol, string>> = {
  'openai-chat': '@ai-sdk/openai-compatible',
  'openai-responses': '@ai-sdk/openai',
  'anthropic-messages': '@ai-sdk/anthropic',
};

/** By name. */
export const presets: Readonly<Record<AcpPresetName, AcpPreset>> = {
  'codex-acp': {
    package: '@agentclientprotocol/codex-acp 2.6.0',
    program: 'codex-acp',
    argv: [],
    protocols: ['openai-responses'],
    environment: ({ endpoint, placeholder, model, home, root }) => ({
      OPENAI_API_KEY: placeholder,
      CODEX_HOME: home,
      NO_BROWSER: '1',
      MODEL_PROVIDER: 'baton',
      // Ours is the boundary: its own sandbox can't start inside, and its commands are then silently not run.
      INITIAL_AGENT_MODE: 'agent-full-access',
      CODEX_CONFIG: text({
        model,
        model_provider: 'baton',
        model_providers: {
          baton: {
            name: 'baton',
            base_url: endpoint,
            env_key: 'OPENAI_API_KEY',
            wire_api: 'responses',
            supports_websockets: false,
            request_max_retries: 0,
            stream_max_retries: 0,
          },
        },
        approval_policy: 'never',
        sandbox_mode: 'danger-full-access',
        web_search: 'disabled',
        check_for_update_on_startup: false,
        analytics: { enabled: false },
        // What the repository tells agents is told by the instructions: here an earlier turn may have changed it.
        project_doc_max_bytes: 0,
        skills: { include_instructions: false },
        // Settings of the repository are a stranger's code.
        projects: { [root]: { trust_level: 'untrusted' } },
      }),
    }),
    // It insists on a home that is there. What it reads in it whatever it is configured to, an earlier turn may have left.
    files: { 'config.toml': '', 'AGENTS.md': null, 'AGENTS.override.md': null, skills: null },
  },
  opencode: {
    package: 'opencode-ai 1.18.33',
    program: 'opencode',
    argv: ['acp'],
    protocols: ['openai-chat', 'openai-responses', 'anthropic-messages'],
    environment: ({ endpoint, placeholder, protocol, model, home }) => ({
      HOME: home,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_DATA_HOME: join(home, 'data'),
      XDG_STATE_HOME: join(home, 'state'),
      XDG_CACHE_HOME: join(home, 'cache'),
      // Settings, plugins and skills of the repository are a stranger's code.
      OPENCODE_DISABLE_PROJECT_CONFIG: '1',
      OPENCODE_DISABLE_CLAUDE_CODE: '1',
      OPENCODE_DISABLE_EXTERNAL_SKILLS: '1',
      OPENCODE_PURE: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_SHARE: '1',
      OPENCODE_CONFIG_CONTENT: text({
        model: `baton/${model}`,
        // A title is a call that nobody needs, and no model but this one is let through.
        agent: { title: { disable: true } },
        small_model: `baton/${model}`,
        enabled_providers: ['baton'],
        provider: {
          baton: {
            npm: providerPackages[protocol],
            // This one client takes the address with the version in it.
            options: { baseURL: protocol === 'anthropic-messages' ? `${endpoint}/v1` : endpoint, apiKey: placeholder },
            models: { [model]: {} },
          },
        },
        // Ours is the boundary. Its reading tool adds `AGENTS.md` of the file's folder, and nothing switches that off.
        permission: { '*': 'allow', read: 'deny', skill: 'deny' },
        autoupdate: false,
        share: 'disabled',
      }),
    }),
    // An earlier turn may have left settings there, and words to agents.
    files: { config: null, '.opencode': null },
  },
};

function text(value: JsonValue): string {
  return JSON.stringify(value);
}
