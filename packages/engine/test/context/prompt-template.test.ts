import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createPromptTemplate } from '../../src/index.js';
import { createRelay } from '../relay.js';

function refused(text: string): unknown {
  try {
    createPromptTemplate(text, 'task.liquid');
    return null;
  } catch (error) {
    return BatonError.is(error, 'CONFIG_INVALID') ? `${error.message} ${error.fix}` : error;
  }
}

describe("an operator's own prompt", () => {
  it('is what an agent is asked, around Baton’s or in its place', async () => {
    const prompts: string[] = [];
    const text = '# {{ issueKey }}\n{{ task }}\n{{ fence }}\n{{ body }}\n{{ fence }}\nTurn {{ turn }}, {{ stands }}.';
    const { source, runOnce } = createRelay(
      ({ prompt }) => {
        prompts.push(prompt);
        return {};
      },
      { prompt: createPromptTemplate(text, 'task.liquid') },
    );
    source.seed({ labels: ['baton'], body: 'Mend it.' });
    await runOnce();
    const [prompt = ''] = prompts;
    expect(prompt).toMatch(/^# mem#1\nIssue: mem#1\n/);
    expect(prompt).toMatch(/\n(=====\S+)\nMend it\.\n\1\nTurn 1, nothing\.$/);
  });

  it.each([
    ['Hello.\n{{ titel }}', /^task\.liquid:2: there is no variable titel\. name one of body, clipped, comments, /],
    ['{% if turn > 2 %}{{ nobody }}{% endif %}{{ task }}', /^task\.liquid:1: there is no variable nobody\./],
    ['{{ task }}\n\n{% for one in steering %}{{ one.words }}{% endfor %}', /^task\.liquid:3: .*one\.words/],
    ['{{ task | shout }}', /^task\.liquid:1: undefined filter: shout\./],
    ['{{ task }}\n{% if turn %}', /^task\.liquid:2: tag {% if turn %} not closed\./],
    ['{{ task', /^task\.liquid:1: .*not closed/],
    ['{{ task }}{% include "other" %}', /^task\.liquid brings in another template\./],
    ['', /^task\.liquid comes to an empty prompt\./],
    ['\n{{ title }}: {{ body }}', /^task\.liquid:2: title is what others wrote, and no fence is around it\./],
    ['{{ fence }}\n{{ title }}', /^task\.liquid:2: title is what others wrote, and no fence is around it\./],
    ['{{ title }} {{ fence }}{{ body }}{{ fence }}', /^task\.liquid:1: title is what others wrote/],
    ['{{ task }}\n{% if feedback != "" %}{{ feedback }}{% endif %}', /^task\.liquid:2: feedback is what others wrote/],
    ['{% for comment in comments %}{{ comment.body }}{% endfor %}', /^task\.liquid:1: comments is what others wrote/],
  ])('is refused at the start: %s', (text, said) => {
    expect(refused(text)).toMatch(said);
  });

  it('may say nothing of the issue’s text, and leave any part out', () => {
    expect(refused('Work on {{ issueKey }} as {{ task }}')).toBeNull();
    expect(
      refused('{% for line in redOnBase %}{{ line | upcase }}{% endfor %} {{ fence }}{{ title }}{{ fence }}'),
    ).toBeNull();
  });
});
