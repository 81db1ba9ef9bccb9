/** What the script is told, as JSON on its standard input: its command line is itself something to be found. */
export interface ProbeTargets {
  /** On the host, outside every listed path. */
  readonly canaryFile: string;
  readonly canary: string;
  readonly outsideFile: string;
  /** Directories of the host that must not show. */
  readonly hidden: readonly string[];
  readonly port: number;
  readonly socketPath: string;
  /** In a directory that is listed as readable. */
  readonly listedSocketPath: string;
  readonly abstractName: string;
  /** A process of the host, and a word of its command line. */
  readonly pid: number;
  readonly word: string;
  /** A word for the command line of a process that tries to outlive the command. */
  readonly survivor: string;
  /** Only what does no harm where nothing is confined. */
  readonly control: boolean;
}

/** Whether an attempt got through. Missing: it could not be made. */
export type ProbeAnswers = Readonly<Record<string, boolean | undefined>>;

/** Runs in Node inside the sandbox, as CommonJS. Every attempt that throws was held. */
export const probeScript = String.raw`
const fs = require('fs'), net = require('net'), { spawn, spawnSync } = require('child_process');
const t = JSON.parse(fs.readFileSync(0, 'utf8'));
const answers = {};
const attempt = (name, get) => { try { answers[name] = get(); } catch { answers[name] = false; } };
const opens = (path) => { try { fs.closeSync(fs.openSync(path, fs.constants.O_WRONLY)); return true; } catch { return false; } };
// The directories that lead to what is mounted are there, and empty beside it.
const isOnTheWay = (path) => [process.execPath, process.cwd()].some((each) => (each + '/').startsWith(path + '/'));
const processes = () => fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
const text = (path) => { try { return fs.readFileSync(path, 'latin1'); } catch { return ''; } };
const shows = (word) => processes().some((pid) => text('/proc/' + pid + '/cmdline').includes(word));
const reaches = (name, options) => new Promise((resolve) => {
  const socket = net.connect(options);
  const end = (through) => { answers[name] = through; socket.destroy(); resolve(); };
  socket.setTimeout(5000, () => end(false)).once('connect', () => end(true)).once('error', () => end(false));
});
(async () => {
  attempt('read a file outside', () => fs.readFileSync(t.canaryFile, 'utf8') === t.canary);
  attempt('see a process of the host', () => shows(t.word));
  await reaches('reach a port of the host', { host: '127.0.0.1', port: t.port });
  await reaches('reach a socket of the host', { path: t.socketPath });
  await reaches('reach a socket in a listed directory', { path: t.listedSocketPath });
  await reaches('reach an abstract socket of the host', { path: '\0' + t.abstractName });
  if (!t.control) {
    attempt('write a file outside', () => { fs.writeFileSync(t.outsideFile, 'x'); return true; });
    attempt('write to /usr', () => { const path = '/usr/.' + t.survivor; fs.writeFileSync(path, '', { flag: 'wx' }); fs.unlinkSync(path); return true; });
    attempt('list directories of the host', () => t.hidden.some((path) => { try { return fs.readdirSync(path).some((name) => !isOnTheWay(path + '/' + name)); } catch { return false; } }));
    attempt('read the environment of another process', () => {
      const own = new Set([...Object.keys(process.env), 'BATON_TREE', 'PWD', 'OLDPWD', 'SHLVL', '_']);
      return processes().some((pid) => text('/proc/' + pid + '/environ').split('\0').some((line) => line !== '' && !own.has(line.split('=')[0])));
    });
    attempt('write to the kernel under /proc', () => ['sys/kernel/core_pattern', 'sys/kernel/modprobe', 'sys/vm/drop_caches', 'sysrq-trigger', 'irq/default_smp_affinity'].some((path) => opens('/proc/' + path)));
    attempt('write to the program of process 1', () => opens('/proc/1/exe'));
    attempt('remount /usr', () => {
      const capabilities = /^CapEff:\s*0+$/m.test(text('/proc/self/status')) && /^CapBnd:\s*0+$/m.test(text('/proc/self/status'));
      return !capabilities || spawnSync('mount', ['-o', 'remount,rw,bind', '/usr']).status === 0;
    });
    attempt('inherit an open file', () => {
      const { status, stdout } = spawnSync('/bin/ls', ['/proc/self/fd']);
      return status === 0 ? stdout.toString().split('\n').some((name) => Number(name) > 3) : undefined;
    });
    // It says itself that it runs: while a program is being replaced by exec, /proc shows no command line of it.
    const begun = await new Promise((resolve) => {
      const script = '(setsid /bin/sh -c "trap : TERM HUP INT; echo begun; while :; do sleep 1; done" "$1" </dev/null 2>/dev/null &)';
      const shell = spawn('/bin/sh', ['-c', script, 'sh', t.survivor], { stdio: ['ignore', 'pipe', 'ignore'] });
      shell.once('error', () => resolve(false)).stdout.once('data', () => resolve(true)).once('end', () => resolve(false));
      setTimeout(() => resolve(false), 10_000);
    });
    if (begun) answers['begin what might outlive it'] = true;
    try { process.kill(t.pid, 'SIGKILL'); } catch {}
  }
  fs.writeSync(1, JSON.stringify(answers));
  process.exit(0);
})();
`;
