/** Where commands of a test may go: nowhere but their checkout. */
export const confinement = { readable: [], network: [], maxMemoryBytes: null, maxProcesses: null };
