using IotOps.Shadow.Sync;

namespace IotOps.Shadow.Tests.Sync;

/// <summary>The race between a round that ends and a caller that asks, step by step.</summary>
public sealed class RoundWaiterTests
{
    private readonly Round _round = new();

    [Fact]
    public void A_waiter_that_asks_after_the_round_was_found_settled_and_before_it_ends_waits_for_the_next()
    {
        Task first = _round.AskAsync();
        _round.Begin();

        // The loop has looked by now: nothing is pending and nothing in flight. Its next step is to end the round.
        Task second = _round.AskAsync();
        _round.End(null);

        first.IsCompletedSuccessfully.ShouldBeTrue();
        second.IsCompleted.ShouldBeFalse();
        _round.IsAskedFor.ShouldBeTrue();

        _round.Begin();
        _round.End(new TimeoutException());
        second.IsFaulted.ShouldBeTrue();
        _round.IsAskedFor.ShouldBeFalse();
    }

    [Fact]
    public void A_round_that_begins_again_takes_those_who_asked_by_then()
    {
        Task first = _round.AskAsync();
        _round.Begin();
        Task second = _round.AskAsync();
        _round.Begin();
        _round.End(null);
        Task.WhenAll(first, second).IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void A_closed_round_tells_everybody_and_whoever_comes_later()
    {
        Task first = _round.AskAsync();
        _round.Begin();
        Task second = _round.AskAsync();
        _round.Close(new ObjectDisposedException("cache"));
        Task third = _round.AskAsync();
        foreach (Task each in (Task[])[first, second, third])
        {
            each.Exception!.InnerException.ShouldBeOfType<ObjectDisposedException>();
        }
    }

    [Fact]
    public async Task No_waiter_of_many_threads_is_told_by_a_round_that_began_before_it_asked_or_never()
    {
        long begun = 0;
        int running = 8;
        Task[] callers = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                long before = Interlocked.Read(ref begun);
                await _round.AskAsync();
                Interlocked.Read(ref begun).ShouldBeGreaterThan(before);
            }

            Interlocked.Decrement(ref running);
        }))];
        while (Volatile.Read(ref running) > 0 && !Task.WhenAll(callers).IsFaulted)
        {
            if (_round.IsAskedFor)
            {
                // Counted once it has begun: who asks between the count and the beginning belongs to this round.
                _round.Begin();
                Interlocked.Increment(ref begun);
                _round.End(null);
            }
        }

        await Task.WhenAll(callers);
    }
}
