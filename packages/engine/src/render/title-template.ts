import type { TitleTemplate } from '../project/title-template.js';
import { readOperatorTemplate, templateInvalid } from './operator-template.js';

/** Reads an operator's template for titles, in Liquid. Throws `CONFIG_INVALID` as `createPromptTemplate` does. */
export function createTitleTemplate(text: string): TitleTemplate {
  const setting = 'pullRequest.title';
  const { mentions, render } = readOperatorTemplate<Parameters<TitleTemplate['render']>[0]>(text, {
    ...{ setting, name: setting },
    samples: [{ title: 'A title', key: '#1' }],
  });
  if (mentions.length === 0) throw templateInvalid(setting, 'Every title would be the same.', 'name title, or key');
  return { render };
}
