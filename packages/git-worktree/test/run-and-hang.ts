// Has the helper run a git that doesn't end, and waits to be killed. Its arguments: what marks that git, and a host that never answers.
import { createSystemRuntime } from '@baton/adapter-kit';
import { createGitHelper } from '../src/git-helper.js';

const [marker = '', address = ''] = process.argv.slice(2);
const env = { PATH: process.env['PATH'] ?? '', BATON_GIT: marker };
const argv = ['ls-remote', address];
const helper = createGitHelper(createSystemRuntime().clock);
await helper.run({ argv, env, directory: '/', input: null, marker, isUrgent: true });
