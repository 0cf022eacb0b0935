namespace IotOps.Detect;

/// <summary>Where a web hook is, and how its messages are signed.</summary>
public sealed record WebhookAlarmSinkOptions
{
    /// <summary>For status and logs. <c>webhook</c> by default.</summary>
    public string Name { get; init; } = "webhook";

    /// <summary>Where messages are posted: https, or http on this machine. Its path may be a secret: only its host is ever logged.</summary>
    public required Uri Url { get; init; }

    /// <summary>
    /// Keys of the signature, 1 to 4, each <c>whsec_</c> and base64 of 24 to 64 bytes: <c>echo whsec_$(openssl rand -base64 32)</c>. More than one
    /// while a key is exchanged: the receiver accepts a message when one of the signatures is right.
    /// </summary>
    public required IReadOnlyList<string> Secrets { get; init; }

    /// <summary>Attempts of one message, the first one included; 3 unless set. After them the dispatcher tries again later.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>How long one attempt may take; 10 s unless set.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The limit of the wait before the second attempt, doubled for the third; 500 ms unless set.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait, whatever a Retry-After asks; 5 s unless set.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of a message at most; alarms are left out of a larger one. 256 KiB unless set, 64 KiB at least.</summary>
    public int MaxBytes { get; init; } = 256 * 1024;

    /// <summary>Clock of the signature's time and of waits.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Sends the requests; used, never disposed. It must not follow redirects. Null is one of the sink's own.</summary>
    public HttpMessageHandler? Handler { get; init; }

    internal Func<double>? Random { get; init; }

    /// <summary>Without secrets, and of the URL the host only.</summary>
    public override string ToString() => $"web hook {Name} at {(Url is { IsAbsoluteUri: true } url ? url.Host : "no host")}";
}
