using System.Text;
using IotOps.Emulator;

namespace IotOps.Mqtt.Tests.Contract;

/// <summary>
/// What every <see cref="IMqttConnection"/> does, whoever made it, on the emulator's broker. The tests of an adapter derive from it too, so it
/// uses nothing but the interface. What a connection may leave to others is in <see cref="RedeliveryContract"/>.
/// </summary>
public abstract class ConnectionContract : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private AwsEmulator? _emulator;
    private IMqttConnection? _connection;

    /// <summary>The client id of the connection under test.</summary>
    protected const string ClientId = "THING00001";

    /// <summary>Broker of the test.</summary>
    protected EmulatedMqtt Broker => _emulator!.Mqtt;

    private IMqttConnection Connection => _connection!;

    /// <summary>Makes a connection with a persistent session that reconnects within a second, and is connected.</summary>
    protected abstract Task<IMqttConnection> ConnectAsync(AwsEmulator emulator);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _emulator = await AwsEmulator.StartAsync();
        _connection = await ConnectAsync(_emulator);
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_connection is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }

        await _emulator!.DisposeAsync();
    }

    [Fact]
    public async Task A_connected_state_has_been_reached()
    {
        MqttConnectionState state = await StateAsync(s => s.Status == MqttConnectionStatus.Connected);

        (state.Connections, state.SessionPresent).ShouldBe((1, false));
        Connection.ClientId.ShouldBe(ClientId);
    }

    [Theory]
    [InlineData(MqttQualityOfService.AtMostOnce)]
    [InlineData(MqttQualityOfService.AtLeastOnce)]
    public async Task A_publication_reaches_a_subscription_in_order_and_whole(MqttQualityOfService qos)
    {
        await using IMqttSubscription subscription = await SubscribeAsync("a/+");
        for (int i = 0; i < 50; i++)
        {
            await Connection.PublishAsync($"a/{i % 3}", Encoding.UTF8.GetBytes($"{i}"), qos);
        }

        for (int i = 0; i < 50; i++)
        {
            using MqttReceivedMessage message = await ReadAsync(subscription);
            (message.Topic, Text(message), message.QualityOfService).ShouldBe(($"a/{i % 3}", $"{i}", qos));
        }
    }

    [Fact]
    public async Task Publications_side_by_side_all_complete()
    {
        await Task.WhenAll(Enumerable.Range(0, 90).Select(i => Connection.PublishAsync("a", new byte[i]).AsTask())).WaitAsync(Patience, TimeProvider.System);

        Broker.Received.Count.ShouldBe(90);
    }

    [Fact]
    public async Task A_message_is_acknowledged_when_it_is_disposed()
    {
        await using IMqttSubscription subscription = await SubscribeAsync("a");
        Broker.Publish("a", "1");
        Broker.Publish("a", "2");
        MqttReceivedMessage first = await ReadAsync(subscription);
        MqttReceivedMessage second = await ReadAsync(subscription);
        Unacknowledged.ShouldBe(2);
        first.Dispose();
        second.Dispose();

        await UntilAsync(() => Unacknowledged == 0);
    }

    [Fact]
    public async Task What_was_not_acknowledged_comes_again_after_a_lost_connection()
    {
        await using IMqttSubscription subscription = await SubscribeAsync("a");
        Broker.Publish("a", "read");
        Broker.Publish("a", "unread");
        using MqttReceivedMessage held = await ReadAsync(subscription);
        Broker.Cut(ClientId);
        await StateAsync(s => s is { Status: MqttConnectionStatus.Connected, Connections: 2, SessionPresent: true });
        HashSet<string> again = [];
        while (again.Count < 2)
        {
            using MqttReceivedMessage message = await ReadAsync(subscription);
            again.Add(Text(message));
        }

        again.ShouldBe(["read", "unread"], ignoreOrder: true);
        await UntilAsync(() => Unacknowledged == 0);
    }

    [Fact]
    public async Task A_lost_session_is_subscribed_again()
    {
        await using IMqttSubscription subscription = await SubscribeAsync("a/#", "b");
        Broker.StopListening(keepSessions: false);
        await StateAsync(s => s.Status != MqttConnectionStatus.Connected);
        Broker.StartListening();
        MqttConnectionState state = await StateAsync(s => s is { Status: MqttConnectionStatus.Connected, Connections: 2 });
        state.SessionPresent.ShouldBeFalse();
        Broker.Publish("a/1", "x");
        Broker.Publish("b", "y");

        using MqttReceivedMessage first = await ReadAsync(subscription);
        using MqttReceivedMessage second = await ReadAsync(subscription);
        (first.Topic, second.Topic).ShouldBe(("a/1", "b"));
    }

    [Fact]
    public async Task A_refused_filter_fails_the_call_and_leaves_none_of_its_filters()
    {
        MqttException e = await Should.ThrowAsync<MqttException>(() => Connection.SubscribeAsync(["mine", "$nobodys/topic"]).AsTask().WaitAsync(Patience, TimeProvider.System));

        e.Reason.ShouldNotBeNull();
        await UntilAsync(() => Broker.Clients.Single().Subscriptions.Count == 0);
    }

    [Fact]
    public async Task A_disposed_subscription_is_gone_at_the_broker_and_its_channel_ends()
    {
        IMqttSubscription subscription = await SubscribeAsync("a", "b");
        Broker.Clients.Single().Subscriptions.ShouldBe(["a", "b"], ignoreOrder: true);
        await subscription.DisposeAsync();

        Broker.Clients.Single().Subscriptions.ShouldBeEmpty();
        (await subscription.Messages.WaitToReadAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_subscriber_that_gives_up_while_the_broker_is_away_is_let_go()
    {
        Broker.StopListening();
        await StateAsync(s => s.Status != MqttConnectionStatus.Connected);
        using var cancel = new CancellationTokenSource();
        Task subscription = Connection.SubscribeAsync(["a"], cancellationToken: cancel.Token).AsTask();
        subscription.IsCompleted.ShouldBeFalse();
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => subscription);
        Broker.StartListening();
        await StateAsync(s => s is { Status: MqttConnectionStatus.Connected, Connections: 2 });
        Broker.Clients.Single().Subscriptions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_subscriber_waits_while_the_broker_is_away()
    {
        Broker.StopListening();
        await StateAsync(s => s.Status != MqttConnectionStatus.Connected);
        Task<IMqttSubscription> subscribing = SubscribeAsync("a/+");
        Broker.StartListening();
        await using IMqttSubscription subscription = await subscribing;
        Broker.Publish("a/1", "x");

        using MqttReceivedMessage message = await ReadAsync(subscription);
        message.Topic.ShouldBe("a/1");
    }

    [Fact]
    public async Task An_empty_level_matches_a_wildcard()
    {
        await using IMqttSubscription subscription = await SubscribeAsync("a/+/c");
        Broker.Publish("a//c", "x");

        using MqttReceivedMessage message = await ReadAsync(subscription);
        message.Topic.ShouldBe("a//c");
    }

    [Fact]
    public async Task A_slow_reader_loses_the_oldest_QoS_0_only()
    {
        await using IMqttSubscription subscription = await Connection.SubscribeAsync(["a"], new MqttSubscribeOptions { Capacity = 10 });
        for (int i = 0; i < 100; i++)
        {
            Broker.Publish("a", $"{i}", qos: 0);
        }

        Broker.Publish("a", "last");
        await UntilAsync(() => subscription.Dropped == 90 && subscription.Messages.Count == 11);
        using MqttReceivedMessage oldest = await ReadAsync(subscription);
        Text(oldest).ShouldBe("90");
    }

    private int Unacknowledged => Broker.Clients.Single().Unacknowledged;

    private static string Text(MqttReceivedMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    private static async Task UntilAsync(Func<bool> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            (TimeProvider.System.GetElapsedTime(start) < Patience).ShouldBeTrue("it did not happen in time");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    private static async Task<MqttReceivedMessage> ReadAsync(IMqttSubscription subscription)
    {
        using var timeout = new CancellationTokenSource(Patience, TimeProvider.System);
        return await subscription.Messages.ReadAsync(timeout.Token);
    }

    private async Task<IMqttSubscription> SubscribeAsync(params string[] filters) =>
        await Connection.SubscribeAsync(filters).AsTask().WaitAsync(Patience, TimeProvider.System);

    private async Task<MqttConnectionState> StateAsync(Func<MqttConnectionState, bool> wanted)
    {
        using var timeout = new CancellationTokenSource(Patience, TimeProvider.System);
        MqttConnectionState state = Connection.State;
        while (!wanted(state))
        {
            state = await Connection.WaitForChangeAsync(state, timeout.Token);
        }

        return state;
    }
}
