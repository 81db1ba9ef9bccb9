import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root, runProcess } from '../run-process.ts';

const leastPercent = 90;

/** The sources that read what somebody else wrote, by package. What one of them reads, its package's fuzz test throws at it. */
const parsers: Readonly<Record<string, readonly string[]>> = {
  'apps/daemon': [
    ...['config/config-document', 'config/describe-issues', 'config/parse-duration', 'config/check-hosts'],
    ...['config/resolve-config', 'config/closest', 'config/known-keys', 'config/config-problem', 'config/problem-at'],
    ...['policy/read-policy', 'known-secrets', 'render/escape-control'],
  ],
  'packages/acp': ['acp-turn-end', 'agent-stream', 'answer-permission', 'map-error', 'map-update', 'read-lines'],
  'packages/adapter-kit': ['path-bytes', 'secrets', 'masked-stream', 'mask-deep', 'resolve-path'],
  'packages/agent-kit': [
    ...['server-events', 'parse-json', 'decode-text', 'nearest-lines', 'workspace-path', 'tools/list-files'],
    ...['tools/search-files', 'tools/read-file', 'tools/edit-file', 'tools/write-file', 'tools/run-command'],
  ],
  'packages/claude': [
    ...['claude-code-line', 'claude-code-end', 'claude-code-version'],
    ...['read-reply', 'stream-event', 'retry-at', 'map-error'],
  ],
  'packages/command-agent': ['script'],
  'packages/gates': [
    ...[
      'parse-report',
      'junit-elements',
      'parse-junit',
      'parse-tap',
      'split-tap',
      'test-report',
      'clean-output',
      'manifest-settings',
    ],
    ...['change-diff', 'judge-characters', 'glob', 'canonical-path', 'mask-name'],
  ],
  'packages/github': [
    ...[
      'checks',
      'issue-shape',
      'map-error',
      'priority',
      'read-graphql',
      'reference',
      'actor',
      'all-checks',
      'blockers',
    ],
    ...['brief', 'brief-query', 'earlier-pages', 'feedback', 'last-hand', 'looks-query', 'observe', 'page-guard'],
    ...['poll-cursor', 'poll-issues', 'pull-looks-query', 'pull-request', 'repository'],
  ],
  'packages/gitlab': [
    ...['description-history', 'job-trace', 'map-error', 'map-merge-request', 'priority', 'quick-actions'],
    ...['references', 'title-history', 'trigger', 'brief', 'checks', 'feedback', 'map-issue', 'merge-request-watch'],
    ...['people', 'pipeline-runs', 'pipeline-watch', 'poll', 'poll-cursor', 'project'],
  ],
  'packages/git-worktree': [
    ...['attributes', 'changes', 'describe-changes', 'map-error', 'read-tree-file', 'submodules', 'declined-push'],
    ...['slot-record', 'parse-record', 'claim-message'],
  ],
  'packages/local': ['markdown-file', 'people', 'field-shapes', 'read-yaml'],
  'packages/model-proxy': [
    ...['anthropic-messages', 'anthropic-request', 'openai-chat', 'openai-chat-request', 'openai-responses'],
    ...['openai-responses-request', 'openai-errors', 'shape', 'judge-body', 'parse-json', 'headers', 'answer-fields'],
    ...['answer-tap', 'mask-key', 'map-error', 'bound-lines', 'read-json-lines', 'person-question'],
  ],
  'packages/openai': [
    ...['codex-line', 'codex-end', 'codex-version', 'chat-chunk', 'chat-calls', 'chat-reply', 'responses-reply'],
    ...['tool-arguments', 'written-calls', 'retry-at', 'map-error'],
  ],
  'packages/sqlite': ['job-row', 'connection'],
  'packages/sandbox': ['client-hello', 'endpoint', 'allowed-hosts', 'find-way', 'internal-address', 'read-asked'],
};

/** Branches that a package's fuzz test alone reaches, in percent, by source. */
async function measure(folder: string): Promise<ReadonlyMap<string, number>> {
  const reports = mkdtempSync(join(tmpdir(), 'baton-coverage-'));
  onTestFinished(() => rm(reports, { recursive: true, force: true }));
  const options = ['--coverage.enabled', '--coverage.reporter=json-summary', `--coverage.reportsDirectory=${reports}`];
  const sources = (parsers[folder] ?? []).map((name) => `--coverage.include=${folder}/src/${name}.ts`);
  const { exitCode, output } = await runProcess(
    join(root, 'node_modules/.bin/vitest'),
    ['run', `${folder}/test/fuzz.test.ts`, ...options, ...sources],
    { output: 'keep', env: { BATON_SUITE: '', BATON_FAILED_STAGES: '' } },
  );
  expect(exitCode, output).toBe(0);
  const summary: Readonly<Record<string, { readonly branches: { readonly pct: number } }>> = JSON.parse(
    readFileSync(join(reports, 'coverage-summary.json'), 'utf8'),
  );
  return new Map(Object.entries(summary).map(([file, { branches }]) => [file, branches.pct]));
}

describe('fuzzing alone reaches', () => {
  it.each(Object.entries(parsers))('the branches of the parsers in %s', async (folder, names) => {
    const reached = await measure(folder);
    const unreached = names
      .map((name) => [name, reached.get(join(root, folder, 'src', `${name}.ts`)) ?? 0] as const)
      .filter(([, percent]) => percent < leastPercent);
    expect(unreached).toEqual([]);
  });
});
