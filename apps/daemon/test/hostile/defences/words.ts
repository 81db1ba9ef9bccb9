import type { Defence } from './defence.js';

/** Of who may ask, and of what is told to agents and people. */
export const wordDefences = {
  'who-may': {
    what: 'Whoever sets work going must have write permission; bots must be listed; Baton never answers itself',
    module: 'packages/engine/src/eligibility/eligibility.ts',
    proof: {
      exports: () => ({
        judge:
          '(facts, rules) => was({ ...facts, permission: "admin", brief: facts.brief && { ...facts.brief, trigger: { ...facts.brief.trigger, actor: { id: "x", login: "x", kind: "person" } } } }, rules)',
      }),
      beside: [{ module: 'packages/engine/src/trust/trust.ts', exports: { isTrusted: '() => true' } }],
      row: 'stranger-sets-work-going',
      breaks: ['ending', 'branch'],
    },
  },
  'told-comments': {
    what: 'Comments of people without permission are dropped, not quoted',
    module: 'packages/engine/src/eligibility/read-facts.ts',
    proof: {
      exports: () => ({
        readFacts:
          'async (sources, subject, options) => ({ ...(await was(sources, subject, options)), brief: await sources.project.source.brief(subject.issueId, sources.project.query, options) })',
      }),
      row: 'stranger-comments',
      breaks: ['prompt'],
    },
  },
  'hidden-text': {
    what: 'What a reader of the page doesn’t see is taken out of what the agent is told; this lowers noise, it is no boundary',
    module: 'packages/engine/src/text/untrusted-text.ts',
    proof: {
      exports: () => ({ stripHidden: '(text) => text' }),
      row: 'hidden-comment',
      breaks: ['prompt'],
    },
  },
  'random-fence': {
    what: 'The issue’s text stands in a fence with a name that nobody can guess',
    module: 'packages/engine/src/render/render-prompt.ts',
    proof: {
      exports: () => ({ renderPrompt: '(job, intent, agent) => was(job, { ...intent, nonce: "issue" }, agent)' }),
      row: 'out-of-the-fence',
      breaks: ['prompt'],
    },
  },
  'inert-claims': {
    what: 'An agent’s words are quoted so that they do nothing where they are read',
    module: 'packages/engine/src/text/untrusted-text.ts',
    proof: {
      exports: () => ({ quoteClaim: '(text) => text' }),
      row: 'agent-mentions-and-closes',
      breaks: ['pull-request'],
    },
  },
  'inert-titles': {
    what: 'A title does nothing as the subject of a commit and of a pull request',
    module: 'packages/engine/src/text/untrusted-text.ts',
    proof: {
      exports: () => ({ titleLine: '(text) => text' }),
      row: 'title-commands-the-host',
      breaks: ['pull-request'],
    },
  },
  'no-shell': {
    what: 'Programs are started with arrays of arguments; no text of an issue or an agent becomes part of a command line',
    module: 'packages/git-worktree/src/git/git.ts',
    proof: 'There is no shell in the daemon that could be put back by replacing a part.',
  },
  'escaped-lines': {
    what: 'Control characters are spelt out wherever text is shown',
    module: 'apps/daemon/src/text/escape-control.ts',
    proof: {
      exports: () => ({ escapeLine: '(text) => text', escapeText: '(text) => text' }),
      row: 'terminal-in-a-title',
      breaks: ['printed'],
    },
  },
} as const satisfies Readonly<Record<string, Defence>>;
