using System.Net;
using System.Net.Sockets;
using IotOps.InteropTests.Peers;
using IotOps.Mqtt;

namespace IotOps.InteropTests.Mqtt;

/// <summary>MQTT over WebSocket, as browsers and SigV4 have it.</summary>
public sealed class WebSocketTests(InteropPeers peers) : MosquittoTest(peers)
{
    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task The_address_is_made_anew_for_every_connection(MqttProtocolVersion version)
    {
        int port = FreePort();
        await using Mosquitto broker = await Mosquitto.StartAsync(Peers, $"listener {port} 127.0.0.1\nprotocol websockets");
        List<Uri> asked = [];
        await using MqttConnection client = await ConnectAsync(Options(broker.Port, version) with
        {
            WebSocketUri = _ =>
            {
                asked.Add(new Uri($"ws://127.0.0.1:{port}/mqtt?signature={asked.Count}"));
                return new ValueTask<Uri>(asked[^1]);
            },
        });
        await using IMqttSubscription subscription = await client.SubscribeAsync(["n"]);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => client.PublishAsync("n", Number(i)).AsTask())).WaitAsync(Patience, TimeProvider.System);
        (await ReadNumbersAsync(subscription, 100)).ShouldBe(Enumerable.Range(0, 100));
        await broker.KillAsync();
        await StateAsync(client, s => s.Status != MqttConnectionStatus.Connected);
        await broker.StartAsync();
        await client.PublishAsync("n", Number(7)).AsTask().WaitAsync(Patience, TimeProvider.System);

        (await ReadNumbersAsync(subscription, 1)).ShouldBe([7]);
        asked.Count.ShouldBeGreaterThanOrEqualTo(2);
        asked.ShouldBeUnique();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
