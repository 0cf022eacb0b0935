namespace IotOps.Detect;

/// <summary>A queue in one file.</summary>
public sealed record SqliteDetectInboxOptions
{
    /// <summary>The database file, another than the store's, made with its folder where there is none; only its owner may read it.</summary>
    public required string Path { get; init; }

    /// <summary>How long a received message stays out of sight, 1 s to 12 h: by default 30 s, as in SQS.</summary>
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A message that was delivered this often and never deleted is set aside, 1-1,000: by default 5.</summary>
    public int MaxDeliveries { get; init; } = 5;

    /// <summary>Messages that may wait, 1 or more: by default 1,000,000. The next one is refused.</summary>
    public int MaxMessages { get; init; } = 1_000_000;

    /// <summary>How long a receive waits for the first message, 0 to 20 s: by default 20 s.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
