'use strict';

const isWindows = process.platform === 'win32';

// A module waits up to 3 s for the answers to what it has sent, and an agent kills a cancelled step after 10 s. A
// repeated SIGINT does no harm: a shell that is stopping takes no notice of it.
const steps = [[0, 'SIGINT'], [2000, 'SIGINT'], [4000, 'SIGINT'], [7000, 'SIGTERM'], [9000, 'SIGKILL'], [9500, 'close']];

// From the first line of the task on, the agent's signals ask for a cancel.
let isRequested = false;
let begin = () => {};
['SIGINT', 'SIGTERM', 'SIGBREAK'].forEach(name => process.on(name, () => {
    if (!isRequested) {
        isRequested = true;
        begin();
    }
}));

/**
 * Stops a shell when the step is cancelled, and does not rest until the shell has ended. The program that was
 * started may be only a launcher, as that of a .NET tool is: it starts the shell as its child, keeps SIGINT to itself,
 * and leaves the shell behind when it is killed. So the shell is stopped by its own id, which it reports once a stop
 * can no longer miss it, and ended with all of its process group.
 */
class Cancellation {
    #child;
    #shell = 0;
    #isHeld = false;

    constructor(child) {
        this.#child = child;
        let timers = [];
        begin = () => {
            timers = steps.map(([delay, name]) => setTimeout(() => this.#take(name), delay));
        };
        child.once('close', () => {
            timers.forEach(clearTimeout);
            begin = () => {};
        });
    }

    /** The shell runs its script now, under this process id. */
    begun(id) {
        this.#shell = Number.isSafeInteger(id) && id > 1 ? id : this.#child.pid;
        if (this.#isHeld) {
            // On Windows nothing repeats the agent's Ctrl+C. The shell has changed nothing yet, so that it can be ended.
            this.#take(isWindows ? 'SIGKILL' : 'SIGINT');
        }
    }

    #take(step) {
        if (step === 'SIGINT') {
            this.#interrupt();
        } else if (step === 'close') {
            // What the shell has started may outlive it and hold its streams open.
            this.#child.stdout.destroy();
            this.#child.stderr.destroy();
        } else {
            const group = isWindows ? this.#child.pid : -this.#child.pid;
            [group, this.#shell].filter(id => id).forEach(id => send(id, step));
        }
    }

    #interrupt() {
        // Before its script runs, a shell ignores an interrupt.
        this.#isHeld = this.#shell === 0;
        // On Windows the agent's Ctrl+C reaches every process of the console, and any signal from here would end them.
        if (!this.#isHeld && !isWindows) {
            send(this.#shell, 'SIGINT');
        }
    }
}

function send(id, name) {
    try {
        process.kill(id, name);
    } catch {
        // It has ended by itself.
    }
}

module.exports = { Cancellation, isCancelled: () => isRequested, isWindows };
