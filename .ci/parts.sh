# What the runs of continuous integration share; sourced by them, from the root of the repository.
export CI=true
exec </dev/null

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# The sandbox needs these three; where they cannot be had, its tests skip and say so.
missing=()
command -v bwrap >/dev/null || missing+=(bubblewrap)
command -v socat >/dev/null || missing+=(socat)
command -v rg >/dev/null || missing+=(ripgrep)
if ((${#missing[@]} > 0)); then
  echo "Installing ${missing[*]} …"
  if ! { DEBIAN_FRONTEND=noninteractive timeout 600 apt-get update &&
    DEBIAN_FRONTEND=noninteractive timeout 600 apt-get install -y --no-install-recommends "${missing[@]}"; } \
    >"$logs/apt" 2>&1; then
    tail -n 20 "$logs/apt"
    echo "apt-get could not install ${missing[*]}: going on, and the tests that need them will skip."
  fi
fi

passed=0 failed=0 skipped=0 status=0
red=() took=()

# Each test that failed, with the first line of why: of a long output only the end may be kept.
failures() {
  awk '
    /^ *FAIL / { sub(/^ *FAIL */, ""); names[++count] = $0; next }
    count { for (i = 1; i <= count; i++) print substr(names[i] ": " $0, 1, 500); count = 0 }'
}

# Runs one part, and adds up its closing line. A part that fails, or ends without that line, counts as a failure.
run_part() {
  local name=$1 limit=$2 began=$SECONDS
  shift 2
  echo "── $name"
  if [[ $(type -t "$1") == function ]]; then
    local wrapper=$1
    shift
    "$wrapper" timeout --kill-after=30 "$limit" "$@" 2>&1 | tee "$logs/part"
  else
    timeout --kill-after=30 "$limit" "$@" 2>&1 | tee "$logs/part"
  fi
  local code=${PIPESTATUS[0]}
  local line
  line=$(sed 's/\x1b\[[0-9;]*m//g' "$logs/part" | grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' | tail -n 1)
  local part_passed=0 part_failed=0 part_skipped=0
  if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
    part_passed=${BASH_REMATCH[1]} part_failed=${BASH_REMATCH[2]} part_skipped=${BASH_REMATCH[3]}
  elif ((code == 0)); then
    code=1
  fi
  if ((code != 0)); then
    echo "$name failed with exit code $code."
    ((part_failed > 0)) || part_failed=1
  fi
  if ((part_failed > 0)); then
    status=1
    local told=0
    while IFS= read -r line; do red+=("$name: $line") told=1; done < <(sed 's/\x1b\[[0-9;]*m//g' "$logs/part" | failures | sort -u)
    ((told)) || red+=("$name: exit code $code")
  fi
  took+=("$name: $(((SECONDS - began + 30) / 60)) min")
  passed=$((passed + part_passed)) failed=$((failed + part_failed)) skipped=$((skipped + part_skipped))
}

# A newcomer's machine lacks what was installed above: there the same tests must pass, and skip what needs it.
without_packages() {
  local layer=$logs/usr-bin
  mkdir -p "$layer/upper" "$layer/work" || return
  local name
  for name in bwrap socat rg; do mknod "$layer/upper/$name" c 0 0 || return; done
  unshare --mount -- sh -c '
    mount -t overlay -o "lowerdir=/usr/bin,upperdir=$1/upper,workdir=$1/work" overlay /usr/bin || exit 1
    shift
    for name in bwrap socat rg; do ! command -v "$name" >/dev/null || exit 1; done
    exec "$@"' sh "$layer" "$@"
}

# npm test, or with names of folders the tests of those, where the three are hidden.
run_part_without_packages() {
  local name="npm test without bubblewrap, socat and ripgrep$1"
  shift
  if without_packages true; then
    rm -rf "$logs/usr-bin"
    run_part "$name" 30m without_packages npm test "$@"
  else
    echo "This machine can't hide programs from a command: $name was not run."
  fi
}

# Says how long each part took and what was red, and ends with the sum. Last line: N passed, N failed, N skipped.
close_run() {
  printf '%s\n' "${took[@]}"
  if ((status != 0)); then printf 'red: %s\n' "${red[@]}"; fi
  echo "$passed passed, $failed failed, $skipped skipped"
  exit "$status"
}
