using System.Text;
using IotOps.Emulator;

namespace IotOps.Mqtt.Tests.Contract;

/// <summary>
/// The part of the contract that a connection may leave to whoever made it: QoS 1 publications are kept while the broker is away, and sent again,
/// first and in order, when it did not acknowledge them.
/// </summary>
public abstract class RedeliveryContract(MqttProtocolVersion version) : DeliveryContract(version)
{
    /// <inheritdoc/>
    protected sealed override bool Redelivers => true;

    [Fact]
    public async Task A_publication_that_was_not_acknowledged_is_sent_again_as_a_duplicate()
    {
        IMqttConnection connection = await ConnectAsync();
        FaultHandle silence = Faults.Add(new Fault { Operation = "MqttPublish", When = r => r.Topic == "silent", NoAnswer = true });
        Task publication = connection.PublishAsync("silent", Bytes("a")).AsTask();
        await connection.PublishAsync("answered", default);
        publication.IsCompleted.ShouldBeFalse();
        silence.Dispose();
        Broker.Cut(connection.ClientId);

        await publication.WaitAsync(End);
        (await Broker.Received.WaitForAsync("silent", 2, End)).Select(m => (m.Text, m.Duplicate)).ShouldBe([("a", false), ("a", true)]);
    }

    [Fact]
    public async Task Unacknowledged_are_sent_again_first_and_in_order_when_the_session_is_there()
    {
        IMqttConnection connection = await ConnectAsync();
        FaultHandle silence = Faults.Add(new Fault { Operation = "MqttPublish", NoAnswer = true });
        Task[] before = [.. Enumerable.Range(0, 50).Select(i => connection.PublishAsync($"t/{i}", default).AsTask())];
        await Broker.Received.WaitForAsync("t/+", 50, End);
        Broker.Received.Clear();
        silence.Dispose();
        Broker.Cut(connection.ClientId);
        Task after = connection.PublishAsync("t/after", default).AsTask();
        await Task.WhenAll([.. before, after]).WaitAsync(End);

        Broker.Received.Select(m => m.Topic).ShouldBe([.. Enumerable.Range(0, 50).Select(i => $"t/{i}"), "t/after"]);
        Broker.Received.Take(50).ShouldAllBe(m => m.Duplicate);
    }

    [Fact]
    public async Task A_lost_session_is_subscribed_again_before_anything_that_waits_is_sent()
    {
        IMqttConnection connection = await ConnectAsync();
        string[] filters = [.. Enumerable.Range(0, 20).Select(i => $"f/{i}")];
        await using IMqttSubscription subscription = await connection.SubscribeAsync(filters, cancellationToken: End);
        await GoAwayAsync(connection, keepSessions: false);

        // Published to a filter of its own: only who is subscribed by then gets it back.
        Task queued = connection.PublishAsync("f/19", Bytes("queued")).AsTask();
        Broker.StartListening();
        await queued.WaitAsync(End);
        using MqttReceivedMessage message = await subscription.Messages.ReadAsync(End);
        Encoding.UTF8.GetString(message.Payload.Span).ShouldBe("queued");
        connection.State.SessionPresent.ShouldBeFalse();
        Broker.Clients.Single().Subscriptions.ShouldBe(filters, ignoreOrder: true);
        Broker.ProtocolViolations.ShouldBe(0);
    }

    [Fact]
    public async Task Publications_while_the_broker_is_away_arrive_when_it_is_back()
    {
        IMqttConnection connection = await ConnectAsync();
        await GoAwayAsync(connection);
        Task[] waiting = [.. Enumerable.Range(0, 20).Select(i => connection.PublishAsync($"offline/{i}", default).AsTask())];
        await Should.ThrowAsync<MqttException>(() => connection.PublishAsync("offline/lost", default, MqttQualityOfService.AtMostOnce).AsTask());
        waiting.ShouldAllBe(task => !task.IsCompleted);
        Broker.StartListening();
        await Task.WhenAll(waiting).WaitAsync(End);

        Broker.Received.Select(m => m.Topic).ShouldBe(Enumerable.Range(0, 20).Select(i => $"offline/{i}"));
    }

    [Fact]
    public async Task A_publisher_that_gives_up_while_the_broker_is_away_is_let_go()
    {
        IMqttConnection connection = await ConnectAsync();
        await GoAwayAsync(connection);
        using var cancel = new CancellationTokenSource();
        Task publication = connection.PublishAsync("a", default, cancellationToken: cancel.Token).AsTask();
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => publication);
    }

    [Fact]
    public async Task A_publication_that_nobody_waits_for_is_never_sent_with_other_content()
    {
        IMqttConnection connection = await ConnectAsync();
        FaultHandle silence = Faults.Add(new Fault { Operation = "MqttPublish", NoAnswer = true });
        using var cancellation = new CancellationTokenSource();
        byte[] payload = Bytes("mine");
        Task publication = connection.PublishAsync("t", payload, cancellationToken: cancellation.Token).AsTask();
        await Broker.Received.WaitForAsync("t", 1, End);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(publication);
        payload.AsSpan().Clear();
        silence.Dispose();
        Broker.Cut(connection.ClientId);

        await connection.PublishAsync("after", default, cancellationToken: End);

        // Whether it is sent again is left to the implementation; not what is sent.
        Broker.Received.Where(message => message.Topic == "t").ShouldAllBe(message => message.Text == "mine");
    }
}
