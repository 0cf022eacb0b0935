namespace IotOps.Slack;

/// <summary>What became of a post.</summary>
public enum SlackPostOutcome
{
    /// <summary>Slack took it.</summary>
    Posted,

    /// <summary>Nothing was sent: the posts that are left are kept for the end.</summary>
    KeptForLater,

    /// <summary>The URL is spent: 5 posts, 30 minutes, or Slack's word. Nothing more can be posted.</summary>
    Expired,

    /// <summary>Slack answered 429 until the retries were spent. The post does not count.</summary>
    RateLimited,

    /// <summary>Slack refused it for good, or answered with a redirect, which is not followed.</summary>
    Refused,

    /// <summary>No answer, or one of 5xx. When it may have arrived, it counts.</summary>
    Failed,
}
