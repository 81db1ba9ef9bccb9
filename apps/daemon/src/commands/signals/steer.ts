import { signalCommand } from './send-signal.js';

/** `baton steer <job>`. */
export const steer = signalCommand('steer', 'told');
