namespace IotOps.Slack;

/// <summary>
/// Tells the user of a slash command how a long job is getting on, within what Slack allows: started, two milestones, done or failed,
/// and at minute 28 that it still runs. What cannot be told is not an error of the job: methods throw nothing but cancellation.
/// Thread-safe; posts go out one after the other. Dispose it when the job has ended.
/// </summary>
public sealed class SlackProgress : IAsyncDisposable
{
    private readonly SlackResponseUrl _url;
    private readonly SlackProgressOptions _options;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _lastWord;
    private SlackMessageId? _chatMessage;
    private int _nextMilestone;
    private bool _isOver;

    /// <summary>Begins to wait for minute 28.</summary>
    /// <exception cref="ArgumentException">Milestones that do not rise within 0 and 1, or a chat without a channel.</exception>
    public SlackProgress(SlackResponseUrl url, SlackProgressOptions options)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.StillRunning, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.FinalRetries, nameof(options));
        for (int i = 0; i < options.Milestones.Count; i++)
        {
            if (options.Milestones[i] is not (> 0 and < 1) || (i > 0 && options.Milestones[i] <= options.Milestones[i - 1]))
            {
                throw new ArgumentException("Milestones rise, between 0 and 1.", nameof(options));
            }
        }

        if (options.Chat is not null && string.IsNullOrEmpty(options.ChannelId))
        {
            throw new ArgumentException("A message that is updated needs a ChannelId.", nameof(options));
        }

        _url = url;
        _options = options;
        _lastWord = SayLastWordAsync(_ended.Token);
    }

    /// <summary>Says that the job has begun.</summary>
    public Task<SlackPostResult> StartedAsync(SlackMessage message, CancellationToken cancellationToken = default) =>
        TellAsync(SlackPostKind.Started, message, cancellationToken);

    /// <summary>Says how far the job is, when a milestone was passed since the last time; otherwise costs nothing. Call it as often as you like.</summary>
    /// <param name="fraction">0 to 1.</param>
    /// <param name="message">Makes the message; called only when one is posted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What became of the post; null when there was none to make.</returns>
    public async Task<SlackPostResult?> ReportAsync(double fraction, Func<SlackMessage> message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        int reached = 0;
        while (reached < _options.Milestones.Count && fraction >= _options.Milestones[reached])
        {
            reached++;
        }

        int before;
        do
        {
            before = Volatile.Read(ref _nextMilestone);
            if (reached <= before)
            {
                return null;
            }
        }
        while (Interlocked.CompareExchange(ref _nextMilestone, reached, before) != before);

        return await TellAsync(SlackPostKind.Progress, message(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says that the job is done. Nothing is told after that.</summary>
    public Task<SlackPostResult> DoneAsync(SlackMessage message, CancellationToken cancellationToken = default) =>
        EndAsync(SlackPostKind.Done, message, cancellationToken);

    /// <summary>Says that the job failed. Nothing is told after that.</summary>
    public Task<SlackPostResult> FailedAsync(SlackMessage message, CancellationToken cancellationToken = default) =>
        EndAsync(SlackPostKind.Error, message, cancellationToken);

    /// <summary>Stops waiting for minute 28. Says nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _lastWord.ConfigureAwait(false);
        _ended.Dispose();
        _turn.Dispose();
    }

    private async Task<SlackPostResult> EndAsync(SlackPostKind kind, SlackMessage message, CancellationToken cancellationToken)
    {
        SlackPostResult result = await TellAsync(kind, message, cancellationToken).ConfigureAwait(false);
        for (int retry = 0; retry < _options.FinalRetries && result.Outcome is SlackPostOutcome.Failed or SlackPostOutcome.RateLimited; retry++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 << Math.Min(retry, 6)), _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            result = await TellAsync(kind, message, cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    private async Task<SlackPostResult> TellAsync(SlackPostKind kind, SlackMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            bool isEnd = kind is SlackPostKind.Done or SlackPostKind.Error;
            if (_isOver && !isEnd)
            {
                return new SlackPostResult(SlackPostOutcome.KeptForLater, "The job has ended.");
            }

            _isOver |= isEnd;
            (bool isPosted, string refusal) = await TryChatAsync(kind, message, cancellationToken).ConfigureAwait(false);
            if (isPosted)
            {
                return new SlackPostResult(SlackPostOutcome.Posted, "");
            }

            SlackPostResult result = await _url.PostAsync(kind, new SlackResponse(message) { IsInChannel = _options.IsInChannel }, cancellationToken).ConfigureAwait(false);
            return refusal.Length == 0 ? result : result with { Detail = $"{refusal} {result.Detail}".TrimEnd() };
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<(bool IsPosted, string Refusal)> TryChatAsync(SlackPostKind kind, SlackMessage message, CancellationToken cancellationToken)
    {
        // The end is worth a message of its own: a process that took the job over knows none to update, and its URL may be spent.
        bool mayBegin = kind is SlackPostKind.Started or SlackPostKind.Done or SlackPostKind.Error;
        if (_options.Chat is not { } chat || (_chatMessage is null && !mayBegin))
        {
            return (false, "");
        }

        try
        {
            if (_chatMessage is { } posted)
            {
                await chat.UpdateAsync(posted, message, isRetried: kind != SlackPostKind.Progress, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                _chatMessage = await chat.PostMessageAsync(_options.ChannelId!, message, cancellationToken: cancellationToken).ConfigureAwait(false);
            }

            return (true, "");
        }
        catch (SlackException e)
        {
            // The bot may not be in that channel; the response_url works everywhere.
            return (false, e.Message);
        }
    }

    private async Task SayLastWordAsync(CancellationToken ended)
    {
        try
        {
            TimeSpan wait = _url.UntilLastWord;
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, _options.TimeProvider, ended).ConfigureAwait(false);

            // A message that can be updated outlives the URL.
            if (_chatMessage is null)
            {
                await TellAsync(SlackPostKind.StillRunning, _options.StillRunning, ended).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
    }
}
