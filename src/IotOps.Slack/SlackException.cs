namespace IotOps.Slack;

/// <summary>Slack refused a call of its Web API, or could not be reached. The message names neither the token nor the text.</summary>
public sealed class SlackException : Exception
{
    internal SlackException(string message)
        : base(message)
    {
    }

    /// <summary>The method that was called, such as <c>chat.postMessage</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Slack's word for it, such as <c>channel_not_found</c> or <c>ratelimited</c>; <c>network_error</c> when no answer came, <c>invalid_answer</c> when it could not be read.</summary>
    public required string Error { get; init; }

    /// <summary>HTTP status; null when no answer came.</summary>
    public int? StatusCode { get; init; }

    /// <summary>True when the same call may succeed later.</summary>
    public bool IsTransient { get; init; }

    /// <summary>How long Slack asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
