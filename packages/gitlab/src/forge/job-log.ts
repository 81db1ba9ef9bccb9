import type { AdapterHost } from '@baton/core';

const longestExcerpt = 4000;

/** The end of a log, masked, without the runner's control sequences and section marks. */
export function excerptOf(trace: string, mask: AdapterHost['mask']): string {
  const clean = trace
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
    .replace(/section_(?:start|end):\d+:[^\r\n]*/g, '')
    .replace(/\r\n/g, '\n')
    // Whatever a line overwrote is no longer seen.
    .replace(/^.*\r(?=[^\n])/gm, '')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  const text = mask(clean);
  return text.length <= longestExcerpt ? text : `…${text.slice(-longestExcerpt).toWellFormed()}`;
}
