// Connects with MQTT.js, subscribes to nothing, and prints the first message that comes as JSON.
'use strict';
const mqtt = require('mqtt');

const [port, clientId, version] = process.argv.slice(2);
const client = mqtt.connect({ host: '127.0.0.1', port: Number(port), clientId, protocolVersion: Number(version), reconnectPeriod: 0 });
client.on('error', error => { console.error(error); process.exit(1); });
client.on('message', (topic, payload, packet) => {
    const { contentType, userProperties } = packet.properties ?? {};
    process.stdout.write(JSON.stringify({ topic, payload: payload.toString(), qos: packet.qos, contentType, userProperties }) + '\n');
});

// Its default, which acknowledges; and then the end.
client.handleMessage = (packet, done) => { done(); client.end(); };
