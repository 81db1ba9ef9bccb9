import { connectAdapter, createSystemRuntime } from '@baton/adapter-kit';
import { type AdapterHost, type AdapterSettings, BatonError } from '@baton/core';
import { createFakeGitlab } from '@baton/fake-hosts';
import gitlab from '@baton/gitlab';
import { createMemoryHost } from '@baton/memory';
import { describe, expect, it } from 'vitest';

const repository = 'acme/web-shop';

const createHost = (secrets: Readonly<Record<string, string>>): AdapterHost =>
  createMemoryHost({ runtime: createSystemRuntime(), secrets });

async function settingOf(settings: AdapterSettings): Promise<string | null> {
  try {
    await connectAdapter(gitlab, 'forge', settings, createHost({ GITLAB_TOKEN: 'glpat-x' }));
    return null;
  } catch (error) {
    if (BatonError.is(error, 'CONFIG_INVALID')) return error.details.setting;
    throw error;
  }
}

describe('the adapter package', () => {
  it('connects without input or output, and both roles share what they know', async () => {
    await using fake = await createFakeGitlab();
    fake.project(repository).openIssue({ title: 'Cart', body: '', author: 'alice' });
    const settings = { repository, baseUrl: `${fake.origin}/`, tokenEnv: 'OUR_TOKEN' };
    const host = createHost({ OUR_TOKEN: fake.token });
    const source = await connectAdapter(gitlab, 'source', settings, host);
    const forge = await connectAdapter(gitlab, 'forge', settings, host);
    expect(fake.requests).toEqual([]);
    expect((await source.find('#1'))?.key).toBe(`${repository}#1`);
    await forge.findPullRequests({ head: 'main' });
    expect(fake.requests.filter(({ path }) => path.includes(encodeURIComponent(repository))).length).toBe(1);
    expect(await forge.remote()).toMatchObject({ username: 'oauth2', password: fake.token });
  });

  it('says which variable to set where there is no token', async () => {
    const settings = { repository, tokenEnv: 'OUR_TOKEN' };
    for (const secrets of [{}, { OUR_TOKEN: ' ' }, { GITLAB_TOKEN: 'glpat-x' }]) {
      await expect(connectAdapter(gitlab, 'forge', settings, createHost(secrets))).rejects.toMatchObject({
        ...{ code: 'CONFIG_INVALID', fix: 'set OUR_TOKEN' },
      });
    }
  });

  it('gives no token of GitLab to a remote elsewhere', async () => {
    await using fake = await createFakeGitlab();
    const settings = { repository, baseUrl: fake.origin, remote: 'ssh://git@git.example.com/acme/web-shop.git' };
    const forge = await connectAdapter(gitlab, 'forge', settings, createHost({ GITLAB_TOKEN: fake.token }));
    expect(await forge.remote()).toEqual({ url: settings.remote });
  });

  it('refuses wrong settings by name', async () => {
    expect(await settingOf({ repository })).toBeNull();
    expect(
      await settingOf({ repository: 'group/sub-group/project.name', baseUrl: 'https://example.com/gitlab/' }),
    ).toBeNull();
    expect(await settingOf({})).toBe('repository');
    for (const wrong of ['project', '../../etc', 'a/b/..', 'a b/c', 'https://gitlab.com/a/b', '', 'a/b?x']) {
      expect(await settingOf({ repository: wrong }), wrong).toBe('repository');
    }
    for (const wrong of [
      'gitlab.com',
      'ftp://x.example',
      'https://me:secret@gitlab.com',
      'http://gitlab.example.com',
      'https://x.example/?a',
      'https://gitlab.example.com/api/v4',
    ]) {
      expect(await settingOf({ repository, baseUrl: wrong }), wrong).toBe('baseUrl');
    }
    for (const wrong of ['--upload-pack=x', 'ext::sh -c x', 'https://me:secret@x.example/a', 'a\nb']) {
      expect(await settingOf({ repository, remote: wrong }), wrong).toBe('remote');
    }
  });
});
