using System.Text;
using IotOps.Emulator;
using IotOps.Mqtt.Tests.Fakes;
using IotOps.TestKit;
using MQTTnet;
using MQTTnet.Exceptions;

namespace IotOps.Mqtt.Tests;

/// <summary>Publications through the client, beyond the contract.</summary>
public sealed class PublishTests : IDisposable
{
    private const string ClientId = "THING00001";

    // More than the buffers of both ends take, so that its write stalls.
    private const int Large = 8 << 20;

    private readonly CancellationTokenSource _end = new(TimeSpan.FromSeconds(30), TimeProvider.System);

    public void Dispose() => _end.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Giving_up_in_the_middle_of_a_packet_leaves_the_next_packets_whole(bool fragments)
    {
        using var broker = new StalledBroker();
        await using var team = new TeamClient(broker.Port, ClientId, MqttProtocolVersion.V311);
        team.Options.AllowPacketFragmentation = fragments;
        await using var connection = new MqttNetConnection(team.Client, new MqttNetConnectionOptions { Limits = MqttLimits.None });
        await Task.WhenAll(broker.AcceptAsync(), team.ConnectAsync(_end.Token));
        byte[] first = Filled(7);
        using var giveUp = new CancellationTokenSource();
        Task publication = connection.PublishAsync("first", first, cancellationToken: giveUp.Token).AsTask();
        await broker.SeeAsync().WaitAsync(_end.Token);
        await giveUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(publication);

        // The caller has its memory back, and uses it.
        first.AsSpan().Clear();
        Task next = connection.PublishAsync("next", Filled(9)).AsTask();
        (await broker.ReadPublishAsync().WaitAsync(_end.Token)).ShouldBe(("first", Large, true));
        (await broker.ReadPublishAsync().WaitAsync(_end.Token)).ShouldBe(("next", Large, true));
        await next.WaitAsync(_end.Token);

        static byte[] Filled(byte with)
        {
            byte[] payload = new byte[Large];
            payload.AsSpan().Fill(with);
            return payload;
        }
    }

    [Fact]
    public async Task A_publication_that_is_not_acknowledged_fails_after_the_time_allowed()
    {
        var time = new ManualTimeProvider();
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var team = new TeamClient(emulator.Mqtt.Port, ClientId);
        await using var connection = new MqttNetConnection(team.Client, new MqttNetConnectionOptions { AcknowledgeTimeout = TimeSpan.FromSeconds(3), TimeProvider = time });
        await team.ConnectAsync(_end.Token);
        using FaultHandle silence = emulator.Faults.Add(new Fault { Operation = "MqttPublish", NoAnswer = true });
        Task publication = connection.PublishAsync("t", default).AsTask();
        await emulator.Mqtt.Received.WaitForAsync("t", 1, _end.Token);
        time.Advance(TimeSpan.FromSeconds(2.9));
        publication.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(0.1));

        MqttException error = await Should.ThrowAsync<MqttException>(publication);
        (error.IsTransient, error.Message.Contains("3 s (AcknowledgeTimeout)", StringComparison.Ordinal)).ShouldBe((true, true));
    }

    [Fact]
    public async Task The_wait_for_a_place_in_the_window_counts_too()
    {
        var time = new ManualTimeProvider();
        var client = new FakeClient { Publish = static _ => new TaskCompletionSource<MqttClientPublishResult>().Task };
        await using var connection = new MqttNetConnection(client, new MqttNetConnectionOptions
        {
            Limits = MqttLimits.None with { UnacknowledgedPublishes = 1 },
            AcknowledgeTimeout = TimeSpan.FromSeconds(3),
            TimeProvider = time,
        });
        await client.ConnectAsync();
        Task first = connection.PublishAsync("t", default).AsTask();
        Task second = connection.PublishAsync("t", default).AsTask();
        time.Advance(TimeSpan.FromSeconds(3));

        (await Should.ThrowAsync<MqttException>(first)).Message.ShouldContain("not acknowledged");
        (await Should.ThrowAsync<MqttException>(second)).Message.ShouldContain("not sent");
    }

    [Fact]
    public async Task An_acknowledgement_after_the_packet_id_was_used_again_is_not_trusted()
    {
        var stuck = new TaskCompletionSource<MqttClientPublishResult>();
        var client = new FakeClient();
        await using var connection = new MqttNetConnection(client, new MqttNetConnectionOptions { Limits = MqttLimits.None });
        await client.ConnectAsync();
        var answer = client.Publish;
        client.Publish = _ => stuck.Task;
        Task publication = connection.PublishAsync("stuck", default).AsTask();
        client.Publish = answer;
        for (int i = 0; i < 65_535; i++)
        {
            await connection.PublishAsync("t", default);
        }

        stuck.SetResult(new MqttClientPublishResult(1, MqttClientPublishReasonCode.Success, null, []));

        (await Should.ThrowAsync<MqttException>(publication)).IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task The_brokers_refusal_of_a_publication_has_its_reason()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var team = new TeamClient(emulator.Mqtt.Port, ClientId);
        await using var connection = new MqttNetConnection(team.Client);
        await team.ConnectAsync(_end.Token);
        emulator.Faults.Add(new Fault { Operation = "MqttPublish", ReasonCode = 0x97, Times = 1 });
        emulator.Faults.Add(new Fault { Operation = "MqttPublish", ReasonCode = 0x87, Times = 1 });
        MqttException quota = await Should.ThrowAsync<MqttException>(connection.PublishAsync("t", default).AsTask());
        MqttException policy = await Should.ThrowAsync<MqttException>(connection.PublishAsync("t", default).AsTask());

        (quota.Reason, quota.IsTransient).ShouldBe((MqttReasonCode.QuotaExceeded, true));
        (policy.Reason, policy.IsTransient).ShouldBe((MqttReasonCode.NotAuthorized, false));
    }

    [Fact]
    public async Task Whatever_the_client_throws_while_it_loses_the_connection_is_a_transient_error()
    {
        var client = new FakeClient();
        await using var connection = new MqttNetConnection(client);
        await client.ConnectAsync();
#pragma warning disable CA2201 // MQTTnet's client does throw it, when a disconnect clears its parts under a publication.
        Exception[] errors =
        [
            new MqttClientDisconnectedException(new IOException("reset")), new MqttClientNotConnectedException(), new ObjectDisposedException("adapter"),
            new OperationCanceledException(), new IOException(), new System.Net.Sockets.SocketException(), new NullReferenceException(),
        ];
#pragma warning restore CA2201
        foreach (Exception error in errors)
        {
            client.Publish = _ => Task.FromException<MqttClientPublishResult>(error);
            (await Should.ThrowAsync<MqttException>(connection.PublishAsync("t", default).AsTask())).IsTransient.ShouldBeTrue(error.GetType().Name);
        }
    }

    [Fact]
    public async Task MQTT_5_properties_go_both_ways()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var team = new TeamClient(emulator.Mqtt.Port, ClientId);
        await using var connection = new MqttNetConnection(team.Client);
        await team.ConnectAsync(_end.Token);
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["t"], cancellationToken: _end.Token);
        await connection.PublishAsync("t", Encoding.UTF8.GetBytes("a"), options: Everything);
        using MqttReceivedMessage message = await subscription.Messages.ReadAsync(_end.Token);

        message.Properties.ShouldNotBeNull().ShouldSatisfyAllConditions(
            p => p.MessageExpiry!.Value.ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(1)),
            p => p.ResponseTopic.ShouldBe("answer"),
            p => p.CorrelationData.ToArray().ShouldBe([1, 2]),
            p => p.ContentType.ShouldBe("text/plain"),
            p => p.PayloadIsUtf8.ShouldBeTrue(),
            p => p.UserProperties.ShouldBe([new("k", "1"), new("k", "2")]));
    }

    [Fact]
    public async Task MQTT_3_1_1_leaves_them_out()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var team = new TeamClient(emulator.Mqtt.Port, ClientId, MqttProtocolVersion.V311);
        await using var connection = new MqttNetConnection(team.Client);
        await team.ConnectAsync(_end.Token);
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["t"], new MqttSubscribeOptions { NoLocal = true }, _end.Token);
        await connection.PublishAsync("t", Encoding.UTF8.GetBytes("a"), options: Everything);
        using MqttReceivedMessage message = await subscription.Messages.ReadAsync(_end.Token);

        message.Properties.ShouldBeNull();
    }

    private static MqttPublishOptions Everything { get; } = new()
    {
        MessageExpiry = TimeSpan.FromMinutes(1),
        ResponseTopic = "answer",
        CorrelationData = new byte[] { 1, 2 },
        ContentType = "text/plain",
        PayloadIsUtf8 = true,
        UserProperties = [new("k", "1"), new("k", "2")],
    };
}
