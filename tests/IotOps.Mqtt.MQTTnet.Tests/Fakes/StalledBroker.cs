using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IotOps.Mqtt.Tests.Fakes;

/// <summary>A broker that accepts one client of MQTT 3.1.1 and reads nothing of it until it is asked to, so that the client's writes stall.</summary>
internal sealed class StalledBroker : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private NetworkStream? _stream;

    public StalledBroker()
    {
        _listener.Server.ReceiveBufferSize = 4096;
        _listener.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async Task AcceptAsync()
    {
        _stream = new NetworkStream(await _listener.AcceptSocketAsync(), ownsSocket: true);
        await ReadAsync();
        await _stream.WriteAsync(new byte[] { 0x20, 2, 0, 0 });
    }

    /// <summary>Waits until the client's next packet has begun to arrive, and leaves it where it is.</summary>
    public async Task SeeAsync() => await _stream!.Socket.ReceiveAsync(new byte[1], SocketFlags.Peek);

    /// <summary>The next packet, a PUBLISH of QoS 1, which is acknowledged: its topic, its payload's length, and whether all its bytes are the same.</summary>
    public async Task<(string Topic, int PayloadBytes, bool IsUniform)> ReadPublishAsync()
    {
        (byte header, byte[] body) = await ReadAsync();
        header.ShouldBe((byte)0x32);
        int topic = (body[0] << 8) | body[1];
        await _stream!.WriteAsync(new byte[] { 0x40, 2, body[topic + 2], body[topic + 3] });
        ReadOnlySpan<byte> payload = body.AsSpan(topic + 4);
        return (Encoding.UTF8.GetString(body, 2, topic), payload.Length, !payload.ContainsAnyExcept(payload[0]));
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _listener.Dispose();
    }

    private async Task<(byte Header, byte[] Body)> ReadAsync()
    {
        byte[] one = new byte[1];
        await _stream!.ReadExactlyAsync(one);
        byte header = one[0];
        int length = 0;
        for (int shift = 0; ; shift += 7)
        {
            await _stream.ReadExactlyAsync(one);
            length |= (one[0] & 0x7F) << shift;
            if (one[0] < 0x80)
            {
                break;
            }
        }

        byte[] body = new byte[length];
        await _stream.ReadExactlyAsync(body);
        return (header, body);
    }
}
