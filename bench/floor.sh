#!/bin/sh
# The floor of relay-throughput: the same git and check work as Baton's, by nothing but a shell.
#   floor.sh REMOTE DIRECTORY ISSUES SLOTS SAME
# SAME=1: a checkout for the agent and a fetch for each issue, and another checkout in which the check runs, as
# Baton does it. SAME=0: one checkout, one fetch in all.
set -eu
remote=$1 directory=$2 issues=$3 slots=$4 same=$5
vault=$directory/vault.git
export remote directory vault same

git init --quiet --bare "$vault"
git --git-dir="$vault" fetch --quiet "$remote" refs/heads/main:refs/heads/main
base=$(git --git-dir="$vault" rev-parse refs/heads/main)
export base

# git 2.39 races where worktrees are registered in parallel: one at a time. The checkouts then go on side by side.
cat > "$directory/issue.sh" <<'ISSUE'
set -eu
checkout() {
  flock "$vault.lock" git --git-dir="$vault" worktree add --quiet --detach --no-checkout "$1" "$base"
  git -C "$1" reset --quiet --hard "$base"
}
remove() {
  flock "$vault.lock" git --git-dir="$vault" worktree remove --force "$1"
}
work=$directory/work-$1
# A fetch looks at every worktree, and fails over one that is half registered.
[ "$same" = 0 ] || flock "$vault.lock" git --git-dir="$vault" fetch --quiet "$remote" refs/heads/main
checkout "$work"
(cd "$work" && sh -c "$EDIT")
git -C "$work" add --all
if [ "$same" = 0 ]; then
  (cd "$work" && sh -c "$CHECK")
else
  tree=$(git -C "$work" write-tree)
  checkout "$directory/verify-$1"
  git -C "$directory/verify-$1" read-tree --reset -u "$tree"
  (cd "$directory/verify-$1" && sh -c "$CHECK")
  remove "$directory/verify-$1"
fi
git -C "$work" commit --quiet -m "Issue $1"
git -C "$work" push --quiet "$remote" "HEAD:refs/heads/floor/issue-$1"
remove "$work"
ISSUE

# The check on the untouched base, once.
git --git-dir="$vault" worktree add --quiet --detach "$directory/base" "$base"
(cd "$directory/base" && sh -c "$CHECK")
seq "$issues" | xargs -P "$slots" -I '{}' sh "$directory/issue.sh" '{}'
