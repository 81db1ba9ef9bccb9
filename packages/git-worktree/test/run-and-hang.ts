// Has the helper run a git that doesn't end, and waits to be killed. Its arguments: what marks that git, and a host that never answers.
import { createSystemRuntime } from '@baton/adapter-kit';
import { createGitHelper } from '../src/git/git-helper.js';

const [marker = '', address = ''] = process.argv.slice(2);
const env = { PATH: process.env['PATH'] ?? '', BATON_GIT: marker };
const argv = ['ls-remote', address];
const helper = createGitHelper(createSystemRuntime().clock);
const plain = { directory: '/', input: null, encoding: 'utf8', maxBytes: 2 ** 20, isUrgent: true } as const;
await helper.run({ argv, env, marker, ...plain });
