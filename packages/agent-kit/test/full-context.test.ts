import { describe, expect, it } from 'vitest';
import { tellsFullContext } from '../src/index.js';

/** As they were documented by the provider or reported by its users. */
const full: Readonly<Record<string, string>> = {
  Anthropic: 'prompt is too long: 213462 tokens > 200000 maximum',
  'Anthropic, with the answer': 'input length and `max_tokens` exceed context limit: 197000 + 8192 > 200000',
  'Anthropic, in bytes': 'request_too_large Request exceeds the maximum size',
  'Amazon Bedrock': 'Input is too long for requested model.',
  OpenAI: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
  'OpenAI, by code': 'context_length_exceeded',
  DeepSeek: "This model's maximum context length is 65536 tokens. However, you requested 90000 tokens",
  LiteLLM: "Requested token count exceeds the model's maximum context length of 131072 tokens.",
  vLLM: 'The prompt (length 40000) is longer than the maximum model length of 32768.',
  Gemini: 'The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).',
  xAI: "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
  Groq: 'Please reduce the length of the messages or completion.',
  'GitHub Copilot': 'prompt token count of 140000 exceeds the limit of 128000',
  Poolside: 'Input length 200000 exceeds the maximum allowed input length of 131072 tokens.',
  Together: "The input (300 tokens) is longer than the model's context length (200 tokens).",
  'llama.cpp': 'the request exceeds the available context size, try increasing it',
  'LM Studio': 'The number of tokens to keep from the initial prompt is greater than the context length.',
  MiniMax: 'invalid params, context window exceeds limit (2013)',
  Kimi: 'Invalid request: Your request exceeded model token limit: 262144 (requested: 300000)',
  Mistral: 'Prompt contains 40000 tokens, too large for model with 32768 maximum context length',
  'Z.ai': 'model_context_window_exceeded',
  Zhipu: 'Prompt 超长',
  Ollama: 'prompt too long; exceeded max context length by 4 tokens',
  'Ollama, before': 'the input length exceeds the context length',
  Alibaba: 'Range of input length should be [1, 30000]',
  'Text Generation Inference': '`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens',
  Cohere: 'too many tokens: total number of tokens in the prompt cannot exceed 4081',
};

describe('a full context', () => {
  it.each(Object.entries(full))('is known in the words of %s', (_, words) => {
    expect(tellsFullContext(words)).toBe(true);
    expect(tellsFullContext(words.toUpperCase())).toBe(true);
  });

  it.each([
    'ThrottlingException: Too many tokens, please wait before trying again.',
    'Rate limit reached for gpt-x on tokens per min (TPM): Limit 30000. Please try again in 6.2s.',
    'max_tokens exceeds the limit of 8192',
    'Unknown parameter: context',
    'The tool name is too long: 64 characters are the maximum.',
    '',
  ])('is not heard in: %s', (words) => {
    expect(tellsFullContext(words)).toBe(false);
  });
});
