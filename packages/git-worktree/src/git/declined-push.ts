import { BatonError } from '@baton/core';

/** A rule that hosts have, by how they say that it turned a push away, and what lets one through. */
interface HostRule {
  readonly says: RegExp;
  readonly fix: string;
}

const branches = 'Baton pushes to `baton/…` alone';

/**
 * The words of GitHub's rulesets, protected branches and push protection, and of GitLab's push rules and protected
 * branches. In order: the first that fits is told.
 * https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets
 * https://docs.gitlab.com/user/project/repository/push_rules/
 */
const hostRules: readonly HostRule[] = [
  {
    says: /verified signature|not signed|must be signed|unsigned commit|signed with a GPG key|signed commits/i,
    fix: "Set workspace.signing, and give the key's public half to Baton's account as a signing key; or leave `baton/**` out of the rule.",
  },
  {
    says: /push protection|cannot contain secrets|secret.{0,40}(detected|found)/i,
    fix: 'Look at the place that the host names (baton show JOB --diff): have it taken out by baton steer; if it is no secret, allow it on the host and approve.',
  },
  {
    says: /GH001|large file|file size limit|exceeds? .{0,60}(limit|size)|larger than|too (large|big)/i,
    fix: 'Have the file taken out by baton steer, or raise the limit on the host and approve.',
  },
  {
    says: /commit message/i,
    fix: 'Let the rule pass messages of Baton, which begin with the title of the issue, or leave `baton/**` or its account out of it, and approve.',
  },
  {
    says: /branch name|ref name/i,
    fix: `Let the rule pass names such as baton/issue-12 (${branches}), and approve.`,
  },
  {
    says: /not a member|author|committer|e-?mail/i,
    fix: 'Set commit.author to a name and an address that the rule lets pass and restart Baton, or leave its account out of the rule, and approve.',
  },
  {
    says: /merge commit|linear history/i,
    fix: 'Leave `baton/**` out of the rule: it is for the branch that is merged into, where squash or rebase keep it. Then approve.',
  },
  {
    says: /merge queue|pull request|merge request/i,
    fix: 'Leave `baton/**` out of the rule: it is for the branch that is merged into, and what Baton pushes becomes a request. Then approve.',
  },
  {
    says: /GH006|protected branch|not allowed to (push|force|create)|restricted|creations?\b|prohibited/i,
    fix: `Let Baton's account create and update \`baton/**\` (${branches}), or leave these branches out of the rule, and approve.`,
  },
];

const otherwise = 'Look at the rules and hooks of the repository: let them pass what Baton pushes, and approve.';

/** That the other side turned a push away by a rule of its own: `reason` is git's own word of it, `said` all that it printed. */
export function declinedPush(
  failure: { readonly verb: string; readonly url: string | null },
  { reason, said, adapter }: { readonly reason: string; readonly said: readonly string[]; readonly adapter: string },
): BatonError<'PERMISSION_DENIED'> {
  const words = decidingWords(said);
  const rule = hostRules.find(({ says }) => says.test(`${words} ${reason}`));
  const where = failure.url === null ? '' : ` at ${failure.url}`;
  const told = words === '' ? reason : `${reason}: ${words}`;
  return new BatonError('PERMISSION_DENIED', `git ${failure.verb}${where} was refused: ${told}`, {
    details: { resource: failure.url ?? failure.verb, declined: told },
    adapter,
    fix: rule?.fix ?? otherwise,
  });
}

const longest = 500;
/** Around what GitHub says: headings, rulers, where to read more. */
const ornament =
  /^(?:[-—=*\s]*|Found \d+ violations?:?|[0-9a-f]{7,64}|\(\?\) .*|error: (?:Trace:|See ).*|Review all .*)$/i;

/** What decided, of all that the other side printed: without what stands around it, and not longer than people read. */
function decidingWords(lines: readonly string[]): string {
  const kept = lines
    .map((line) => line.replace(/[—─=_]{2,}/g, ' ').trim())
    .filter((line) => line !== '' && !ornament.test(line));
  const text = kept.join(' ');
  return (text.length <= longest ? text : `${text.slice(0, longest)}…`).toWellFormed();
}
