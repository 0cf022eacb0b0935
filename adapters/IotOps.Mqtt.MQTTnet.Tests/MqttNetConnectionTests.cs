using System.Text;
using IotOps.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.Mqtt.Publishing;
using IotOps.Mqtt.Sessions;
using MQTTnet;

namespace IotOps.Mqtt.Tests;

/// <summary>What MQTTnet lacks and the connection over it adds, beyond the contract.</summary>
public sealed class MqttNetConnectionTests : IDisposable
{
    private const string ClientId = "THING00001";

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly CancellationTokenSource _end = new(TimeSpan.FromSeconds(60), TimeProvider.System);

    public void Dispose()
    {
        _client.Dispose();
        _end.Dispose();
    }

    [Fact]
    public void A_packet_id_in_flight_is_not_handed_out_again()
    {
        using var counters = new MqttCounters();
        using var outbox = new Outbox(OptionsCheck.Checked(TestClients.Options(1, ClientId), TestClients.Quick()), counters);
        outbox.Attach(new LinkTerms(SessionPresent: false, TimeSpan.FromSeconds(30), ReceiveMaximum: 100, long.MaxValue, AcceptsQoS1: true, RetainAvailable: true), connection: 1);
        outbox.Open();
        Task stuck = outbox.PublishAsync("stuck", default, MqttQualityOfService.AtLeastOnce, options: null, CancellationToken.None).AsTask();
        outbox.TryTake(out PublishOperation? first, out _, out _).ShouldBeTrue();
        int sent = 0;
        for (; sent < 66_000; sent++)
        {
            _ = outbox.PublishAsync("t", default, MqttQualityOfService.AtLeastOnce, options: null, CancellationToken.None).AsTask();
            if (!outbox.TryTake(out PublishOperation? next, out _, out _))
            {
                break;
            }

            outbox.Settle(next, error: null);
        }

        sent.ShouldBeInRange(1, 65_534);
        stuck.IsCompleted.ShouldBeFalse();
        outbox.Settle(first!, error: null);
        outbox.TryTake(out _, out _, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task An_acknowledgement_that_does_not_come_is_asked_for_and_the_publication_sent_again()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync(new EmulatorOptions { Mqtt = new EmulatedMqttOptions { Limits = EmulatedMqttLimits.None } });
        using FaultHandle silence = emulator.Faults.Add(new Fault { Operation = "MqttPublish", When = r => r.Topic == "stuck", NoAnswer = true, Times = 1 });
        await using var connection = new MqttNetConnection(_client, TestClients.Options(emulator.Mqtt.Port, ClientId, keepAlive: TimeSpan.FromSeconds(2)), TestClients.Quick() with
        {
            AcknowledgeTimeout = TimeSpan.FromSeconds(2),
        });
        await connection.ConnectAsync(_end.Token);
        Task stuck = connection.PublishAsync("stuck", default).AsTask();
        Task[] others = [.. Enumerable.Range(0, 100).Select(_ => connection.PublishAsync("t", default).AsTask())];

        await Task.WhenAll([.. others, stuck]).WaitAsync(_end.Token);
        connection.State.Connections.ShouldBeGreaterThan(1);
        emulator.Mqtt.Received.Total.ShouldBeGreaterThanOrEqualTo(102);
    }

    [Fact]
    public async Task The_brokers_own_keep_alive_is_kept()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync(new EmulatorOptions
        {
            Mqtt = new EmulatedMqttOptions { ServerKeepAlive = TimeSpan.FromSeconds(1), Limits = EmulatedMqttLimits.None },
        });
        FaultHandle pings = emulator.Faults.Add(new Fault { Operation = "MqttPing" });
        await using var connection = new MqttNetConnection(_client, TestClients.Options(emulator.Mqtt.Port, ClientId, keepAlive: TimeSpan.FromMinutes(10)), TestClients.Quick());
        await connection.ConnectAsync(_end.Token);

        await UntilAsync(() => pings.Hits > 1);
        connection.State.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_broker_that_answers_no_pings_is_left()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync(new EmulatorOptions { Mqtt = new EmulatedMqttOptions { Limits = EmulatedMqttLimits.None } });
        using FaultHandle silence = emulator.Faults.Add(new Fault { Operation = "MqttPing", NoAnswer = true, Times = 1 });
        await using var connection = new MqttNetConnection(_client, TestClients.Options(emulator.Mqtt.Port, ClientId, keepAlive: TimeSpan.FromSeconds(2)), TestClients.Quick());
        await connection.ConnectAsync(_end.Token);
        await UntilAsync(() => connection.State is { Connections: 2, Status: MqttConnectionStatus.Connected });

        connection.State.Error!.Reason.ShouldBe(MqttReasonCode.KeepAliveTimeout);
    }

    [Fact]
    public async Task A_takeover_of_the_client_id_is_not_fought()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var connection = new MqttNetConnection(_client, TestClients.Options(emulator.Mqtt.Port, ClientId), TestClients.Quick());
        await connection.ConnectAsync(_end.Token);
        emulator.Mqtt.Disconnect(ClientId, reasonCode: 0x8E);
        MqttConnectionState state = connection.State;
        while (state.Status != MqttConnectionStatus.Disconnected)
        {
            state = await connection.WaitForChangeAsync(state, _end.Token);
        }

        state.Error!.Reason.ShouldBe(MqttReasonCode.SessionTakenOver);

        // The usual delay is 20 ms at most.
        Task<MqttConnectionState> next = connection.WaitForChangeAsync(state, _end.Token).AsTask();
        await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System));
        next.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task More_QoS_1_than_is_disposed_ends_the_connection_and_not_the_memory()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var connection = new MqttNetConnection(_client, TestClients.Options(emulator.Mqtt.Port, ClientId), TestClients.Quick() with { ReceiveMaximum = 10 });
        await connection.ConnectAsync(_end.Token);
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["t"], cancellationToken: _end.Token);
        for (int i = 0; i < 11; i++)
        {
            emulator.Mqtt.Publish("t", $"{i}");
        }

        await UntilAsync(() => connection.State.Error is { Reason: MqttReasonCode.ReceiveMaximumExceeded });
    }

    [Fact]
    public async Task What_MQTT_5_says_beside_a_payload_goes_both_ways()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var connection = new MqttNetConnection(_client, TestClients.Options(emulator.Mqtt.Port, ClientId), TestClients.Quick());
        await connection.ConnectAsync(_end.Token);
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["t"], cancellationToken: _end.Token);
        await connection.PublishAsync("t", Encoding.UTF8.GetBytes("a"), options: new MqttPublishOptions
        {
            MessageExpiry = TimeSpan.FromMinutes(1),
            ResponseTopic = "answer",
            CorrelationData = new byte[] { 1, 2 },
            ContentType = "text/plain",
            PayloadIsUtf8 = true,
            UserProperties = [new("k", "1"), new("k", "2")],
        });
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
    public void Options_that_cannot_work_are_refused_with_what_to_do()
    {
        MqttClientOptions fragments = TestClients.Options(1, ClientId);
        fragments.AllowPacketFragmentation = true;

        Should.Throw<ArgumentException>(() => new MqttNetConnection(_client, fragments)).Message.ShouldContain("WithoutPacketFragmentation");
        Should.Throw<ArgumentException>(() => new MqttNetConnection(_client, TestClients.Options(1, ""))).Message.ShouldContain("ClientId");
        Should.Throw<ArgumentException>(() => new MqttNetConnection(_client, TestClients.Options(1, ClientId), new MqttNetConnectionOptions { MaxInFlight = 0 }));
    }

    [Fact]
    public async Task Over_mosquitto_a_thousand_come_back_in_order_through_a_window_of_twenty()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/mosquitto"), "mosquitto is not on this machine.");
        string configuration = Path.GetTempFileName();
        await using PeerServer mosquitto = await PeerServer.StartAsync(port =>
        {
            File.WriteAllText(configuration, $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\n");
            return ["/usr/sbin/mosquitto", "-c", configuration];
        });
        await using var connection = new MqttNetConnection(_client, TestClients.Options(mosquitto.Port, ClientId), TestClients.Quick() with { MaxInFlight = 20 });
        await connection.ConnectAsync(_end.Token);
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["t"], cancellationToken: _end.Token);
        Task published = Task.WhenAll(Enumerable.Range(0, 1000).Select(i => connection.PublishAsync("t", Encoding.UTF8.GetBytes($"{i}")).AsTask()));
        for (int i = 0; i < 1000; i++)
        {
            using MqttReceivedMessage message = await subscription.Messages.ReadAsync(_end.Token);
            int.Parse(message.Payload.Span).ShouldBe(i);
        }

        await published.WaitAsync(_end.Token);
        connection.State.Connections.ShouldBe(1);
        File.Delete(configuration);
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, _end.Token);
        }
    }
}
