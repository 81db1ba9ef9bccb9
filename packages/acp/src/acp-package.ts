import { type AdapterHost, type AdapterPackage, type AdapterSettings, BatonError, type CodingAgent } from '@baton/core';
import { z } from 'zod';
import { createAcpAgent } from './acp-agent.js';
import { type AcpProgram, usualVariables } from './agent-launch.js';
import { loadBaseUrl } from './load-environment.js';
import { presets } from './presets.js';

const settings = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'has to be in kebab-case')
    .exactOptional()
    .describe('Names the agent in logs and jobs. Default: acp.'),
  preset: z.enum(['codex-acp', 'opencode']).exactOptional().describe('An agent that Baton can set up. Or else: run.'),
  program: z
    .string()
    .min(1)
    .exactOptional()
    .describe("With preset: name or path of its program, as the sandbox sees it. Default: the program's usual name."),
  run: z
    .string()
    .min(1)
    .exactOptional()
    .describe('Any agent: run as `sh -c` in the sandbox, spoken to on standard input and output. Or else: preset.'),
  mode: z.string().min(1).exactOptional().describe("With run: the session's mode, by the agent's own name for it."),
  model: z.string().min(1).exactOptional().describe('The only model that the agent may ask. A preset needs it.'),
  protocol: z
    .enum(['anthropic-messages', 'openai-responses', 'openai-chat'])
    .exactOptional()
    .describe("What the agent speaks with its model. Needed with run. Default: the preset's own."),
  baseUrl: z
    .url()
    .exactOptional()
    .describe('Where the model answers. Default: ANTHROPIC_BASE_URL or OPENAI_BASE_URL, or else the provider itself.'),
  keyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'has to be the name of an environment variable')
    .nullable()
    .exactOptional()
    .describe(
      'The environment variable that holds the key; null: none is asked for. Default: ANTHROPIC_API_KEY or OPENAI_API_KEY.',
    ),
  env: z
    .record(z.string(), z.string())
    .exactOptional()
    .describe('Added to the environment of the agent; {endpoint}, {key}, {home} and {model} are filled in.'),
  allow: z
    .array(z.string().min(1))
    .exactOptional()
    .describe(
      'What the agent may ask of its model beyond what Baton knows, by the names that refusals tell. Default: nothing.',
    ),
});

/** Serves `use: acp`: any agent of the Agent Client Protocol. */
export const acpPackage: AdapterPackage = {
  id: 'acp',
  settingsSchema: JSON.parse(JSON.stringify(z.toJSONSchema(settings))),
  connect: (shared, host) => {
    mapSettings(shared);
    return { agent: (own) => createAgent(mapSettings({ ...shared, ...own }), host) };
  },
};

function createAgent(given: z.output<typeof settings>, host: AdapterHost): CodingAgent {
  const { preset: _, program: _program, run: _run, mode: _mode, keyEnv, baseUrl, protocol, ...rest } = given;
  const agent = mapProgram(given);
  const spoken = protocol ?? ('preset' in agent ? presets[agent.preset].protocols[0] : null);
  if (spoken === null) throw wrong('protocol', 'with run, protocol has to say what the agent speaks with its model');
  const address = baseUrl ?? loadBaseUrl(spoken);
  const variable = keyEnv === undefined ? usualVariables[spoken].key : keyEnv;
  return createAcpAgent({
    ...rest,
    agent,
    protocol: spoken,
    ...(address === null ? {} : { baseUrl: address }),
    keyEnv: variable,
    key: variable === null ? null : host.secret(variable),
    price: host.price,
    sandbox: host.sandbox,
    clock: host.runtime.clock,
    mask: (text) => host.mask(text),
  });
}

function mapProgram({ preset, program, run, mode }: z.output<typeof settings>): AcpProgram {
  if (preset !== undefined && run === undefined && mode === undefined) {
    return { preset, ...(program === undefined ? {} : { program }) };
  }
  if (run !== undefined && preset === undefined && program === undefined) {
    return { run, ...(mode === undefined ? {} : { mode }) };
  }
  throw wrong('preset', 'either preset (with program, or not) or run (with mode, or not) has to be set');
}

function mapSettings(value: AdapterSettings): z.output<typeof settings> {
  const result = settings.safeParse(value);
  if (result.success) return result.data;
  const flaws = result.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`);
  throw wrong(result.error.issues[0]?.path.join('.') ?? '', flaws.join('; '));
}

function wrong(setting: string, flaws: string): BatonError {
  return new BatonError('CONFIG_INVALID', `The settings of the agent acp are wrong: ${flaws}.`, {
    details: { setting },
    adapter: 'acp',
  });
}
