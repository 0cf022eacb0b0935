using System.Text;
using System.Text.Json.Nodes;
using IotOps.Emulator.Tests.Mqtt;

namespace IotOps.Emulator.Tests.Shadow;

/// <summary>A device of MQTT 3.1.1 that subscribes to all that the service says of one thing.</summary>
internal sealed class ShadowClient : IDisposable
{
    private readonly RawClient _client;
    private readonly string _thing;

    private ShadowClient(RawClient client, string thing)
    {
        _client = client;
        _thing = thing;
    }

    public static async Task<ShadowClient> ConnectAsync(AwsEmulator emulator, string thing, string clientId = "device")
    {
        RawClient client = await RawClient.Connect311Async(emulator, clientId);
        string[] filters = [$"$aws/things/{thing}/shadow/+/+", $"$aws/things/{thing}/shadow/name/+/+/+"];
        await client.SendAsync(Wire.Subscribe(v5: false, 0, filters));
        await client.ExpectAsync("90 04 00 01 00 00");
        return new ShadowClient(client, thing);
    }

    public Task SendAsync(string operation, string payload) => _client.SendAsync(Wire.Publish($"$aws/things/{_thing}/shadow/{operation}", payload));

    /// <summary>The next message of the service, which must be of this kind.</summary>
    public async Task<JsonNode> ExpectAsync(string kind)
    {
        byte[] packet = (await _client.ReadAsync()).ShouldNotBeNull("the connection ended");
        int start = packet.AsSpan(1).IndexOfAnyInRange((byte)0, (byte)0x7F) + 4;
        int length = (packet[start - 2] << 8) | packet[start - 1];
        Encoding.UTF8.GetString(packet, start, length).ShouldBe($"$aws/things/{_thing}/shadow/{kind}", Encoding.UTF8.GetString(packet, start + length, packet.Length - start - length));
        return JsonNode.Parse(packet.AsSpan(start + length))!;
    }

    /// <summary>Nothing has come that was not read.</summary>
    public Task ExpectNothingAsync() => _client.PingAsync();

    public void Dispose() => _client.Dispose();
}
