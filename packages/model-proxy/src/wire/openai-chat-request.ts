import { allowed, count, data, either, list, number, object, oneOf, ownContent, text, truth, typed } from './shape.js';

const ofProvider = "It runs at the provider's and reaches what this job may not.";
const byReference = "It names what lies at the provider's, which this job has no part in.";
const fetched = "Content by address is fetched from the provider's; send it in the request.";
const otherModel = 'Another model or provider than the one that limits are kept for would answer.';

const cacheControl = object({ type: text, ttl: text });
const parts = list(
  typed(
    {
      text: { text, cache_control: cacheControl },
      refusal: { refusal: text },
      image_url: {
        image_url: either(ownContent, object({ url: ownContent, detail: text })),
        cache_control: cacheControl,
      },
      input_audio: { input_audio: object({ data: ownContent, format: text }) },
      file: { file: object({ file_data: ownContent, filename: text }, { file_id: byReference, file_url: fetched }) },
      // Thinking that some servers want back as they gave it.
      thinking: { thinking: either(text, data), signature: text, closed: truth },
      reasoning: { text, reasoning: text, signature: text },
    },
    { never: { video_url: fetched, audio_url: fetched, input_image: fetched, input_file: fetched } },
  ),
);
const functionOf = object({ name: text, description: text, parameters: data, strict: truth, arguments: text });
const message = object(
  {
    role: text,
    name: text,
    content: either(text, parts),
    refusal: text,
    tool_calls: list(
      object({ id: text, type: text, index: number, function: functionOf, custom: data, extra_content: data }),
    ),
    tool_call_id: text,
    function_call: functionOf,
    // Thinking that some servers want back as they gave it.
    reasoning: text,
    reasoning_content: text,
    reasoning_text: text,
    reasoning_opaque: text,
    reasoning_details: data,
    annotations: data,
    cache_control: cacheControl,
  },
  { audio: byReference },
);

/**
 * What a request to Chat Completions may hold: https://platform.openai.com/docs/api-reference/chat/create, what the
 * many servers that speak it take to steer an answer, and what opencode 1.18.33 sends.
 */
export const openAiChatRequest = allowed(
  [
    {
      why: 'The meter and the list of models go by them.',
      fields: {
        model: text,
        max_tokens: count,
        max_completion_tokens: count,
        // Each choice is an answer of its own.
        n: oneOf(1),
        stream: truth,
        stream_options: object({ include_usage: truth, include_obfuscation: truth }),
        usage: object({ include: truth }),
      },
    },
    {
      why: 'The conversation.',
      fields: {
        messages: list(message),
        tools: list(
          typed(
            { function: { function: functionOf, cache_control: cacheControl }, custom: { custom: data } },
            { never: { '': ofProvider } },
          ),
        ),
        tool_choice: either(text, typed({ function: { function: functionOf }, custom: { custom: data } })),
        parallel_tool_calls: truth,
        functions: list(functionOf),
        function_call: either(text, functionOf),
      },
    },
    {
      why: 'They steer the answer, within what the maximum allows.',
      fields: {
        temperature: number,
        top_p: number,
        top_k: number,
        min_p: number,
        seed: number,
        stop: either(text, list(text)),
        presence_penalty: number,
        frequency_penalty: number,
        repetition_penalty: number,
        logit_bias: data,
        logprobs: truth,
        top_logprobs: number,
        response_format: data,
        verbosity: text,
        reasoning_effort: text,
        reasoning: object({ effort: text, max_tokens: count, exclude: truth, enabled: truth, summary: text }),
        thinking: object({ type: text, budget_tokens: count }),
        enable_thinking: truth,
        modalities: list(oneOf('text')),
      },
    },
    {
      why: 'They make a call cheaper, or mark it.',
      fields: { prompt_cache_key: text, safety_identifier: text, user: text, metadata: data },
    },
    {
      why: 'Only the values that keep nothing and cost no more.',
      fields: { store: oneOf(false), service_tier: oneOf('auto', 'default', 'flex') },
    },
  ],
  {
    n: 'More than one choice at a time is more than one answer.',
    best_of: 'More than one choice at a time is more than one answer.',
    web_search_options: ofProvider,
    plugins: ofProvider,
    models: otherModel,
    route: otherModel,
    provider: otherModel,
    fallbacks: otherModel,
    prediction: 'What is predicted wrongly is charged on top.',
  },
);
