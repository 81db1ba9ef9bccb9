import { type AdapterPackage, defineAdapter, kebabCase, variableName } from '@baton/adapter-kit';
import type { ModelProtocol } from '@baton/model-proxy';
import { z } from 'zod';
import { createAcpAgent } from './agent.js';
import { type AcpProgram, usualVariables } from './command.js';
import { presets } from './presets.js';

const written = z.strictObject({
  id: z
    .string()
    .regex(kebabCase, 'has to be in kebab-case')
    .default('acp')
    .describe('Names the agent in logs and jobs.'),
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
    .describe(
      'Where the model answers. Default, by protocol: ANTHROPIC_BASE_URL or OPENAI_BASE_URL, or else the provider itself.',
    ),
  keyEnv: z
    .string()
    .regex(variableName, 'has to be the name of an environment variable')
    .nullable()
    .exactOptional()
    .describe(
      'The environment variable that holds the key; null: none is asked for. Default, by protocol: ANTHROPIC_API_KEY or OPENAI_API_KEY.',
    ),
  env: z
    .record(z.string(), z.string())
    .default({})
    .describe('Added to the environment of the agent; {endpoint}, {key}, {home} and {model} are filled in.'),
  allow: z
    .array(z.string().min(1))
    .default([])
    .describe('What the agent may ask of its model beyond what Baton knows, by the names that refusals tell.'),
});

/** What is written, where its parts go together: which agent that is, and what it speaks. */
const settings = written.transform((given, context) => {
  const { preset, program, run, mode, protocol, ...rest } = given;
  const choose = (agent: AcpProgram, spoken: ModelProtocol) => ({ ...rest, agent, protocol: spoken });
  const refuse = (setting: keyof typeof given, message: string): typeof z.NEVER => {
    context.issues.push({ code: 'custom', input: given[setting], path: [setting], message });
    return z.NEVER;
  };
  if (preset !== undefined && run === undefined) {
    const { protocols } = presets[preset];
    const spoken = protocol ?? protocols[0];
    if (mode !== undefined) refuse('mode', 'goes with run alone');
    if (rest.model === undefined) refuse('model', 'has to be set with preset');
    if (!protocols.includes(spoken)) refuse('protocol', `has to be ${protocols.join(' or ')} for ${preset}`);
    return choose({ preset, ...(program === undefined ? {} : { program }) }, spoken);
  }
  if (run !== undefined && preset === undefined) {
    if (program !== undefined) refuse('program', 'goes with preset alone');
    if (protocol === undefined) return refuse('protocol', 'has to say what the agent of run speaks with its model');
    return choose({ run, ...(mode === undefined ? {} : { mode }) }, protocol);
  }
  return refuse('preset', 'either preset or run has to be set');
});

/** Serves `use: acp`: any agent of the Agent Client Protocol. */
export const acpPackage: AdapterPackage = defineAdapter({
  id: 'acp',
  settings,
  agent: ({ baseUrl, keyEnv, ...rest }, host) => {
    const usual = usualVariables[rest.protocol];
    const address = baseUrl ?? host.environment(usual.address);
    const variable = keyEnv === undefined ? usual.key : keyEnv;
    return createAcpAgent({
      ...rest,
      ...(address === null ? {} : { baseUrl: address }),
      keyEnv: variable,
      key: variable === null ? null : host.secret(variable),
      price: (model) => host.price(model),
      sandbox: host.sandbox,
      clock: host.runtime.clock,
      mask: (text) => host.mask(text),
    });
  },
});
