namespace IotOps.Slack;

/// <summary>How a long job tells of itself.</summary>
public sealed record SlackProgressOptions
{
    /// <summary>Said at minute 28 when the job still runs, because nothing can be posted after minute 30: how to ask for its status.</summary>
    public required SlackMessage StillRunning { get; init; }

    /// <summary>Fractions of the work that are worth a post, rising. The plan has room for two.</summary>
    public IReadOnlyList<double> Milestones { get; init; } = [1.0 / 3, 2.0 / 3];

    /// <summary>Whether the whole channel sees the posts to the response_url.</summary>
    public bool IsInChannel { get; init; }

    /// <summary>Where there is a bot token: the job is one message in <see cref="ChannelId"/>, updated for as long as it takes. When Slack refuses that, the response_url is used.</summary>
    public SlackChat? Chat { get; init; }

    /// <summary>Channel of that message; required with <see cref="Chat"/>.</summary>
    public string? ChannelId { get; init; }

    /// <summary>How often the end of the job is told anew after a failure, 1 s, 2 s, 4 s... apart, while posts are left. 3 by default.</summary>
    public int FinalRetries { get; init; } = 3;

    /// <summary>Clock of minute 28 and of the waits.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
