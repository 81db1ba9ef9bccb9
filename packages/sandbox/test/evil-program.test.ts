import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  confined,
  countProcesses,
  createScene,
  run,
  type Scene,
  sandbox,
  shell,
  startDaemon,
  unconfined,
} from './scene.js';

const canary = 'CANARY-5b1e77aa';
let scene: Scene;
beforeEach(async () => {
  scene = await createScene();
});
afterEach(() => scene.dispose());

/** Tries a list of attacks, each a line of shell; names those that succeeded. */
async function succeeded(attacks: Readonly<Record<string, string>>, ...args: string[]): Promise<string[]> {
  const script = Object.entries(attacks)
    .map(([name, attack]) => `( ${attack} ) >/dev/null 2>&1 && echo "GOT ${name}"`)
    .join('\n');
  const result = await run(sandbox, scene.policy(), {
    argv: shell(`${script}\necho FINISHED`, ...args),
    timeoutMs: 25_000,
  });
  expect(result.stdout, result.stderr).toContain('FINISHED');
  return result.stdout.split('\n').filter((line) => line.startsWith('GOT '));
}

/** Past programs that look at who runs them. Perl wants variables where the kernel might write. */
function perlSyscall(x64: number, arm64: number, args: string): string {
  const number = process.arch === 'arm64' ? arm64 : x64;
  return `perl -e 'my @a = (${args}); exit(syscall(${number}, @a) < 0)'`;
}

describe.skipIf(unconfined !== null)(confined('an evil program (the sandbox is there, but open)'), () => {
  it('gets no right back', async () => {
    const attacks = {
      'remount of /usr': 'mount -o remount,rw,bind /usr',
      'mount of a fresh proc': 'mount -t proc proc /tmp',
      'mount of a tmpfs': 'mount -t tmpfs tmpfs /tmp',
      'unmount of what covers /proc/sys': 'umount /proc/sys || umount -l /proc/sys',
      'mount by the system call itself': perlSyscall(165, 40, '"tmpfs", "/tmp", "tmpfs", 0, 0'),
      'remount by the system call itself': perlSyscall(165, 40, '"none", "/usr", "none", 4128, 0'),
      'unmount by the system call itself': perlSyscall(166, 39, '"/proc/sys", 2'),
      'user namespace': 'unshare -U true',
      'user namespace with mounts': 'unshare -Urm true',
      'namespaces of process 1': 'nsenter -t 1 -m -p true',
      'device node': 'mknod /tmp/disk b 8 0 || mknod "$PWD/disk" b 254 0',
      'setuid program of its own': 'cp /usr/bin/id id && chmod u+s id && ./id -u | grep -qx 0',
      'another user': 'su nobody -s /bin/true || setpriv --reuid=0 true',
      chroot: 'chroot / true',
      'host name': 'hostname evil',
      clock: 'date -s @0',
      'virtual socket to the hypervisor': `perl -MSocket -e 'exit !socket(my $s, 40, SOCK_STREAM, 0)'`,
      'raw packets': `perl -MSocket -e 'exit !socket(my $s, 17, SOCK_RAW, 768)'`,
      'kernel keyring': perlSyscall(250, 219, '0, -3, 1'),
      io_uring: perlSyscall(425, 425, '1, "0" x 120'),
      'more than no capability': `grep -E '^Cap(Inh|Prm|Eff|Bnd|Amb)' /proc/self/status | grep -qv '0000000000000000'`,
      'new privileges': `grep -qx 'NoNewPrivs:[[:space:]]*0' /proc/self/status`,
      'no filter on system calls': `grep -qx 'Seccomp:[[:space:]]*0' /proc/self/status`,
    };
    expect(await succeeded(attacks)).toEqual([]);
  });

  it('writes nothing outside the listed directories', async () => {
    await writeFile(join(scene.outside, 'file'), 'as it was');
    const files = [
      '/evil',
      '/usr/evil',
      '/usr/bin/evil',
      '/etc/evil',
      '/etc/passwd',
      '/etc/ssl/certs/evil',
      '/home/evil',
      '/run/evil',
    ];
    const kernel = [
      'sys/kernel/core_pattern',
      'sys/kernel/modprobe',
      'sys/vm/drop_caches',
      'sys/kernel/hostname',
      'sysrq-trigger',
      'irq/default_smp_affinity',
      'mtrr',
      'acpi/wakeup',
    ];
    const attacks = {
      ...Object.fromEntries(files.map((path) => [`write ${path}`, `echo evil > ${path}`])),
      ...Object.fromEntries(kernel.map((path) => [`open /proc/${path}`, `exec 7>>/proc/${path}`])),
      'write the sandbox program': 'exec 7<>/proc/1/exe',
      'write beside the root': 'echo evil > "$1/file" || echo evil > "$1/new"',
      'write by a path of another process': 'echo evil > "/proc/1/root$1/file" || echo evil > "/proc/1/cwd/$1/file"',
      'link a file of the host': 'ln "$1/file" linked || ln /etc/passwd linked',
      'control groups': 'ls /sys/fs/cgroup || mount -t cgroup cgroup /tmp -o memory',
    };
    expect(await succeeded(attacks, scene.outside)).toEqual([]);
    expect(await readFile(join(scene.outside, 'file'), 'utf8')).toBe('as it was');
    expect(await readdir(scene.outside)).toEqual(['file']);
  });

  it('finds no secret in environment, /proc, home, files or sockets (G28)', async () => {
    const home = await mkdtemp(join(homedir(), '.baton-canary-'));
    await Promise.all([writeFile(join(home, 'token'), canary), writeFile(join(scene.outside, 'token'), canary)]);
    const holder = spawn('/bin/sleep', ['60'], { env: { TOKEN: canary }, stdio: 'ignore' });
    try {
      await once(holder, 'spawn');
      // The word comes in two halves: the script itself must not be what is found.
      const attacks = {
        environment: `env | grep -q "$1$2"`,
        'environment of any process': `cat /proc/[0-9]*/environ /proc/[0-9]*/task/*/environ | grep -aq "$1$2"`,
        'a file anywhere': `grep -rIsq --exclude-dir=proc --exclude-dir=sys --exclude-dir=usr "$1$2" /`,
        'a file through another process': `grep -rsq "$1$2" /proc/1/root/tmp /proc/1/root/root /proc/1/root/home /proc/1/cwd`,
        'an open file of process 1': `ls -l /proc/1/fd | grep -E ' -> /' | grep -v /dev/null`,
        'users of the host': `grep -v -e ^root: -e ^baton: -e ^nobody: /etc/passwd`,
        'a password file': 'cat /etc/shadow || cat /etc/gshadow',
        'private keys of the host': 'ls /etc/ssl/private || ls /etc/ssh',
        'sockets of the host': `find / -xdev -type s | grep . || ls /run/* || ls /var/run/*`,
        disks: 'ls /dev | grep -E "^(sd|vd|nvme|loop|kmsg|mem|kvm|vsock)"',
      };
      expect(await succeeded(attacks, canary.slice(0, 6), canary.slice(6))).toEqual([]);
    } finally {
      holder.kill('SIGKILL');
      await rm(home, { recursive: true });
    }
  });

  it('reaches nobody when no host is named', async () => {
    const server = createServer((_request, response) => response.end('reached'));
    server.listen(0);
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const attacks = {
        'port of the host': `bash -c 'exec 3<>/dev/tcp/127.0.0.1/'$1`,
        'cloud metadata': `timeout 2 bash -c 'exec 3<>/dev/tcp/169.254.169.254/80'`,
        'any address': `timeout 2 bash -c 'exec 3<>/dev/tcp/1.1.1.1/443'`,
        'a name': 'timeout 3 getent hosts example.com',
        'an interface beside the loopback': 'tail -n +3 /proc/net/dev | grep -v " lo:"',
        'abstract sockets of the host': `tail -n +2 /proc/net/unix | grep @`,
      };
      expect(await succeeded(attacks, String(port))).toEqual([]);
    } finally {
      server.close();
    }
  });

  it('harms no process but its own', async () => {
    const host = spawn('/bin/sleep', ['60'], { stdio: 'ignore' });
    try {
      await once(host, 'spawn');
      const script = 'kill -9 "$1"; kill -9 -"$1"; kill -9 -1';
      await run(sandbox, scene.policy(), { argv: shell(script, String(host.pid)), timeoutMs: 5000 });
      expect([host.exitCode, host.signalCode]).toEqual([null, null]);
      expect(await countProcesses('/bin/sleep')).toBeGreaterThan(0);
    } finally {
      host.kill('SIGKILL');
    }
  });

  it('forks no further than its limit, and all of it ends', async (context) => {
    if ((await sandbox.measure()).memory === 'open') context.skip('needs control groups');
    const word = `bomb-${process.pid}`;
    const policy = scene.policy({ maxProcesses: 30 });
    const bomb = 'i=0; while [ $i -lt 200 ]; do sleep 30 & i=$((i + 1)); done; echo all forked';
    const result = await run(sandbox, policy, { argv: shell(bomb, word), timeoutMs: 10_000 });
    expect(result.stdout).not.toContain('all forked');
    expect(await countProcesses(word)).toBe(0);
  });

  it('is handed no file that the daemon was started with', async () => {
    await writeFile(join(scene.outside, 'log'), canary);
    const script = `
      const sandbox = createBubblewrapSandbox({ mode: 'required' });
      const running = await sandbox.spawn({ argv: ['ls', '/proc/self/fd'] }, ${JSON.stringify(scene.policy())});
      for await (const chunk of running.stdout) process.stdout.write(chunk);
      await running[Symbol.asyncDispose]();
    `;
    // What `exec 20<file` in the shell that starts the daemon does.
    const daemon = spawnWithOpenFile(script, join(scene.outside, 'log'));
    let said = '';
    daemon.stdout?.on('data', (chunk) => {
      said += String(chunk);
    });
    expect(await once(daemon, 'exit')).toEqual([0, null]);
    expect(said.trim().split(/\s+/)).toEqual(['0', '1', '2', '3']);
  });

  it('cannot have a symlink of its own mounted as a listed path', async () => {
    await writeFile(join(scene.outside, 'token'), canary);
    const listed = join(scene.root, 'listed');
    await run(sandbox, scene.policy(), { argv: shell('ln -s "$1" listed', join(scene.outside, 'token')) });
    const next = sandbox.spawn({ argv: ['cat', listed] }, scene.policy({ readable: [listed] }));
    await expect(next).rejects.toMatchObject({ code: 'COMMAND_FAILED', message: expect.stringContaining('symlink') });
  });

  it('cannot be given arguments of bubblewrap by an environment', async () => {
    const env = { HINT: 'x\0--bind\0/\0/' };
    await expect(sandbox.spawn({ argv: ['true'], env }, scene.policy())).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
    });
  });
});

function spawnWithOpenFile(script: string, path: string): ReturnType<typeof startDaemon> {
  const holes = Array.from({ length: 17 }, () => 'ignore' as const);
  return startDaemon(script, ['ignore', 'pipe', 'inherit', ...holes, openSync(path, 'r')]);
}
