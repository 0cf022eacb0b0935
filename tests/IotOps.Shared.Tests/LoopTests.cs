using IotOps.TestKit;

namespace IotOps.Shared.Tests;

public sealed class LoopTests : IAsyncDisposable
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly List<Exception> _reported = [];
    private readonly Loop _loop;
    private Func<TimeSpan?> _round = static () => null;
    private int _rounds;

    public LoopTests() => _loop = new Loop(
        _time,
        () =>
        {
            _rounds++;
            return ValueTask.FromResult(_round());
        },
        error =>
        {
            lock (_reported) { _reported.Add(error); }
        });

    [Fact]
    public async Task A_round_runs_at_once_and_again_when_its_sleep_is_over()
    {
        _round = static () => TimeSpan.FromSeconds(10);
        await StartAsync();
        int rounds = _rounds;
        _time.Advance(TimeSpan.FromSeconds(9));
        _rounds.ShouldBe(rounds);
        _time.Advance(OneSecond);
        await RoundsAsync(rounds + 1);
    }

    [Fact]
    public async Task Waking_ends_a_sleep_and_many_wakes_make_one_round()
    {
        await StartAsync();
        int rounds = _rounds;
        using var hold = new ManualResetEventSlim();
        _round = () =>
        {
            hold.Wait(TimeSpan.FromSeconds(20));
            return null;
        };
        _loop.Wake();
        await RoundsAsync(rounds + 1);
        _loop.Wake();
        _loop.Wake();
        _loop.Wake();
        hold.Set();
        await IdleAsync();

        // The round that was held, one for the wakes meanwhile, and one that asking for idleness may make.
        _rounds.ShouldBeInRange(rounds + 2, rounds + 3);
    }

    [Fact]
    public async Task A_round_that_wants_no_sleep_is_followed_at_once()
    {
        int left = 5;
        _round = () => left > 0 && --left > 0 ? TimeSpan.Zero : null;
        await StartAsync();
        left.ShouldBe(0);
    }

    [Theory]
    [InlineData(400.0)]
    [InlineData(1e9)]
    public async Task A_sleep_longer_than_a_timer_takes_is_cut_into_days(double days)
    {
        _round = () => TimeSpan.FromDays(Math.Min(days, TimeSpan.MaxValue.TotalDays - 1));
        await StartAsync();
        int rounds = _rounds;
        _time.Advance(TimeSpan.FromDays(1));
        await RoundsAsync(rounds + 1);
        _reported.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sleep_of_less_than_a_millisecond_is_not_a_sleep_of_nothing()
    {
        _round = static () => TimeSpan.FromMicroseconds(1);
        await StartAsync();
        int rounds = _rounds;
        await Task.Yield();
        _rounds.ShouldBe(rounds);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await RoundsAsync(rounds + 1);
    }

    [Fact]
    public async Task An_unforeseen_exception_is_reported_and_the_loop_continues_after_a_pause()
    {
        var error = new InvalidOperationException("unforeseen");
        _round = () => _rounds == 1 ? throw error : null;
        await StartAsync();
        _reported.ShouldBe([error]);
        _rounds.ShouldBe(1);

        _time.Advance(OneSecond);
        await RoundsAsync(2);
        await IdleAsync();
        _reported.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Wakes_do_not_shorten_the_pause()
    {
        _round = static () => throw new InvalidOperationException("unforeseen");
        await StartAsync();
        for (int i = 0; i < 10; i++)
        {
            _loop.Wake();
            await IdleAsync();
        }

        _rounds.ShouldBe(1);
    }

    [Fact]
    public async Task The_pause_doubles_up_to_a_minute_and_is_short_again_after_a_good_round()
    {
        bool fails = true;
        _round = () => fails ? throw new InvalidOperationException("unforeseen") : null;
        await StartAsync();
        int rounds = 1;
        foreach (int seconds in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            _time.Advance(TimeSpan.FromSeconds(seconds - 1));
            await IdleAsync();
            _rounds.ShouldBe(rounds, $"before {seconds} s");
            _time.Advance(OneSecond);
            await RoundsAsync(++rounds);
            await IdleAsync();
        }

        fails = false;
        _time.Advance(TimeSpan.FromSeconds(60));
        await RoundsAsync(++rounds);
        await IdleAsync();
        fails = true;
        int before = _rounds;
        _loop.Wake();
        await RoundsAsync(before + 1);
        await IdleAsync();
        _time.Advance(OneSecond);
        await RoundsAsync(before + 2);
    }

    [Fact]
    public async Task A_report_that_throws_does_not_end_the_loop()
    {
        int rounds = 0;
        await using var loop = new Loop(
            _time,
            () => ++rounds == 1 ? throw new InvalidOperationException("unforeseen") : ValueTask.FromResult<TimeSpan?>(null),
            static _ => throw new InvalidOperationException("a logger of the host's"));
        loop.Start();
        await loop.IdleAsync().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        _time.Advance(OneSecond);
        await loop.IdleAsync().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        rounds.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_round_may_end_the_loop()
    {
        _round = () =>
        {
            _loop.Stop();
            return TimeSpan.Zero;
        };
        _loop.Start();
        await _loop.Completion.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        _rounds.ShouldBe(1);
        await IdleAsync();
    }

    [Fact]
    public async Task Attached_work_begins_again_after_an_unforeseen_exception_and_ends_with_the_loop()
    {
        int begun = 0;
        await StartAsync();
        _loop.Attach(async stop =>
        {
            if (++begun < 3)
            {
                throw new InvalidOperationException("unforeseen");
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, _time, stop);
        });
        begun.ShouldBe(1);
        _time.Advance(OneSecond);
        await UntilAsync(() => begun == 2);
        await UntilAsync(() => _time.ActiveTimers == 1);
        _time.Advance(TimeSpan.FromSeconds(2));
        await UntilAsync(() => begun == 3);
        _reported.Count.ShouldBe(2);

        await _loop.DisposeAsync();
        _reported.Count.ShouldBe(2);
        await UntilAsync(() => _time.ActiveTimers == 0);
    }

    [Fact]
    public async Task Disposal_waits_for_attached_tasks_but_not_for_ever()
    {
        await StartAsync();
        var quick = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        _loop.Attach(quick.Task);
        _loop.Attach(never.Task);
        Task disposal = _loop.DisposeAsync().AsTask();
        quick.SetResult();
        await UntilAsync(() => _time.ActiveTimers == 1);
        disposal.IsCompleted.ShouldBeFalse();
        _time.Advance(_loop.CloseTimeout);
        await disposal.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        await UntilAsync(() => _time.ActiveTimers == 0);
        await _loop.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Exceptions_that_closing_causes_are_not_reported_and_others_are()
    {
        var waits = new TaskCompletionSource();
        _loop.Attach(async stop =>
        {
            await waits.Task;
            stop.ThrowIfCancellationRequested();
        });
        _loop.Attach(async _ =>
        {
            await waits.Task;
            throw new ObjectDisposedException("connection");
        });
        var unforeseen = new InvalidOperationException("unforeseen");
        _loop.Attach(async _ =>
        {
            await waits.Task;
            throw unforeseen;
        });
        _loop.Start();
        Task disposal = _loop.DisposeAsync().AsTask();
        waits.SetResult();
        await disposal.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        _reported.ShouldBe([unforeseen]);
    }

    [Fact]
    public async Task A_task_that_fails_is_reported_and_disposal_does_not_throw()
    {
        var error = new InvalidOperationException("unforeseen");
        _loop.Attach(Task.FromException(error));
        _reported.ShouldBe([error]);
        await _loop.DisposeAsync();
    }

    [Fact]
    public async Task Disposal_ends_a_pause()
    {
        _round = static () => throw new InvalidOperationException("unforeseen");
        await StartAsync();
        await _loop.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        _loop.Completion.IsCompletedSuccessfully.ShouldBeTrue();
        _rounds.ShouldBe(1);
    }

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    private async Task StartAsync()
    {
        _loop.Start();
        await IdleAsync();
    }

    private Task IdleAsync() => _loop.IdleAsync().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);

    private Task RoundsAsync(int count) => UntilAsync(() => Volatile.Read(ref _rounds) >= count);

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (int i = 0; i < 20_000_000 && !isSo(); i++)
        {
            await Task.Yield();
        }

        isSo().ShouldBeTrue();
    }
}
