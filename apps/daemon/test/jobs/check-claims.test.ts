import { describe, expect, it } from 'vitest';
import { describeClaims } from '../../src/commands/check-claims.js';

const remote = { url: 'https://git.example/acme/web.git' };
const until = Date.UTC(2026, 10, 30, 12);
const claimOf = (owner: string, name: string) => ({ owner, until, ref: `refs/baton/claims/${name}` });
const place = { host: 'ada', isThere: (path: string) => path === '/srv/b' };

describe('claims of other daemons', () => {
  it('are told by their daemon, and those of one that lives are no warning', () => {
    const claims = [claimOf('ada:/srv/b', '1'), claimOf('bob:/gone', '2'), claimOf('ada:/srv/b', '3')];
    expect(describeClaims(claims, remote, place)).toEqual([
      expect.objectContaining({
        ok: true,
        detail: expect.stringMatching(/^ada:\/srv\/b has 2 issues of it, until 2026-/),
      }),
      // Of another machine nobody here knows what stands there.
      expect.objectContaining({ ok: true, detail: expect.stringMatching(/^bob:\/gone has 1 issue of it/) }),
    ]);
    expect(describeClaims([], remote, place)).toEqual([]);
  });

  it('whose state is gone from this machine are a warning with the way out, and are left to a person', () => {
    expect(describeClaims([claimOf('ada:/gone', '1'), claimOf('ada:/gone', '2')], remote, place)).toEqual([
      {
        check: 'claims',
        ok: false,
        detail:
          "ada:/gone has 2 issues of it, until 2026-11-30T12:00:00.000Z at the latest, and its state isn't on this machine",
        fix: 'if no other machine or container is called ada, that daemon is gone: delete its claims: git push https://git.example/acme/web.git :refs/baton/claims/1 :refs/baton/claims/2',
      },
    ]);
  });
});
