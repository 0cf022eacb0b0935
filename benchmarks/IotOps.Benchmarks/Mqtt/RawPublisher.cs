using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace IotOps.Benchmarks.Mqtt;

/// <summary>The least a publisher can do: packets made beforehand, written to a socket, acknowledgements counted. MQTT 5.</summary>
internal sealed class RawPublisher : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[4096];

    public async Task ConnectAsync(int port, string clientId)
    {
        await _socket.ConnectAsync(IPAddress.Loopback, port);
        byte[] id = System.Text.Encoding.UTF8.GetBytes(clientId);
        await _socket.SendAsync((byte[])[0x10, (byte)(13 + id.Length), 0, 4, .. "MQTT"u8, 5, 2, 0, 60, 0, 0, (byte)id.Length, .. id]);
        await _socket.ReceiveAsync(_received);
    }

    public async Task QoS0Async(int count, string topic, byte[] payload)
    {
        byte[] packet = Packet(topic, payload, qos: 0, out _);
        for (int i = 0; i < count; i++)
        {
            await _socket.SendAsync(packet);
        }

        // The broker answers when it has taken all of them.
        await _socket.SendAsync((byte[])[0xC0, 0]);
        await _socket.ReceiveAsync(_received);
    }

    /// <summary>Keeps a window full. What the acknowledgements of one read make room for goes out in one write.</summary>
    public async Task QoS1Async(int count, int window, string topic, byte[] payload)
    {
        byte[] packet = Packet(topic, payload, qos: 1, out int idAt);
        byte[] batch = new byte[packet.Length * window];
        int sent = 0, acknowledged = 0, partial = 0;
        ushort id = 0;
        while (acknowledged < count)
        {
            int length = 0;
            for (; sent < count && sent - acknowledged < window; sent++)
            {
                id = (ushort)(id == 65_535 ? 1 : id + 1);
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(idAt), id);
                packet.CopyTo(batch, length);
                length += packet.Length;
            }

            if (length > 0)
            {
                await _socket.SendAsync(batch.AsMemory(0, length));
            }

            // mosquitto says 0x10 when nobody subscribes, one byte more.
            int read = partial + await _socket.ReceiveAsync(_received.AsMemory(partial));
            int at = 0;
            while (read - at >= 2 && read - at >= 2 + _received[at + 1])
            {
                at += 2 + _received[at + 1];
                acknowledged++;
            }

            partial = read - at;
            _received.AsSpan(at, partial).CopyTo(_received);
        }
    }

    public void Dispose() => _socket.Dispose();

    private static byte[] Packet(string topic, byte[] payload, int qos, out int idAt)
    {
        byte[] name = System.Text.Encoding.UTF8.GetBytes(topic);
        idAt = 5 + name.Length;
        int body = 2 + name.Length + 2 * qos + 1 + payload.Length;
        return [(byte)(0x30 | (qos << 1)), (byte)(body | 0x80), (byte)(body >> 7), 0, (byte)name.Length, .. name, .. new byte[2 * qos], 0, .. payload];
    }
}
