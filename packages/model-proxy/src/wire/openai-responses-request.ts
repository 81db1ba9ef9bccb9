import {
  allowed,
  count,
  data,
  either,
  list,
  nothing,
  number,
  object,
  oneOf,
  ownContent,
  text,
  truth,
  typed,
} from './shape.js';

const ofProvider = "It runs at the provider's and reaches what this job may not.";
const byReference = "It names what lies at the provider's, which this job has no part in.";
const hosted = {
  web_search: ofProvider,
  file_search: ofProvider,
  code_interpreter: ofProvider,
  image_generation: ofProvider,
  mcp: ofProvider,
  container: ofProvider,
} as const;

const functionTool = {
  name: text,
  description: text,
  parameters: data,
  strict: truth,
  defer_loading: truth,
  output_schema: data,
} as const;
const customTool = { name: text, description: text, format: data, defer_loading: truth } as const;
/** Tools that the client runs. Where one can run in two places, the request has to say that it is the client's. */
const ownTools = {
  function: functionTool,
  custom: customTool,
  local_shell: {},
  shell: { environment: typed({ local: { skills: data } }, { never: { container: ofProvider } }) },
  apply_patch: {},
  computer: {},
  computer_use_preview: { display_width: number, display_height: number, environment: text },
  tool_search: { execution: oneOf('client'), description: text, parameters: data },
} as const;
const tools = list(
  typed(
    {
      ...ownTools,
      namespace: {
        name: text,
        description: text,
        tools: list(typed({ function: functionTool, custom: customTool }, { never: hosted })),
      },
    },
    { never: hosted },
  ),
);

const inputText = { text } as const;
const inputImage = { image_url: ownContent, detail: text } as const;
const parts = {
  input_text: inputText,
  input_image: inputImage,
  input_file: { file_data: ownContent, filename: text, detail: text },
  input_audio: { input_audio: object({ data: ownContent, format: text }) },
} as const;
const never = { file_id: byReference, file_url: ofProvider, image_url: ofProvider } as const;
const content = either(
  text,
  list(
    typed(
      {
        ...parts,
        output_text: { text, annotations: data, logprobs: data },
        refusal: { refusal: text },
        summary_text: { text },
        reasoning_text: { text },
        text: { text },
        encrypted_content: { encrypted_content: text },
      },
      { never },
    ),
  ),
);
const output = either(text, list(typed({ ...parts, output_text: { text } }, { never })));
const item = { id: text, status: text, created_by: text } as const;
const call = { ...item, call_id: text, name: text, namespace: text, caller: typed({ direct: {} }) } as const;

/** An item of the conversation. */
const input = list(
  typed(
    {
      message: { ...item, role: text, content, phase: text },
      reasoning: { ...item, summary: content, content, encrypted_content: text },
      function_call: { ...call, arguments: text },
      function_call_output: { ...call, output },
      custom_tool_call: { ...call, input: text },
      custom_tool_call_output: { ...call, output },
      local_shell_call: { ...call, action: data },
      local_shell_call_output: { ...call, output },
      shell_call: { ...call, action: data, environment: typed({ local: { skills: data } }) },
      shell_call_output: { ...call, output: data, max_output_length: number },
      apply_patch_call: { ...call, operation: data },
      apply_patch_call_output: { ...call, output: text },
      computer_call: { ...call, action: data, actions: data, pending_safety_checks: data },
      computer_call_output: {
        ...call,
        output: typed({ computer_screenshot: { image_url: ownContent } }, { never }),
        acknowledged_safety_checks: data,
      },
      tool_search_call: { ...call, execution: oneOf('client'), arguments: data },
      tool_search_output: { ...call, execution: oneOf('client'), tools },
      additional_tools: { ...item, role: text, tools },
      // What the provider made of an earlier part of this conversation, handed back, and the request to make it.
      compaction: { ...item, encrypted_content: text },
      compaction_summary: { ...item, encrypted_content: text },
      compaction_trigger: item,
    },
    {
      untyped: 'message',
      never: { item_reference: byReference, mcp: ofProvider, web_: ofProvider, file_: ofProvider, code_: ofProvider },
    },
  ),
);

/**
 * What a request to OpenAI's Responses may hold: https://platform.openai.com/docs/api-reference/responses/create, and
 * what Codex 0.169.0 sends.
 */
export const openAiResponsesRequest = allowed(
  [
    {
      why: 'The meter and the list of models go by them.',
      fields: {
        model: text,
        max_output_tokens: count,
        stream: truth,
        stream_options: object({ include_obfuscation: truth }),
      },
    },
    {
      why: 'The conversation.',
      fields: {
        instructions: either(text, input),
        input: either(text, input),
        tools,
        tool_choice: either(
          text,
          typed(
            {
              function: { name: text },
              custom: { name: text },
              allowed_tools: { mode: text, tools: list(typed({ function: { name: text }, custom: { name: text } })) },
              local_shell: {},
              shell: {},
              apply_patch: {},
              computer: {},
            },
            { never: hosted },
          ),
        ),
        parallel_tool_calls: truth,
        max_tool_calls: count,
      },
    },
    {
      why: 'They steer the answer, within what max_output_tokens allows.',
      fields: {
        temperature: number,
        top_p: number,
        top_logprobs: number,
        reasoning: object({ effort: text, summary: text, generate_summary: text, context: text }),
        text: object({ format: data, verbosity: text }),
        truncation: text,
        include: list(oneOf('reasoning.encrypted_content', 'message.output_text.logprobs')),
      },
    },
    {
      why: 'They make a call cheaper, or mark it.',
      fields: {
        prompt_cache_key: text,
        safety_identifier: text,
        user: text,
        metadata: data,
        client_metadata: data,
      },
    },
    {
      why: 'Only the values that keep nothing, go on with nothing of others, and cost no more.',
      fields: {
        store: oneOf(false),
        background: oneOf(false),
        service_tier: oneOf('auto', 'default', 'flex'),
        previous_response_id: nothing(byReference),
        conversation: nothing(byReference),
        prompt: nothing(byReference),
      },
    },
  ],
  hosted,
);
