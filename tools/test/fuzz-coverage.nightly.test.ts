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
    ...['config/config-document', 'config/describe-issues', 'config/checks/check-hosts'],
    ...['config/resolve-config', 'config/closest', 'config/known-keys', 'config/config-problem', 'config/problem-at'],
    ...['policy/read-policy', 'config/known-secrets', 'text/escape-control'],
    ...['text/cut-text', 'text/wrap-text', 'text/text-width'],
  ],
  'packages/acp': ['turn-end', 'agent-stream', 'answer-permission', 'map-error', 'map-update', 'read-lines'],
  'packages/adapter-kit': [
    'files/path-bytes',
    'files/resolve-path',
    'text/secrets',
    'text/masked-stream',
    'text/mask-deep',
    'http/retry-after',
    'text/duration',
    'tracker/priority',
  ],
  'packages/agent-kit': [
    ...[
      'model/server-events',
      'text/parse-json',
      'text/decode-text',
      'tools/nearest-lines',
      'tools/workspace-path',
      'tools/list-files',
    ],
    ...['tools/search-files', 'tools/read-file', 'tools/edit-file', 'tools/write-file', 'tools/run-command'],
  ],
  'packages/claude': [
    ...['claude-code/line', 'claude-code/turn-end', 'claude-code/version'],
    ...['api/read-reply', 'api/stream-event'],
  ],
  'packages/command-agent': ['script'],
  'packages/gates': [
    ...[
      'reports/parse-report',
      'reports/junit-elements',
      'reports/parse-junit',
      'reports/parse-tap',
      'reports/split-tap',
      'reports/test-report',
      'output/read-summaries',
      'output/summary-forms',
      'text/clean-output',
      'protected/manifest-settings',
    ],
    ...['diff/change-diff', 'policy/judge-characters', 'text/glob', 'text/canonical-path', 'checks/mask-name'],
  ],
  'packages/github': [
    ...[
      'forge/checks',
      'source/map-issue',
      'host/map-error',
      'host/read-graphql',
      'host/reference',
      'host/actor',
      'forge/all-checks',
      'source/blockers',
    ],
    ...[
      'source/brief',
      'source/brief-query',
      'forge/earlier-pages',
      'forge/feedback',
      'forge/last-editor',
      'host/probes/change-probe-query',
      'forge/observe',
      'host/page-guard',
    ],
    ...[
      'source/poll-cursor',
      'source/poll',
      'host/probes/pull-request-probe-query',
      'forge/pull-request',
      'host/repository',
    ],
  ],
  'packages/gitlab': [
    ...['source/description-history', 'forge/job-log', 'host/map-error', 'forge/pull-request', 'host/quick-actions'],
    ...[
      'host/reference',
      'source/title-history',
      'source/trigger',
      'source/brief',
      'forge/checks',
      'forge/feedback',
      'source/map-issue',
      'forge/observe',
    ],
    ...[
      'host/actor',
      'forge/pipeline-runs',
      'forge/pipeline-watch',
      'source/poll',
      'source/poll-cursor',
      'host/repository',
    ],
  ],
  'packages/git-worktree': [
    ...[
      'snapshot/attributes',
      'snapshot/changes',
      'snapshot/describe-changes',
      'git/map-error',
      'vault/read-tree-file',
      'vault/submodules',
      'git/declined-push',
    ],
    ...['records/slot-record', 'records/parse-record', 'vault/claim-message', 'vault/vault-refs'],
    'person/read-file-commits',
  ],
  'packages/local': ['host/markdown-file', 'host/actor', 'host/field-shapes', 'host/read-yaml'],
  'packages/model-proxy': [
    ...['wire/anthropic-messages', 'wire/anthropic-request', 'wire/openai-chat', 'wire/openai-chat-request'],
    ...['wire/openai-responses', 'wire/openai-responses-request', 'wire/openai-errors', 'wire/shape'],
    ...['wire/parse-json', 'wire/headers', 'wire/answer-fields', 'wire/retry-at', 'wire/failure-status'],
    ...['wire/read-failure', 'wire/failure-error', 'wire/map-model-error'],
    ...['wire/openai-usage', 'wire/anthropic-usage'],
    ...['proxy/judge-body', 'proxy/usage-tap', 'proxy/mask-key', 'proxy/map-error'],
    ...['agent/line-limit', 'agent/read-json-lines', 'agent/person-question', 'agent/turn-end'],
    ...['agent/program-release'],
  ],
  'packages/openai': [
    ...['codex/line', 'codex/turn-end', 'codex/version'],
    ...['api/chat-chunk', 'api/chat-calls', 'api/chat-reply', 'api/responses-reply'],
    ...['api/tool-arguments', 'api/written-calls'],
  ],
  'packages/sqlite': ['job-row', 'connection'],
  'packages/sandbox': [
    'network/client-hello',
    'network/endpoint',
    'network/allowed-hosts',
    'network/find-way',
    'network/internal-address',
    'network/read-asked',
  ],
};

/** Branches that a package's fuzz test alone reaches, in percent, by source. */
async function measure(folder: string): Promise<ReadonlyMap<string, number>> {
  const reports = mkdtempSync(join(tmpdir(), 'baton-coverage-'));
  onTestFinished(() => rm(reports, { recursive: true, force: true }));
  const options = ['--coverage.enabled', '--coverage.reporter=json-summary', `--coverage.reportsDirectory=${reports}`];
  const sources = (parsers[folder] ?? []).map((name) => `--coverage.include=${folder}/src/${name}.ts`);
  const { exitCode, output } = await runProcess(
    join(root, 'node_modules/.bin/vitest'),
    // Counting branches takes several times as long as the tests by themselves, on a machine that does much else.
    ['run', `${folder}/test/fuzz.test.ts`, '--testTimeout=300000', ...options, ...sources],
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
