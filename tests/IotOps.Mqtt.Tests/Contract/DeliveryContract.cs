using System.Text;
using IotOps.Emulator;

namespace IotOps.Mqtt.Tests.Contract;

/// <summary>
/// What every <see cref="IMqttConnection"/> does so that no publication is reported as sent that was not and no message is lost, on the emulator's
/// broker. Those who implement it derive a class of tests from this one for each version of the protocol, or from
/// <see cref="RedeliveryContract"/>.
/// </summary>
public abstract class DeliveryContract(MqttProtocolVersion version) : IAsyncLifetime
{
    /// <summary>Longest time a test waits for something that should happen at once.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<IMqttConnection> _connections = [];
    private readonly CancellationTokenSource _end = new(Patience, TimeProvider.System);
    private AwsEmulator _emulator = null!;

    /// <summary>Broker of the test.</summary>
    protected EmulatedMqtt Broker => _emulator.Mqtt;

    /// <summary>What goes wrong at the broker.</summary>
    protected FaultInjector Faults => _emulator.Faults;

    /// <summary>Ends what takes too long.</summary>
    protected CancellationToken End => _end.Token;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _emulator = await AwsEmulator.StartAsync();

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        foreach (IMqttConnection connection in _connections)
        {
            await ((IAsyncDisposable)connection).DisposeAsync();
        }

        await _emulator.DisposeAsync();
        _end.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_state_tells_of_the_connection_and_of_each_one_after_it()
    {
        IMqttConnection connection = Make();
        connection.State.ShouldBe(MqttConnectionState.Initial);
        await StartAsync(connection);
        connection.State.ShouldSatisfyAllConditions(
            s => s.Status.ShouldBe(MqttConnectionStatus.Connected), s => s.Connections.ShouldBe(1), s => s.SessionPresent.ShouldBeFalse(), s => s.Error.ShouldBeNull());
        Broker.Cut(connection.ClientId).ShouldBeTrue();

        MqttConnectionState again = await ConnectedAsync(connection, 2);
        again.SessionPresent.ShouldBeTrue();

        // A client that tells of the end on a thread of its own may tell of the next connection first.
        while (again.Error is null)
        {
            again = await connection.WaitForChangeAsync(again, _end.Token);
        }

        again.Connections.ShouldBe(2);
        again.Error.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task A_publication_arrives_as_it_was_made()
    {
        IMqttConnection connection = await ConnectAsync();
        await connection.PublishAsync("one", Bytes("a"));
        await connection.PublishAsync("zero", Bytes("b"), MqttQualityOfService.AtMostOnce);
        await connection.PublishAsync("kept", default, options: new MqttPublishOptions { Retain = true });

        (await Broker.Received.WaitForAsync("#", 3, _end.Token)).Select(m => (m.Topic, m.Text, m.QoS, m.Retain, m.Duplicate)).ShouldBe(
            [("one", "a", 1, false, false), ("zero", "b", 0, false, false), ("kept", "", 1, true, false)]);
    }

    [Fact]
    public async Task QoS_1_completes_on_the_acknowledgement_and_not_before()
    {
        IMqttConnection connection = await ConnectAsync();
        using FaultHandle silence = Faults.Add(new Fault { Operation = "MqttPublish", When = r => r.Topic == "silent", NoAnswer = true });
        Task publication = connection.PublishAsync("silent", Bytes("a")).AsTask();
        await connection.PublishAsync("answered", default);
        publication.IsCompleted.ShouldBeFalse();
        silence.Dispose();
        Broker.Cut(connection.ClientId);

        await RedeliveredOrFailedAsync(publication);
    }

    [Fact]
    public async Task A_publication_whose_packet_was_lost_is_not_reported_as_sent()
    {
        IMqttConnection connection = await ConnectAsync();
        using FaultHandle cut = Faults.Add(new Fault { Operation = "MqttPublish", DropBeforeAccepting = true, Times = 1 });
        await RedeliveredOrFailedAsync(connection.PublishAsync("t", default).AsTask());
        await ConnectedAsync(connection, 2);

        Broker.Received.Count.ShouldBe(Redelivers ? 1 : 0);
    }

    [Fact]
    public async Task A_publication_while_the_broker_is_away_waits_or_fails_at_once()
    {
        IMqttConnection connection = await ConnectAsync();
        await GoAwayAsync(connection);
        Task publication = connection.PublishAsync("t", default).AsTask();
        publication.IsFaulted.ShouldBe(!Redelivers);
        Broker.StartListening();

        await RedeliveredOrFailedAsync(publication);
    }

    [Fact]
    public async Task A_lost_session_is_subscribed_again_before_the_state_says_connected()
    {
        IMqttConnection connection = await ConnectAsync();
        string[] filters = [.. Enumerable.Range(0, 20).Select(i => $"f/{i}")];
        await using IMqttSubscription subscription = await connection.SubscribeAsync(filters, cancellationToken: _end.Token);
        await GoAwayAsync(connection, keepSessions: false);
        Broker.StartListening();
        (await ConnectedAsync(connection, 2)).SessionPresent.ShouldBeFalse();

        Broker.Clients.Single().Subscriptions.ShouldBe(filters, ignoreOrder: true);
        Broker.ProtocolViolations.ShouldBe(0);
    }

    [Fact]
    public async Task No_more_than_the_window_is_unacknowledged()
    {
        IMqttConnection connection = await ConnectAsync(t => t with { MaxInFlight = 5 });
        FaultHandle silence = Faults.Add(new Fault { Operation = "MqttPublish", NoAnswer = true });
        Task[] publications = [.. Enumerable.Range(0, 12).Select(i => connection.PublishAsync("t", default).AsTask())];
        await Broker.Received.WaitForAsync("t", 5, _end.Token);

        // What had been sent before this was answered would have arrived.
        await (await connection.SubscribeAsync(["f"], cancellationToken: _end.Token)).DisposeAsync();
        Broker.Received.Count.ShouldBe(5);
        silence.Dispose();
        Broker.Cut(connection.ClientId);
        await Task.WhenAll(publications.Select(RedeliveredOrFailedAsync));
    }

    [Fact]
    public async Task Publications_side_by_side_arrive_in_the_order_of_the_calls()
    {
        IMqttConnection connection = await ConnectAsync(t => t with { MaxInFlight = 5 });
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => connection.PublishAsync($"t/{i}", default).AsTask())).WaitAsync(_end.Token);

        Broker.Received.Select(m => m.Topic).ShouldBe(Enumerable.Range(0, 500).Select(i => $"t/{i}"));
    }

    [Fact]
    public async Task Messages_come_in_order_to_every_subscription_they_match_and_once_to_each()
    {
        IMqttConnection connection = await ConnectAsync();
        await using IMqttSubscription all = await connection.SubscribeAsync(["a/#", "a/+"], cancellationToken: _end.Token);
        await using IMqttSubscription exact = await connection.SubscribeAsync(["a/1"], cancellationToken: _end.Token);
        for (int i = 0; i < 100; i++)
        {
            Broker.Publish($"a/{i % 2}", i.ToString(), qos: i % 3 == 0 ? 0 : 1);
        }

        int[] seen = await ReadAsync(all, 100);
        seen.ShouldBe(Enumerable.Range(0, 100));
        (await ReadAsync(exact, 50)).ShouldBe(Enumerable.Range(0, 50).Select(i => 2 * i + 1));
    }

    [Fact]
    public async Task A_message_is_acknowledged_when_it_is_disposed_and_in_the_order_of_arrival()
    {
        IMqttConnection connection = await ConnectAsync();
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["t"], cancellationToken: _end.Token);
        MqttReceivedMessage[] messages = new MqttReceivedMessage[3];
        for (int i = 0; i < messages.Length; i++)
        {
            Broker.Publish("t", $"{i}");
            messages[i] = await subscription.Messages.ReadAsync(_end.Token);
        }

        messages[2].Dispose();
        messages[1].Dispose();
        await connection.PublishAsync("later", default);
        Broker.Clients.Single().Unacknowledged.ShouldBe(3);
        messages[0].Dispose();
        await UntilAsync(() => Broker.Clients.Single().Unacknowledged == 0);
    }

    [Fact]
    public async Task A_message_that_was_not_disposed_comes_again_after_a_lost_connection()
    {
        IMqttConnection connection = await ConnectAsync();
        await using IMqttSubscription subscription = await connection.SubscribeAsync(["t"], cancellationToken: _end.Token);
        Broker.Publish("t", "a");
        MqttReceivedMessage first = await subscription.Messages.ReadAsync(_end.Token);
        Broker.Cut(connection.ClientId);
        using MqttReceivedMessage again = await subscription.Messages.ReadAsync(_end.Token);
        again.Duplicate.ShouldBeTrue();

        // The first belongs to a connection that is gone: it acknowledges nothing.
        first.Dispose();
        await connection.PublishAsync("later", default);
        Broker.Clients.Single().Unacknowledged.ShouldBe(1);
    }

    [Fact]
    public async Task Disposing_a_subscription_unsubscribes_what_no_other_one_wants()
    {
        IMqttConnection connection = await ConnectAsync();
        await using IMqttSubscription stays = await connection.SubscribeAsync(["shared"], cancellationToken: _end.Token);
        IMqttSubscription leaves = await connection.SubscribeAsync(["shared", "own"], cancellationToken: _end.Token);
        await leaves.DisposeAsync();
        await leaves.Messages.Completion.WaitAsync(_end.Token);

        Broker.Clients.Single().Subscriptions.ShouldBe(["shared"]);
    }

    [Fact]
    public async Task A_refused_filter_fails_the_subscription_and_leaves_nothing_behind()
    {
        IMqttConnection connection = await ConnectAsync();
        using FaultHandle refusal = Faults.Add(new Fault { Operation = "MqttSubscribe", ReasonCode = 0x87, Times = 1 });
        MqttException error = await Should.ThrowAsync<MqttException>(connection.SubscribeAsync(["no"], cancellationToken: _end.Token).AsTask());
        error.Message.ShouldContain("'no'");
        await using IMqttSubscription after = await connection.SubscribeAsync(["yes"], cancellationToken: _end.Token);

        Broker.Clients.Single().Subscriptions.ShouldBe(["yes"]);
    }

    [Fact]
    public async Task A_filter_on_which_the_broker_ends_every_connection_fails_to_its_caller_and_harms_no_other()
    {
        IMqttConnection connection = await ConnectAsync();
        await using IMqttSubscription healthy = await connection.SubscribeAsync(["healthy"], cancellationToken: _end.Token);
        using FaultHandle fault = Faults.Add(new Fault { Operation = "MqttSubscribe", When = r => r.Topic == "poison", DropBeforeAccepting = true });
        MqttException error = await Should.ThrowAsync<MqttException>(connection.SubscribeAsync(["poison"], cancellationToken: _end.Token).AsTask());
        error.Message.ShouldContain("'poison'");
        fault.Hits.ShouldBeInRange(2, 5);
        while (connection.State.Status != MqttConnectionStatus.Connected)
        {
            await connection.WaitForChangeAsync(connection.State, _end.Token);
        }

        Broker.Publish("healthy", "1");
        (await ReadAsync(healthy, 1)).ShouldBe([1]);
    }

    [Fact]
    public async Task Giving_up_on_a_publication_leaves_the_connection_as_it_was()
    {
        IMqttConnection connection = await ConnectAsync();
        FaultHandle silence = Faults.Add(new Fault { Operation = "MqttPublish", NoAnswer = true });
        using var cancellation = new CancellationTokenSource();
        Task publication = connection.PublishAsync("t", Bytes("mine"), cancellationToken: cancellation.Token).AsTask();
        await Broker.Received.WaitForAsync("t", 1, _end.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(publication);
        silence.Dispose();

        await connection.PublishAsync("after", default, cancellationToken: _end.Token);
        connection.State.ShouldSatisfyAllConditions(s => s.Status.ShouldBe(MqttConnectionStatus.Connected), s => s.Connections.ShouldBe(1));
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused_before_it_is_sent()
    {
        IMqttConnection connection = await ConnectAsync();
        await Should.ThrowAsync<ArgumentException>(async () => await connection.PublishAsync("a/#", default));
        await Should.ThrowAsync<ArgumentException>(async () => await connection.SubscribeAsync(["a/#/b"]));
        MqttException error = await Should.ThrowAsync<MqttException>(connection.PublishAsync(new string('t', 257), default).AsTask());
        (error.Reason, error.IsTransient).ShouldBe((MqttReasonCode.TopicNameInvalid, false));
        Broker.Received.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Disposal_ends_everything_that_waits()
    {
        IMqttConnection connection = await ConnectAsync();
        using FaultHandle silence = Faults.Add(new Fault { Operation = "MqttPublish", NoAnswer = true });
        IMqttSubscription subscription = await connection.SubscribeAsync(["t"], cancellationToken: _end.Token);
        Task publication = connection.PublishAsync("t", default).AsTask();
        await Broker.Received.WaitForAsync("t", 1, _end.Token);
        await ((IAsyncDisposable)connection).DisposeAsync();

        await subscription.Messages.Completion.WaitAsync(_end.Token);
        connection.State.Status.ShouldBe(MqttConnectionStatus.Closed);
        await Should.ThrowAsync<MqttException>(publication);
        await Should.ThrowAsync<MqttException>(connection.PublishAsync("t", default).AsTask());
        await Should.ThrowAsync<MqttException>(connection.SubscribeAsync(["t"]).AsTask());
    }

    /// <summary>
    /// Whether the connection itself keeps QoS 1 publications and sends them again: then <see cref="RedeliveryContract"/> applies to it too. One
    /// that leaves this to whoever made it fails such a publication with a transient <see cref="MqttException"/>.
    /// </summary>
    protected abstract bool Redelivers { get; }

    /// <summary>A connection that has not begun to connect; it can be disposed.</summary>
    protected abstract IMqttConnection Create(ContractTerms terms);

    /// <summary>Connects one that <see cref="Create"/> made.</summary>
    protected abstract Task ConnectAsync(IMqttConnection connection, CancellationToken cancellationToken);

    /// <summary>UTF-8.</summary>
    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A connection that is disposed with the test.</summary>
    protected IMqttConnection Make(Func<ContractTerms, ContractTerms>? change = null)
    {
        var terms = new ContractTerms { Port = Broker.Port, ProtocolVersion = version };
        IMqttConnection connection = Create(change is null ? terms : change(terms));
        _connections.Add(connection);
        return connection;
    }

    /// <summary>Connects a connection.</summary>
    protected Task StartAsync(IMqttConnection connection) => ConnectAsync(connection, _end.Token);

    /// <summary>A connected one.</summary>
    protected async Task<IMqttConnection> ConnectAsync(Func<ContractTerms, ContractTerms>? change = null)
    {
        IMqttConnection connection = Make(change);
        await StartAsync(connection);
        return connection;
    }

    /// <summary>The broker goes away, and the connection knows.</summary>
    protected async Task GoAwayAsync(IMqttConnection connection, bool keepSessions = true)
    {
        Broker.StopListening(keepSessions);
        MqttConnectionState state = connection.State;
        while (state.Status == MqttConnectionStatus.Connected)
        {
            state = await connection.WaitForChangeAsync(state, _end.Token);
        }
    }

    private async Task RedeliveredOrFailedAsync(Task publication)
    {
        if (Redelivers)
        {
            await publication.WaitAsync(_end.Token);
        }
        else
        {
            (await Should.ThrowAsync<MqttException>(publication.WaitAsync(_end.Token))).IsTransient.ShouldBeTrue();
        }
    }

    private async Task<MqttConnectionState> ConnectedAsync(IMqttConnection connection, long connections)
    {
        MqttConnectionState state = connection.State;
        while (state.Status != MqttConnectionStatus.Connected || state.Connections < connections)
        {
            state = await connection.WaitForChangeAsync(state, _end.Token);
        }

        return state;
    }

    private async Task<int[]> ReadAsync(IMqttSubscription subscription, int count)
    {
        int[] seen = new int[count];
        for (int i = 0; i < count; i++)
        {
            using MqttReceivedMessage message = await subscription.Messages.ReadAsync(_end.Token);
            seen[i] = int.Parse(message.Payload.Span);
        }

        return seen;
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, _end.Token);
        }
    }
}
