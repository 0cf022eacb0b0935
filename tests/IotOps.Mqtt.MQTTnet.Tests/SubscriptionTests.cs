using IotOps.Emulator;
using IotOps.Mqtt.Tests.Fakes;
using MQTTnet;

namespace IotOps.Mqtt.Tests;

/// <summary>Subscriptions through the client, beyond the contract.</summary>
public sealed class SubscriptionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_message_for_no_subscription_is_left_to_the_teams_own_handlers()
    {
        await using MqttNetConnection connection = await ConnectAsync();
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["ours/#"]);

        (await _client.ReceiveAsync("theirs", qos: 1, packetId: 1)).ShouldBeTrue("MQTTnet acknowledges it by itself");
        (await _client.ReceiveAsync("ours", qos: 1, packetId: 2)).ShouldBeFalse("it is acknowledged at its disposal");
        subscription.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_of_a_connection_that_is_gone_is_not_acknowledged_over_the_next_one()
    {
        await using MqttNetConnection connection = await ConnectAsync();
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["t"]);
        await _client.ReceiveAsync("t", qos: 1, packetId: 1);
        MqttReceivedMessage first = await subscription.Messages.ReadAsync();
        _client.IsConnected = false;
        await _client.ConnectAsync(sessionPresent: true);
        await _client.ReceiveAsync("t", qos: 1, packetId: 7);
        MqttReceivedMessage again = await subscription.Messages.ReadAsync();
        first.Dispose();
        again.Dispose();

        await UntilAsync(() => _client.Acknowledged.Count > 0);
        _client.Acknowledged.ShouldBe([7]);
    }

    [Fact]
    public async Task Messages_that_come_before_the_connected_event_are_of_the_new_connection()
    {
        await using MqttNetConnection connection = await ConnectAsync();
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["t"]);
        await _client.ReceiveAsync("t", qos: 1, packetId: 1);
        await _client.ReceiveAsync("t", qos: 0);
        _client.IsConnected = false;
        await _client.RaiseConnectingAsync();
        _client.IsConnected = true;
        await _client.ReceiveAsync("t", qos: 1, packetId: 1, duplicate: true);
        await _client.RaiseConnectedAsync(sessionPresent: true);

        // The unread copy of before is released; QoS 0 comes from nowhere else.
        (await ReadAsync(subscription)).ShouldBe((MqttQualityOfService.AtMostOnce, false));
        (await ReadAsync(subscription)).ShouldBe((MqttQualityOfService.AtLeastOnce, true));
        subscription.Messages.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Unread_messages_of_a_lost_session_stay_because_nobody_sends_them_again()
    {
        await using MqttNetConnection connection = await ConnectAsync();
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["t"]);
        await _client.ReceiveAsync("t", qos: 1, packetId: 1);
        _client.IsConnected = false;
        await _client.ConnectAsync(sessionPresent: false);

        (await ReadAsync(subscription)).ShouldBe((MqttQualityOfService.AtLeastOnce, false));
        _client.Sent.ShouldBe(["t", "t"]);
    }

    [Fact]
    public async Task Unread_QoS_1_is_bounded_over_any_number_of_lost_sessions()
    {
        await using MqttNetConnection connection = await ConnectAsync();
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["t"], new MqttSubscribeOptions { Capacity = 4 });
        for (int session = 0; session < 5; session++)
        {
            for (ushort id = 1; id <= 10; id++)
            {
                await _client.ReceiveAsync("t", qos: 1, packetId: id);
            }

            _client.IsConnected = false;
            await _client.ConnectAsync(sessionPresent: false);
        }

        // The client's receive maximum is 10.
        (subscription.Messages.Count, subscription.Dropped).ShouldBe((10, 40));
    }

    [Fact]
    public async Task A_message_that_another_handler_acknowledged_holds_nothing_up()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var team = new TeamClient(emulator.Mqtt.Port, "THING00001");
        team.Client.ApplicationMessageReceivedAsync += received => received.AcknowledgeAsync(CancellationToken.None);
        await using var connection = new MqttNetConnection(team.Client);
        await team.ConnectAsync();
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["t"]);
        emulator.Mqtt.Publish("t", "1");
        emulator.Mqtt.Publish("t", "2");
        await ReadAsync(subscription);
        await ReadAsync(subscription);

        await UntilAsync(() => emulator.Mqtt.Clients.Single().Unacknowledged == 0);
        connection.State.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_filter_refused_after_a_reconnect_ends_its_subscription_and_no_other()
    {
        await using MqttNetConnection connection = await ConnectAsync();
        await using IMqttSubscription stays = await connection.SubscribeAsync(["a", "b"]);
        await using IMqttSubscription refused = await connection.SubscribeAsync(["b", "c"]);
        _client.Subscribe = filter => filter == "c" ? MqttClientSubscribeResultCode.NotAuthorized : MqttClientSubscribeResultCode.GrantedQoS1;
        _client.IsConnected = false;
        await _client.ConnectAsync();

        connection.State.Status.ShouldBe(MqttConnectionStatus.Connected);
        (await Should.ThrowAsync<MqttException>(refused.Messages.Completion)).Reason.ShouldBe(MqttReasonCode.NotAuthorized);
        stays.Messages.Completion.IsCompleted.ShouldBeFalse();
        _client.Sent.ShouldNotContain(sent => sent == "-b");
    }

    [Fact]
    public async Task An_answer_of_a_session_that_is_lost_meanwhile_does_not_count()
    {
        await using MqttNetConnection connection = await ConnectAsync();
        Task? reconnect = null;
        _client.Subscribe = filter =>
        {
            reconnect ??= _client.ConnectAsync(sessionPresent: false);
            return MqttClientSubscribeResultCode.GrantedQoS1;
        };
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["t"]);
        await reconnect!;

        _client.Sent.ShouldBe(["t", "t"]);
        connection.State.ShouldSatisfyAllConditions(s => s.Status.ShouldBe(MqttConnectionStatus.Connected), s => s.Connections.ShouldBe(2));
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task Subscriptions_that_the_broker_does_not_take_back_fail_the_clients_connect(MqttProtocolVersion version)
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var team = new TeamClient(emulator.Mqtt.Port, "THING00001", version);
        await using var connection = new MqttNetConnection(team.Client, new MqttNetConnectionOptions { AcknowledgeTimeout = TimeSpan.FromMilliseconds(300) });
        await team.ConnectAsync();
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["t"]);
        using FaultHandle silence = emulator.Faults.Add(new Fault { Operation = "MqttSubscribe", NoAnswer = true, Times = 1 });
        emulator.Mqtt.StopListening(keepSessions: false);
        emulator.Mqtt.StartListening();
        MqttConnectionState state = connection.State;
        while (state is not { Status: MqttConnectionStatus.Connected, Connections: 3 })
        {
            state = await connection.WaitForChangeAsync(state).AsTask().WaitAsync(Patience, TimeProvider.System);
        }

        // The second attempt of the team's loop was told; its third one went through.
        state.Error!.InnerException.ShouldBeOfType<MqttException>().Message.ShouldContain("did not answer a SUBSCRIBE");
        emulator.Mqtt.Clients.Single().Subscriptions.ShouldBe(["t"]);
    }

    [Fact]
    public async Task A_subscription_that_the_broker_does_not_answer_fails_and_leaves_nothing()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var team = new TeamClient(emulator.Mqtt.Port, "THING00001");
        await using var connection = new MqttNetConnection(team.Client, new MqttNetConnectionOptions { AcknowledgeTimeout = TimeSpan.FromMilliseconds(300) });
        await team.ConnectAsync();
        using FaultHandle silence = emulator.Faults.Add(new Fault { Operation = "MqttSubscribe", NoAnswer = true, Times = 1 });

        (await Should.ThrowAsync<MqttException>(connection.SubscribeAsync(["t"]).AsTask())).IsTransient.ShouldBeTrue();
        emulator.Mqtt.Clients.Single().Subscriptions.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unsubscribe_on_which_the_broker_ends_every_connection_is_given_up()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var team = new TeamClient(emulator.Mqtt.Port, "THING00001");
        await using var connection = new MqttNetConnection(team.Client);
        await team.ConnectAsync();
        using FaultHandle fault = emulator.Faults.Add(new Fault { Operation = "MqttUnsubscribe", DropBeforeAccepting = true });
        await (await connection.SubscribeAsync(["t"])).DisposeAsync();
        MqttConnectionState state = connection.State;
        while (state is not { Status: MqttConnectionStatus.Connected, Connections: 4 })
        {
            state = await connection.WaitForChangeAsync(state).AsTask().WaitAsync(Patience, TimeProvider.System);
        }

        fault.Hits.ShouldBe(3);
        await connection.PublishAsync("after", default);
    }

    [Fact]
    public async Task Subscriptions_are_50_at_most_and_8_a_packet()
    {
        await using MqttNetConnection connection = await ConnectAsync();
        await using IMqttSubscription subscription = await connection.SubscribeAsync([.. Enumerable.Range(0, 50).Select(i => $"f/{i}")]);
        await using IMqttSubscription shared = await connection.SubscribeAsync(["f/1"]);
        MqttException error = await Should.ThrowAsync<MqttException>(connection.SubscribeAsync(["one more"]).AsTask());

        error.Message.ShouldContain("51 topic filters would be subscribed; the limit is 50 (MqttLimits.Subscriptions)");
        _client.Sent.Count.ShouldBe(51);
    }

    [Theory]
    [InlineData("$share/workers/jobs/+", "jobs/1")]
    [InlineData("jobs/1", "$share/workers/jobs/+")]
    [InlineData("$share/workers/jobs/#", "$share/others/jobs/+")]
    public async Task A_share_beside_a_filter_that_overlaps_is_refused_because_their_copies_cannot_be_told_apart(string first, string second)
    {
        await using MqttNetConnection connection = await ConnectAsync();
        await using IMqttSubscription kept = await connection.SubscribeAsync([first]);

        MqttException refusal = await Should.ThrowAsync<MqttException>(connection.SubscribeAsync([second]).AsTask());

        refusal.Message.ShouldContain($"'{second}' and '{first}' match the same topics");
        await using IMqttSubscription other = await connection.SubscribeAsync(["elsewhere"]);
    }

    [Fact]
    public async Task A_filter_is_subscribed_at_the_highest_QoS_that_anybody_wants()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        await using var team = new TeamClient(emulator.Mqtt.Port, "THING00001");
        await using var connection = new MqttNetConnection(team.Client);
        await team.ConnectAsync();
        await using IMqttSubscription high = await connection.SubscribeAsync(["t"]);
        await using IMqttSubscription low = await connection.SubscribeAsync(["t"], new MqttSubscribeOptions { QualityOfService = MqttQualityOfService.AtMostOnce });
        emulator.Mqtt.Publish("t", "x");

        (await ReadAsync(high)).QoS.ShouldBe(MqttQualityOfService.AtLeastOnce);
        (await ReadAsync(low)).QoS.ShouldBe(MqttQualityOfService.AtLeastOnce);
        await UntilAsync(() => emulator.Mqtt.Clients.Single().Unacknowledged == 0);
    }

    private static async Task<(MqttQualityOfService QoS, bool Duplicate)> ReadAsync(IMqttSubscription subscription)
    {
        using MqttReceivedMessage message = await subscription.Messages.ReadAsync().AsTask().WaitAsync(Patience, TimeProvider.System);
        return (message.QualityOfService, message.Duplicate);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var end = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, end.Token);
        }
    }

    private async Task<MqttNetConnection> ConnectAsync()
    {
        var connection = new MqttNetConnection(_client);
        await _client.ConnectAsync();
        return connection;
    }
}
