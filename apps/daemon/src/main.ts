import { leaveEnvironmentOut } from './environment/leave-environment-out.js';

// Commands under which jobs are worked. Before anything else is loaded: a process that goes on anew loads it again.
if (process.argv.some((word) => word === 'start' || word === 'run')) leaveEnvironmentOut();

const { runProcess } = await import('./cli/run-process.js');
await runProcess();
