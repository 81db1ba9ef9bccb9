import { expect, it } from 'vitest';
import { mapGroupParents } from '../src/confine/control-groups.js';

it('finds where groups can be made beside a systemd service', () => {
  const mountInfo = '30 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate';
  expect(mapGroupParents(mountInfo, '0::/system.slice/baton.service/main\n')).toEqual([
    { version: 2, controllers: ['memory', 'pids'], directory: '/sys/fs/cgroup/system.slice/baton.service' },
    { version: 2, controllers: ['memory', 'pids'], directory: '/sys/fs/cgroup/system.slice/baton.service/main' },
  ]);
});

it('finds them in the two hierarchies of version 1', () => {
  const mountInfo = [
    '31 25 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
    '32 25 0:28 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids',
    '33 25 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct',
    '24 1 0:22 / /proc rw - proc proc rw',
  ].join('\n');
  expect(mapGroupParents(mountInfo, '8:pids:/\n4:memory:/user/1\n1:cpu,cpuacct:/\n0::/\n')).toEqual([
    { version: 1, controllers: ['memory'], directory: '/sys/fs/cgroup/memory/user/1' },
    { version: 1, controllers: ['memory'], directory: '/sys/fs/cgroup/memory' },
    { version: 1, controllers: ['pids'], directory: '/sys/fs/cgroup/pids' },
  ]);
});

it('finds them under a container that sees a part of the hierarchy only', () => {
  const mountInfo = '31 25 0:27 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory';
  expect(mapGroupParents(mountInfo, '4:memory:/docker/abc/inner\n').map(({ directory }) => directory)).toEqual([
    '/sys/fs/cgroup/memory/inner',
    '/sys/fs/cgroup/memory',
  ]);
});
