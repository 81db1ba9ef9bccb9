import { join } from 'node:path';
import { resolvePath } from '@baton/adapter-kit';
import type { AdapterHost, Forge, IssueSource, Runtime } from '@baton/core';
import { createLocalForge } from './forge/forge.js';
import { createPullFiles, pullDirectory } from './forge/pull-request.js';
import { createRemoteHeads } from './forge/remote-heads.js';
import { createCommentFiles } from './host/comments.js';
import { contentHash } from './host/content-hash.js';
import { createFolderLock } from './host/folder-lock.js';
import { createMarkdownFolder } from './host/markdown-folder.js';
import { readRemote } from './host/settings.js';
import { createIssueFiles } from './source/issue-files.js';
import { createLocalSource } from './source/issue-source.js';
import { createFirstSights } from './source/text-snapshots.js';

/** The first line of what Baton writes, and nothing after it: below stand the words of others. */
const closingLine = /^closes[^\S\n]+(\S+)[^\S\n]*(?:\n|$)/i;

/** What `createLocal` is made with. */
export interface LocalOptions {
  readonly runtime: Runtime;
  /** Where Baton remembers how issues stood when they were handed over. Absolute; outside the folder. */
  readonly stateDirectory: string;
  /** What relative paths are relative to. Absolute. */
  readonly configDirectory: string;
  /** The folder. Default `.baton/local`. */
  readonly path?: string;
  /** Any git URL or path. Default: the configuration directory, taken for a repository. */
  readonly remote?: string;
  /** Where git is (`PATH`), and the agent that holds SSH keys (`SSH_AUTH_SOCK`). Default: the usual directories, no agent. */
  readonly environment?: AdapterHost['environment'];
  /** Is told of files that are left out. Default: nobody is. */
  readonly log?: AdapterHost['log'];
  /** What texts of issues pass before they are kept. Default: nothing. */
  readonly mask?: AdapterHost['mask'];
}

/** The two roles of one folder. */
export interface Local {
  readonly source: IssueSource;
  readonly forge: Forge;
}

/** An issue source and a forge over a folder of Markdown. Does no input or output; throws `CONFIG_INVALID`. */
export function createLocal(options: LocalOptions): Local {
  const { runtime, stateDirectory, configDirectory, log = () => undefined, mask = (text) => text } = options;
  const root = resolvePath(options.path ?? '.baton/local', configDirectory);
  const remote = readRemote(options.remote ?? '.', configDirectory);
  const files = createMarkdownFolder(root, runtime, log);
  const issues = createIssueFiles(files, [configDirectory]);
  const comments = createCommentFiles(files, runtime);
  const state = join(stateDirectory, `local-${contentHash(root)}`);
  const sights = createFirstSights(join(state, 'first-sights'), runtime, mask);
  return {
    source: createLocalSource({ files, issues, comments, sights, mask }),
    forge: createLocalForge({
      remote,
      files,
      pulls: createPullFiles(files),
      comments,
      heads: createRemoteHeads(remote, { directory: state, environment: options.environment ?? (() => null) }),
      lock: createFolderLock(join(root, pullDirectory), runtime),
      async closeIssue(body) {
        const reference = closingLine.exec(body)?.[1];
        const number = reference === undefined ? null : issues.numberOf(reference);
        const issue = number === null ? null : await issues.get(number);
        if (issue?.open) await files.change(issue.path, () => ({ fields: { state: 'closed' } }));
      },
    }),
  };
}
