const mark = 'QUESTION FOR A PERSON:';
const line = /^[\s>*_#-]*QUESTION FOR A PERSON:[\s*_]*(.*)$/s;

/** Told to agents that have no tool for asking: to be put before the instructions of a session. */
export const askingInstructions = `Nobody answers while you work. Where only a person can tell how to go on, stop there, and end your last message with a paragraph that begins with "${mark}" and holds that one question.`;

/** The question that closing words end with, or null. A claim like every word of an agent. */
export function findQuestion(closingWords: string): string | null {
  const last = closingWords.trimEnd().replace(/^.*\n[^\S\n]*\n/s, '');
  const from = last.lastIndexOf(`\n${mark}`);
  const question = line.exec(from === -1 ? last : last.slice(from))?.[1]?.trim() ?? '';
  return question === '' ? null : question;
}
