using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using IotOps.Defender;
using IotOps.Emulator;
using IotOps.InteropTests.Mqtt;
using IotOps.InteropTests.Peers;
using IotOps.Mqtt;
using IotOps.Mqtt.Tests;
using IotOps.Shadow;
using IotOps.TestKit;

namespace IotOps.InteropTests.MqttNet;

/// <summary>
/// Shadows and Device Defender over a team's own MQTTnet client, cut between a PUBLISH and its PUBACK on mosquitto. The client forgets the
/// publication, so that what is above it has to send it again.
/// </summary>
public sealed class CutPublicationTests(InteropPeers peers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _thing = $"thing-{Guid.NewGuid():N}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_edit_reaches_the_cloud(bool theServiceHasIt)
    {
        int port = await peers.MosquittoAsync();
        await using AwsEmulator aws = await AwsEmulator.StartAsync();
        await using AttachedShadows service = await aws.Shadows.AttachAsync("127.0.0.1", port);
        await using var proxy = new FaultyProxy(port);
        await using var team = new TeamClient(proxy.Port, _thing);
        await using var connection = new MqttNetConnection(team.Client);
        await team.ConnectAsync();
        using var directory = new TempDirectory();
        await using var cache = new ShadowCache(new ShadowCacheOptions
        {
            Connection = connection,
            ThingName = _thing,
            StateDirectory = directory["shadow"],
            ReplyTimeout = TimeSpan.FromSeconds(1),
        });
        cache.Start();
        DeviceShadow shadow = cache[ShadowId.Classic];
        await shadow.Reported.SetAsync("n", 0);
        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);

        await CutAsync(proxy, theServiceHasIt, () => shadow.Reported.SetAsync("n", 1).AsTask(), () => Reported(aws)["n"]!.GetInt64() == 1);
        await shadow.Reported.SetAsync("m", 2);
        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        Reported(aws).ShouldBe(ShadowValue.Parse("""{"n":1,"m":2}"""));
        connection.State.Connections.ShouldBe(2);
        aws.Shadows.Update(_thing, """{"state":{"desired":{"d":1}}}""");
        await shadow.SyncAsync().WaitAsync(Patience, TimeProvider.System);
        shadow.Desired["d"].ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_report_is_accepted(bool theServiceHasIt)
    {
        int port = await peers.MosquittoAsync();
        var reports = Channel.CreateUnbounded<long>();
        var accepted = Channel.CreateUnbounded<long>();
        await using var service = new MqttConnection(new MqttConnectionOptions { Host = "127.0.0.1", Port = port, Tls = null, ClientId = _thing + "-service" });
        await service.ConnectAsync().WaitAsync(Patience, TimeProvider.System);
        await using IMqttSubscription published = await service.SubscribeAsync([$"$aws/things/{_thing}/defender/metrics/json"]);
        Task serving = AcceptAsync(service, published, reports.Writer);
        await using var proxy = new FaultyProxy(port);
        await using var team = new TeamClient(proxy.Port, _thing);
        await using var connection = new MqttNetConnection(team.Client);
        await team.ConnectAsync();
        await using (var publisher = new DefenderPublisher(new DefenderPublisherOptions
        {
            Connection = connection,
            ThingName = _thing,
            Interval = TimeSpan.FromSeconds(1),
            AllowShortInterval = true,
            Jitter = TimeSpan.Zero,
            Collect = static report =>
            {
                report.NetworkStats = new NetworkStats(1, 2, 3, 4);
                return null;
            },
            OnAccepted = id => accepted.Writer.TryWrite(id),
        }))
        {
            publisher.Start();
            long first = await NextAsync(accepted);
            (await NextAsync(reports)).ShouldBe(first);
            await CutAsync(proxy, theServiceHasIt, static () => Task.CompletedTask, () => reports.Reader.TryPeek(out _));

            // The report that was cut off, and not only the one after it.
            long cutOff = await NextAsync(reports);
            (await NextAsync(accepted)).ShouldBe(cutOff);
            (await NextAsync(accepted)).ShouldBeGreaterThan(cutOff);
            publisher.Statistics.Unanswered.ShouldBe(0);
        }

        connection.State.Connections.ShouldBe(2);
        await published.DisposeAsync();
        await serving.WaitAsync(Patience, TimeProvider.System);
    }

    // Loses what follows the PUBLISH, or it as well, and then the connection.
    private static async Task CutAsync(FaultyProxy proxy, bool theServiceHasIt, Func<Task> publish, Func<bool> arrived)
    {
        long sent = proxy.FromClient;
        proxy.LosesAnswers = theServiceHasIt;
        proxy.Swallows = !theServiceHasIt;
        await publish();
        using var end = new CancellationTokenSource(Patience, TimeProvider.System);
        while (theServiceHasIt ? !arrived() : proxy.FromClient == sent)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, end.Token);
        }

        proxy.LosesAnswers = false;
        proxy.Swallows = false;
        proxy.Cut();
    }

    // Device Defender, as far as a report that is right needs it.
    private static async Task AcceptAsync(MqttConnection service, IMqttSubscription published, ChannelWriter<long> reports)
    {
        await foreach (MqttReceivedMessage message in published.Messages.ReadAllAsync())
        {
            using (message)
            {
                using JsonDocument report = JsonDocument.Parse(message.Payload);
                long id = report.RootElement.GetProperty("header").GetProperty("report_id").GetInt64();
                reports.TryWrite(id);
                await service.PublishAsync(message.Topic + "/accepted", Encoding.UTF8.GetBytes($$"""{"reportId":{{id}},"status":"ACCEPTED"}"""));
            }
        }
    }

    private static async Task<long> NextAsync(Channel<long> channel) => await channel.Reader.ReadAsync().AsTask().WaitAsync(Patience, TimeProvider.System);

    private ShadowValue Reported(AwsEmulator aws) => ShadowValue.Parse(aws.Shadows.Find(_thing)!)["state"]!["reported"]!;
}
