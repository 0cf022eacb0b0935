using System.Threading.Channels;
using IotOps.Mqtt.Tests.Fakes;
using IotOps.TestKit;

namespace IotOps.Mqtt.Tests.Receiving;

/// <summary>Receiving whatever the broker refuses meanwhile.</summary>
public sealed class ReceiveTests
{
    private readonly ScriptedConnection _connection = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _events = [];
    private readonly List<TimeSpan> _waits = [];

    [Fact]
    public async Task Messages_come_from_the_first_subscription_that_is_granted()
    {
        _connection.Script.Enqueue(new MqttException("not authorised"));
        _connection.Script.Enqueue(new InvalidOperationException("a client with a defect"));
        _connection.Script.Enqueue(null);
        await using IAsyncEnumerator<MqttReceivedMessage> messages = Receive();
        Task<bool> next = messages.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => _waits.Count == 2);
        _time.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => _connection.Channels.Count == 1);
        _connection.Channels[0].Writer.TryWrite(Message("a"));
        (await next).ShouldBeTrue();
        messages.Current.Topic.ShouldBe("a");
        _events.ShouldBe(["not authorised", "a client with a defect", "subscribed"]);
    }

    [Fact]
    public async Task Waits_grow_up_to_two_minutes_while_refused_and_are_short_after_a_grant()
    {
        for (int i = 0; i < 200; i++)
        {
            _connection.Script.Enqueue(new MqttException("not authorised"));
        }

        _connection.Script.Enqueue(null);
        IAsyncEnumerator<MqttReceivedMessage> messages = Receive();
        Task<bool> next = messages.MoveNextAsync().AsTask();
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            return _connection.Channels.Count == 1;
        });
        _connection.Channels[0].Writer.Complete(new MqttException("dropped"));
        await Eventually.TrueAsync(() => _waits.Count == 201);

        _waits[0].ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(1));
        _waits.Max().ShouldBeInRange(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
        _waits[200].ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(1));
        _connection.Disposed.ShouldBe(1);
        next.IsCompleted.ShouldBeFalse();
        _connection.Become(MqttConnectionStatus.Closed);
        _time.Advance(TimeSpan.FromMinutes(2));
        (await next).ShouldBeFalse();
        await messages.DisposeAsync();
    }

    [Fact]
    public async Task A_subscription_that_fails_delivers_what_it_had_and_is_made_again()
    {
        await using IAsyncEnumerator<MqttReceivedMessage> messages = Receive();
        Task<bool> next = messages.MoveNextAsync().AsTask();
        Channel<MqttReceivedMessage> first = _connection.Channels.ShouldHaveSingleItem();
        first.Writer.TryWrite(Message("a"));
        first.Writer.TryWrite(Message("b"));
        first.Writer.Complete(new MqttException("gone"));
        (await next).ShouldBeTrue();
        (await messages.MoveNextAsync()).ShouldBeTrue();
        messages.Current.Topic.ShouldBe("b");

        next = messages.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => _connection.Channels.Count == 2);
        _connection.Channels[1].Writer.TryWrite(Message("c"));
        (await next).ShouldBeTrue();
        messages.Current.Topic.ShouldBe("c");
        _connection.Disposed.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_ends_when_the_connection_is_closed_for_good(bool hasError)
    {
        await using IAsyncEnumerator<MqttReceivedMessage> messages = Receive();
        Task<bool> next = messages.MoveNextAsync().AsTask();
        _connection.Become(MqttConnectionStatus.Closed);
        _connection.Channels[0].Writer.Complete(hasError ? new MqttException("closed") : null);
        (await next).ShouldBeFalse();
        _connection.Disposed.ShouldBe(1);
        _waits.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_ends_when_the_connection_is_disposed_before_the_grant()
    {
        _connection.Script.Enqueue(new ObjectDisposedException("connection"));
        await using IAsyncEnumerator<MqttReceivedMessage> messages = Receive();
        (await messages.MoveNextAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Leaving_the_loop_unsubscribes()
    {
        using var stop = new CancellationTokenSource();
        Task<bool> next;
        await using (IAsyncEnumerator<MqttReceivedMessage> messages = Receive(stop.Token))
        {
            next = messages.MoveNextAsync().AsTask();
            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(next);
        }

        _connection.Disposed.ShouldBe(1);
    }

    [Fact]
    public async Task Cancelling_ends_a_wait()
    {
        _connection.Script.Enqueue(new MqttException("not authorised"));
        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<MqttReceivedMessage> messages = Receive(stop.Token);
        Task<bool> next = messages.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(next);
    }

    [Fact]
    public async Task A_mistake_of_the_caller_is_not_tried_again()
    {
        await Should.ThrowAsync<ArgumentException>(() => _connection.ReceiveAsync([]).GetAsyncEnumerator().MoveNextAsync().AsTask());
        await Should.ThrowAsync<ArgumentNullException>(() => _connection.ReceiveAsync(null!).GetAsyncEnumerator().MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task States_are_followed_until_the_connection_is_closed()
    {
        _connection.Become(MqttConnectionStatus.Connected);
        _connection.Become(MqttConnectionStatus.Disconnected);
        _connection.Become(MqttConnectionStatus.Closed);
        List<MqttConnectionStatus> seen = [];
        await foreach (MqttConnectionState state in _connection.StatesAsync())
        {
            seen.Add(state.Status);
        }

        seen.ShouldBe([MqttConnectionStatus.Connected, MqttConnectionStatus.Disconnected, MqttConnectionStatus.Closed]);
    }

    private IAsyncEnumerator<MqttReceivedMessage> Receive(CancellationToken stop = default) => _connection.ReceiveAsync(
        ["a/+"],
        new MqttReceiveOptions
        {
            TimeProvider = _time,
            OnSubscribed = () => _events.Add("subscribed"),
            OnFailed = (error, wait) =>
            {
                _events.Add(error.Message);
                _waits.Add(wait);
            },
        },
        stop).GetAsyncEnumerator(CancellationToken.None);

    private static MqttReceivedMessage Message(string topic) => new(topic, new byte[] { 1 }, MqttQualityOfService.AtLeastOnce);
}
