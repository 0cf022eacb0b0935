#!/usr/bin/env bash
# MQTT.js 5.16.0: a client that ends in its message handler sends the PUBACK of that message behind its DISCONNECT.
#
# Expected: client.end() without force waits for what is in flight, by its documentation: the QoS 1 message whose handler has run is acknowledged
#           before the DISCONNECT, after which a client must not send any packet (MQTT 3.1.1, 3.14.4).
# Seen:     DISCONNECT first, then PUBACK. mosquitto 2.0 has closed the connection by then, and sends the message again, with DUP, to the next
#           connection of the session. When end is called behind the callback of handleMessage, PUBACK comes first.
# Matters:  a device or a test that takes one message and ends (a command to restart, say) takes it again at every start.
# Beside it: mqtt-connection 4.1.0 as the server's end, which prints what arrives.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund mqtt@5.16.0 mqtt-connection@4.1.0
cat >finding.js <<'JS'
'use strict';
const net = require('net');
const mqtt = require('mqtt');
const wire = require('mqtt-connection');

async function run(how, prepare) {
    const arrived = [];
    const server = net.createServer(socket => {
        const peer = wire(socket);
        peer.on('connect', () => peer.connack({ returnCode: 0 }));
        peer.on('subscribe', packet => {
            peer.suback({ granted: [1], messageId: packet.messageId });
            peer.publish({ topic: 'commands', payload: 'restart', qos: 1, messageId: 7 });
        });
        peer.on('puback', packet => arrived.push('PUBACK ' + packet.messageId));
        peer.on('disconnect', () => arrived.push('DISCONNECT'));
        peer.on('error', () => { });
    });
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    const client = mqtt.connect({ host: '127.0.0.1', port: server.address().port, reconnectPeriod: 0 });
    prepare(client);
    client.subscribe('commands', { qos: 1 });
    await new Promise(resolve => client.on('close', resolve));
    await new Promise(resolve => server.close(resolve));
    console.log(how + ': ' + arrived.join(', '));
}

(async () => {
    await run('in the handler', client => client.on('message', () => client.end()));
    await run('behind handleMessage', client => { client.handleMessage = (packet, done) => { done(); client.end(); }; });
})();
JS
output=$(timeout 60 node finding.js)
echo "$output"
[[ $output == 'in the handler: DISCONNECT, PUBACK 7
behind handleMessage: PUBACK 7, DISCONNECT' ]]
