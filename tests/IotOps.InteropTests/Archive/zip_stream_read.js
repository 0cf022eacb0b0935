// Reads a zip from a pipe with unzipper's Parse and prints a line for each file: its name, a tab, its length and the SHA-256 of its bytes.
'use strict';
const crypto = require('crypto');
const unzipper = require('unzipper');

async function main() {
    for await (const entry of process.stdin.pipe(unzipper.Parse({ forceStream: true }))) {
        const digest = crypto.createHash('sha256');
        let length = 0;
        for await (const bytes of entry) {
            digest.update(bytes);
            length += bytes.length;
        }
        process.stdout.write(`${entry.path}\t${length} ${digest.digest('hex')}\n`);
    }
}

main().catch(error => { console.error(error); process.exit(1); });
