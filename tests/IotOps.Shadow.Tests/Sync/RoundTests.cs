namespace IotOps.Shadow.Tests.Sync;

/// <summary>A waiter belongs to the round that begins after it asked, and to no other.</summary>
public sealed class RoundTests : IAsyncLifetime
{
    private readonly ShadowFixture _device = new();

    [Fact]
    public async Task A_wait_for_a_connection_that_nobody_made_says_so()
    {
        await _device.OpenAsync();
        using var giveUp = new CancellationTokenSource();
        Task sync = _device.Shadow.SyncAsync(giveUp.Token);
        await giveUp.CancelAsync();

        (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sync)).Message
            .ShouldBe("Synchronizing shadow (classic) was given up: there is no connection, because nobody has called ConnectAsync.");
    }

    [Fact]
    public async Task A_round_asked_for_while_another_is_refused_gets_its_own_outcome()
    {
        await _device.OpenConnectedAsync();
        Task? second = null;
        _device.Service.Refuse = request =>
        {
            if (request.Operation != "get" || second is not null)
            {
                return null;
            }

            // The first round has read the shadow by now, and is about to hear that it may not.
            second = _device.Shadow.SyncAsync();
            return (403, "Forbidden");
        };
        Task first = _device.Shadow.SyncAsync();
        await _device.SettleAsync();
        await Should.ThrowAsync<ShadowRejectedException>(() => first);
        await _device.AdvanceAsync(TimeSpan.FromSeconds(2));
        await WithinAsync(second!);
    }

    [Fact]
    public async Task A_round_that_is_done_does_not_wait_for_one_that_was_asked_for_meanwhile()
    {
        await _device.OpenConnectedAsync();
        await _device.Shadow.Reported.SetAsync("a", 1);
        await _device.SettleAsync();
        Task? second = null;
        _device.Connection.Network = message =>
        {
            // Asked for when the first round's only request is answered; what the second asks is answered by nobody.
            bool isFirst = second is null;
            second ??= _device.Shadow.SyncAsync();
            return isFirst ? [message] : [];
        };
        Task first = _device.Shadow.SyncAsync();
        await _device.SettleAsync();
        await WithinAsync(first);
        second!.IsCompleted.ShouldBeFalse();
        _device.Connection.Gets.Count.ShouldBe(3);
        _device.Connection.Network = static message => [message];
        await _device.AdvanceAsync(TimeSpan.FromSeconds(11));
        await WithinAsync(second);
    }

    [Fact]
    public async Task An_edit_made_while_a_round_ends_is_in_the_round_asked_for_after_it()
    {
        await _device.OpenConnectedAsync(static options => options with { Sync = ShadowSync.Manual });
        Task? second = null;
        _device.Connection.Broker = request =>
        {
            FakeMessage[] answers = [.. _device.Service.Handle(request)];
            second ??= EditAndSyncAsync();
            return answers;
        };
        Task first = _device.Shadow.SyncAsync();
        await _device.SettleAsync();
        await WithinAsync(Task.WhenAll(first, second!));
        await _device.SettleAsync();
        _device.ShouldAgree();
        _device.Shadow.Reported["late"].ShouldBe(true);

        // An edit counts when its call has returned; a round that is asked for earlier need not have it.
        async Task EditAndSyncAsync()
        {
            await _device.Shadow.Reported.SetAsync("late", true);
            await _device.Shadow.SyncAsync();
        }
    }

    [Fact]
    public async Task Rounds_that_are_asked_for_together_are_one()
    {
        await _device.OpenConnectedAsync();
        Task[] rounds = [.. Enumerable.Range(0, 20).Select(_ => _device.Shadow.SyncAsync())];
        await _device.SettleAsync();
        await WithinAsync(Task.WhenAll(rounds));
        _device.Connection.Gets.Count.ShouldBeInRange(2, 4);
    }

    [Fact]
    public async Task A_round_asked_for_before_the_connection_is_the_one_of_the_connection()
    {
        await _device.OpenAsync();
        Task sync = _device.Shadow.SyncAsync();
        _device.Connection.Connect();
        await _device.SettleAsync();
        await WithinAsync(sync);
        _device.Connection.Gets.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_round_does_not_wait_for_a_cache_that_is_closed()
    {
        await _device.OpenConnectedAsync();
        DeviceShadow shadow = _device.Shadow;
        _device.Connection.Disconnect();
        Task before = shadow.SyncAsync();
        await _device.CloseAsync();
        await Should.ThrowAsync<ObjectDisposedException>(() => WithinAsync(before));
        await Should.ThrowAsync<ObjectDisposedException>(() => WithinAsync(shadow.SyncAsync()));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _device.DisposeAsync();

    private static Task WithinAsync(Task task) => task.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
}
