using System.Net;
using System.Net.Sockets;

namespace IotOps.Emulator.Tests.Mqtt;

/// <summary>Bytes to a broker and packets back; it knows where packets end and nothing else of MQTT.</summary>
internal sealed class RawClient(Stream stream) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<RawClient> OpenAsync(AwsEmulator emulator)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, emulator.Mqtt.Port);
        return new RawClient(new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>Connected with MQTT 3.1.1.</summary>
    public static async Task<RawClient> Connect311Async(AwsEmulator emulator, string clientId, bool clean = true, int keepAlive = 0, bool present = false)
    {
        RawClient client = await OpenAsync(emulator);
        await client.SendAsync(Wire.Connect311(clientId, clean, keepAlive));
        await client.ExpectAsync(present ? "20 02 01 00" : "20 02 00 00");
        return client;
    }

    /// <summary>Connected with MQTT 5; the CONNACK is returned.</summary>
    public static async Task<(RawClient Client, byte[] ConnAck)> Connect5Async(
        AwsEmulator emulator, string clientId, bool clean = true, int keepAlive = 0, string properties = "")
    {
        RawClient client = await OpenAsync(emulator);
        await client.SendAsync(Wire.Connect5(clientId, clean, keepAlive, properties));
        byte[] answer = (await client.ReadAsync()).ShouldNotBeNull();
        answer[0].ShouldBe((byte)0x20);
        return (client, answer);
    }

    public async Task SendAsync(byte[] bytes) => await stream.WriteAsync(bytes);

    public Task SendAsync(string notation) => SendAsync(Wire.Bytes(notation));

    /// <summary>The next packet; null when the connection ended.</summary>
    public async Task<byte[]?> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            var packet = new List<byte>();
            int length = 0;
            byte[] one = new byte[1];
            for (int shift = -7; ; shift += 7)
            {
                if (await stream.ReadAsync(one, patience.Token) == 0)
                {
                    return null;
                }

                packet.Add(one[0]);
                length |= shift < 0 ? 0 : (one[0] & 0x7F) << shift;
                if (shift >= 0 && one[0] < 0x80)
                {
                    break;
                }
            }

            byte[] body = new byte[length];
            await stream.ReadExactlyAsync(body, patience.Token);
            return [.. packet, .. body];
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async Task ExpectAsync(params byte[] packet) =>
        Convert.ToHexString((await ReadAsync()).ShouldNotBeNull("the connection ended")).ShouldBe(Convert.ToHexString(packet));

    public Task ExpectAsync(string notation) => ExpectAsync(Wire.Bytes(notation));

    public async Task ExpectEndAsync() => (await ReadAsync()).ShouldBeNull();

    /// <summary>What was sent before has been dealt with, and nothing came of it that is not read yet.</summary>
    public async Task PingAsync()
    {
        await SendAsync("C0 00");
        await ExpectAsync("D0 00");
    }

    public void Dispose() => stream.Dispose();
}
