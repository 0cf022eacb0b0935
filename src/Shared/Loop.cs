using System.Threading.Channels;

namespace IotOps.Shared;

/// <summary>
/// The one owner of a component's state: it runs rounds, one after the other, whenever it is woken or the time has come that the last round
/// asked for. An exception that a round did not foresee is reported, and the next round runs after a pause: one bad round must not stop
/// the component in silence.
/// </summary>
internal sealed class Loop : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    // The system's timers take 49 days at most; a round once a day costs nothing.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly Func<ValueTask<TimeSpan?>> _round;
    private readonly Action<Exception> _report;
    private readonly long _start;
    private readonly Signal _wake;
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly List<TaskCompletionSource> _idle = [];
    private readonly List<Task> _attached = [];
    private TimeSpan _pausedUntil;
    private bool _hasEnded;
    private Task? _closing;

    /// <param name="time">The clock.</param>
    /// <param name="round">
    /// Does what there is to do, and returns for how long the loop may sleep unless it is woken: null without limit, zero or less not at all.
    /// </param>
    /// <param name="report">Called with an exception that a round or an attached task did not foresee.</param>
    /// <param name="wake">Wakes the loop, where others than its owner hold the signal; null for a signal of its own.</param>
    public Loop(TimeProvider time, Func<ValueTask<TimeSpan?>> round, Action<Exception> report, Signal? wake = null)
    {
        _wake = wake ?? new Signal();
        _time = time;
        _round = round;
        _report = report;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static wake => ((Signal)wake!).Set(), _wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How long disposal waits for the round and the attached tasks that still run.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time since the loop was made, on a clock that never goes back.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Cancelled once the loop is to end.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Completes when the last round has ended.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Runs the first round, and all that follow.</summary>
    public void Start() => Completion = Task.Run(RunAsync);

    /// <summary>Makes the loop run a round soon; many calls make one round.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Ends the loop after the round that runs. May be called by a round.</summary>
    public void Stop()
    {
        _stop.Cancel();
        _wake.Set();
    }

    /// <summary>Disposal waits for this task as it does for the round. An exception that it did not foresee is reported.</summary>
    public void Attach(Task task) => Add(ObserveAsync(task));

    /// <summary>
    /// Runs work beside the rounds until it ends by itself or the loop is to end. An exception that it did not foresee is reported, and the
    /// work begins again after a pause.
    /// </summary>
    public void Attach(Func<CancellationToken, Task> work) => Add(RepeatAsync(work));

    /// <summary>Completes when there is nothing to do until time passes or the loop is woken: for tests, which own the clock.</summary>
    public Task IdleAsync()
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_hasEnded || Now < _pausedUntil)
            {
                return Task.CompletedTask;
            }

            _idle.Add(idle);
        }

        _wake.Set();
        return idle.Task;
    }

    /// <summary>Ends the loop and waits for what still runs, at most for <see cref="CloseTimeout"/>. Further calls wait with the first.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate) { return new ValueTask(_closing ??= CloseAsync()); }
    }

    private async Task CloseAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _wake.Set();
        Task[] running;
        lock (_gate) { running = [Completion, .. _attached]; }

        try
        {
            await Task.WhenAll(running).WaitAsync(CloseTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Something outside, a connection or a callback, does not return; whoever owns it ends it.
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        int failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            // Taken before the round looks for work, so that what arrives meanwhile ends the sleep at once.
            Task woken = _wake.TakeAsync();
            TimeSpan? sleep = null;
            bool hasFailed = false;
            try
            {
                sleep = await _round().ConfigureAwait(false);
                failures = 0;
            }
#pragma warning disable CA1031 // The loop outlives whatever one round met; that is what it is for.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Report(e);
                hasFailed = true;
            }

            if (hasFailed)
            {
                await PauseAsync(Backoff.Limit(FirstPause, LongestPause, failures++)).ConfigureAwait(false);
            }
            else if (sleep is null || sleep > TimeSpan.Zero)
            {
                SetTimer(sleep);
                if (!woken.IsCompleted)
                {
                    Idle();
                }

                await woken.ConfigureAwait(false);
            }
        }

        lock (_gate) { _hasEnded = true; }
        Idle();
    }

    // Wakes do not shorten a pause: a round that fails at every message must not fill the log at the messages' rate.
    private async Task PauseAsync(TimeSpan pause)
    {
        TimeSpan end = Now + pause;
        SetTimer(pause);
        lock (_gate) { _pausedUntil = end; }
        Idle();
        while (!_stop.IsCancellationRequested && Now < end)
        {
            Task woken = _wake.TakeAsync();
            SetTimer(end - Now);
            if (Now < end)
            {
                await woken.ConfigureAwait(false);
            }
        }
    }

    private void Add(Task task)
    {
        lock (_gate)
        {
            _attached.RemoveAll(static attached => attached.IsCompleted);
            _attached.Add(task);
        }
    }

    private async Task ObserveAsync(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // As for a round.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(e);
        }
    }

    private async Task RepeatAsync(Func<CancellationToken, Task> work)
    {
        int failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            TimeSpan began = Now;
            try
            {
                await work(_stop.Token).ConfigureAwait(false);
                return;
            }
#pragma warning disable CA1031 // As for a round.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Report(e);
            }

            failures = Now - began > LongestPause ? 0 : failures;
            Task pause = Task.Delay(Backoff.Limit(FirstPause, LongestPause, failures++), _time, _stop.Token);
            await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Report(Exception error)
    {
        // Whoever closes the loop also closes what its rounds and tasks use.
        if (_stop.IsCancellationRequested && error is OperationCanceledException or ObjectDisposedException or ChannelClosedException)
        {
            return;
        }

        try
        {
            _report(error);
        }
#pragma warning disable CA1031 // A host's logger that throws is no reason to stop either, and there is nobody else to tell.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    // Timers count whole milliseconds: rounded down, they would fire before the time has come.
    private void SetTimer(TimeSpan? sleep)
    {
        TimeSpan due = sleep is { } wait
            ? TimeSpan.FromMilliseconds(Math.Ceiling(Math.Clamp(wait.TotalMilliseconds, 0, LongestTimer.TotalMilliseconds)))
            : Timeout.InfiniteTimeSpan;
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Idle()
    {
        lock (_gate)
        {
            _idle.ForEach(static idle => idle.TrySetResult());
            _idle.Clear();
        }
    }
}
