import type { RequestTemplate } from '../project/request-template.js';
import { readOperatorTemplate, templateInvalid } from './operator-template.js';

/** What an operator may have a form of their own for. */
export type RequestPart = 'title' | 'append';

/** Reads an operator's template, in Liquid. Throws `CONFIG_INVALID` as `createPromptTemplate` does. */
export function createRequestTemplate(part: RequestPart, text: string): RequestTemplate {
  const setting = `pullRequest.${part}`;
  const { mentions, render } = readOperatorTemplate<Parameters<RequestTemplate['render']>[0]>(text, {
    ...{ setting, name: setting },
    samples: [{ title: 'A title', key: '#1' }],
  });
  if (part === 'title' && mentions.length === 0) {
    throw templateInvalid(setting, 'Every title would be the same.', 'name title, or key');
  }
  return { render };
}
