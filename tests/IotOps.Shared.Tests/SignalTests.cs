namespace IotOps.Shared.Tests;

public sealed class SignalTests
{
    private readonly Signal _signal = new();

    [Fact]
    public async Task A_signal_ends_the_wait()
    {
        Task woken = _signal.TakeAsync();
        woken.IsCompleted.ShouldBeFalse();
        _signal.Set();
        await woken.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Signals_that_arrive_while_nobody_waits_are_kept_as_one()
    {
        _signal.Set();
        _signal.Set();
        _signal.TakeAsync().IsCompleted.ShouldBeTrue();
        _signal.TakeAsync().IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void A_signal_between_taking_and_waiting_is_not_lost()
    {
        Task woken = _signal.TakeAsync();
        _signal.Set();
        woken.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task No_wake_is_lost_between_threads()
    {
        // The waiter takes the signal before it looks, so that it must see the last of any number of increments.
        const int Increments = 100_000;
        int count = 0;
        Task writer = Task.Run(
            () =>
            {
                for (int i = 0; i < Increments; i++)
                {
                    Interlocked.Increment(ref count);
                    _signal.Set();
                }
            },
            TestContext.Current.CancellationToken);

        while (true)
        {
            Task woken = _signal.TakeAsync();
            if (Volatile.Read(ref count) == Increments)
            {
                break;
            }

            await woken.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await writer;
    }
}
